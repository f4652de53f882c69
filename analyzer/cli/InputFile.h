// InputFile: reads a whole file that the user named.
#pragma once

#include <llvm/Support/Error.h>

#include <string>

namespace threadlint {

/// The bytes of the file, or "cannot read 'x': No such file or directory".
llvm::Expected<std::string> readInputFile(const std::string &path);

/// Success when the path names something that can be opened and is no folder.
llvm::Error checkReadable(const std::string &path);

} // namespace threadlint
