// ThreadTransfer: spawns, joins, handles, and what else orders threads.
#include "analyzer/analysis/Frame.h"

namespace threadlint {
void Frame::order(State &state, Term object, bool waited, bool posted) {
  if (object == kUnknownTerm)
    return;
  Term address = terms_.address(object);
  havocShared(state);
  if (state.order.size() >= kMaxOrderTokens)
    return;
  if (waited)
    insertSorted(state.order, terms_.make(TermKind::Op, 0, 0, kWaitedToken, {address}));
  if (posted)
    insertSorted(state.order, terms_.make(TermKind::Op, 0, 0, kPostedToken, {address}));
}

/// A wake-up tells something only of those who also use the mutex of the wait.
void Frame::orderByWait(State &state, Term variable, Term lock) {
  if (state.order.size() < kMaxOrderTokens)
    insertSorted(state.order, terms_.make(TermKind::Op, 0, 0, kWaitedToken,
                                          {terms_.address(variable), terms_.address(lock)}));
}

/// What a wait on a condition variable gives back while it lasts: the locks of its guard, or its second argument.
std::vector<Term> Frame::mutexesOfWait(State &state) {
  if (event_->args.size() > 1)
    return {argumentLocation(state, 1)};
  if (event_->path != kNone)
    if (const GuardState *guard = findGuard(state, location(state, event_->path)))
      return guard->locks;
  return {};
}

/// Others may take the lock while this thread waits on a condition variable, and change what it has read.
void Frame::wait(State &state) {
  const std::vector<Term> locks = mutexesOfWait(state);
  for (Term lock : locks) {
    expose(state, lock);
    if (std::none_of(state.held.begin(), state.held.end(),
                     [&](const HeldLock &h) { return h.lock == lock; }))
      insertSorted(out_.interrupted, lock);
  }
  Term variable = argumentLocation(state, 0);
  if (locks.size() == 1 && locks[0] != kUnknownTerm && variable != kUnknownTerm) {
    havocShared(state);
    orderByWait(state, variable, locks[0]);
  } else {
    order(state, variable, true, false);
  }
  std::erase_if(state.facts, [&](const Fact &fact) {
    return terms_[fact.value].kind == TermKind::Init &&
           !isFrameObject(terms_.root(terms_[fact.value].a)) && !isMode(state, fact.value);
  });
  std::erase_if(state.either, [&](Term t) { return !isMode(state, t); });
}

/// `if (id == 0)` between barriers: what a parameter, capture or the result of the barrier is known to be here.
void Frame::addRoles(const State &state, std::vector<Term> &order) {
  for (const Fact &fact : state.facts) {
    if (!fact.equal)
      continue;
    const TermNode &node = terms_[fact.value];
    bool isGiven = node.kind == TermKind::Param || node.kind == TermKind::CaptureValue ||
                   node.kind == TermKind::Project ||
                   (node.kind == TermKind::Init && !isFrameObject(terms_.root(node.a)));
    if (node.kind == TermKind::Fresh) {
      const Site &site = engine_.siteInfo(node.a);
      isGiven = site.kind == SiteKind::Event && site.function == id_ &&
                facts_.blocks[site.block].events[site.index].kind == EventKind::BarrierWait;
    }
    if (isGiven)
      insertSorted(order, terms_.make(TermKind::Op, 0, 0, kRoleToken,
                                      {fact.value, terms_.integer(fact.constant)}));
  }
}

/// Where `fork` gave zero: in a process of its own, without the other threads.
bool Frame::isInChild(const State &state) const {
  return engine_.forks &&
         std::any_of(state.facts.begin(), state.facts.end(), [&](const Fact &fact) {
           return fact.equal && fact.constant == 0 && terms_[fact.value].kind == TermKind::Op &&
                  terms_[fact.value].n == kForkToken;
         });
}

void Frame::recordSpawn(const Spawn &spawn) {
  if (!isRecording_)
    return;
  // What runs, with what: the rounds of a loop differ in the arguments alone.
  std::vector<Term> parts{spawn.callable};
  parts.insert(parts.end(), spawn.args.begin(), spawn.args.end());
  Term what = terms_.bind(std::move(parts));
  if (!seenSpawn_.emplace(what, spawn.thread, spawn.context).second ||
      !hasRoom(out_.spawns.size(), limits_.spawns, Cut::Spawns))
    return;
  if (++spawnContexts_[{what, spawn.thread}] > kMaxSpawnContexts)
    return;
  out_.spawns.push_back(spawn);
  out_.spawns.back().isFirstOnly |= isAtFirst();
}

/// Notes what differs from one round of the innermost loop around this event to the next.
void Frame::addVariant(Spawn &spawn, bool throughCall) {
  BlockId loop = loops_.innermost[block_];
  if (loop == kNone)
    return;
  const std::vector<bool> &body = loops_.body.at(loop);
  constexpr unsigned kMaxInputDepth = 4;
  unsigned depth = 0;
  std::function<bool(Term)> varies = [&](Term t) -> bool {
    if (t == kUnknownTerm)
      return false;
    const TermNode &node = terms_[t];
    if (node.kind == TermKind::Phi || node.kind == TermKind::Object ||
        node.kind == TermKind::Fresh) {
      const Site &s = engine_.siteInfo(node.a);
      if (s.function == id_ && s.kind != SiteKind::Temporary && s.block < body.size() &&
          body[s.block])
        return true;
      if (throughCall && node.kind == TermKind::Object && node.b != 0 && node.b != kGlobalChain)
        return true; // made by the callee, once per call
      // Made in an earlier loop, one for each round.
      if (s.function == id_ && node.kind == TermKind::Object && s.kind != SiteKind::Temporary &&
          loops_.isInLoop(s.block))
        return true;
      if (s.function == id_ && node.kind == TermKind::Phi && depth < kMaxInputDepth) {
        ++depth;
        bool isMade = std::any_of(terms_.inputs(t).begin(), terms_.inputs(t).end(), varies);
        --depth;
        if (isMade)
          return true;
      }
    }
    if (node.kind >= TermKind::Field && node.kind <= TermKind::Deref && varies(node.a))
      return true;
    if (node.kind == TermKind::Element && (node.b == 0 || varies(node.b)))
      return true;
    if ((node.kind == TermKind::Address || node.kind == TermKind::Init) && varies(node.a))
      return true;
    return std::any_of(node.kids.begin(), node.kids.end(), varies);
  };
  auto note = [&](Term t) {
    if (varies(t) &&
        std::find(spawn.variant.begin(), spawn.variant.end(), t) == spawn.variant.end())
      spawn.variant.push_back(t);
  };
  if (spawn.callable != kUnknownTerm)
    for (Term kid : terms_[spawn.callable].kids)
      note(kid);
  for (Term arg : spawn.args)
    note(arg);
}

void Frame::spawn(State &state) {
  const Event &event = *event_;
  Term thread = terms_.thread(siteHere(), 0);
  Term handle = event.path != kNone     ? location(state, event.path)
                : event.result != kNone ? temporary(event.result)
                                        : kUnknownTerm;
  Spawn spawn;
  spawn.callable = value(state, event.value);
  for (std::size_t i = 0; i < event.args.size(); ++i)
    spawn.args.push_back(argument(state, i));
  spawn.thread = thread;
  spawn.handle = handle;
  spawn.kind = event.spawnKind;
  spawn.detached = event.number == 1 || (event.flags & Flag::Detached);
  const bool isTask =
      event.spawnKind == SpawnKind::StdThread || event.spawnKind == SpawnKind::JThread;
  if (event.extra != kNone && isTask)
    spawn.finishes = value(state, event.extra);
  if (event.extra != kNone && !isTask) {
    Term attribute = terms_.deref(value(state, event.extra));
    if (attribute != kUnknownTerm) {
      auto it = state.memory.find(terms_.field(attribute, kNone - 1));
      spawn.detached |= it != state.memory.end() && it->second == terms_.integer(1);
    }
  }
  addVariant(spawn, false);
  state.soleOwner.clear();
  escape(state, spawn.callable);
  for (Term arg : spawn.args)
    escape(state, arg);
  havocShared(state);
  auto known = std::find_if(state.live.begin(), state.live.end(),
                            [&](const LiveThread &l) { return l.thread == thread; });
  started_[thread].insert(StartedCode{spawn.callable, spawn.args});
  spawn.witness = witnessHere(state);
  std::vector<Term> heldHere;
  for (const HeldLock &held : state.held) {
    engine_.noteHeldAtSpawn(held.lock);
    if (!held.may && held.mode == LockMode::Exclusive)
      insertSorted(heldHere, held.lock);
  }
  const bool overwrites =
      handle != kUnknownTerm && terms_[handle].kind == TermKind::Variable && !spawn.detached &&
      (event.spawnKind == SpawnKind::PThread || event.spawnKind == SpawnKind::C11);
  for (LiveThread &live : state.live)
    if (overwrites && live.joinable && live.handle == handle &&
        load(state, handle) == live.thread && !isKeptElsewhere(state, live, false)) {
      bool again = live.thread == thread;
      defect(DefectKind::Unjoined, live.thread,
             again ? spawn.witness : state.spawnedAt[live.thread],
             again ? kNoWitness : spawn.witness, LockMode::Exclusive, LockMode::Exclusive, false,
             live.kind);
      live.joinable &= again; // in a loop, the last one can still be joined
    }
  if (known != state.live.end()) {
    repeatThread(*known, LiveThread{.under = heldHere});
  } else {
    LiveThread live;
    live.thread = thread;
    live.handle = handle;
    live.joinable = !spawn.detached;
    live.kind = event.spawnKind;
    live.under = heldHere;
    state.live.insert(std::lower_bound(state.live.begin(), state.live.end(), live,
                                       [](const LiveThread &a, const LiveThread &b) {
                                         return a.thread < b.thread;
                                       }),
                      live);
  }
  spawn.context = contextOf(state); // the new thread is among the live: a repetition meets itself
  state.spawnedAt[thread] = spawn.witness;
  recordSpawn(spawn);
  if (handle != kUnknownTerm)
    store(state, handle, thread);
  if (event.result != kNone)
    state.memory[temporary(event.result)] = event.path == kNone ? thread : terms_.integer(0);
}

/// Whether more than the thread itself matters once it was joined: it left threads running, or joined others.
bool Frame::leavesOthers(Term thread) {
  auto it = started_.find(thread);
  if (it == started_.end())
    return false;
  for (const StartedCode &code : it->second)
    for (const Target &target : engine_.targets(code.callable, code.args))
      for (const Exit &exit : engine_.summaryFor(target).exits)
        if (!exit.context.live.empty() || !exit.context.joined.empty() ||
            !exit.context.ended.empty())
          return true;
  return false;
}

/// Whether this loop joins fewer threads than the loop around the spawn starts.
bool Frame::joinsFewer(Term thread) {
  const TermNode &node = terms_[thread];
  const Site &site = engine_.siteInfo(node.a);
  if (node.b != 0 || site.function != id_ || site.block >= loops_.innermost.size())
    return false;
  BlockId spawnLoop = loops_.innermost[site.block], joinLoop = loops_.innermost[block_];
  if (spawnLoop == kNone || joinLoop == kNone || spawnLoop == joinLoop)
    return false;
  auto started = engine_.loopBound(id_, spawnLoop), joined = engine_.loopBound(id_, joinLoop);
  return started && joined && *joined < *started;
}

/// Whether a handle is an element of a container.
bool Frame::isInside(Term handle, Term container) const {
  const TermNode &node = terms_[handle];
  return container != kUnknownTerm && handle != kUnknownTerm && node.a == container &&
         (node.kind == TermKind::Element || node.kind == TermKind::Index);
}

/// Whoever joins the threads whose handles `pointer` leads to finds them through an element of a container:
/// `threads.push_back(std::make_unique<std::thread>(…))`.
void Frame::findThrough(State &state, Term element, Term pointer) {
  const Term object = terms_.deref(pointer);
  if (object == kUnknownTerm || terms_[object].kind != TermKind::Object)
    return;
  for (LiveThread &live : state.live)
    if (live.handle != kUnknownTerm && terms_.root(live.handle) == object)
      live.handle = terms_.replace(live.handle, object, terms_.deref(terms_.init(element)));
}

/// Whether a handle belongs to an object that an element of an array or container points to: `threads.push_back(new std::thread(…))`.
bool Frame::isPointedToByElement(const State &state, Term handle) {
  if (handle == kUnknownTerm)
    return false;
  const Term object = terms_.root(handle);
  if (terms_[object].kind == TermKind::Deref)
    return isElementOfLoop(terms_[object].a);
  if (terms_[object].kind != TermKind::Object)
    return false;
  return std::any_of(state.memory.begin(), state.memory.end(), [&](const auto &entry) {
    const TermNode &value = terms_[entry.second];
    return value.kind == TermKind::Address && terms_.root(value.a) == object &&
           terms_.withoutElements(entry.first) != entry.first;
  });
}

/// Whether a handle belongs to an element that a loop walks over, so that the elements one by one are meant.
bool Frame::isElementOfLoop(Term term) {
  const TermNode &node = terms_[term];
  if (node.kind == TermKind::Phi) {
    const Site &site = engine_.siteInfo(node.a);
    return site.kind == SiteKind::Join && engine_.loops(site.function).body.count(site.block) != 0;
  }
  if ((node.kind >= TermKind::Field && node.kind <= TermKind::Deref) ||
      node.kind == TermKind::Address || node.kind == TermKind::Init)
    return (node.kind == TermKind::Element &&
            (node.b == kUnknownTerm || isElementOfLoop(node.b))) ||
           isElementOfLoop(node.a);
  return false;
}

/// Whether a handle may be one of those that an element of a walk, loaded from an array of pointers, leads to.
bool Frame::isAmong(Term handle, Term walk) {
  const Term from = terms_.root(handle), to = terms_.root(walk);
  if (handle == walk || terms_[to].kind != TermKind::Deref)
    return handle == walk;
  std::set<Term> objects;
  std::function<void(Term)> collect = [&](Term pointer) {
    if (pointer == kUnknownTerm || !objects.insert(pointer).second)
      return;
    for (Term input : terms_.inputs(pointer))
      collect(input);
  };
  collect(terms_[to].a);
  for (Term pointer : objects)
    if (Term object = terms_.deref(pointer);
        object != kUnknownTerm && terms_.replace(walk, to, object) == handle)
      return true;
  return terms_[from].kind == TermKind::Deref && terms_.replace(walk, to, from) == handle &&
         objects.count(terms_[from].a) != 0;
}

/// Whether a pointer that may be one of several leads to the handle of one of these threads.
bool Frame::leadsToHandle(const std::vector<LiveThread> &live, Term pointer) {
  const Term walk = terms_.deref(pointer);
  return walk != kUnknownTerm && std::any_of(live.begin(), live.end(), [&](const LiveThread &l) {
           return l.handle != kUnknownTerm && isAmong(l.handle, walk);
         });
}

/// The location with every index in it forgotten: any element of the arrays it leads through.
Term Frame::anyElementOf(Term term) {
  const TermNode node = terms_[term];
  switch (node.kind) {
  case TermKind::Field:
    return terms_.field(anyElementOf(node.a), node.b);
  case TermKind::Index:
  case TermKind::Element:
    return terms_.isElement(node.a) ? terms_.nested(anyElementOf(node.a), kUnknownTerm)
                                    : terms_.element(anyElementOf(node.a), kUnknownTerm);
  case TermKind::Deref:
    return terms_.deref(anyElementOf(node.a));
  case TermKind::Address:
    return terms_.address(anyElementOf(node.a));
  case TermKind::Init:
    return terms_.init(anyElementOf(node.a));
  default:
    return term;
  }
}

/// Whether a handle is one of several elements that are joined one by one.
bool Frame::isPartOfWalk(Term handle, const std::vector<Term> &joined) {
  if (isElementOfLoop(handle))
    return true;
  const TermNode &node = terms_[handle];
  return node.kind == TermKind::Index && std::any_of(joined.begin(), joined.end(), [&](Term t) {
           const TermNode &other = terms_[t];
           return other.kind == TermKind::Address && terms_[other.a].kind == TermKind::Index &&
                  terms_[other.a].a == node.a && terms_[other.a].n != node.n;
         });
}

void Frame::removeThreads(State &state, Term handle, Term content, bool detach, bool isWalk) {
  auto base = [&](Term t) { return terms_.withoutElements(t); };
  const bool inLoop = loops_.isInLoop(block_);
  bool found = false;
  std::vector<Term> candidates;
  std::function<void(Term)> collect = [&](Term t) {
    if (terms_[t].kind == TermKind::Thread)
      candidates.push_back(t);
    else if (terms_[t].kind == TermKind::Phi)
      for (Term input : terms_.inputs(t))
        if (terms_[input].kind != TermKind::Phi)
          collect(input);
  };
  if (content != kUnknownTerm)
    collect(content);
  bool isElement = handle != kUnknownTerm && base(handle) != handle;
  for (auto it = state.live.begin(); it != state.live.end();) {
    bool sameThread =
        std::find(candidates.begin(), candidates.end(), it->thread) != candidates.end();
    bool sameHandle = handle != kUnknownTerm && it->handle == handle;
    bool sameContainer = isElement && it->handle != kUnknownTerm &&
                         base(it->handle) != it->handle && base(it->handle) == base(handle) &&
                         (terms_[handle].kind == TermKind::Element ||
                          terms_[it->handle].kind == TermKind::Element || it->handle == handle);
    // Another element of the container that the walk got this handle from.
    auto isBeside = [&] {
      if (!inLoop || handle == kUnknownTerm || it->handle == kUnknownTerm)
        return false;
      const TermNode &root = terms_[terms_.root(it->handle)];
      if (root.kind != TermKind::Deref || terms_[root.a].kind != TermKind::Init ||
          !isElementOfLoop(root.a))
        return false;
      auto known = state.memory.find(terms_[root.a].a);
      return known != state.memory.end() && terms_.deref(known->second) == terms_.root(handle);
    };
    bool isWalked =
        isBeside() || (isWalk && it->handle != kUnknownTerm && isAmong(it->handle, handle));
    if (isInside(it->handle, handle)) { // the whole container is gone
      found = true;
      it = state.live.erase(it);
      continue;
    }
    if (!sameThread && !sameHandle && !sameContainer && !isWalked) {
      ++it;
      continue;
    }
    found = true;
    if (detach ||
        (it->repeated && !inLoop && !isWalk)) { // a join outside the loop joins the last one only
      it->joinable = false;
      if (detach && it->kind == SpawnKind::StdThread)
        it->handle = kUnknownTerm; // which is empty from here on
      ++it;
      continue;
    }
    if (it->repeated && joinsFewer(it->thread)) {
      ++it;
      continue;
    }
    if (leavesOthers(it->thread))
      insertSorted(state.ended, it->thread);
    it = state.live.erase(it);
  }
  if (!found) {
    Term caller =
        content != kUnknownTerm && terms_[content].kind != TermKind::Int ? content : handle;
    if (handle != kUnknownTerm && !detach) {
      Term any = inLoop ? anyElementOf(handle) : handle; // a loop walks over all of them
      insertSorted(state.joined, terms_.address(any != kUnknownTerm ? any : handle));
      if (any != handle)
        return;
    }
    if (caller != kUnknownTerm && caller != handle && !detach)
      insertSorted(state.joined, caller);
  }
}

void Frame::join(State &state, bool detach) {
  const Event &event = *event_;
  Term handle = event.path != kNone ? location(state, event.path) : kUnknownTerm;
  Term content = handle != kUnknownTerm ? load(state, handle) : kUnknownTerm;
  if (event.value != kNone)
    content = value(state, event.value);
  if (handle == kUnknownTerm && content != kUnknownTerm && terms_[content].kind == TermKind::Init)
    handle = terms_[content].a;
  // pthread_self, or something else nobody can name: no reason to complain.
  auto isUnnamed = [&](Term t) {
    if (t == kUnknownTerm || terms_[t].kind == TermKind::Fresh || t == terms_.self())
      return true;
    const TermNode &place = terms_[terms_[t].a];
    return terms_[t].kind == TermKind::Init && place.kind == TermKind::Object &&
           engine_.siteInfo(place.a).kind == SiteKind::Temporary;
  };
  out_.detachesItself |= isRecording_ && detach && isUnnamed(content);
  bool mayFail = (event.flags & (Flag::Try | Flag::Timed)) != 0;
  ContextId before = contextOf(state);
  for (Term t : {handle != kUnknownTerm ? terms_.address(handle) : kUnknownTerm, content})
    if (isRecording_ && t != kUnknownTerm && terms_[t].kind != TermKind::Int &&
        seenJoin_.emplace(t, before).second && out_.joins.size() < 400)
      out_.joins.emplace_back(t, before);
  if (!mayFail && !detach)
    waitForThreads(state, handle, content);
  if (!mayFail) // a walk over pointers to handles joins one by one
    removeThreads(state, handle, content, detach,
                  !detach && handle != kUnknownTerm && loops_.isInLoop(block_) &&
                      terms_[terms_.root(handle)].kind == TermKind::Deref &&
                      terms_[terms_[terms_.root(handle)].a].kind == TermKind::Phi &&
                      isElementOfLoop(handle));
  havocShared(state);
  if (handle != kUnknownTerm && program_.functions[id_].facts.paths.size() && event.path != kNone) {
    TypeClass cls = facts_.paths[event.path].type.cls;
    if (cls == TypeClass::JThread || cls == TypeClass::Thread) {
      // A std::thread is empty afterwards; a pthread_t keeps its bits, which name no live thread any more.
      if (terms_[handle].kind != TermKind::Element)
        state.memory[handle] = terms_.integer(0);
    }
  }
}

void Frame::moveHandle(State &state) {
  const Event &event = *event_;
  Term to = location(state, event.path);
  Term from = kUnknownTerm;
  if (event.value != kNone) {
    const Value &v = facts_.values[event.value];
    from = v.path != kNone ? location(state, v.path) : kUnknownTerm;
  }
  // What another element holds is not overwritten, nor is the temporary of an earlier round: it went into what it was given to.
  const TermNode &target = terms_[to];
  bool isElement =
      target.kind == TermKind::Element || isElementOfLoop(to) ||
      (target.kind == TermKind::Object && engine_.siteInfo(target.a).kind == SiteKind::Temporary);
  auto before = state.memory.find(to);
  Term old = before != state.memory.end() ? before->second : kUnknownTerm;
  for (LiveThread &live : state.live)
    if (live.thread == old && live.joinable && !isElement && live.kind == SpawnKind::StdThread &&
        from != kUnknownTerm) {
      defect(DefectKind::Unjoined, live.thread, state.spawnedAt[live.thread], witnessHere(state),
             LockMode::Exclusive, LockMode::Exclusive, false, live.kind);
      live.joinable = false;
    }
  access(state, to, true, Flag::Handle);
  Term content = from != kUnknownTerm   ? load(state, from)
                 : event.value != kNone ? value(state, event.value)
                                        : kUnknownTerm;
  for (LiveThread &live : state.live)
    if (live.thread == content || (from != kUnknownTerm && live.handle == from))
      live.handle = to;
  store(state, to, content);
  if (from != kUnknownTerm)
    state.memory[from] = terms_.integer(0);
}

namespace {
/// Whether a temporary handle is an argument of a call: the function it is given to keeps the thread.
bool isHandedOn(const FunctionFacts &facts, PathId handle) {
  if (handle == kNone || facts.paths[handle].base != BaseKind::Temp)
    return false;
  auto isHandle = [&](ValueId id) {
    const PathId path = facts.values[id].path;
    return path != kNone && facts.paths[path].base == BaseKind::Temp &&
           facts.paths[path].id == facts.paths[handle].id;
  };
  for (const Block &block : facts.blocks)
    for (const Event &event : block.events)
      if (event.kind == EventKind::Call &&
          std::any_of(event.args.begin(), event.args.end(), isHandle))
        return true;
  return false;
}

bool joinsThreads(const FunctionFacts &facts) {
  for (const Block &block : facts.blocks)
    for (const Event &event : block.events)
      if (event.kind == EventKind::Join || event.kind == EventKind::Detach)
        return true;
  return false;
}
} // namespace

void Frame::destroyHandle(State &state, Term handle) {
  if (handle == kUnknownTerm)
    return;
  Term content = load(state, handle);
  auto isContained = [&](const LiveThread &l) {
    if (l.thread == content || l.handle == handle)
      return true;
    const TermNode &node = terms_[handle];
    return node.kind == TermKind::Element && l.handle != kUnknownTerm &&
           (terms_[l.handle].kind == TermKind::Element ||
            terms_[l.handle].kind == TermKind::Index) &&
           terms_[l.handle].a == node.a;
  };
  const TermKind kind = terms_[handle].kind;
  // Which elements of a container a loop has joined is known for simple loops only.
  const bool isElement = kind == TermKind::Element || kind == TermKind::Index;
  const bool mayBeKept = (isElement && joinsThreads(facts_)) || isHandedOn(facts_, event_->path);
  for (auto it = state.live.begin(); it != state.live.end();) {
    if (!isContained(*it) || content == terms_.integer(0)) {
      ++it;
      continue;
    }
    if (it->kind == SpawnKind::JThread || it->kind == SpawnKind::Async) {
      recordWait(state, WaitKind::Join, it->thread);
      it = state.live.erase(it);
      continue;
    }
    if (it->joinable)
      defect(DefectKind::Unjoined, it->thread, state.spawnedAt[it->thread], witnessHere(state),
             LockMode::Exclusive, LockMode::Exclusive, mayBeKept, it->kind, onlyThrows(block_));
    it->joinable = false;
    ++it;
  }
  if (content != kUnknownTerm && terms_[content].kind == TermKind::Init &&
      event_->spawnKind == SpawnKind::JThread) {
    waitForThreads(state, handle, content);
    // With an element all elements of the container are gone.
    const TermNode &node = terms_[handle];
    insertSorted(state.joined, terms_.address(node.kind == TermKind::Element ? node.a : handle));
  }
}

/// A thread is started again while an earlier one may run.
void Frame::repeatThread(LiveThread &known, const LiveThread &again) {
  known.repeat();
  known.aged = again.aged;
  std::erase_if(known.under, [&](Term lock) { return !containsSorted(again.under, lock); });
}

} // namespace threadlint
