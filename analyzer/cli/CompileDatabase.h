// CompileDatabase: reads compile_commands.json.
//
// Format: https://clang.llvm.org/docs/JSONCompilationDatabase.html. Every type is checked before it is read. Entries for other
// languages (assembler, CUDA, Objective-C) and for precompiled headers are left out; entries that differ only in what they write
// (-o, -MF) are one.
#pragma once

#include "analyzer/extract/Extract.h"

#include <llvm/Support/Error.h>

#include <string>
#include <vector>

namespace threadlint {

/// The C and C++ commands of a database, absolute in file and directory, sorted by file and arguments. `path` names the file.
llvm::Expected<std::vector<CompileCommand>> readCompileDatabase(const std::string &path);

/// Sorts and drops repeated commands.
void sortCommands(std::vector<CompileCommand> &commands);

/// Whether the file name's extension is one of C or C++ source files.
bool isSourceName(const std::string &file);
/// Whether it is one of headers.
bool isHeaderName(const std::string &file);
/// Whether it is one of C rather than C++.
bool isCName(const std::string &file);

} // namespace threadlint
