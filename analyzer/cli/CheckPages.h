// CheckPages: the documentation pages of the checks, embedded at build time.
//
//   docs/checks/<id>.md  --cmake/EmbedPages.cmake-->  `threadlint explain <id>`
#pragma once

#include <string_view>

namespace threadlint {

/// The Markdown page of a check by its bare id; empty when there is none.
std::string_view checkPage(std::string_view id);

} // namespace threadlint
