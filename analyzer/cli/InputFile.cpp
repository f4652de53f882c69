// InputFile: open, fstat, read.
#include "analyzer/cli/InputFile.h"

#include "analyzer/cli/Errors.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace threadlint {
namespace {

/// Opens for reading; folders are refused here because open() does not.
llvm::Expected<int> openInput(const std::string &path) {
  int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return systemFailure("read", path, errno);
  struct stat status;
  if (fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
    close(descriptor);
    return systemFailure("read", path, EISDIR);
  }
  return descriptor;
}

} // namespace

llvm::Expected<std::string> readInputFile(const std::string &path) {
  llvm::Expected<int> descriptor = openInput(path);
  if (!descriptor)
    return descriptor.takeError();
  std::string content;
  std::string buffer(1 << 16, '\0');
  ssize_t count;
  while ((count = read(*descriptor, buffer.data(), buffer.size())) != 0) {
    if (count > 0) {
      content.append(buffer, 0, static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      int error = errno;
      close(*descriptor);
      return systemFailure("read", path, error);
    }
  }
  close(*descriptor);
  return content;
}

llvm::Error checkReadable(const std::string &path) {
  llvm::Expected<int> descriptor = openInput(path);
  if (!descriptor)
    return descriptor.takeError();
  close(*descriptor);
  return llvm::Error::success();
}

} // namespace threadlint
