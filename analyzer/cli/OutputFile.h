// OutputFile: writes a report or facts completely, or says why not.
//
// Files are replaced atomically: written beside their place under another name, then renamed; where the folder does not let that happen, in place. Devices and
// pipes, and what /dev/stdout, /dev/stderr and /dev/fd name, are written directly, at the speed of their reader. Signals that would end the process
// wait until what is being written is complete, or, at a pipe, until its reader has stopped to take anything for seconds.
#pragma once

#include "analyzer/cli/Environment.h"

#include <llvm/Support/Error.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace threadlint {

/// Writes to a file. A pipe that nobody reads is an error seconds after the deadline, or after a signal.
llvm::Error
writeOutputFile(const std::string &path, std::string_view bytes,
                const std::optional<std::chrono::steady_clock::time_point> &deadline = {});

/// Writes to standard output; a standard output that was closed from the start is an error even for no bytes.
llvm::Error writeStandardOutput(std::string_view bytes, const Environment &environment);

/// The file that is written for `path`: where its symbolic links lead, whether or not there is a file yet. A link that leads back to itself stays as it is.
std::string outputTarget(const std::string &path);

/// Fails early when the file surely cannot be written later, before a long analysis.
llvm::Error checkWritable(const std::string &path);

} // namespace threadlint
