// Errors: messages of the operating system.
#include "analyzer/cli/Errors.h"

#include <system_error>

namespace threadlint {

llvm::Error systemFailure(const std::string &what, const std::string &path, int error) {
  return failure("cannot " + what + " '" + path + "': " + std::generic_category().message(error));
}

} // namespace threadlint
