// RandomFacts: sound but otherwise arbitrary facts for property tests and benchmarks.
#pragma once

#include "analyzer/facts/TuFacts.h"

#include <cstdint>

namespace threadlint {

/// Facts that depend on `seed` only. About `functionCount` functions; every member takes non-default values somewhere.
TuFacts randomFacts(std::uint64_t seed, unsigned functionCount);

} // namespace threadlint
