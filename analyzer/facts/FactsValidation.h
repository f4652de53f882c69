// FactsValidation: is a TuFacts safe to use, whoever produced it?
//
// Later stages index tables without asking, so facts from outside (files, other processes) pass through here first.
// Checked: every id is in its table, every enumerator is known, values and paths do not contain themselves.
#pragma once

#include "analyzer/facts/TuFacts.h"

#include <string>

namespace threadlint {

/// What is wrong with the facts first, for a developer to read; empty when they are sound. Linear in their size.
std::string validateFacts(const TuFacts &facts);

} // namespace threadlint
