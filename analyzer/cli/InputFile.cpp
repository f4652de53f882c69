// InputFile: open, fstat, read.
#include "analyzer/cli/InputFile.h"

#include "analyzer/cli/Errors.h"
#include "analyzer/report/Utf8.h"

#include <llvm/ADT/StringRef.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace threadlint {
namespace {

constexpr std::size_t kMostBytes = std::size_t(2) << 30; ///< of a file
constexpr std::size_t kMostPiped = 64 << 20;

/// Names of what a shell has opened: `<(...)`, or standard input.
bool namesDescriptor(llvm::StringRef path) {
  return path == "/dev/stdin" || path.starts_with("/dev/fd/") || path.starts_with("/proc/self/fd/");
}

bool isNullDevice(const struct stat &status) {
  struct stat null;
  return S_ISCHR(status.st_mode) && stat("/dev/null", &null) == 0 && null.st_rdev == status.st_rdev;
}

/// What the path names when it is no file that can be read as a whole; else nothing.
const char *wrongKind(const struct stat &status, bool mayBePipe) {
  if (S_ISFIFO(status.st_mode))
    return mayBePipe ? nullptr : "is a pipe, not a file";
  if (S_ISSOCK(status.st_mode))
    return "is a socket, not a file";
  if (S_ISBLK(status.st_mode) || (S_ISCHR(status.st_mode) && !isNullDevice(status)))
    return "is a device, not a file";
  return nullptr;
}

llvm::Error refused(const std::string &path, const std::string &why) {
  return failure("cannot read '" + path + "': " + why);
}

/// Opens for reading what has an end. A pipe without a writer would block open(), so the kind is looked at first and again.
llvm::Expected<int> openInput(const std::string &path, bool mayBePipe) {
  struct stat status;
  if (stat(path.c_str(), &status) == 0)
    if (const char *wrong = wrongKind(status, mayBePipe))
      return refused(path, wrong);
  int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | (mayBePipe ? 0 : O_NONBLOCK));
  if (descriptor < 0)
    return systemFailure("read", path, errno);
  const char *wrong = nullptr;
  if (fstat(descriptor, &status) == 0 &&
      (S_ISDIR(status.st_mode) || (wrong = wrongKind(status, mayBePipe)))) {
    close(descriptor);
    return wrong ? refused(path, wrong) : systemFailure("read", path, EISDIR);
  }
  return descriptor;
}

} // namespace

llvm::Expected<std::string> readInputFile(const std::string &path) {
  llvm::Expected<int> descriptor = openInput(path, namesDescriptor(path));
  if (!descriptor)
    return descriptor.takeError();
  struct stat status{};
  bool isPipe = fstat(*descriptor, &status) == 0 && S_ISFIFO(status.st_mode);
  const std::size_t most = isPipe ? kMostPiped : kMostBytes;
  const std::string tooLarge = "it has more than " + std::to_string(most >> 20) + " MB";
  if (S_ISREG(status.st_mode) && static_cast<std::size_t>(status.st_size) > most) {
    close(*descriptor);
    return refused(path, tooLarge);
  }
  std::string content;
  std::string buffer(1 << 16, '\0');
  ssize_t count;
  while ((count = read(*descriptor, buffer.data(), buffer.size())) != 0) {
    if (count > 0 && content.size() + static_cast<std::size_t>(count) <= most) {
      content.append(buffer, 0, static_cast<std::size_t>(count));
    } else if (count > 0) {
      close(*descriptor);
      return refused(path, tooLarge);
    } else if (errno != EINTR) {
      int error = errno;
      close(*descriptor);
      return systemFailure("read", path, error);
    }
  }
  close(*descriptor);
  return content;
}

bool isShellPipe(const std::string &path) {
  struct stat status;
  return namesDescriptor(path) && stat(path.c_str(), &status) == 0 && S_ISFIFO(status.st_mode);
}

llvm::Error checkReadable(const std::string &path) {
  llvm::Expected<int> descriptor = openInput(path, /*mayBePipe=*/false);
  if (!descriptor)
    return descriptor.takeError();
  close(*descriptor);
  return llvm::Error::success();
}

std::optional<unsigned> lineOfBinary(const std::string &content) {
  for (std::size_t at = 0; at < content.size();) {
    const Character character = decodeUtf8(content, at);
    if (!character.isValid || character.code == 0)
      return 1 + static_cast<unsigned>(std::count(
                     content.begin(), content.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    at += character.size;
  }
  return std::nullopt;
}

} // namespace threadlint
