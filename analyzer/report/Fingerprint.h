// Fingerprint: the id of a finding that survives line moves.
//
// A hash of what makes the finding that finding: check id, keys without their file part, lock keys, access kinds. No lines,
// paths, messages or tool version (the caller picks the parts). Stored in baselines by others: the result for given parts
// never changes between releases or machines.
// Algorithm: MurmurHash3 x64 128 (Appleby, public domain) over the parts, each preceded by its length.
#pragma once

#include <span>
#include <string>

namespace threadlint {

/// 32 hex digits.
std::string fingerprint(std::span<const std::string> parts);

} // namespace threadlint
