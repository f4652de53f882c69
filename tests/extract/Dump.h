// Dump: the facts of functions as compact text, one line per event, for the extraction tests.
//
//   function main
//    b0: -> b2
//    b2: acquire &m; write x = 1; release &m -> b1
#pragma once

#include "analyzer/facts/TuFacts.h"

#include <string>

namespace threadlint {

std::string dumpFunction(const TuFacts &facts, const FunctionFacts &function);
/// All functions, variables that are not locals, and limitations.
std::string dumpFacts(const TuFacts &facts);

} // namespace threadlint
