// InputFile: reads a whole file that the user named.
#pragma once

#include <llvm/Support/Error.h>

#include <optional>
#include <string>

namespace threadlint {

/// The bytes of the file, or "cannot read 'x': No such file or directory". Folders, sockets, devices other than /dev/null, pipes with a name and
/// files of more than 2 GB are refused, so that a run neither hangs nor runs out of memory. A pipe that the shell has opened (`<(...)` or
/// standard input, as /dev/fd/N) is read up to 64 MB.
llvm::Expected<std::string> readInputFile(const std::string &path);

/// Whether it is a pipe that the shell has opened: it can be read once only.
bool isShellPipe(const std::string &path);

/// Success when the path names a file that can be opened: what is read more than once, or by Clang, may not be a pipe.
llvm::Error checkReadable(const std::string &path);

/// The line of the first byte that is no part of a text in UTF-8, or nothing.
std::optional<unsigned> lineOfBinary(const std::string &content);

} // namespace threadlint
