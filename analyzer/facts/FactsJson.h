// FactsJson: a TuFacts as JSON for people (`threadlint facts --format=json`).
//
// Ids are resolved to names; paths and values are written as expressions (FactsText.h). There is no reader: programs exchange
// the binary form. The layout may change in any release.
#pragma once

#include "analyzer/facts/TuFacts.h"

#include <string>

namespace threadlint {

/// Indented JSON with a final newline. Precondition: validateFacts(facts) finds nothing.
std::string factsToJson(const TuFacts &facts);

} // namespace threadlint
