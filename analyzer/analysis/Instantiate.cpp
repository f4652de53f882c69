// Instantiate: a callee's summary in the caller's terms.
#include "analyzer/analysis/Instance.h"
#include "analyzer/analysis/Rounds.h"

namespace threadlint {
namespace {
constexpr std::size_t kMaxCompared = 5;  ///< of one acquisition
constexpr std::size_t kManySetups = 100; ///< from here on they are told apart by class alone
} // namespace

void Frame::callTargets(State state, const std::vector<Target> &targets, States &out) {
  for (const Target &target : targets)
    instantiate(state, target, out);
}

/// Whether the callee takes a lock at this one place, to hand it out, and what the caller knows of its own memory rules every such way
/// out: `if (!cursor->holds) { lock(); cursor->holds = true; }`.
bool Frame::isRuledOut(Instance &instance, const Summary &summary, const Acquisition &taken) {
  const SourceRange &at = engine_.leaf(taken.witness).range;
  if (std::any_of(summary.acquisitions.begin(), summary.acquisitions.end(), [&](const auto &other) {
        return other.lock == taken.lock && engine_.leaf(other.witness).range != at;
      }))
    return false;
  bool handsOut = false;
  for (const Exit &exit : summary.exits) {
    if (std::none_of(exit.context.held.begin(), exit.context.held.end(),
                     [&](const HeldLock &h) { return h.lock == taken.lock; }))
      continue;
    handsOut = true;
    if (std::none_of(exit.facts.begin(), exit.facts.end(), [&](const Fact &fact) {
          Term v = substitute(instance, fact.value);
          if (v == kUnknownTerm)
            return false;
          bool isEither = terms_[v].kind == TermKind::Op && terms_[v].n == kEitherNumber;
          const std::vector<Fact> &facts = instance.before.facts;
          return !(isEither ? isKnown(facts, v)
                            : isKnown(facts, Fact{v, fact.equal, fact.constant}))
                      .value_or(true);
        }))
      return false;
  }
  return handsOut;
}

/// Writes down what the callee does, in this frame's terms.
void Frame::addEffects(Instance &instance, const Summary &summary, bool isGeneral,
                       bool endsProcess) {
  const State &before = instance.before;
  auto contextFor = [&](ContextId id) {
    auto [it, isNew] = instance.contexts.try_emplace(id, 0);
    if (isNew)
      it->second = engine_.intern(combine(instance, engine_.context(id), isGeneral));
    return it->second;
  };
  std::unordered_map<ContextId, ContextId> exactContexts;
  auto exactContextFor = [&](ContextId id) {
    auto [it, isNew] = exactContexts.try_emplace(id, 0);
    if (isNew)
      it->second = engine_.intern(combine(instance, engine_.context(id)));
    return it->second;
  };
  auto witnessFor = [&](WitnessId id) { return callerWitness(instance, id); };
  for (const Access &access : summary.accesses) {
    if (!hasRoom(out_.accesses.size(), limits_.accesses, Cut::Accesses))
      break;
    if (endsProcess && !access.isWrite)
      continue;
    Access mine = access;
    mine.location = substitute(instance, access.location);
    if (mine.location == kUnknownTerm || engine_.isImpossible(mine.location))
      continue;
    const Context &calleeContext = engine_.context(access.context);
    if (containsSorted(before.soleOwner, terms_.root(mine.location)) ||
        (calleeContext.live.empty() && isOwned(before, mine.location)))
      continue;
    const TermNode &root = terms_[terms_.root(mine.location)];
    if (root.kind == TermKind::Variable && root.b == kGlobalChain &&
        program_.vars[root.a].kind == VarKind::ThreadLocal)
      continue;
    if (isGeneral) {
      // Unless a lock of the same object or index guards it: then the object matters, in the lock's name too.
      bool isExact =
          (!calleeContext.held.empty() || !before.held.empty()) && !isOfAnonymous(mine.location);
      if (isExact) {
        mine.context = exactContextFor(access.context);
        const std::vector<HeldLock> &held = engine_.context(mine.context).held;
        isExact = std::any_of(held.begin(), held.end(),
                              [&](const HeldLock &h) { return isOwnLock(h.lock, mine.location); });
      }
      if (!isExact) {
        mine.context = contextFor(access.context);
        mine.location = generalize(mine.location);
      }
    } else {
      mine.context = contextFor(access.context);
    }
    mine.context = guardTaken(before, mine.location, mine.context);
    if (!isNewAccess(mine, 0))
      continue;
    mine.witness = witnessFor(access.witness);
    out_.accesses.push_back(mine);
  }
  std::optional<std::vector<Term>> comparedHere;
  for (const Acquisition &acquisition : summary.acquisitions) {
    Acquisition mine = acquisition;
    mine.lock = substitute(instance, acquisition.lock);
    if (mine.lock == kUnknownTerm || engine_.isImpossible(mine.lock))
      continue;
    if (std::any_of(before.held.begin(), before.held.end(),
                    [&](const HeldLock &h) { return h.lock == mine.lock; }) &&
        isRuledOut(instance, summary, acquisition))
      continue;
    bool isReached = true;
    for (Term &comparison : mine.compared) {
      comparison = substitute(instance, comparison);
      isReached &= comparison != terms_.integer(0) && !isKnownFalse(before.facts, comparison);
    }
    std::erase_if(mine.compared,
                  [&](Term t) { return t == kUnknownTerm || terms_[t].kind == TermKind::Int; });
    if (isReached && !comparedHere)
      comparedHere = comparisons(before);
    for (std::size_t i = 0; isReached && i < comparedHere->size(); ++i)
      if (Term mineToo = (*comparedHere)[i];
          std::find(mine.compared.begin(), mine.compared.end(), mineToo) == mine.compared.end() &&
          mine.compared.size() < kMaxCompared)
        mine.compared.push_back(mineToo);
    if (!isReached)
      continue; // `if (&a == &b) return;` with these arguments, `if (op->err) return;` with an error set
    const Context &calleeContext = engine_.context(acquisition.context);
    mine.context = contextFor(acquisition.context);
    Term exact = mine.lock;
    if (isGeneral)
      mine.lock = generalize(mine.lock);
    if (!isPrivateLock(before, exact) && isNewAcquisition(mine)) {
      mine.witness = witnessFor(acquisition.witness);
      out_.acquisitions.push_back(mine);
    }
    mine.lock = exact;
    if (mine.isTry || isOneOfMany(mine.lock))
      continue;
    bool wasReleased =
        std::any_of(calleeContext.released.begin(), calleeContext.released.end(),
                    [&](Term t) { return lockClassMatches(substitute(instance, t), mine.lock); });
    bool heldByCallee =
        std::any_of(calleeContext.held.begin(), calleeContext.held.end(),
                    [&](const HeldLock &h) { return substitute(instance, h.lock) == mine.lock; });
    if (heldByCallee) {
      // Different names inside the callee, one lock here: `transfer(a, a)`.
      for (const HeldLock &h : calleeContext.held)
        if (substitute(instance, h.lock) == mine.lock && h.lock != acquisition.lock)
          defect(DefectKind::SelfDeadlock, mine.lock, witnessFor(acquisition.witness),
                 witnessFor(h.witness), mine.mode, h.mode, h.may);
      continue;
    }
    if (!wasReleased)
      for (const HeldLock &held : before.held)
        if (held.lock == mine.lock)
          defect(DefectKind::SelfDeadlock, mine.lock, witnessFor(acquisition.witness), held.witness,
                 mine.mode, held.mode, held.may);
  }
  for (const Spawn &spawn : summary.spawns) {
    Spawn mine = spawn;
    mine.callable = substitute(instance, spawn.callable);
    for (Term &arg : mine.args)
      arg = substitute(instance, arg);
    mine.thread = substitute(instance, spawn.thread);
    mine.handle = substitute(instance, spawn.handle);
    mine.finishes = substitute(instance, spawn.finishes);
    mine.context = contextFor(spawn.context);
    for (Term &t : mine.variant)
      t = substitute(instance, t);
    addVariant(mine, true);
    if (hasRoom(out_.spawns.size(), limits_.spawns, Cut::Spawns)) {
      mine.witness = witnessFor(spawn.witness);
      recordSpawn(mine);
    }
  }
  for (const PointerStore &stored : summary.stores) {
    if (!hasRoom(out_.stores.size(), limits_.stores, Cut::Stores))
      break;
    Term at = substitute(instance, stored.location), v = substitute(instance, stored.value);
    if (at == kUnknownTerm || v == kUnknownTerm)
      continue;
    if (isGeneral && (isOfAnonymous(at) || isAnonymous(v) ||
                      (terms_[v].kind == TermKind::Address && isOfAnonymous(terms_[v].a))))
      continue; // nothing can be learnt from it
    recordStore(at, v);
  }
  for (const LateCall &late : summary.lateCalls) {
    LateCall mine = late;
    mine.callable = substitute(instance, late.callable);
    if (mine.callable == kUnknownTerm)
      continue;
    for (Term &arg : mine.args)
      arg = substitute(instance, arg);
    for (Term &root : mine.owned)
      root = terms_.root(substitute(instance, root));
    mine.context = contextFor(late.context);
    mine.witness = witnessFor(late.witness);
    recordLateCall(std::move(mine), before);
  }
  for (const Exposure &exposure : summary.exposed)
    recordExposure(Exposure{substitute(instance, exposure.thread),
                            substitute(instance, exposure.lock), contextFor(exposure.context),
                            exposure.isEnded});
  out_.detachesItself |= summary.detachesItself;
  for (const LockSetup &setup : summary.setups) {
    LockSetup mine{substitute(instance, setup.lock), setup.attribute, setup.isEnd};
    if (mine.isEnd || out_.setups.size() >= kManySetups)
      mine.lock = anyOfClass(mine.lock);
    if (mine.lock != kUnknownTerm && out_.setups.size() < 2 * kManySetups &&
        seenSetup_.emplace(mine.lock, mine.isEnd ? -1 : static_cast<int>(mine.attribute)).second)
      out_.setups.push_back(mine);
  }
  for (const auto &[handle, context] : summary.joins) {
    Term mine = substitute(instance, handle);
    if (mine != kUnknownTerm && seenJoin_.emplace(mine, contextFor(context)).second &&
        out_.joins.size() < 400)
      out_.joins.emplace_back(mine, contextFor(context));
  }
  addWaits(
      summary, before, [&](Term t) { return substitute(instance, t); }, contextFor, witnessFor);
  for (const Defect &found : summary.defects) {
    Term subject = substitute(instance, found.subject);
    if (out_.defects.size() < limits_.defects)
      defect(found.kind, subject, witnessFor(found.witness),
             found.other ? witnessFor(found.other) : kNoWitness, found.mode, found.otherMode,
             found.may, found.spawnKind,
             found.isThrown && (event_->unwind == kNone || onlyThrows(event_->unwind)));
  }
  for (const WaitNeed &need : summary.waitNeeds)
    if (Term lock = substitute(instance, need.lock); lock != kUnknownTerm) {
      std::vector<Term> held;
      for (Term inside : need.held)
        if (Term known = substitute(instance, inside); known != kUnknownTerm)
          held.push_back(known);
      needForWait(instance.before, lock, witnessFor(need.witness), std::move(held));
    }
}

void Frame::instantiate(const State &before, const Target &target, States &out) {
  const Summary &summary = engine_.summaryFor(target, constants_);
  const Event &event = *event_;
  if (!summary.isKnown) { // recursion: nothing is known yet; the next round knows
    State state = before;
    if (event.result != kNone) {
      renew(state, freshHere());
      const Term fixed = engine_.fixedResult(target.function);
      state.memory[temporary(event.result)] = fixed != kUnknownTerm ? fixed : freshHere();
    }
    out.push_back(std::move(state));
    return;
  }
  State renewed = before;
  if (event.result != kNone)
    renew(renewed, freshHere());
  const bool isGeneral = summary.accesses.size() + summary.acquisitions.size() > kManyEffects ||
                         out_.accesses.size() > 2 * kManyEffects;
  Instance instance{
      renewed,
      Substitution(engine_, target.binding, siteHere(), [&](Term at) { return load(renewed, at); }),
      {},
      {},
      {}};
  instance.terms.forgetsInputs = isGeneral;
  for (const auto &[taken, posted] : summary.batons)
    insertSorted(out_.batons, {substitute(instance, taken), substitute(instance, posted)});
  std::vector<std::pair<Term, Term>> passedOn;
  for (Term semaphore : summary.unheldPosts)
    if (Term mine = substitute(instance, semaphore); !holdsClassOf(renewed, mine))
      if (Term baton = postUnheld(renewed, mine); baton != kUnknownTerm)
        passedOn.emplace_back(baton, mine);
  for (Term lock : summary.interrupted) {
    Term mine = substitute(instance, lock);
    instance.released.push_back(mine);
    expose(renewed, mine);
    if (std::none_of(renewed.held.begin(), renewed.held.end(),
                     [&](const HeldLock &h) { return h.lock == mine; }))
      insertSorted(out_.interrupted, mine);
  }
  if (!summary.spawns.empty())
    for (const HeldLock &held : renewed.held)
      engine_.noteHeldAtSpawn(held.lock);
  auto witnessFor = [&](WitnessId id) { return callerWitness(instance, id); };
  engine_.work += summary.accesses.size() + 2 * summary.acquisitions.size() +
                  summary.stores.size() + 8 * summary.exits.size();
  if (isRecording_ && !statesOnly_)
    addEffects(instance, summary, isGeneral, engine_.endsProcess(target.function));
  // What the callee handed to its threads, or stored where others look, is no longer owned here.
  std::set<Term> escaping;
  for (const Spawn &spawn : summary.spawns) {
    StartedCode code{substitute(instance, spawn.callable), {}};
    for (Term arg : spawn.args)
      code.args.push_back(substitute(instance, arg));
    escaping.insert(code.callable);
    escaping.insert(code.args.begin(), code.args.end());
    started_[substitute(instance, spawn.thread)].insert(code);
  }
  for (const PointerStore &stored : summary.stores) {
    Term root = terms_.root(substitute(instance, stored.location));
    bool isOwnThis = ownsThis_ && isThisObject(root);
    if (!isFrameObject(root) && !isOwnThis)
      escaping.insert(substitute(instance, stored.value));
  }
  std::erase_if(escaping, [&](Term v) {
    TermKind kind = terms_[v].kind;
    return kind == TermKind::Unknown || kind == TermKind::Int || kind == TermKind::Function ||
           kind == TermKind::Fresh || (isGeneral && isAnonymous(v));
  });
  // Ways out.
  // The initialiser of a static local throws at the first call or not at all.
  auto givesStatic = [&](const Exit &exit) {
    const TermNode &result = terms_[exit.result];
    const TermNode &at = terms_[result.kind == TermKind::Address ? result.a : kUnknownTerm];
    return at.kind == TermKind::Variable && program_.vars[at.a].kind == VarKind::StaticLocal;
  };
  const bool mayThrow = std::any_of(summary.exits.begin(), summary.exits.end(),
                                    [](const Exit &e) { return e.kind == ExitKind::Throw; });
  Term made = kUnknownTerm;
  for (const Exit &exit : summary.exits)
    if (mayThrow && exit.kind == ExitKind::Return && givesStatic(exit))
      made = terms_.initialised(exit.result);
  const bool isMade = made != kUnknownTerm && containsSorted(before.facts, Fact{made, true, 1});
  for (const Exit &exit : summary.exits) {
    if (isMade && exit.kind == ExitKind::Throw)
      continue;
    if (exit.kind == ExitKind::ThreadExit) {
      State ended = renewed;
      Context context = combine(instance, exit.context, false, /*isExit=*/true);
      ended.held = context.held;
      ended.released = context.released;
      ended.live = context.live;
      ended.joined = context.joined;
      ended.order = context.order;
      ended.ended = context.ended;
      ended.past = context.past;
      addExit(ExitKind::ThreadExit, ended, kUnknownTerm);
      continue;
    }
    State state = renewed;
    for (const LockSetup &setup : summary.setups)
      if (!setup.isEnd && setup.lock != anyOfClass(setup.lock)) // not any lock of its class
        noteLockInit(state, substitute(instance, setup.lock));
    if (!summary.spawns.empty())
      state.soleOwner.clear();
    bool feasible = true;
    std::vector<std::pair<Term, std::pair<bool, std::int64_t>>> facts;
    for (const Fact &fact : exit.facts) {
      Term v = substitute(instance, fact.value);
      if (v == kUnknownTerm)
        continue;
      const TermNode &node = terms_[v];
      if (node.kind == TermKind::Int) {
        if ((node.n == fact.constant) != fact.equal)
          feasible = false;
        continue;
      }
      if (node.kind == TermKind::Address || node.kind == TermKind::Function ||
          node.kind == TermKind::Closure || node.kind == TermKind::Thread) {
        if (fact.constant == 0 && fact.equal)
          feasible = false;
        continue;
      }
      if (feasible)
        feasible = node.kind == TermKind::Op && node.n == kEitherNumber
                       ? addEither(state, v)
                       : addFact(state, v, fact.equal, fact.constant);
    }
    if (!feasible)
      continue;
    if (made != kUnknownTerm && exit.kind == ExitKind::Return && givesStatic(exit))
      addFact(state, made, true, 1);
    Context context = combine(instance, exit.context, false, /*isExit=*/true);
    // Locks the callee gave back or took change the guards that hold them.
    std::vector<Term> lost, gained;
    for (const HeldLock &held : state.held)
      if (std::none_of(context.held.begin(), context.held.end(),
                       [&](const HeldLock &h) { return h.lock == held.lock; }))
        lost.push_back(held.lock);
    for (const HeldLock &held : context.held)
      if (std::none_of(state.held.begin(), state.held.end(),
                       [&](const HeldLock &h) { return h.lock == held.lock; }))
        gained.push_back(held.lock);
    // A lock that the callee released although this frame does not hold it: double when this frame had released it.
    for (Term term : exit.context.released) {
      Term lock = substitute(instance, term);
      bool isHeld = std::any_of(state.held.begin(), state.held.end(),
                                [&](const HeldLock &h) { return mayGiveBack(lock, h.lock); });
      WitnessId next = kNoWitness;
      for (const auto &[released, at] : summary.releases)
        if (released == term)
          next = at;
      if (next == kNoWitness)
        continue; // a spin lock
      if (!isHeld && isOfReleasedGuard(instance, term)) {
        if (!containsSorted(state.released, lock))
          eraseSorted(context.released, lock);
        continue;
      }
      if (!isHeld && (containsSorted(state.unlocked, lock) || containsSorted(state.released, lock)))
        defect(DefectKind::DoubleUnlock, lock, witnessHere(state, next), state.unlockedAt[lock]);
      if (!isHeld && !containsSorted(state.released, lock)) {
        state.unlockedAt[lock] = witnessHere(state, next);
        releasedAt_.try_emplace(lock, state.unlockedAt[lock]);
      }
    }
    for (Term lock : lost) {
      auto held = std::find_if(state.held.begin(), state.held.end(),
                               [&](const HeldLock &h) { return h.lock == lock; });
      for (WitnessId w = engine_.witness(held->witness).next; w != kNoWitness;
           w = engine_.witness(w).next)
        engine_.handedOut.insert(engine_.witness(w).function);
      insertSorted(state.unlocked, lock);
      state.unlockedAt[lock] = witnessHere(state);
      unlockedSomewhere_.insert(lock);
      expose(state, lock);
      syncGuards(state, lock, Engaged::No);
    }
    state.held = context.held;
    // A lock of ours that a callee reacquired on behalf of the caller.
    for (Term lock : gained) {
      eraseSorted(state.unlocked, lock);
      if (containsSorted(context.released, lock)) {
        eraseSorted(context.released, lock);
        std::erase_if(state.held, [&](const HeldLock &h) { return h.lock == lock; });
      }
      syncGuards(state, lock, Engaged::Yes);
      noteReached(state, lock);
    }
    state.released = context.released;
    for (const auto &[baton, posted] : passedOn) {
      passOn(state, baton);
      eraseSorted(state.released, posted);
    }
    // Threads.
    std::vector<Term> joinedNow, walks;
    for (Term term : exit.context.joined)
      if (Term t = substitute(instance, term)) {
        joinedNow.push_back(t);
        if (isElementOfLoop(term))
          walks.push_back(t);
      }
    state.ended = context.ended;
    state.past = context.past;
    for (Term t : joinedNow) { // before it started others, which its own joins have found
      Term handle = terms_[t].kind == TermKind::Address ? terms_[t].a : kUnknownTerm;
      if (terms_[t].kind == TermKind::Init) // in an object of its own, behind a pointer
        for (const LiveThread &live : state.live)
          if (live.handle != kUnknownTerm && terms_.root(live.handle) == terms_.deref(t))
            handle = terms_.deref(t);
      if (terms_[t].kind == TermKind::Phi && leadsToHandle(state.live, t))
        handle = terms_.deref(t);
      removeThreads(state, handle, handle != kUnknownTerm ? load(state, handle) : t, false,
                    handle != kUnknownTerm &&
                        (std::find(walks.begin(), walks.end(), t) != walks.end() ||
                         isPartOfWalk(handle, joinedNow)));
    }
    for (LiveThread live : exit.context.live) {
      live.thread = substitute(instance, live.thread);
      auto known = std::find_if(state.live.begin(), state.live.end(),
                                [&](const LiveThread &l) { return l.thread == live.thread; });
      auto mine = std::find_if(context.live.begin(), context.live.end(),
                               [&](const LiveThread &l) { return l.thread == live.thread; });
      if (mine == context.live.end())
        continue;
      if (known != state.live.end()) {
        repeatThread(*known, *mine);
        continue;
      }
      live = *mine;
      for (WitnessId w = kNoWitness; const Spawn &spawn : summary.spawns)
        if (w == kNoWitness && substitute(instance, spawn.thread) == live.thread)
          state.spawnedAt[live.thread] = w = witnessFor(spawn.witness);
      state.live.push_back(live);
    }
    std::sort(state.live.begin(), state.live.end(),
              [](const LiveThread &a, const LiveThread &b) { return a.thread < b.thread; });
    state.order = context.order; // with what the state had
    std::erase_if(state.order, [&](Term token) {
      return terms_[token].kind == TermKind::Op &&
             (terms_[token].n == kRoleToken || terms_[token].n == kInChildToken);
    });
    for (Term what : exit.needs)
      take(state, substitute(instance, what));
    // Memory: everything is evaluated before anything is stored.
    std::vector<std::pair<Term, Term>> stores;
    for (const auto &[key, stored] : exit.memory) {
      Term at = substitute(instance, key), v = substitute(instance, stored);
      if (at != kUnknownTerm)
        stores.emplace_back(at, v);
    }
    for (auto &[at, v] : stores) {
      store(state, at, v);
      Term root = terms_.root(at);
      if (v != kUnknownTerm &&
          ((!isFrameObject(root) && !ownsThis_) || containsSorted(state.escaped, root)))
        escape(state, v);
    }
    for (Term v : escaping)
      escape(state, v);
    Term result = substitute(instance, exit.result);
    if (event.result != kNone) {
      Term temp = temporary(event.result);
      state.memory[temp] = result != kUnknownTerm ? result : freshHere();
      for (LiveThread &live : state.live)
        if (terms_[live.handle].kind == TermKind::Result)
          live.handle = temp;
    }
    addTaken(state, exit.taken, instance);
    Term self = terms_.result();
    for (const GuardState &guard : exit.guards) {
      GuardState mine = guard;
      if (guard.guard == self)
        mine.guard = event.result != kNone ? temporary(event.result)
                     : event.path != kNone ? location(state, event.path)
                                           : kUnknownTerm;
      else
        mine.guard = substitute(instance, guard.guard);
      if (mine.guard == kUnknownTerm)
        continue;
      for (Term &lock : mine.locks)
        lock = substitute(instance, lock);
      setGuard(state, mine);
    }
    if (exit.kind == ExitKind::Throw) {
      if (event.unwind != kNone)
        flow(block_, event.unwind, std::move(state));
      else
        addExit(ExitKind::Throw, state, kUnknownTerm);
      continue;
    }
    out.push_back(std::move(state));
  }
}

} // namespace threadlint
