// Suggestion: smallest edit distance, at most a third of the word; two letters are too few to guess from.
#include "analyzer/cli/Suggestion.h"

#include <llvm/ADT/StringRef.h>

#include <algorithm>

namespace threadlint {

std::string didYouMean(std::string_view word, std::span<const std::string_view> candidates) {
  if (word.size() <= 2)
    return {};
  unsigned best = static_cast<unsigned>(std::max<std::size_t>(word.size() / 3, 2)) + 1;
  std::string_view found;
  for (std::string_view candidate : candidates) {
    unsigned distance = llvm::StringRef(word).edit_distance(candidate, true, best);
    if (distance < best && distance < candidate.size()) {
      best = distance;
      found = candidate;
    }
  }
  return found.empty() ? std::string() : ", did you mean '" + std::string(found) + "'?";
}

} // namespace threadlint
