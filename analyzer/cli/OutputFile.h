// OutputFile: writes a report or facts completely, or says why not.
//
// Files are replaced atomically: written beside their place under another name, then renamed. Devices and pipes, and what
// /dev/stdout, /dev/stderr and /dev/fd name, are written directly.
#pragma once

#include "analyzer/cli/Environment.h"

#include <llvm/Support/Error.h>

#include <string>
#include <string_view>

namespace threadlint {

/// Writes to a file.
llvm::Error writeOutputFile(const std::string &path, std::string_view bytes);

/// Writes to standard output; a standard output that was closed from the start is an error even for no bytes.
llvm::Error writeStandardOutput(std::string_view bytes, const Environment &environment);

/// Fails early when the file surely cannot be written later, before a long analysis.
llvm::Error checkWritable(const std::string &path);

} // namespace threadlint
