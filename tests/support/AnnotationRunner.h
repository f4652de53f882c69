// AnnotationRunner: sources that say in comments which findings they expect.
//
//   counter++;  // expect: data-race "counter"           a finding at this line whose message contains the text
//   cached = f();  // expect-fp: data-race -- reason      a known false alarm: reported today, should not be
//   total++;  // expect-fn: data-race -- reason           a known miss: not reported today, should be
//
// An annotation that stands alone on its line speaks about the next line of code. Every finding without an annotation and every
// annotation without its finding is a failure; an expect-fp whose finding is gone, and an expect-fn whose finding came, fail too and
// ask for the annotation to go. All checks are active, the confidence is the default one, NOLINT counts.
//
// A case is a file testdata/<check>/<name>.{c,cc,cpp}, a folder testdata/<check or projects>/<name>/ (its sources are linked), or a ```cpp block of
// docs/checks/<check>.md below `<!-- expect: LINE check "text" -->` (`<!-- expect: none -->` for a good example). A line `// flags: -std=c++17` in a source
// adds compiler flags to its defaults, -std=c++20 or -std=c17.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace threadlint {

enum class AnnotationKind : std::uint8_t { Expect, FalsePositive, FalseNegative };

struct Annotation {
  AnnotationKind kind = AnnotationKind::Expect;
  std::string check, text;
  std::uint32_t line = 0; ///< the line of code it speaks about
  bool operator==(const Annotation &) const = default;
};

/// The annotations in a source, in order.
std::vector<Annotation> findAnnotations(const std::string &content);

struct AnnotatedSource {
  std::string file; ///< relative to the project
  std::string content;
};

struct AnnotatedCase {
  std::string name;                     ///< `data-race/counter.cpp`
  std::vector<AnnotatedSource> sources; ///< headers of a folder too
};

/// All cases, sorted by name. `projectFolder` is the folder of testdata/ and docs/.
std::vector<AnnotatedCase> findAnnotatedCases(const std::string &projectFolder);

/// Analyses the case in a process of its own; the differences to its annotations with the lines of code, empty when there are none.
std::string runAnnotatedCase(const AnnotatedCase &annotatedCase, const std::string &projectFolder);

/// The checks that report something in a source, sorted and with blanks between; then what could not be analysed.
std::string checksOf(const AnnotatedSource &source, const std::string &projectFolder);

/// How GoogleTest shows a case.
void PrintTo(const AnnotatedCase &annotatedCase, std::ostream *stream);

} // namespace threadlint
