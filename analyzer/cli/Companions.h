// Companions: the other halves of sources that are given without a compile database.
//
// `threadlint account.cpp -- -std=c++17`: account.cpp includes "bank.h" and calls what it declares, and beside bank.h stands bank.cpp. The
// bodies of what is called matter (they take locks), so such sources are read too, with the same flags, as far as they define
// something that a read source calls. A source that does not compile cleanly, or that has a `main`, is no companion. Where there
// are more than a few, this is a project, and a project has a compile database: then none is read.
//
// Only `#include "..."` that leads to a file beside the including one counts; everything here is textual and by name.
#pragma once

#include "analyzer/extract/Extract.h"
#include "analyzer/facts/TuFacts.h"

#include <string>
#include <vector>

namespace threadlint {

/// Commands for the sources beside the headers that the given sources include, sorted by file; empty when there are too many.
std::vector<CompileCommand> companionCommands(const std::vector<CompileCommand> &given);

/// Whether one of `tus` calls something that none of them defines.
bool callsUndefined(const std::vector<TuFacts> &tus);

/// Of `candidates`, those that define something which `given` or one that is kept calls and does not define.
std::vector<TuFacts> neededCompanions(const std::vector<TuFacts> &given,
                                      std::vector<TuFacts> candidates);

} // namespace threadlint
