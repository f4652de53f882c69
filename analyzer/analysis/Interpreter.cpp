// Interpreter: the fixpoint over the blocks of one function.
#include "analyzer/analysis/Interpreter.h"

#include "analyzer/analysis/Frame.h"
#include "analyzer/analysis/Rounds.h"

#include <queue>

namespace threadlint {
namespace {
constexpr std::size_t kMaxDisjuncts = 8, kFewDisjuncts = 4, kManyBlocks = 120;
constexpr unsigned kMaxVisits = 40;
constexpr std::size_t kMaxGlobalStores = 20'000;
} // namespace

Summary interpret(Engine &engine, FunctionId function, const Specialization &constants) {
  return Frame(engine, function, constants).run();
}

Limits limitsFor(std::uint64_t work) {
  constexpr std::uint64_t kMuch = Engine::kMuchWork, kVeryMuch = 8'000'000;
  if (work > kVeryMuch)
    return Limits{150, 120, 60, 20, 20, 2};
  if (work > kMuch)
    return Limits{400, 300, 150, 40, 30, 4};
  return Limits{};
}

Frame::Frame(Engine &engine, FunctionId id, const Specialization &constants)
    : engine_(engine), terms_(engine.terms), program_(engine.program),
      facts_(engine.program.functions[id].facts), id_(id), loops_(engine.loops(id)),
      dead_(engine.deadLocations(id)), lightswitches_(engine.lightswitches(id)),
      constants_(constants) {
  ownsThis_ = (facts_.flags & (FunctionFlag::Constructor | FunctionFlag::Destructor)) != 0;
  isUnderConstruction_ = (facts_.flags & FunctionFlag::Constructor) != 0;
  for (const Block &block : facts_.blocks)
    for (const Event &event : block.events)
      if (event.kind == EventKind::BarrierWait)
        passesBarrier_ = true;
      else if (event.kind == EventKind::Fence)
        hasFence_ = true;
}

State Frame::initialState() {
  State state;
  for (std::size_t i = 0; i < facts_.params.size(); ++i)
    state.memory[terms_.variable(facts_.params[i], 0)] = terms_.param(static_cast<std::int64_t>(i));
  for (const auto &[ordinal, constant] : constants_) {
    if (ordinal >= kCaptureOrdinal)
      state.memory[terms_.capture(static_cast<std::uint32_t>(ordinal - kCaptureOrdinal))] =
          constant;
    else if (ordinal >= 0 && static_cast<std::size_t>(ordinal) < facts_.params.size())
      state.memory[terms_.variable(facts_.params[static_cast<std::size_t>(ordinal)], 0)] = constant;
  }
  return state;
}

Summary Frame::run() {
  const std::size_t n = facts_.blocks.size();
  if (n == 0 || facts_.entry >= n)
    return std::move(out_);
  in_.resize(n);
  visits_.assign(n, 0);
  releasingLoop_.assign(n, false);
  for (const auto &[header, body] : loops_.body)
    for (BlockId b = 0; b < n; ++b)
      if (body[b])
        for (const Event &event : facts_.blocks[b].events)
          if (event.kind == EventKind::Release || event.kind == EventKind::Join ||
              event.kind == EventKind::Detach || event.kind == EventKind::Call ||
              event.kind == EventKind::GuardUnlock || event.kind == EventKind::FutureGet)
            releasingLoop_[header] = true;
  findWaitingLoops();
  findReadTemporaries();
  limits_ = limitsFor(engine_.work);
  if (facts_.flags & FunctionFlag::GlobalInit)
    limits_.stores = kMaxGlobalStores; // runs once; tables of handlers live here
  maxDisjuncts_ =
      std::min<std::size_t>(limits_.disjuncts, n > kManyBlocks ? kFewDisjuncts : kMaxDisjuncts);
  in_[facts_.entry].push_back(initialState());
  std::set<std::pair<std::uint32_t, BlockId>> work{{loops_.rank[facts_.entry], facts_.entry}};
  pending_ = &work;
  while (!work.empty() && !engine_.isStopped()) {
    BlockId block = work.begin()->second;
    work.erase(work.begin());
    if (++visits_[block] > kMaxVisits) {
      out_.truncated = true;
      engine_.noteCut(Cut::Iterations);
      continue;
    }
    isRecording_ = !loops_.isInLoop(block);
    step(block);
  }
  isRecording_ = isFixpoint_ = true;
  for (BlockId block : loops_.order)
    if (loops_.isInLoop(block) && !engine_.isStopped())
      step(block);
  mergeJoiningExits();
  judgeExits();
  judgeContracts();
  dropLocalStores();
  out_.releases.assign(releasedAt_.begin(), releasedAt_.end());
  return std::move(out_);
}

/// Loops that do nothing but wait for their condition.
void Frame::findWaitingLoops() {
  for (const auto &[header, body] : loops_.body) {
    std::vector<const Event *> waits;
    bool isPure = true;
    for (BlockId b = 0; b < body.size(); ++b)
      if (body[b])
        for (const Event &event : facts_.blocks[b].events) {
          if (event.kind == EventKind::Wait)
            waits.push_back(&event);
          isPure &= event.kind != EventKind::Release && event.kind != EventKind::Acquire &&
                    event.kind != EventKind::GuardUnlock && event.kind != EventKind::GuardLock &&
                    event.kind != EventKind::GuardInit;
        }
    if (isPure && !waits.empty())
      waitingLoop_[header] = std::move(waits);
  }
}

/// The condition holds: whoever made it true did so before, whether or not this thread slept.
void Frame::leaveWaitingLoop(State &state, BlockId header) {
  auto loop = waitingLoop_.find(header);
  if (loop == waitingLoop_.end())
    return;
  for (const Event *event : loop->second) {
    if (event->args.empty())
      continue;
    Term variable = terms_.deref(value(state, event->args[0])), lock = kUnknownTerm;
    if (event->args.size() > 1)
      lock = terms_.deref(value(state, event->args[1]));
    else if (event->path != kNone)
      if (const GuardState *guard = findGuard(state, location(state, event->path));
          guard && guard->locks.size() == 1)
        lock = guard->locks[0];
    if (variable != kUnknownTerm && lock != kUnknownTerm)
      orderByWait(state, variable, lock);
  }
}

/// Which temporaries anything looks at, and of which more is done than following them. Paths that no event uses do not count.
void Frame::findReadTemporaries() {
  constexpr unsigned kMaxNesting = 20;
  isRead_.assign(facts_.tempCount, false);
  isKept_.assign(facts_.tempCount, false);
  std::vector<std::vector<BlockId>> users(
      facts_.tempCount); ///< by temporary: the blocks that speak of it
  BlockId current = 0;
  auto note = [&](std::uint32_t temp) {
    if (temp < users.size() && (users[temp].empty() || users[temp].back() != current))
      users[temp].push_back(current);
  };
  std::function<void(ValueId, unsigned)> visitValue;
  auto visitPath = [&](PathId id, unsigned depth) {
    if (id == kNone || depth > kMaxNesting)
      return;
    const Path &path = facts_.paths[id];
    if (path.base == BaseKind::Temp && path.id < isRead_.size()) {
      note(path.id);
      isRead_[path.id] = true;
      isKept_[path.id] = isKept_[path.id] || path.steps.size() < 2 ||
                         path.steps[0].kind != StepKind::Deref ||
                         path.steps[1].kind != StepKind::Field;
    }
    for (const PathStep &step : path.steps)
      visitValue(step.indexValue, depth + 1);
  };
  visitValue = [&](ValueId id, unsigned depth) {
    if (id == kNone || depth > kMaxNesting)
      return;
    const Value &value = facts_.values[id];
    visitPath(value.path, depth + 1);
    for (ValueId operand : value.operands)
      visitValue(operand, depth + 1);
  };
  for (const Block &block : facts_.blocks) {
    for (const Event &event : block.events) {
      visitPath(event.path, 0);
      visitValue(event.value, 0);
      visitValue(event.extra, 0);
      for (ValueId arg : event.args)
        visitValue(arg, 0);
      note(event.result);
    }
    for (const Edge &edge : block.edges)
      visitValue(edge.condition, 0);
    ++current;
  }
  findChoices(users);
}

void Frame::step(BlockId block) {
  const Block &facts = facts_.blocks[block];
  States states = in_[block];
  block_ = block;
  for (index_ = 0; index_ < facts.events.size() && !states.empty(); ++index_) {
    event_ = &facts.events[index_];
    States next;
    for (State &state : states)
      transfer(std::move(state), next);
    if (next.size() > maxDisjuncts_) {
      States merged;
      bool changed = false;
      for (State &state : next)
        addTo(merged, std::move(state), engine_.site(id_, SiteKind::Join, block, index_ + 1),
              changed);
      next = std::move(merged);
    }
    states = std::move(next);
  }
  event_ = nullptr;
  if (isFixpoint_)
    return;
  if (block == facts_.exit) {
    for (State &state : states)
      addExit(ExitKind::Return, state, load(state, terms_.result()));
    return;
  }
  if (block == facts_.exceptionalExit) {
    for (State &state : states)
      addExit(ExitKind::Throw, state, kUnknownTerm);
    return;
  }
  for (State &state : states) {
    // A loop that gives locks or threads back runs at least once when there is something to give back.
    bool mustIterate = false;
    if (releasingLoop_[block] && !containsSorted(state.passed, block)) {
      for (const LiveThread &live : state.live)
        mustIterate |= live.repeated || terms_[live.handle].kind == TermKind::Element ||
                       terms_[live.handle].kind == TermKind::Index ||
                       isPointedToByElement(state, live.handle);
      for (const HeldLock &held : state.held)
        mustIterate |= terms_[held.lock].kind == TermKind::Element ||
                       terms_[held.lock].kind == TermKind::Index;
    }
    for (const Edge &edge : facts.edges) {
      if (edge.target == kNone)
        continue;
      bool leaves = loops_.body.count(block) && !loops_.body.at(block)[edge.target];
      if (leaves && mustIterate)
        continue;
      State next = state;
      if (edge.condition != kNone) {
        Term condition = value(next, edge.condition);
        bool feasible = true;
        leavesLoop_ = loops_.isWayOut(block, edge.target);
        if (edge.kind == EdgeKind::True || edge.kind == EdgeKind::False) {
          feasible = assume(next, condition, edge.kind == EdgeKind::True);
        } else if (edge.kind == EdgeKind::Case && condition != kUnknownTerm) {
          feasible = assume(next,
                            terms_.operation(static_cast<std::int64_t>(ValueOp::Eq),
                                             {condition, terms_.integer(edge.caseValue)}),
                            true);
        } else if (edge.kind == EdgeKind::Default && condition != kUnknownTerm) {
          for (const Edge &other : facts.edges)
            if (other.kind == EdgeKind::Case && feasible)
              feasible = assume(next,
                                terms_.operation(static_cast<std::int64_t>(ValueOp::Ne),
                                                 {condition, terms_.integer(other.caseValue)}),
                                true);
        }
        leavesLoop_ = false;
        if (!feasible)
          continue;
      }
      if (auto around = lightswitches_.find({block, edge.target}); around != lightswitches_.end())
        passLightswitch(next, around->second);
      if (edge.condition != kNone && loops_.isWayOut(block, edge.target))
        leaveWaitingLoop(next, loops_.innermost[block]);
      flow(block, edge.target, std::move(next));
    }
  }
}

void Frame::flow(BlockId from, BlockId to, State state) {
  if (to >= in_.size() || isFixpoint_)
    return;
  forget(state, from, to);
  leaveLoop(state, from, to);
  auto loop = loops_.body.find(to);
  if (loop != loops_.body.end()) {
    if (loop->second[from])
      ageLoop(state, to);
    else
      enterLoop(state, to);
  }
  bool changed = false;
  addTo(in_[to], std::move(state), engine_.site(id_, SiteKind::Join, to, 0), changed);
  if (changed)
    pending_->insert({loops_.rank[to], to});
}

void Frame::enterLoop(State &state, BlockId header) {
  eraseSorted(state.passed, header);
  for (const HeldLock &held : state.held)
    heldAtEntry_[header].insert(held.lock);
}

/// Behind a loop its threads are no longer those of earlier rounds: what is touched now may belong to any of them.
void Frame::leaveLoop(State &state, BlockId from, BlockId to) {
  if (!loops_.isWayOut(from, to))
    return;
  const std::vector<bool> &body = loops_.body.at(loops_.innermost[from]);
  for (LiveThread &live : state.live)
    if (const Site &s = engine_.siteInfo(terms_[live.thread].a);
        live.aged && (s.function != id_ || body[s.block]))
      live.aged = false;
}

/// A state goes round: what the last iteration's phis named is now something older.
void Frame::ageLoop(State &state, BlockId header) {
  for (LiveThread &live : state.live)
    if (const Site &s = engine_.siteInfo(terms_[live.thread].a);
        s.function != id_ || (s.block < in_.size() && loops_.body.at(header)[s.block]))
      live.aged = true;
  if (releasingLoop_[header])
    insertSorted(state.passed, header);
  const std::vector<bool> &body = loops_.body.at(header);
  std::function<bool(Term)> mentions = [&](Term t) -> bool {
    const TermNode &node = terms_[t];
    if (!node.hasPhi)
      return false;
    if (node.kind == TermKind::Phi) {
      const Site &join = engine_.siteInfo(node.a);
      return node.n == 0 && join.function == id_ && join.kind == SiteKind::Join &&
             join.block < body.size() && body[join.block];
    }
    bool isMentioned = false;
    terms_.forEachPart(t, [&](Term part) { isMentioned = isMentioned || mentions(part); });
    return isMentioned;
  };
  std::erase_if(state.taken, [&](const Taken &t) { return terms_[t.value].hasPhi; });
  for (HeldLock &held : state.held)
    if (mentions(held.lock)) {
      // The same class of lock, of another element.
      const TermNode node = terms_[held.lock];
      Term stale = terms_.fresh(engine_.site(id_, SiteKind::Old, header, 1), 0);
      if (node.kind == TermKind::Element || node.kind == TermKind::Index)
        held.lock = terms_.element(node.a, stale);
      else if (node.kind == TermKind::Field && terms_[node.a].kind == TermKind::Element)
        held.lock = terms_.field(terms_.element(terms_[node.a].a, stale), node.b);
      else if (node.kind == TermKind::Field)
        held.lock = terms_.field(terms_.deref(stale), node.b);
      held.depth = 1;
    }
  for (std::size_t i = 0; i < state.held.size(); ++i)
    for (std::size_t j = i + 1; j < state.held.size();)
      if (state.held[i].lock == state.held[j].lock)
        state.held.erase(state.held.begin() + static_cast<std::ptrdiff_t>(j));
      else
        ++j;
  // What an earlier round seems to have kept of a class is the lock of this round under an older name.
  const std::set<Term> &atEntry = heldAtEntry_[header];
  for (std::size_t i = state.held.size(); i-- > 0;) {
    bool isNewer = std::any_of(
        state.held.begin() + static_cast<std::ptrdiff_t>(i) + 1, state.held.end(),
        [&](const HeldLock &later) { return lockClassMatches(later.lock, state.held[i].lock); });
    if (isNewer && !atEntry.count(state.held[i].lock))
      state.held.erase(state.held.begin() + static_cast<std::ptrdiff_t>(i));
  }
  std::erase_if(state.unlocked, [&](Term t) { return mentions(t); });
  std::erase_if(state.released, [&](Term t) { return mentions(t); });
  std::erase_if(state.guards, [&](const GuardState &g) { return mentions(g.guard); });
  // Under a lock that was held before the loop, what no end of the loop waits for is taken to stay as it is.
  const bool isGuarded = std::any_of(state.held.begin(), state.held.end(), [&](const HeldLock &h) {
    return !h.may && atEntry.count(h.lock) != 0;
  });
  auto isQuiet = [&](Term at) {
    const TermNode &node = terms_[at];
    auto isOutside = [&](const ExitTests &tests) {
      return (node.kind == TermKind::Field && !tests.fields.count(node.b)) ||
             (node.kind == TermKind::Variable && !tests.vars.count(node.a));
    };
    if (isGuarded && isOutside(exitTestsOf(header)))
      return true;
    const ExitTests *unsettled = unsettledIn(header);
    return unsettled && isOutside(*unsettled);
  };
  std::function<bool(Term)> readsShared = [&](Term t) -> bool {
    const TermNode &node = terms_[t];
    if (node.kind == TermKind::Init)
      return !isFrameObject(terms_.root(node.a)) && !isQuiet(node.a);
    for (Term kid : node.kids)
      if (readsShared(kid))
        return true;
    return false;
  };
  auto isOver = [&](Term t) { return mentions(t) || (readsShared(t) && !isMode(state, t)); };
  std::erase_if(state.facts, [&](const Fact &fact) { return isOver(fact.value); });
  std::erase_if(state.either, isOver);
  state.soleOwner.clear();
  havocShared(state);
}

/// Joins `from` into `into`, which has an equal key. Differing values become phis. True when `into` changed.
bool Frame::merge(State &into, const State &from, SiteId site) {
  bool changed = false;
  const bool isRound = roundOf(terms_, into.order) != 0; // remainders are read off the inputs
  std::vector<Memory::Entry> joint;
  std::vector<Joined> phis;
  joint.reserve(std::max(into.memory.size(), from.memory.size()));
  // Keys come in ascending order: the phis of earlier merges here are met on a walk, without a search.
  std::vector<Memory::Entry> &known = phis_[site];
  std::vector<Memory::Entry> made;
  std::size_t at = 0;
  auto phiOf = [&](Term key) {
    while (at < known.size() && known[at].first < key)
      ++at;
    if (at < known.size() && known[at].first == key)
      return known[at].second;
    made.emplace_back(key, terms_.phi(site, key));
    return made.back().second;
  };
  auto join = [&](Term key, const Term *mine, const Term *theirs) {
    const TermNode &node = terms_[key];
    bool isTemporary =
        node.kind == TermKind::Object && engine_.siteInfo(node.a).kind == SiteKind::Temporary;
    if (isTemporary && (!mine || !theirs)) {
      changed |= mine != nullptr; // not defined on one side: nobody reads it after the join
      return;
    }
    Term old = mine ? *mine : load(into, key);
    Term other = theirs ? *theirs : load(from, key);
    if (old == other) {
      if (mine)
        joint.emplace_back(key, old);
      return;
    }
    Term phi = phiOf(key);
    auto add = [&](Term input) {
      bool isNew = terms_.addInput(phi, input);
      changed |= isNew && (isRound || terms_.isCallable(input));
    };
    add(old);
    add(other);
    changed |= phi != old;
    joint.emplace_back(key, phi);
    phis.push_back(Joined{phi, old, other});
  };
  auto a = into.memory.begin(), aEnd = into.memory.end();
  auto b = from.memory.begin(), bEnd = from.memory.end();
  while (a != aEnd || b != bEnd) {
    if (b == bEnd || (a != aEnd && a->first < b->first)) {
      join(a->first, &a->second, nullptr);
      ++a;
    } else if (a == aEnd || b->first < a->first) {
      join(b->first, nullptr, &b->second);
      ++b;
    } else {
      if (a->second == b->second)
        joint.push_back(*a);
      else
        join(a->first, &a->second, &b->second);
      ++a, ++b;
    }
  }
  if (changed)
    into.memory.assign(std::move(joint));
  if (!made.empty()) {
    std::vector<Memory::Entry> all(known.size() + made.size());
    std::merge(known.begin(), known.end(), made.begin(), made.end(), all.begin());
    known = std::move(all);
  }
  changed |= mergeTaken(into, from, phis);
  changed |= joinPast(into.past, into.facts, from.past, from.facts);
  changed |= mergeFacts(into, from, phis);
  std::erase_if(into.spared, [&](Term t) { return !containsSorted(from.spared, t); });
  changed |= intersectSorted(into.soleOwner, from.soleOwner);
  for (Term root : from.escaped)
    changed |= insertSorted(into.escaped, root);
  changed |= intersectSorted(into.needs, from.needs);
  changed |= intersectSorted(into.unlocked, from.unlocked);
  for (const auto &[thread, at] : from.spawnedAt)
    into.spawnedAt.try_emplace(thread, at);
  for (const auto &[lock, at] : from.unlockedAt)
    into.unlockedAt.try_emplace(lock, at);
  return changed;
}

void Frame::addTo(States &set, State state, SiteId site, bool &changed) {
  // What is returned tells the caller what was done: ways with different constant results stay apart while there is room.
  auto resultOf = [&](const State &s) {
    auto it = s.memory.find(terms_.result());
    if (it == s.memory.end())
      return kUnknownTerm;
    TermKind kind = terms_[it->second].kind;
    return kind == TermKind::Int || kind == TermKind::Address ? it->second : kUnknownTerm;
  };
  const bool hasRoom = set.size() < maxDisjuncts_;
  const Site here = engine_.siteInfo(site);
  const BlockId block = here.block;
  constexpr std::uint32_t kOddRound = 1u << 30; // has phis of its own
  if (roundOf(terms_, state.order) == 2)
    site = engine_.site(id_, here.kind, block, here.index | kOddRound);
  for (State &known : set)
    if (known.sameKey(state) &&
        (!hasRoom || (resultOf(known) == resultOf(state) && choosesAlike(known, state, block)))) {
      changed |= merge(known, state, site);
      return;
    }
  for (State &known : set)
    noteModes(known, state);
  if (set.size() < maxDisjuncts_) {
    set.push_back(std::move(state));
    changed = true;
    return;
  }
  // A forced join: keep what both hold; the rest is only may-held.
  auto alike =
      std::find_if(set.rbegin(), set.rend(), [&](const State &s) { return s.live == state.live; });
  State &known = alike != set.rend() ? *alike : set.back();
  State joined = known;
  bool differs = false;
  for (HeldLock &held : joined.held) {
    bool both = std::any_of(state.held.begin(), state.held.end(),
                            [&](const HeldLock &o) { return o.lock == held.lock && !o.may; });
    if (!both && !held.may)
      held.may = true, differs = true;
  }
  for (const HeldLock &held : state.held)
    if (std::none_of(joined.held.begin(), joined.held.end(),
                     [&](const HeldLock &o) { return o.lock == held.lock; }) &&
        hasRoomForMayHeld(joined.held)) {
      joined.held.push_back(held);
      joined.held.back().may = true;
      differs = true;
    }
  for (Term t : state.released)
    differs |= addReleased(joined.released, t);
  std::erase_if(joined.guards, [&](const GuardState &g) {
    bool same = std::find(state.guards.begin(), state.guards.end(), g) != state.guards.end();
    differs |= !same;
    return !same;
  });
  for (LiveThread &live : joined.live) {
    bool both = std::any_of(state.live.begin(), state.live.end(),
                            [&](const LiveThread &o) { return o.thread == live.thread && !o.may; });
    if (!both && !live.may)
      live.may = true, differs = true;
  }
  for (const LiveThread &live : state.live)
    if (std::none_of(joined.live.begin(), joined.live.end(),
                     [&](const LiveThread &o) { return o.thread == live.thread; })) {
      joined.live.push_back(live);
      joined.live.back().may = true;
      differs = true;
    }
  std::sort(joined.live.begin(), joined.live.end(),
            [](const LiveThread &a, const LiveThread &b) { return a.thread < b.thread; });
  for (Term t : state.ended)
    differs |= insertSorted(joined.ended, t);
  std::erase_if(joined.joined, [&](Term t) {
    bool gone = !containsSorted(state.joined, t);
    differs |= gone;
    return gone;
  });
  if (joined.order != state.order) {
    loseRounds(terms_, joined.order, state.order);
    std::erase_if(joined.order, [&](Term t) {
      return !containsSorted(state.order, t) && !isLostRound(terms_, t);
    });
    differs |= joined.order != known.order;
  }
  differs |= merge(joined, state, site);
  if (differs) {
    known = std::move(joined);
    changed = true;
  }
}

} // namespace threadlint
