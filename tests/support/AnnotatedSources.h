// AnnotatedSources: finds the cases of AnnotationRunner and reads their annotations; no analysis.
#pragma once

#include "tests/support/AnnotationRunner.h"

#include <string>

namespace threadlint {

/// Whether a file of a case is compiled on its own (headers are not).
bool isTranslationUnit(const std::string &file);

/// Line number `line` (1-based) without its end; empty outside of the content.
std::string lineOf(const std::string &content, std::uint32_t line);

/// The whole file; empty when it cannot be read.
std::string readTestFile(const std::string &path);

} // namespace threadlint
