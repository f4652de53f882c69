// Claims: steps that only who has claimed them gets to.
//
//   if (!active) return; active = false; ...     with an atomic `active`
//
// Two threads can both get through such a test, but the program does not mean them to come at once: a message that is sent once, a
// watcher that stops. A judgement for the confidence of a conflict.
#pragma once

#include "analyzer/analysis/Engine.h"
#include "analyzer/analysis/FlagTests.h"

#include <map>
#include <set>

namespace threadlint {

class Claims {
public:
  explicit Claims(const Engine &engine) : engine_(engine) {}
  /// Whether both accesses stand behind a test of one atomic object that is turned round between the test and them.
  bool areOfOneClaim(const Access &a, const Access &b);

private:
  struct Claim {
    Position store;
    std::vector<bool> reachedWithout; ///< by block, without the block of the store
  };
  const Engine &engine_;
  std::map<FunctionId, std::vector<Claim>> claims_;
  const std::vector<Claim> &claimsIn(FunctionId function);
  using Names = std::set<std::pair<FunctionId, std::size_t>>;
  std::map<WitnessId, Names> names_;
  const Names &claimsOf(const Access &access);
};

} // namespace threadlint
