// Liveness: where the locals and temporaries of a function are read for the last time.
//
// A state forgets what nobody can read any more: states are copied at every branch and joined at every meet, and a join makes a phi of
// every entry that differs. Classic backward liveness over the blocks of a function; a slot is a local, a parameter or a temporary.
// A slot whose address is taken lives to the end, unless it is a temporary that one block alone speaks of.
#pragma once

#include "analyzer/program/Program.h"

#include <map>

namespace threadlint {

/// A local or parameter (its VarId) or a temporary (its number) of one function.
struct Slot {
  bool isTemporary = false;
  std::uint32_t id = 0;
  auto operator<=>(const Slot &) const = default;
};

/// By edge (from, to), normal and unwinding: the slots that may be written on the way there and are not read any more.
using Deaths = std::map<std::pair<BlockId, BlockId>, std::vector<Slot>>;

Deaths findDeaths(const Program &program, const FunctionFacts &facts);

} // namespace threadlint
