// Story: flattens a finding.
#include "analyzer/report/Story.h"

namespace threadlint {

std::string threadName(std::size_t index) {
  return index < 26 ? std::string(1, static_cast<char>('A' + index))
                    : "T" + std::to_string(index + 1);
}

std::string threadPrefix(const Finding &finding, std::size_t thread) {
  return "thread " + threadName(thread) + " (entry " + finding.threads[thread].entry + "): ";
}

std::string shownPlace(const Place &place) {
  return place.line == 0 ? place.file : place.file + ":" + std::to_string(place.line);
}

std::string locksText(const std::vector<std::string> &locks) {
  if (locks.empty())
    return ", holding no lock";
  std::string text = ", holding ";
  for (std::size_t i = 0; i < locks.size(); ++i)
    text.append(i > 0 ? ", '" : "'").append(locks[i]).append("'");
  return text;
}

std::vector<StoryStep> storyOf(const Finding &finding) {
  std::vector<StoryStep> steps;
  for (std::size_t t = 0; t < finding.threads.size(); ++t) {
    const std::vector<TraceStep> &path = finding.threads[t].path;
    for (const TraceStep &step : path) {
      bool isLast = &step == &path.back();
      bool saysLocks = step.message.find(" holding ") != std::string::npos;
      bool showLocks = !saysLocks && (isLast || !step.locksHeld.empty());
      steps.push_back({StoryStep::Kind::Thread, step.place,
                       step.message + (showLocks ? locksText(step.locksHeld) : ""), t, isLast,
                       &step});
    }
  }
  for (const RelatedPlace &related : finding.related)
    steps.push_back({StoryStep::Kind::Related, related.place, related.message, 0, false, nullptr});
  for (const std::string &note : finding.notes)
    steps.push_back({StoryStep::Kind::Note, finding.place, note, 0, false, nullptr});
  return steps;
}

} // namespace threadlint
