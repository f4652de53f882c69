// Combine: what a callee holds, has released, started and joined, behind what its caller does.
#include "analyzer/analysis/Instance.h"
#include "analyzer/analysis/Rounds.h"

namespace threadlint {
namespace {
constexpr std::size_t kMaxLive = 400; ///< far more than the spawns that are kept
} // namespace

WitnessId Frame::callerWitness(Instance &instance, WitnessId id) {
  auto [it, isNew] = instance.witnesses.try_emplace(id, kNoWitness);
  if (isNew)
    it->second = witnessHere(instance.before, id);
  return it->second;
}

Term Frame::substitute(Instance &instance, Term term) { return instance.terms(term); }

Context Frame::combine(Instance &instance, const Context &callee, bool isGeneral, bool isExit) {
  Context result;
  result.held = instance.before.held;
  result.released = instance.before.released;
  result.live = instance.before.live;
  result.joined = instance.before.joined;
  result.order = instance.before.order;
  result.ended = instance.before.ended;
  result.past = instance.before.past;
  for (Term term : callee.released) {
    Term lock = substitute(instance, term);
    auto it = std::find_if(result.held.rbegin(), result.held.rend(),
                           [&](const HeldLock &h) { return h.lock == lock; });
    if (it == result.held.rend())
      it = std::find_if(result.held.rbegin(), result.held.rend(),
                        [&](const HeldLock &h) { return mayGiveBack(lock, h.lock); });
    if (it == result.held.rend()) {
      if (hasRoomForMayHeld(result.held))
        addReleased(result.released, lock);
    } else if (it->depth > 1) {
      --it->depth;
    } else {
      result.held.erase(std::next(it).base());
    }
  }
  if (!isExit)
    dropPrivateLocks(instance.before, result.held);
  for (HeldLock held : callee.held) {
    held.lock = substitute(instance, held.lock);
    if (!isExit && isPrivateLock(instance.before, held.lock))
      continue;
    if (isGeneral)
      held.lock = generalize(held.lock);
    held.witness = witnessHere(instance.before, held.witness);
    auto again = std::find_if(result.held.begin(), result.held.end(),
                              [&](const HeldLock &h) { return h.lock == held.lock && !h.may; });
    if (again == result.held.end() && (!held.may || hasRoomForMayHeld(result.held)))
      result.held.push_back(held);
    else if (again != result.held.end() && again->depth < 3 && mayBeRecursive(held.lock))
      ++again->depth;
  }
  for (Term term : callee.joined) {
    Term t = substitute(instance, term);
    if (t == kUnknownTerm)
      continue;
    Term handle = terms_[t].kind == TermKind::Address ? terms_[t].a : kUnknownTerm;
    std::erase_if(result.live, [&](const LiveThread &l) {
      bool isJoined =
          l.thread == t || isInside(l.handle, handle) ||
          (terms_[t].kind == TermKind::Init && isElementOfLoop(term) && l.handle != kUnknownTerm &&
           terms_.root(l.handle) == terms_.deref(t)) ||
          (terms_[t].kind == TermKind::Phi && isElementOfLoop(term) && leadsToHandle({l}, t)) ||
          (handle != kUnknownTerm &&
           (l.handle == handle || (isElementOfLoop(term) && isAmong(l.handle, handle))));
      if (isJoined && leavesOthers(l.thread))
        insertSorted(result.ended, l.thread);
      return isJoined;
    });
    insertSorted(result.joined, t);
  }
  for (LiveThread live : callee.live) {
    live.thread = substitute(instance, live.thread);
    live.handle = substitute(instance, live.handle);
    for (Term &lock : live.under)
      lock = substitute(instance, lock);
    std::sort(live.under.begin(), live.under.end());
    for (const HeldLock &held : instance.before.held)
      if (!held.may && held.mode == LockMode::Exclusive &&
          std::none_of(instance.released.begin(), instance.released.end(),
                       [&](Term lock) { return lockClassMatches(lock, held.lock); }))
        insertSorted(live.under, held.lock);
    auto known = std::find_if(result.live.begin(), result.live.end(),
                              [&](const LiveThread &l) { return l.thread == live.thread; });
    if (known != result.live.end())
      repeatThread(*known, live);
    else if (result.live.size() < kMaxLive)
      result.live.push_back(live);
    else
      engine_.noteCut(Cut::Threads);
  }
  std::sort(result.live.begin(), result.live.end(),
            [](const LiveThread &a, const LiveThread &b) { return a.thread < b.thread; });
  if (!callee.order.empty()) {
    std::vector<Term> inner;
    for (Term token : callee.order)
      if (Term t = substitute(instance, token))
        insertSorted(inner, t);
    addOrder(terms_, result.order, inner);
  }
  if (passesBarrier_)
    addRoles(instance.before, result.order);
  if (isInChild(instance.before))
    insertSorted(result.order, inChildToken(terms_));
  for (Term thread : callee.ended)
    insertSorted(result.ended, substitute(instance, thread));
  for (Term lock : callee.past)
    if (Term t = substitute(instance, lock))
      insertSorted(result.past, t);
  return result;
}

/// Whether a lock that a callee gives back is meant through a guard of this frame that does not hold it any more: the destructor of a
/// class around a guard.
bool Frame::isOfReleasedGuard(Instance &instance, Term released) {
  const TermNode lock = terms_[released];
  if (lock.kind != TermKind::Deref || terms_[lock.a].kind != TermKind::Init)
    return false;
  const Term at = substitute(instance, terms_[lock.a].a);
  const std::vector<GuardState> &guards = instance.before.guards;
  return at != kUnknownTerm && std::any_of(guards.begin(), guards.end(), [&](const GuardState &g) {
           return g.guard == at && g.engaged == Engaged::No;
         });
}

} // namespace threadlint
