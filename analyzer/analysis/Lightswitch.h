// Lightswitch: a lock that the first of a group takes and the last gives back.
//
//   lock(&m); if (++readers == 1) lock(&room); unlock(&m);  ...  lock(&m); if (--readers == 0) unlock(&room); unlock(&m);
//
// Between the two every member of the group is in the room, whoever has taken the lock: the way around the branch holds it as well, in
// shared mode. Name and pattern after Downey, "The Little Book of Semaphores", 4.2; first in Courtois, Heymans, Parnas 1971.
// Left out: a counter whose change stands in another function than its test, several locks in one branch.
#pragma once

#include "analyzer/program/Program.h"

#include <map>
#include <vector>

namespace threadlint {

struct Lightswitch {
  BlockId block = 0;       ///< where the first, or last, takes or gives back the lock
  std::uint32_t event = 0; ///< index in that block
  bool isEntry = false;    ///< takes it
};

/// By edge (from, to): the way around a lightswitch.
using Lightswitches = std::map<std::pair<BlockId, BlockId>, Lightswitch>;

Lightswitches findLightswitches(const FunctionFacts &facts);

} // namespace threadlint
