// Story: a finding as one sequence of told steps, which every writer for people shares.
//
//   src/a.cpp:9: thread A: writes 'balance', holding no lock
//
// The order is that of the text report: each thread from its entry to its access or acquisition, related places, notes.
#pragma once

#include "analyzer/report/Finding.h"

#include <string>
#include <vector>

namespace threadlint {

struct StoryStep {
  enum class Kind : std::uint8_t { Thread, Related, Note };
  Kind kind = Kind::Note;
  Place place;
  std::string text;       ///< without the thread; with the locks held when they matter
  std::size_t thread = 0; ///< index into Finding::threads
  bool isLast = false;    ///< the access or acquisition of its thread
  const TraceStep *step = nullptr;
};

/// Refers to `finding`.
std::vector<StoryStep> storyOf(const Finding &finding);

/// "A", "B", ...; "T27" past the alphabet.
std::string threadName(std::size_t index);

/// "thread A (entry main): ".
std::string threadPrefix(const Finding &finding, std::size_t thread);

/// "src/a.cpp:9"; empty for no place.
std::string shownPlace(const Place &place);

/// ", holding no lock" or ", holding 'a', 'b'".
std::string locksText(const std::vector<std::string> &locks);

} // namespace threadlint
