// Suggestion: the known name a user probably meant.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace threadlint {

/// ", did you mean 'x'?" for the candidate nearest to `word`; empty when none is near.
std::string didYouMean(std::string_view word, std::span<const std::string_view> candidates);

} // namespace threadlint
