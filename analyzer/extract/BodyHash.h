// BodyHash: a hash of a function's facts that is equal in every TU that holds the same function.
//
// Numbers that depend on the TU (strings, variables, fields, files) are hashed by what they name.
#pragma once

#include "analyzer/facts/TuFacts.h"

namespace threadlint {

std::uint64_t bodyHash(const TuFacts &facts, const FunctionFacts &function);

} // namespace threadlint
