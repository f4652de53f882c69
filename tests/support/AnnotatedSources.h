// AnnotatedSources: finds the cases of AnnotationRunner and reads their annotations; no analysis.
#pragma once

#include "tests/support/AnnotationRunner.h"

#include <string>
#include <vector>

namespace threadlint {

/// Whether a file of a case is compiled on its own (headers are not).
bool isTranslationUnit(const std::string &file);

/// The compiler flags of a case: the defaults of its language and what its line `// flags:` adds.
std::vector<std::string> flagsOf(const AnnotatedSource &source);

/// What to add to these flags to start from the precompiled standard headers: nothing for C and for cases with flags of their own.
std::vector<std::string> precompiledHeaderFlags(const AnnotatedSource &source);

/// Line number `line` (1-based) without its end; empty outside of the content.
std::string lineOf(const std::string &content, std::uint32_t line);

/// The whole file; empty when it cannot be read.
std::string readTestFile(const std::string &path);

} // namespace threadlint
