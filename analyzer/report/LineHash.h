// LineHash: `primaryLocationLineHash`, the fingerprint that GitHub's upload action would add by itself.
//
// A hash over the 100 characters (UTF-16 code units, no spaces and tabs, one line end) that follow the start of the line, and a
// count of the lines before it with the same hash. Computed here so that other uploaders give the same alerts.
// Algorithm: polynomial rolling hash modulo 2^64 with base 37, as documented in github/codeql-action, src/fingerprints.ts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace threadlint {

/// The hash of line i + 1 at position i: "6f4b1f4b2dd65d85:1". Empty for content that is not UTF-8, which the action decodes in ways
/// of its own.
std::vector<std::string> lineHashes(std::string_view content);

} // namespace threadlint
