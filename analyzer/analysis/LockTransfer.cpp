// LockTransfer: acquisitions, releases and guards.
#include "analyzer/analysis/Frame.h"

namespace threadlint {

/// The order and identity of two unknowns that the branches taken so far imply, and what they found in the fields of the objects that
/// the function was given.
std::vector<Term> Frame::comparisons(const State &state) {
  constexpr std::size_t kMaxComparisons = 3, kMaxFound = 2;
  std::vector<Term> result, found;
  auto isGiven = [&](Term value) {
    const TermNode &init = terms_[value];
    const TermNode &at = terms_[init.kind == TermKind::Init ? init.a : kUnknownTerm];
    const TermNode &object = terms_[at.kind == TermKind::Field ? at.a : kUnknownTerm];
    return object.kind == TermKind::Deref && terms_[object.a].kind == TermKind::Param;
  };
  for (const Fact &fact : state.facts) {
    if (found.size() < kMaxFound && isGiven(fact.value)) {
      found.push_back(
          terms_.operation(static_cast<std::int64_t>(fact.equal ? ValueOp::Eq : ValueOp::Ne),
                           {fact.value, terms_.integer(fact.constant)}));
      continue;
    }
    const TermNode node = terms_[fact.value];
    bool holds = !fact.equal && fact.constant == 0, fails = fact.equal && fact.constant == 0;
    if (node.kind != TermKind::Op || node.n > static_cast<std::int64_t>(ValueOp::Ge) ||
        node.kids.size() != 2 || (!holds && !fails) || terms_[node.kids[0]].kind == TermKind::Int ||
        terms_[node.kids[1]].kind == TermKind::Int)
      continue;
    Term term = holds ? fact.value
                      : terms_.operation(static_cast<std::int64_t>(ValueOp::Not), {fact.value});
    const TermNode negated = terms_[term];
    if (fails && negated.kind == TermKind::Op && negated.kids.size() == 2 &&
        terms_[negated.kids[1]].kind == TermKind::Int) {
      // not (a < b) is kept as b <= a
      static constexpr ValueOp kInverse[] = {ValueOp::Ne, ValueOp::Eq, ValueOp::Ge,
                                             ValueOp::Gt, ValueOp::Le, ValueOp::Lt};
      term = terms_.operation(static_cast<std::int64_t>(kInverse[node.n]), node.kids);
    }
    if (result.size() < kMaxComparisons && term != kUnknownTerm)
      result.push_back(term);
  }
  result.insert(result.end(), found.begin(), found.end());
  return result;
}

/// `forks[(i + 1) % n]` under `forks[i]`, whatever i is: no branch has looked at it.
bool Frame::wrapsAround(const State &state, Term lock) const {
  auto isNext = [this](Term next, Term index) {
    const TermNode &rest = terms_[next];
    if (rest.kind != TermKind::Op || rest.n != static_cast<std::int64_t>(ValueOp::Rem))
      return false;
    const TermNode &sum = terms_[rest.kids[0]];
    return sum.kind == TermKind::Op && sum.n == static_cast<std::int64_t>(ValueOp::Add) &&
           std::find(sum.kids.begin(), sum.kids.end(), index) != sum.kids.end();
  };
  for (const HeldLock &held : state.held) {
    const auto [a, b] = terms_.withoutCommonFields(held.lock, lock);
    const TermNode &x = terms_[a], &y = terms_[b];
    if (held.may || x.kind != TermKind::Element || y.kind != TermKind::Element || x.a != y.a ||
        x.b == kUnknownTerm || y.b == kUnknownTerm || (!isNext(x.b, y.b) && !isNext(y.b, x.b)))
      continue;
    Term index = isNext(x.b, y.b) ? y.b : x.b;
    if (std::none_of(state.facts.begin(), state.facts.end(),
                     [&](const Fact &fact) { return terms_.contains(fact.value, index); }))
      return true;
  }
  return false;
}

/// A lock of an object that only this thread can reach: nobody waits for it, and nobody else holds it.
bool Frame::isPrivateLock(const State &state, Term lock) const {
  return !state.soleOwner.empty() && containsSorted(state.soleOwner, terms_.root(lock));
}

/// Those that were taken when the object was out of reach already: who takes one before may find others waiting for it.
void Frame::dropPrivateLocks(const State &state, std::vector<HeldLock> &held) const {
  if (!state.soleOwner.empty())
    std::erase_if(held,
                  [&](const HeldLock &h) { return h.isPrivate && isPrivateLock(state, h.lock); });
}

/// The kind of a lock whose attribute was set on some ways only. Those without a kind are the ways on which setting it failed, and whoever
/// checks for that does not come here.
LockKind Frame::kindAmong(Term phi) const {
  std::optional<LockKind> kind;
  for (Term input : terms_.inputs(phi)) {
    const TermNode &node = terms_[input];
    auto mine = node.kind == TermKind::Int ? static_cast<LockKind>(node.n) : LockKind::Unknown;
    if (node.kind == TermKind::Init)
      continue;
    if (kind && *kind != mine)
      return LockKind::Unknown;
    kind = mine;
  }
  return kind.value_or(LockKind::Unknown);
}

/// The object of a lock: nobody else uses it once its lock is destroyed, or whoever does is wrong anyway.
Term Frame::ownerOf(Term lock) const {
  if (terms_[lock].kind == TermKind::Deref && terms_[terms_[lock].a].kind == TermKind::Init)
    lock = terms_[terms_[lock].a].a; // which holds a pointer to its lock
  const Term owner = terms_.root(lock);
  return terms_[lock].kind == TermKind::Field && terms_[owner].kind == TermKind::Deref
             ? owner
             : kUnknownTerm;
}

/// Notes what was done on every way here.
void Frame::notePassed(State &state, std::int64_t token, Term location, std::vector<Term> more) {
  constexpr std::ptrdiff_t kMaxTokens = 4;
  if (std::count_if(state.past.begin(), state.past.end(),
                    [&](Term t) { return terms_[t].kind == TermKind::Op; }) >= kMaxTokens)
    return;
  more.insert(more.begin(), terms_.address(location));
  insertSorted(state.past, terms_.make(TermKind::Op, 0, 0, token, std::move(more)));
}

/// The pointers that lead to a lock that was taken are not null: `lock(p->mutex); ... if (p->mutex) unlock(p->mutex);`.
void Frame::noteReached(State &state, Term lock) {
  constexpr unsigned kMaxPointers = 2;
  for (unsigned i = 0; i < kMaxPointers; ++i) {
    const TermNode &object = terms_[terms_.root(lock)];
    if (object.kind != TermKind::Deref)
      return;
    const Term pointer = object.a;
    const TermNode &value = terms_[pointer];
    if (value.kind != TermKind::Init &&
        (value.kind != TermKind::Param || value.n == kThisParameter))
      return;
    addFact(state, pointer, false, 0);
    if (value.kind != TermKind::Init)
      return;
    lock = value.a;
  }
}

void Frame::acquire(State &state, Term lock, LockMode mode, bool isTry, std::uint32_t group) {
  const WitnessId here = witnessHere(state);
  const bool isPrivate = isPrivateLock(state, lock);
  if (isRecording_ && !isPrivate) {
    ContextId context = contextOf(state);
    if (!state.soleOwner.empty()) {
      Context shared = engine_.context(context);
      dropPrivateLocks(state, shared.held);
      context = engine_.intern(std::move(shared));
    }
    Acquisition acquisition{lock,  mode,    isTry, wrapsAround(state, lock),
                            group, context, here,  comparisons(state)};
    if (isNewAcquisition(acquisition))
      out_.acquisitions.push_back(acquisition);
  }
  havocShared(state);
  noteTaken(state, lock);
  take(state, lock);
  noteReached(state, lock);
  auto known = std::find_if(state.held.begin(), state.held.end(),
                            [&](const HeldLock &h) { return h.lock == lock; });
  if (known != state.held.end()) {
    if (!isTry && !isOneOfMany(lock))
      defect(DefectKind::SelfDeadlock, lock, here, known->witness, mode, known->mode, known->may);
    if (known->may) {
      known->may = false;
      known->witness = here;
    } else if (known->depth < 3) {
      ++known->depth;
    }
    return;
  }
  if (containsSorted(state.released, lock)) {
    eraseSorted(state.released, lock); // the caller's lock is back
    syncGuards(state, lock, Engaged::Yes);
    return;
  }
  eraseSorted(state.unlocked, lock);
  state.held.push_back(HeldLock{lock, mode, 1, false, here});
  state.held.back().isPrivate = isPrivate;
}

/// An acquisition that may fail splits the state; its result tells the two apart.
void Frame::acquireEvent(State state, const std::vector<Term> &locks, Term guard, States &out) {
  const Event &event = *event_;
  bool isTry = (event.flags & Flag::Try) != 0 || event.tag == GuardTag::Try;
  bool isTimed = (event.flags & Flag::Timed) != 0 || event.tag == GuardTag::Timed;
  // Whoever drops the result of a timed acquisition counts on it: the time is there for the worst case.
  // std::lock on guards has no result and does not fail either.
  bool isIgnored = event.kind == EventKind::GuardLock && event.result == kNone;
  if (isTimed && guard == kUnknownTerm && event.result != kNone && event.result < isRead_.size())
    isIgnored |= !isRead_[event.result];
  std::uint32_t group = locks.size() > 1 ? siteHere() + 1 : 0;
  auto setResult = [&](State &s, bool success) {
    if (event.result == kNone)
      return;
    Term result = temporary(event.result);
    switch (event.success) {
    case Success::Always:
      break;
    case Success::Zero:
      if (success)
        s.memory[result] = terms_.integer(0);
      else {
        s.memory[result] = event.number ? terms_.integer(event.number) : freshHere();
        addFact(s, freshHere(), false, 0);
      }
      break;
    case Success::NonZero:
      s.memory[result] = terms_.integer(success ? 1 : 0);
      break;
    case Success::MinusOne:
      s.memory[result] = success ? terms_.integer(-1) : freshHere();
      if (!success)
        addFact(s, freshHere(), false, -1);
      break;
    }
  };
  if ((isTry || isTimed) && !isIgnored) {
    renew(state, freshHere());
    State failed = state;
    if (guard != kUnknownTerm)
      setGuard(failed, GuardState{guard, locks, event.mode, Engaged::No});
    setResult(failed, false);
    out.push_back(std::move(failed));
    // A try on a lock that this thread surely holds fails, unless the lock may be re-entrant.
    bool isHeld = std::any_of(locks.begin(), locks.end(), [&](Term lock) {
      return !mayBeRecursive(lock) &&
             std::any_of(state.held.begin(), state.held.end(),
                         [&](const HeldLock &h) { return h.lock == lock && !h.may; });
    });
    if (isHeld)
      return;
  }
  for (Term lock : locks)
    acquire(state, lock, modeHere(), isTry || isTimed, group);
  if (guard != kUnknownTerm)
    setGuard(state, GuardState{guard, locks, event.mode, Engaged::Yes});
  else
    for (Term lock : locks)
      syncGuards(state, lock, Engaged::Yes);
  setResult(state, true);
  out.push_back(std::move(state));
}

/// An element whose index is not known: equal terms need not be equal locks.
bool Frame::isOneOfMany(Term lock) const {
  for (;;) {
    const TermNode &node = terms_[lock];
    if (node.kind == TermKind::Element && node.b == kUnknownTerm)
      return true;
    if (node.kind == TermKind::Deref)
      return isAnonymous(node.a) && terms_[node.a].kind == TermKind::Fresh && terms_[node.a].a == 0;
    if (node.kind != TermKind::Field && node.kind != TermKind::Index &&
        node.kind != TermKind::Element)
      return false;
    lock = node.a;
  }
}

bool Frame::mayBeRecursive(Term lock) const {
  const TermNode *node = &terms_[terms_.withoutElements(lock)];
  if (node->kind == TermKind::Variable) {
    const VarFacts &var = program_.vars[node->a];
    return var.type.lockKind != LockKind::Normal || var.staticLockKind != LockKind::Normal ||
           var.addressTaken;
  }
  return node->kind != TermKind::Field || node->b >= program_.fields.size() ||
         program_.fields[node->b].type.lockKind != LockKind::Normal;
}

bool Frame::lockClassMatches(Term a, Term b) const {
  if (a == b)
    return true;
  const TermNode &x = terms_[a], &y = terms_[b];
  if (x.kind == TermKind::Index && y.kind == TermKind::Element)
    return lockClassMatches(x.a, y.a); // an index nobody knows may be this one
  if (x.kind != y.kind)
    return false;
  switch (x.kind) {
  case TermKind::Field:
    return terms_.mayBeOneField(a, b);
  case TermKind::Index:
  case TermKind::Element:
    return lockClassMatches(x.a, y.a);
  case TermKind::Deref: {
    const TermNode &p = terms_[x.a], &q = terms_[y.a];
    if (p.kind == TermKind::Init && q.kind == TermKind::Init)
      return lockClassMatches(p.a, q.a);
    if (p.kind == TermKind::Fresh && q.kind == TermKind::Fresh) {
      auto calleeOf = [this](const TermNode &fresh) -> StringId {
        const Site &s = engine_.siteInfo(fresh.a);
        const FunctionFacts &f = program_.functions[s.function].facts;
        if (s.kind != SiteKind::Event || s.block >= f.blocks.size() ||
            s.index >= f.blocks[s.block].events.size())
          return 0;
        return f.blocks[s.block].events[s.index].callee;
      };
      StringId callee = calleeOf(p);
      return callee != 0 && callee == calleeOf(q);
    }
    return p.kind == TermKind::Phi || q.kind == TermKind::Phi;
  }
  default:
    return false;
  }
}

/// Threads created under the lock are no longer alone with it.
void Frame::expose(State &state, Term lock) {
  if (state.live.empty() && state.ended.empty())
    return;
  ContextId context = contextOf(state);
  for (LiveThread &live : state.live) {
    recordExposure(Exposure{live.thread, lock, context, false});
    eraseSorted(live.under, lock);
  }
  for (Term thread : state.ended)
    recordExposure(Exposure{thread, lock, context, true});
}

void Frame::recordExposure(const Exposure &exposure) {
  if (isRecording_ && exposed_.insert(exposure).second &&
      hasRoom(out_.exposed.size(), limits_.spawns, Cut::Releases))
    out_.exposed.push_back(exposure);
}

/// Remembers a lock that threads are started under: whoever got it runs after those who held it at the start.
void Frame::noteTaken(State &state, Term lock) {
  constexpr std::ptrdiff_t kMaxPast = 3;
  if (engine_.isHeldAtSpawn(lock) &&
      std::count_if(state.past.begin(), state.past.end(),
                    [&](Term t) { return terms_[t].kind != TermKind::Op; }) < kMaxPast)
    insertSorted(state.past, lock);
}

/// Whether giving back a lock can mean one that is held under another name. Not where it is a whole object of a wrapper class that the
/// caller gave, and what is held is a member of that class in another object: a condition variable that is given the mutex of its user
/// beside its own.
bool Frame::mayGiveBack(Term given, Term held) const {
  if (!lockClassMatches(held, given))
    return false;
  auto depthOf = [&](Term t) {
    unsigned depth = 0;
    for (; terms_[t].kind == TermKind::Field; t = terms_[t].a)
      ++depth;
    return depth;
  };
  const Term root = terms_.root(given), other = terms_.root(held);
  const TermNode &pointee = terms_[root];
  return pointee.kind != TermKind::Deref || terms_[pointee.a].kind != TermKind::Param ||
         terms_[pointee.a].n == kThisParameter || root == other || !terms_.isDefinite(held) ||
         depthOf(given) == 0 || depthOf(given) >= depthOf(held);
}

void Frame::release(State &state, Term lock) {
  havocShared(state);
  auto match = state.held.end();
  for (auto it = state.held.begin(); it != state.held.end(); ++it)
    if (it->lock == lock)
      match = it;
  if (match == state.held.end() && !containsSorted(state.unlocked, lock) &&
      !containsSorted(state.released, lock))
    for (auto it = state.held.begin(); it != state.held.end(); ++it)
      if (mayGiveBack(lock, it->lock))
        match = it;
  if (match == state.held.end() && terms_[lock].kind != TermKind::Variable && !state.held.empty()) {
    // Through a pointer nothing is known of: it can only be meant for what is held.
    const TermNode &node = terms_[lock];
    if (node.kind == TermKind::Deref &&
        (terms_[node.a].kind == TermKind::Fresh || terms_[node.a].kind == TermKind::Phi))
      match = std::prev(state.held.end());
  }
  if (match != state.held.end()) {
    plainReleases_.insert(event_->range);
    const Witness &taken = engine_.witness(match->witness);
    for (WitnessId w = taken.next; w != kNoWitness; w = engine_.witness(w).next)
      engine_.handedOut.insert(engine_.witness(w).function);
    Term held = match->lock;
    if (match->depth > 1) {
      --match->depth;
      return;
    }
    unlockedSomewhere_.insert(held);
    expose(state, held);
    if (terms_[held].kind == TermKind::Index && terms_[lock].kind == TermKind::Element) {
      match->may = true; // this element or another one
      return;
    }
    state.held.erase(match);
    insertSorted(state.unlocked, held);
    state.unlockedAt[held] = witnessHere(state);
    syncGuards(state, held, Engaged::No);
    return;
  }
  syncGuards(state, lock, Engaged::No);
  if (containsSorted(state.unlocked, lock) || containsSorted(state.released, lock)) {
    defect(DefectKind::DoubleUnlock, lock, witnessHere(state), state.unlockedAt[lock]);
    return;
  }
  if (!hasRoomForMayHeld(state.held))
    return;
  expose(state, lock);
  insertSorted(out_.interrupted, lock);
  insertSorted(state.released, lock);
  state.unlockedAt[lock] = witnessHere(state);
  releasedAt_.try_emplace(lock, state.unlockedAt[lock]);
}

/// What the lock method of the user's class takes, where that is one lock; else the object itself.
Term Frame::lockBehind(Term object) {
  auto taker = program_.functionByKey.find(event_->callee);
  if (event_->callee == 0 || taker == program_.functionByKey.end())
    return object;
  Term inner = kUnknownTerm;
  for (const Exit &exit : engine_.summary(taker->second, {}).exits) {
    if (exit.kind != ExitKind::Return)
      continue;
    const std::vector<HeldLock> &held = exit.context.held;
    if (held.size() != 1 || (inner != kUnknownTerm && inner != held[0].lock))
      return object;
    inner = held[0].lock;
  }
  if (inner == kUnknownTerm || terms_.root(inner) != terms_.deref(terms_.param(kThisParameter)))
    return object;
  Term mine = terms_.replace(inner, terms_.deref(terms_.param(kThisParameter)), object);
  return mine != kUnknownTerm ? mine : object;
}

/// Whether this step takes or clears an atomic object that serves as a lock.
bool Frame::isSpinStep() const {
  const Event &event = *event_;
  constexpr std::uint32_t kKinds = Flag::Atomic | Flag::Initialization;
  if ((event.flags & kKinds) != Flag::Atomic || event.value == kNone ||
      facts_.values[event.value].kind != ValueKind::Int || event.order == Order::Relaxed)
    return false;
  bool takes = facts_.values[event.value].number != 0;
  if (takes && (event.kind != EventKind::ReadWrite || event.result == kNone ||
                event.result >= isRead_.size() || !isRead_[event.result]))
    return false;
  return program_.isSpinLock(facts_.paths[event.path]);
}

/// An exchange that found the lock free took it; one that did not changed nothing.
void Frame::takeSpinLock(State state, Term lock, States &out) {
  const Event &event = *event_;
  Event attempt = event;
  attempt.flags |= Flag::Try;
  if (event.success != Success::NonZero) // else a compare-exchange, which says whether it did
    attempt.success = Success::Zero;
  store(state, lock, kUnknownTerm);
  eraseSorted(state.released, lock);
  States done;
  event_ = &attempt;
  acquireEvent(std::move(state), {lock}, kUnknownTerm, done);
  event_ = &event;
  for (State &next : done) {
    bool isHeld = false;
    for (HeldLock &held : next.held)
      if (held.lock == lock)
        isHeld = held.isSpin = true;
    if (!isHeld && attempt.success == Success::Zero) // it found what everybody stores
      next.memory[temporary(event.result)] = value(next, event.value);
    out.push_back(std::move(next));
  }
}

/// A caller's lock, unless this frame took it. Clearing a lock that nobody holds is its initialisation.
void Frame::clearSpinLock(State &state, Term lock) {
  if (std::any_of(state.held.begin(), state.held.end(),
                  [&](const HeldLock &h) { return h.lock == lock; }))
    release(state, lock);
  else
    insertSorted(state.released, lock);
}

/// A pointer that may lead to several locks held here gives back one of them: one state each.
void Frame::releaseEvent(State state, States &out) {
  States states{std::move(state)};
  for (std::size_t i = 0; i < event_->args.size(); ++i) {
    States next;
    for (State &before : states) {
      Term lock = argumentLocation(before, i);
      std::vector<Term> candidates;
      auto isHeld = [&](Term at) {
        return std::any_of(before.held.begin(), before.held.end(),
                           [&](const HeldLock &h) { return h.lock == at; });
      };
      const TermNode node = terms_[lock];
      if (node.kind == TermKind::Deref && terms_[node.a].kind == TermKind::Phi && !isHeld(lock))
        for (Term input : terms_.inputs(node.a))
          if (Term at = terms_.deref(input); isHeld(at))
            insertSorted(candidates, at);
      if (candidates.empty())
        candidates.push_back(lock);
      for (Term candidate : candidates) {
        State after = before;
        release(after, candidate);
        next.push_back(std::move(after));
      }
    }
    states = std::move(next);
  }
  for (State &done : states) {
    if (event_->result != kNone)
      done.memory[temporary(event_->result)] = terms_.integer(0);
    out.push_back(std::move(done));
  }
}

GuardState *Frame::findGuard(State &state, Term guard) {
  for (GuardState &g : state.guards)
    if (g.guard == guard)
      return &g;
  return nullptr;
}

void Frame::setGuard(State &state, GuardState guard) {
  if (GuardState *known = findGuard(state, guard.guard))
    *known = guard;
  else
    state.guards.insert(std::lower_bound(state.guards.begin(), state.guards.end(), guard), guard);
  // So that a callee that gets the guard by reference, or a destructor, finds the lock.
  if (guard.locks.size() == 1)
    state.memory[guard.guard] = terms_.address(guard.locks[0]);
}

void Frame::syncGuards(State &state, Term lock, Engaged engaged) {
  for (GuardState &guard : state.guards)
    if (std::find(guard.locks.begin(), guard.locks.end(), lock) != guard.locks.end() &&
        guard.engaged != engaged && guard.locks.size() == 1)
      guard.engaged = engaged;
}

void Frame::releaseGuard(State &state, Term guard, bool remove) {
  GuardState *known = findGuard(state, guard);
  if (!known) {
    if (Term lock = terms_.deref(load(state, guard)); lock != kUnknownTerm)
      release(state, lock);
    return;
  }
  GuardState copy = *known;
  if (remove)
    std::erase_if(state.guards, [&](const GuardState &g) { return g.guard == guard; });
  else
    known->engaged = Engaged::No;
  if (copy.engaged == Engaged::No)
    return;
  for (auto lock = copy.locks.rbegin(); lock != copy.locks.rend(); ++lock)
    release(state, *lock);
}

void Frame::defect(DefectKind kind, Term subject, WitnessId at, WitnessId other, LockMode mode,
                   LockMode otherMode, bool may, SpawnKind spawnKind, bool isThrown) {
  // An exception that nobody catches ends the program anyway.
  if (!isRecording_ ||
      (isThrown && (facts_.flags & (FunctionFlag::Main | FunctionFlag::Noexcept)) != 0))
    return;
  const Witness &w = engine_.witness(at);
  // A callee that hands the lock out and the caller that then forgets it are two: whose exit it is tells them apart.
  std::uint32_t whose = w.next ? 1u : 0u;
  if (kind == DefectKind::LeakOnPath && other != kNoWitness)
    whose = 2 + engine_.leaf(other).function;
  if (!seenDefect_.emplace(static_cast<int>(kind), subject, w.range.line, w.range.file, whose)
           .second)
    return;
  if (out_.defects.size() < limits_.defects)
    out_.defects.push_back(
        Defect{kind, subject, mode, otherMode, at, other, may, spawnKind, isThrown});
}

} // namespace threadlint
