// Errors: how the command line makes llvm::Errors with our own wording.
#pragma once

#include <llvm/Support/Error.h>

#include <string>

namespace threadlint {

/// An error with this message: lower case, 'quoted names', no final period.
inline llvm::Error failure(const std::string &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), "%s", message.c_str());
}

/// "cannot read 'x.json': No such file or directory" for an errno value.
llvm::Error systemFailure(const std::string &what, const std::string &path, int error);

} // namespace threadlint
