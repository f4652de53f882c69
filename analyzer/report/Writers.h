// Writers: one function per output format.
//
//   Report  --writer-->  bytes
//
// Every writer is a function of the report and of the sources on disk (snippets, columns in characters, line hashes); nothing in its
// bytes depends on the time, the host or the number of jobs. What the formats have in common: findings that are shown come
// first and in the report's order, what could not be analysed is said when the format has a place for it.
#pragma once

#include "analyzer/report/Report.h"
#include "analyzer/report/SourceText.h"

#include <string>

namespace threadlint {

struct WriterOptions {
  std::string workingFolder; ///< absolute; text shows files under it relative to it
  bool color = false;
  bool full = false; ///< text: a snippet at every step
};

/// For people, in the form compilers use (TextWriter.cpp).
std::string writeText(const Report &report, SourceText &sources, const WriterOptions &options);
/// The native format (docs/reference/report.schema.json) and the same objects one a line.
std::string writeJson(const Report &report);
std::string writeJsonLines(const Report &report);
/// SARIF 2.1.0 for GitHub code scanning and every other SARIF client.
std::string writeSarif(const Report &report, SourceText &sources);
/// GitLab Code Quality.
std::string writeGitlab(const Report &report);
/// GitHub workflow commands, which become annotations.
std::string writeGithub(const Report &report, SourceText &sources);
/// JUnit XML: a failed test case per finding, a passed one when there is none.
std::string writeJunit(const Report &report);
/// Checkstyle XML.
std::string writeCheckstyle(const Report &report);
/// The Reviewdog Diagnostic Format, one diagnostic a line.
std::string writeRdjsonLines(const Report &report);
/// For pull requests and job summaries.
std::string writeMarkdown(const Report &report, SourceText &sources);
/// One file to open in a browser, offline.
std::string writeHtml(const Report &report, SourceText &sources);
/// The lock order as a Graphviz graph.
std::string writeDot(const Report &report);

inline constexpr unsigned kReportSchemaVersion = 1;

} // namespace threadlint
