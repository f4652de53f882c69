// Conflicts: pairs of accesses to one location that nothing keeps apart.
//
//   ThreadInstance accesses, resolved by PointsTo  =>  same location, a write, parallel, unordered, no common lock  =>  Conflict
//
// Two accesses are guarded when both hold one lock and at least one of them exclusively. Locations whose object is unknown on
// both sides are compared as if the objects were one: then their locks are compared under the same assumption, so `p->x` under `p->mu`
// guards itself. Such pairs are certain only when the record owns a lock that one side holds.
#pragma once

#include "analyzer/analysis/ThreadModel.h"
#include "analyzer/facts/Confidence.h"

#include <string>

namespace threadlint {

struct ConflictSide {
  ThreadId thread = 0;
  Access access;
};

struct Conflict {
  ConflictSide first, second; ///< first: the write with the fewest locks
  Term location = 0;
  Term neighbour =
      0; ///< what the second side accesses, when it is another bit-field of the same word
  Confidence confidence = Confidence::High;
  ThreadModel::Relation relation = ThreadModel::Relation::Threads;
  Term guard = 0; ///< a lock that one side holds and the other does not, when that is the evidence
  std::vector<ConflictSide> others; ///< further sites of the same location
};

/// One conflict per shared location, in no particular order.
std::vector<Conflict> findConflicts(Engine &engine, ThreadModel &model);

} // namespace threadlint
