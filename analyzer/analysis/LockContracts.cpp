// LockContracts: what a function expects of its caller's locks, and where it contradicts itself.
#include "analyzer/analysis/Frame.h"

namespace threadlint {

/// Contexts are shared; where the locks were taken on this way, and where it returns, is the state's own.
void Frame::nameReturn(Exit &exit, const State &state) {
  exit.witness = state.returnedAt;
  for (HeldLock &held : exit.context.held)
    for (const HeldLock &own : state.held)
      if (own.lock == held.lock)
        held.witness = own.witness;
}

/// A wait on a condition variable gives its mutex back and takes it again: the thread has to hold it.
void Frame::waitWith(State &state) {
  const Event &event = *event_;
  if (event.path != kNone || event.args.size() < 2)
    return; // through a guard, which knows whether it holds its mutex
  Term lock = argumentLocation(state, 1);
  needForWait(state, lock, witnessHere(state));
  bool isKnown = containsSorted(state.unlocked, lock) || containsSorted(state.released, lock);
  bool isHeld = std::any_of(state.held.begin(), state.held.end(),
                            [&](const HeldLock &h) { return lockClassMatches(h.lock, lock); });
  if (!isKnown || isHeld)
    return;
  // Whatever it was before, it is held afterwards.
  eraseSorted(state.unlocked, lock);
  if (containsSorted(state.released, lock))
    eraseSorted(state.released, lock);
  else
    state.held.push_back(HeldLock{lock, LockMode::Exclusive, 1, false, witnessHere(state)});
  takenByWait_.insert(lock);
}

/// `held`: what the functions below hold at the wait. A pointer to the mutex is often known above alone.
void Frame::needForWait(const State &state, Term lock, WitnessId at, std::vector<Term> held) {
  for (const HeldLock &mine : state.held)
    if (!mine.may)
      held.push_back(mine.lock);
  if (std::any_of(held.begin(), held.end(), [&](Term h) { return lockClassMatches(h, lock); }) ||
      std::any_of(state.held.begin(), state.held.end(),
                  [&](const HeldLock &h) { return lockClassMatches(h.lock, lock); }))
    return;
  if (containsSorted(state.unlocked, lock) || containsSorted(state.released, lock)) {
    auto earlier = state.unlockedAt.find(lock);
    defect(DefectKind::WaitUnlocked, lock, at,
           earlier != state.unlockedAt.end() ? earlier->second : kNoWitness);
    return;
  }
  if (isRecording_ && neededForWait_.insert(lock).second && out_.waitNeeds.size() < limits_.spawns)
    out_.waitNeeds.push_back(WaitNeed{lock, at, std::move(held)});
}

/// A function that always gives its caller's lock back on one way out, and takes that lock itself on another way, whatever it is called
/// with: one of the two is wrong whether or not the caller holds it.
void Frame::judgeContracts() {
  // Facts about its input choose the way; that one pointer equals an address is none that tells what was done before, and that a pointer
  // is not null holds wherever it leads to a lock.
  auto isMode = [&](const Fact &fact) {
    const TermNode &node = terms_[fact.value];
    if (!fact.equal && fact.constant == 0 &&
        std::any_of(
            out_.acquisitions.begin(), out_.acquisitions.end(),
            [&](const Acquisition &taken) { return terms_.contains(taken.lock, fact.value); }))
      return false;
    return node.kind != TermKind::Op ||
           std::none_of(node.kids.begin(), node.kids.end(),
                        [&](Term kid) { return terms_[kid].kind == TermKind::Address; });
  };
  for (const Exit &exit : out_.exits) {
    if (exit.kind != ExitKind::Return || std::any_of(exit.facts.begin(), exit.facts.end(), isMode))
      continue;
    for (Term lock : exit.context.released) {
      auto at = releasedAt_.find(lock);
      if (at == releasedAt_.end() || plainReleases_.count(engine_.witness(at->second).range) ||
          !terms_.isDefinite(lock))
        continue;
      for (const Acquisition &taken : out_.acquisitions) {
        const Context &before = engine_.context(taken.context);
        bool isHeld = std::any_of(before.held.begin(), before.held.end(),
                                  [&](const HeldLock &h) { return h.lock == lock; });
        if (taken.lock != lock || taken.isTry || isHeld || containsSorted(before.released, lock))
          continue;
        defect(DefectKind::UnlockOfNothing, lock, at->second, taken.witness, taken.mode,
               LockMode::Exclusive, out_.truncated);
        break;
      }
    }
  }
}

} // namespace threadlint
