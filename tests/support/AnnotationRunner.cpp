// AnnotationRunner: runs the same stages as the command line, in this process.
#include "tests/support/AnnotationRunner.h"

#include "analyzer/extract/Extract.h"
#include "analyzer/report/Selection.h"
#include "analyzer/report/SourceText.h"
#include "checks/Checks.h"
#include "tests/support/AnnotatedSources.h"
#include "tests/support/Isolation.h"

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <set>

namespace threadlint {
namespace {

CompileCommand commandFor(const AnnotatedSource &source, const std::string &projectFolder) {
  CompileCommand command;
  command.directory = projectFolder;
  command.file = projectFolder + "/" + source.file;
  command.arguments = flagsOf(source);
  command.arguments.insert(command.arguments.begin(),
                           source.file.ends_with(".c") ? "clang" : "clang++");
  command.arguments.push_back(command.file);
  return command;
}

Report analyze(const AnnotatedCase &annotatedCase, const std::string &projectFolder) {
  std::vector<TuFacts> tus;
  for (const AnnotatedSource &source : annotatedCase.sources) {
    if (!isTranslationUnit(source.file))
      continue;
    ExtractOptions options;
    options.projectRoot = projectFolder;
    options.extraArgs = precompiledHeaderFlags(source);
    if (!std::filesystem::exists(projectFolder + "/" + source.file))
      options.overlayContent = source.content;
    tus.push_back(extractTu(commandFor(source, projectFolder), options));
  }
  SelectionOptions selection;
  for (const CheckInfo &check : allChecks())
    selection.checks.emplace(check.id);
  Report report;
  selectFindings(analyzeProgram(std::move(tus)), selection, report);
  return report;
}

/// Compares findings and annotations; each annotation takes one finding.
class Comparison {
public:
  Comparison(const AnnotatedCase &annotatedCase, const Report &report)
      : case_(annotatedCase), report_(report), isTaken_(report.findings.size(), false) {}

  std::string run() {
    for (const LimitationReport &limitation : report_.limitations)
      if (limitation.incomplete)
        complain(limitation.place, "limitation: " + limitation.message);
    for (const AnnotatedSource &source : case_.sources)
      for (const Annotation &annotation : findAnnotations(source.content))
        check(source, annotation);
    for (std::size_t i = 0; i < report_.findings.size(); ++i)
      if (!isTaken_[i])
        complain(report_.findings[i].place, "unexpected finding: " + describe(report_.findings[i]));
    return std::move(text_);
  }

private:
  static std::string describe(const Finding &finding) {
    return finding.message + " [" + finding.check + "]";
  }

  const Finding *take(const AnnotatedSource &source, const Annotation &annotation) {
    for (std::size_t i = 0; i < report_.findings.size(); ++i) {
      const Finding &finding = report_.findings[i];
      if (!isTaken_[i] && finding.check == annotation.check && finding.place.file == source.file &&
          finding.place.line == annotation.line &&
          finding.message.find(annotation.text) != std::string::npos) {
        isTaken_[i] = true;
        return &finding;
      }
    }
    return nullptr;
  }

  void check(const AnnotatedSource &source, const Annotation &annotation) {
    const Place place{source.file, annotation.line, 1, 0, 0};
    const Finding *finding = take(source, annotation);
    std::string wanted = "'" + annotation.check + "'";
    if (!annotation.text.empty())
      wanted += " with \"" + annotation.text + "\"";
    switch (annotation.kind) {
    case AnnotationKind::Expect:
      if (!finding)
        complain(place, "missing finding " + wanted);
      break;
    case AnnotationKind::FalsePositive:
      if (!finding)
        complain(place, "the known false alarm " + wanted + " is gone: remove the expect-fp");
      break;
    case AnnotationKind::FalseNegative:
      if (finding)
        complain(finding->place,
                 "the known miss " + wanted + " is found now: make the expect-fn an expect");
      break;
    }
  }

  void complain(const Place &place, const std::string &problem) {
    text_ += place.file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) +
             ": " + problem + "\n";
    for (const AnnotatedSource &source : case_.sources)
      if (source.file == place.file)
        text_ +=
            snippet(lineOf(source.content, place.line), place.line, place.column, place.endColumn);
  }

  const AnnotatedCase &case_;
  const Report &report_;
  std::vector<bool> isTaken_;
  std::string text_;
};

} // namespace

std::string runAnnotatedCase(const AnnotatedCase &annotatedCase, const std::string &projectFolder) {
  return runIsolated(
      [&] { return Comparison(annotatedCase, analyze(annotatedCase, projectFolder)).run(); });
}

std::string checksOf(const AnnotatedSource &source, const std::string &projectFolder) {
  return runIsolated([&] {
    const Report report = analyze(AnnotatedCase{source.file, {source}}, projectFolder);
    std::set<std::string> checks;
    for (const Finding &finding : report.findings)
      checks.insert(finding.check);
    for (const LimitationReport &limitation : report.limitations)
      checks.insert(limitation.message);
    std::string text;
    for (const std::string &check : checks)
      text += (text.empty() ? "" : " ") + check;
    return text;
  });
}

void PrintTo(const AnnotatedCase &annotatedCase, std::ostream *stream) {
  *stream << annotatedCase.name;
}

} // namespace threadlint
