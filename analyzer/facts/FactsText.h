// FactsText: paths, values and enumerators as a developer would write them, for dumps and test failures.
#pragma once

#include "analyzer/facts/TuFacts.h"

#include <string>
#include <string_view>

namespace threadlint {

std::string_view nameOf(EventKind kind);
std::string_view nameOf(EdgeKind kind);
std::string_view nameOf(TypeClass cls);
std::string_view nameOf(LockKind kind);
std::string_view nameOf(LockMode mode);
std::string_view nameOf(GuardTag tag);
std::string_view nameOf(Success success);
std::string_view nameOf(SpawnKind kind);
std::string_view nameOf(Order order);
std::string_view nameOf(VarKind kind);
std::string_view nameOf(SuppressionKind kind);

/// `p->mu`, `table[*].lock`, `$3.first` (temporary), `^0` (capture). Precondition of both: sound ids.
std::string pathText(const TuFacts &facts, const FunctionFacts &function, PathId path);

/// `&p->mu`, `(n == 0)`, `worker`; long expressions end in `...`.
std::string valueText(const TuFacts &facts, const FunctionFacts &function, ValueId value);

/// Names of the set bits of Event::flags, separated by blanks.
std::string eventFlagsText(std::uint32_t flags);

/// Names of the set bits of FunctionFacts::flags, separated by blanks.
std::string functionFlagsText(std::uint32_t flags);

} // namespace threadlint
