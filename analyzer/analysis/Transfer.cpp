// Transfer: what each event does to a state, and the effects it adds to the summary.
#include "analyzer/analysis/Frame.h"

namespace threadlint {
namespace {
constexpr std::size_t kMaxOrderTokens = 8, kMaxContexts = 3;

bool holdsPointer(const Terms &terms, Term value) {
  if (value == kUnknownTerm)
    return false;
  switch (terms[value].kind) {
  case TermKind::Int: case TermKind::Op: case TermKind::Thread: case TermKind::Unknown:
    return false;
  default:
    return true;
  }
}

bool isSynchronised(TypeClass cls) {
  switch (cls) {
  case TypeClass::Lock: case TypeClass::CondVar: case TypeClass::Semaphore: case TypeClass::Barrier: case TypeClass::Latch:
  case TypeClass::OnceFlag: case TypeClass::Stream: case TypeClass::Guard: case TypeClass::StopToken: case TypeClass::Thread:
  case TypeClass::JThread: case TypeClass::LockAttribute: case TypeClass::ThreadAttribute: case TypeClass::Future:
  case TypeClass::Promise:
    return true;
  case TypeClass::Other: case TypeClass::Integer: case TypeClass::Bool: case TypeClass::Enum: case TypeClass::Pointer:
  case TypeClass::Record: case TypeClass::Array: case TypeClass::Function: case TypeClass::Callable: case TypeClass::SmartPointer:
  case TypeClass::Container: case TypeClass::Iterator:
    return false;
  }
  return false;
}
} // namespace

ContextId Frame::contextOf(const State &state) {
  Context context;
  context.held = state.held;
  context.released = state.released;
  context.live = state.live;
  context.joined = state.joined;
  context.order = state.order;
  return engine_.intern(std::move(context));
}

WitnessId Frame::witnessHere(const State &state, WitnessId next) {
  return engine_.witness(id_, event_ ? event_->range : SourceRange{}, next, heldTerms(state));
}

Term Frame::argument(State &state, std::size_t i) {
  return i < event_->args.size() ? value(state, event_->args[i]) : kUnknownTerm;
}

Term Frame::argumentLocation(State &state, std::size_t i) {
  Term pointer = argument(state, i);
  Term at = terms_.deref(pointer);
  return at != kUnknownTerm ? at : terms_.deref(freshHere(static_cast<std::uint32_t>(i % 60) + 1));
}

void Frame::recordStore(Term at, Term stored) {
  if (!holdsPointer(terms_, stored) || out_.stores.size() >= limits_.stores)
    return;
  if (terms_[at].kind == TermKind::Result)
    return;
  if (seenStore_.emplace(at, stored).second)
    out_.stores.push_back(PointerStore{at, stored});
}

/// `a` protects no better than `b`: fewer locks, no more order, no fewer threads running.
bool Frame::isWeaker(const Context &a, const Context &b) const {
  auto isHeld = [&](const HeldLock &x) {
    return std::any_of(b.held.begin(), b.held.end(), [&](const HeldLock &y) { return x.lock == y.lock && x.mode == y.mode; });
  };
  auto runs = [&](const LiveThread &x) {
    return std::any_of(a.live.begin(), a.live.end(), [&](const LiveThread &y) { return x.thread == y.thread; });
  };
  return a.held.size() <= b.held.size() && std::all_of(a.held.begin(), a.held.end(), isHeld) &&
         std::all_of(b.live.begin(), b.live.end(), runs) && std::includes(b.order.begin(), b.order.end(), a.order.begin(), a.order.end()) &&
         std::includes(b.joined.begin(), b.joined.end(), a.joined.begin(), a.joined.end()) &&
         std::includes(a.released.begin(), a.released.end(), b.released.begin(), b.released.end());
}

/// Whether an acquisition adds an edge that is not known in two ways already.
bool Frame::addsEdge(const Acquisition &acquisition) {
  if (out_.acquisitions.size() < kManyEffects / 4)
    return true;
  const Context &context = engine_.context(acquisition.context);
  bool adds = false;
  auto count = [&](Term held) { adds |= ++edges_[{held, acquisition.lock, acquisition.isTry}] <= 2; };
  count(kUnknownTerm);
  for (const HeldLock &held : context.held)
    count(held.lock);
  return adds;
}

/// Whether an access is news; notes it. `line` tells the frame's own sites apart.
bool Frame::isNewAccess(const Access &access, std::uint32_t line) {
  if (out_.accesses.size() >= limits_.accesses)
    return false;
  if (!seenAccess_.emplace(access.location, access.isWrite, access.flags, access.context, line).second)
    return false;
  std::vector<ContextId> &contexts = accessContexts_[{access.location, access.isWrite, access.flags}];
  if (out_.accesses.size() > kManyEffects) {
    if (contexts.size() >= kMaxContexts)
      return false;
    for (ContextId known : contexts)
      if (isWeaker(engine_.context(known), engine_.context(access.context)))
        return false; // what conflicts with this one conflicts with that one
  }
  contexts.push_back(access.context);
  return true;
}

void Frame::access(State &state, Term at, bool isWrite, std::uint32_t flags, const SourceRange &) {
  if (at == kUnknownTerm || isOwned(state, at))
    return;
  const TermNode &node = terms_[at];
  Term root = terms_.root(at);
  const TermNode &rootNode = terms_[root];
  if (rootNode.kind == TermKind::Variable) {
    const VarFacts &var = program_.vars[rootNode.a];
    if (var.kind == VarKind::ThreadLocal || isSynchronised(var.type.cls))
      return;
    if (!program_.varWritten[rootNode.a] && !var.addressTaken && !isWrite)
      return;
  }
  if (node.kind == TermKind::Field) {
    if (!isWrite && !program_.fieldWritten[node.b])
      return;
    if (isSynchronised(program_.fields[node.b].type.cls))
      return;
  }
  Access access;
  access.location = at;
  access.isWrite = isWrite;
  access.flags = flags & (Flag::Atomic | Flag::Mutator | Flag::Initialization | Flag::Volatile | Flag::Static);
  access.context = contextOf(state);
  if (!isNewAccess(access, event_->range.line))
    return;
  access.witness = witnessHere(state);
  out_.accesses.push_back(access);
}

void Frame::defect(DefectKind kind, Term subject, WitnessId at, WitnessId other, LockMode mode, LockMode otherMode, bool may,
                   SpawnKind spawnKind) {
  const Witness &w = engine_.witness(at);
  if (!seenDefect_.emplace(static_cast<int>(kind), subject, w.range.line, w.range.file, w.next ? 1u : 0u).second)
    return;
  if (out_.defects.size() < limits_.defects)
    out_.defects.push_back(Defect{kind, subject, mode, otherMode, at, other, may, spawnKind});
}

void Frame::acquire(State &state, Term lock, LockMode mode, bool isTry, std::uint32_t group) {
  Acquisition acquisition{lock, mode, isTry, group, contextOf(state), witnessHere(state)};
  auto key = std::make_tuple(lock, static_cast<int>(mode), isTry, acquisition.context, event_->range.line, event_->range.file);
  if (seenAcquisition_.insert(key).second && out_.acquisitions.size() < limits_.acquisitions && addsEdge(acquisition))
    out_.acquisitions.push_back(acquisition);
  havocShared(state);
  auto known = std::find_if(state.held.begin(), state.held.end(), [&](const HeldLock &h) { return h.lock == lock; });
  if (known != state.held.end()) {
    if (!isTry && !isOneOfMany(lock))
      defect(DefectKind::SelfDeadlock, lock, acquisition.witness, known->witness, mode, known->mode, known->may);
    if (known->may) {
      known->may = false;
      known->witness = acquisition.witness;
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
  state.held.push_back(HeldLock{lock, mode, 1, false, acquisition.witness});
}

/// An acquisition that may fail splits the state; its result tells the two apart.
void Frame::acquireEvent(State state, const std::vector<Term> &locks, Term guard, States &out) {
  const Event &event = *event_;
  bool isTry = (event.flags & Flag::Try) != 0 || event.tag == GuardTag::Try;
  bool isTimed = (event.flags & Flag::Timed) != 0 || event.tag == GuardTag::Timed;
  // Whoever drops the result of a timed or try acquisition counts on it.
  bool isIgnored = guard == kUnknownTerm && event.result != kNone && event.result < isRead_.size() && !isRead_[event.result];
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
        s.memory[result] = freshHere();
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
             std::any_of(state.held.begin(), state.held.end(), [&](const HeldLock &h) { return h.lock == lock && !h.may; });
    });
    if (isHeld)
      return;
  }
  for (Term lock : locks)
    acquire(state, lock, event.mode, isTry || isTimed, group);
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
    if (node.kind != TermKind::Field && node.kind != TermKind::Index && node.kind != TermKind::Element)
      return false;
    lock = node.a;
  }
}

bool Frame::mayBeRecursive(Term lock) const {
  const TermNode *node = &terms_[lock];
  while (node->kind == TermKind::Index || node->kind == TermKind::Element)
    node = &terms_[node->a];
  if (node->kind == TermKind::Variable) {
    const VarFacts &var = program_.vars[node->a];
    return var.type.lockKind != LockKind::Normal || var.staticLockKind != LockKind::Normal || var.addressTaken;
  }
  return node->kind != TermKind::Field || node->b >= program_.fields.size() || program_.fields[node->b].type.lockKind != LockKind::Normal;
}

bool Frame::lockClassMatches(Term a, Term b) const {
  if (a == b)
    return true;
  const TermNode &x = terms_[a], &y = terms_[b];
  if (x.kind != y.kind)
    return false;
  switch (x.kind) {
  case TermKind::Field:
    return x.b == y.b;
  case TermKind::Index: case TermKind::Element:
    return lockClassMatches(x.a, y.a);
  case TermKind::Deref: {
    const TermNode &p = terms_[x.a], &q = terms_[y.a];
    if (p.kind == TermKind::Init && q.kind == TermKind::Init)
      return lockClassMatches(p.a, q.a);
    if (p.kind == TermKind::Fresh && q.kind == TermKind::Fresh) {
      auto calleeOf = [this](const TermNode &fresh) -> StringId {
        const Site &s = engine_.siteInfo(fresh.a);
        const FunctionFacts &f = program_.functions[s.function].facts;
        if (s.kind != SiteKind::Event || s.block >= f.blocks.size() || s.index >= f.blocks[s.block].events.size())
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
void Frame::expose(const State &state, Term lock) {
  for (const LiveThread &live : state.live)
    if (out_.exposed.size() < limits_.spawns && exposed_.emplace(live.thread, lock).second)
      out_.exposed.emplace_back(live.thread, lock);
}

void Frame::release(State &state, Term lock) {
  havocShared(state);
  auto match = state.held.end();
  for (auto it = state.held.begin(); it != state.held.end(); ++it)
    if (it->lock == lock)
      match = it;
  if (match == state.held.end() && !containsSorted(state.unlocked, lock) && !containsSorted(state.released, lock))
    for (auto it = state.held.begin(); it != state.held.end(); ++it)
      if (lockClassMatches(it->lock, lock))
        match = it;
  if (match == state.held.end() && terms_[lock].kind != TermKind::Variable && !state.held.empty()) {
    // Through a pointer nothing is known of: it can only be meant for what is held.
    const TermNode &node = terms_[lock];
    if (node.kind == TermKind::Deref && (terms_[node.a].kind == TermKind::Fresh || terms_[node.a].kind == TermKind::Phi))
      match = std::prev(state.held.end());
  }
  if (match != state.held.end()) {
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
  insertSorted(state.released, lock);
  state.unlockedAt[lock] = witnessHere(state);
  releasedAt_.try_emplace(lock, state.unlockedAt[lock]);
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
    if (std::find(guard.locks.begin(), guard.locks.end(), lock) != guard.locks.end() && guard.engaged != engaged &&
        guard.locks.size() == 1)
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

void Frame::recordSpawn(const Spawn &spawn) {
  if (!seenSpawn_.emplace(spawn.callable, spawn.thread, spawn.context).second || out_.spawns.size() >= limits_.spawns)
    return;
  if (++spawnContexts_[{spawn.callable, spawn.thread}] <= kMaxSpawnContexts)
    out_.spawns.push_back(spawn);
}

/// Notes what differs from one round of the innermost loop around this event to the next.
void Frame::addVariant(Spawn &spawn, bool throughCall) {
  BlockId loop = loops_.innermost[block_];
  if (loop == kNone)
    return;
  const std::vector<bool> &body = loops_.body.at(loop);
  std::function<bool(Term)> varies = [&](Term t) -> bool {
    if (t == kUnknownTerm)
      return false;
    const TermNode &node = terms_[t];
    if (node.kind == TermKind::Phi || node.kind == TermKind::Object || node.kind == TermKind::Fresh) {
      const Site &s = engine_.siteInfo(node.a);
      if (s.function == id_ && s.kind != SiteKind::Temporary && s.block < body.size() && body[s.block])
        return true;
      if (throughCall && node.kind == TermKind::Object && node.b != 0 && node.b != kGlobalChain)
        return true; // made by the callee, once per call
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
    if (varies(t) && std::find(spawn.variant.begin(), spawn.variant.end(), t) == spawn.variant.end())
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
  Term handle = event.path != kNone ? location(state, event.path) : event.result != kNone ? temporary(event.result) : kUnknownTerm;
  Spawn spawn;
  spawn.callable = value(state, event.value);
  for (std::size_t i = 0; i < event.args.size(); ++i)
    spawn.args.push_back(argument(state, i));
  spawn.thread = thread;
  spawn.handle = handle;
  spawn.kind = event.spawnKind;
  spawn.detached = event.number == 1 || (event.flags & Flag::Detached);
  if (event.extra != kNone) {
    Term attribute = terms_.deref(value(state, event.extra));
    if (attribute != kUnknownTerm) {
      auto it = state.memory.find(terms_.field(attribute, kNone - 1));
      spawn.detached |= it != state.memory.end() && it->second == terms_.integer(1);
    }
  }
  addVariant(spawn, false);
  escape(state, spawn.callable);
  for (Term arg : spawn.args)
    escape(state, arg);
  havocShared(state);
  auto known = std::find_if(state.live.begin(), state.live.end(), [&](const LiveThread &l) { return l.thread == thread; });
  spawn.witness = witnessHere(state);
  if (known != state.live.end()) {
    bool lost = known->joinable && !spawn.detached && known->handle == handle && terms_[handle].kind == TermKind::Variable &&
                (event.spawnKind == SpawnKind::PThread || event.spawnKind == SpawnKind::C11) && load(state, handle) == thread;
    if (lost)
      defect(DefectKind::Unjoined, thread, spawn.witness, kNoWitness, LockMode::Exclusive, LockMode::Exclusive, false, event.spawnKind);
    known->repeated = true;
    known->aged = false;
  } else {
    LiveThread live{thread, handle, !spawn.detached, false, false, event.spawnKind};
    state.live.insert(std::lower_bound(state.live.begin(), state.live.end(), live,
                                       [](const LiveThread &a, const LiveThread &b) { return a.thread < b.thread; }),
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

void Frame::removeThreads(State &state, Term handle, Term content, bool detach) {
  auto base = [&](Term t) {
    while (terms_[t].kind == TermKind::Index || terms_[t].kind == TermKind::Element)
      t = terms_[t].a;
    return t;
  };
  bool inLoop = block_ < loops_.innermost.size() && loops_.innermost[block_] != kNone;
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
    bool sameThread = std::find(candidates.begin(), candidates.end(), it->thread) != candidates.end();
    bool sameHandle = handle != kUnknownTerm && it->handle == handle;
    bool sameContainer = isElement && it->handle != kUnknownTerm && base(it->handle) != it->handle && base(it->handle) == base(handle) &&
                         (terms_[handle].kind == TermKind::Element || terms_[it->handle].kind == TermKind::Element || it->handle == handle);
    if (candidates.size() > 1 && !inLoop && sameThread && !sameHandle && terms_[content].kind == TermKind::Phi) {
      // One of several: it is joined on the path that spawned it.
      sameThread = true;
    }
    if (!sameThread && !sameHandle && !sameContainer) {
      ++it;
      continue;
    }
    found = true;
    if (detach || (it->repeated && !inLoop && terms_[it->handle].kind != TermKind::Variable && !sameHandle)) {
      it->joinable = false;
      ++it;
      continue;
    }
    if (it->repeated && !inLoop) { // joins the last one only
      it->joinable = false;
      ++it;
      continue;
    }
    it = state.live.erase(it);
  }
  if (!found) {
    Term caller = content != kUnknownTerm && terms_[content].kind != TermKind::Int ? content : handle;
    if (handle != kUnknownTerm && !detach)
      insertSorted(state.joined, terms_.address(handle));
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
  bool mayFail = (event.flags & (Flag::Try | Flag::Timed)) != 0;
  ContextId before = contextOf(state);
  for (Term t : {handle != kUnknownTerm ? terms_.address(handle) : kUnknownTerm, content})
    if (t != kUnknownTerm && terms_[t].kind != TermKind::Int && seenJoin_.emplace(t, before).second && out_.joins.size() < 400)
      out_.joins.emplace_back(t, before);
  if (!mayFail)
    removeThreads(state, handle, content, detach);
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

void Frame::destroyHandle(State &state, Term handle) {
  if (handle == kUnknownTerm)
    return;
  Term content = load(state, handle);
  auto isContained = [&](const LiveThread &l) {
    if (l.thread == content || l.handle == handle)
      return true;
    const TermNode &node = terms_[handle];
    return node.kind == TermKind::Element && l.handle != kUnknownTerm &&
           (terms_[l.handle].kind == TermKind::Element || terms_[l.handle].kind == TermKind::Index) && terms_[l.handle].a == node.a;
  };
  for (auto it = state.live.begin(); it != state.live.end();) {
    if (!isContained(*it) || content == terms_.integer(0)) {
      ++it;
      continue;
    }
    if (it->kind == SpawnKind::JThread || it->kind == SpawnKind::Async) {
      it = state.live.erase(it);
      continue;
    }
    if (it->joinable)
      defect(DefectKind::Unjoined, it->thread, state.spawnedAt[it->thread], witnessHere(state), LockMode::Exclusive,
             LockMode::Exclusive, false, it->kind);
    it->joinable = false;
    ++it;
  }
  if (content != kUnknownTerm && terms_[content].kind == TermKind::Init && program_.text(facts_.paths[event_->path].type.name).find("jthread") != std::string_view::npos)
    insertSorted(state.joined, terms_.address(handle));
}

void Frame::transfer(State state, States &out) {
  const Event &event = *event_;
  auto one = [&](State s) { out.push_back(std::move(s)); };
  auto define = [&](State &s, Term result) {
    if (event.result != kNone)
      s.memory[temporary(event.result)] = result;
  };
  switch (event.kind) {
  case EventKind::Read: {
    Term at = location(state, event.path);
    access(state, at, false, event.flags, event.range);
    if (event.flags & Flag::Atomic) {
      if (at != kUnknownTerm && event.order != Order::Relaxed && state.order.size() < kMaxOrderTokens)
        insertSorted(state.order, terms_.make(TermKind::Op, 0, 0, kWaitedToken + 2, {terms_.address(at)}));
      // Another read may see another value.
      if (event.result != kNone)
        define(state, load(state, at));
    }
    return one(std::move(state));
  }
  case EventKind::Write: case EventKind::ReadWrite: case EventKind::Define: {
    Term at = location(state, event.path);
    Term stored = kUnknownTerm;
    if (event.value != kNone && event.kind != EventKind::ReadWrite)
      stored = value(state, event.value);
    bool isRecordCopy = event.value != kNone && facts_.values[event.value].kind == ValueKind::Load;
    if (event.kind != EventKind::Define) {
      access(state, at, true, event.flags, event.range);
      if ((event.flags & Flag::Atomic) && at != kUnknownTerm && event.order != Order::Relaxed)
        order(state, at, event.kind == EventKind::ReadWrite, true);
    }
    if ((event.flags & Flag::Static) && stored != kUnknownTerm && terms_[stored].kind == TermKind::Int)
      return one(std::move(state)); // a static's first value; what it is now, nobody knows
    if (event.flags & Flag::Mutator) {
      if (event.kind != EventKind::Define)
        return one(std::move(state)); // elements keep their values; AnyIndex stores are events of their own
    }
    if (stored == kUnknownTerm || terms_[stored].kind != TermKind::Int || event.kind == EventKind::ReadWrite) {
      Term fresh = freshHere();
      if (stored == kUnknownTerm) {
        renew(state, fresh);
        stored = fresh;
      }
    }
    if (isRecordCopy && terms_[stored].kind == TermKind::Init)
      ; // the parts follow below
    Term source = isRecordCopy ? location(state, facts_.values[event.value].path) : kUnknownTerm;
    store(state, at, stored);
    if (source != kUnknownTerm && source != at)
      copyRecord(state, at, source);
    // Stored where others can reach it: reachable from here on.
    Term root = terms_.root(at);
    bool ownsThisPart = ownsThis_ && terms_[root].kind == TermKind::Deref && terms_[root].a == terms_.param(kThisParameter);
    if ((!isFrameObject(root) && !ownsThisPart) || containsSorted(state.escaped, root))
      escape(state, stored);
    if (event.kind != EventKind::Define || isFrameObject(root))
      recordStore(at, stored);
    if (event.result != kNone)
      define(state, event.kind == EventKind::ReadWrite ? freshHere(62) : stored);
    return one(std::move(state));
  }
  case EventKind::Alloc: {
    Term object = terms_.object(siteHere(), 0);
    renew(state, object);
    eraseSorted(state.escaped, object);
    define(state, terms_.address(object));
    return one(std::move(state));
  }
  case EventKind::Free:
    return one(std::move(state));
  case EventKind::Acquire: {
    std::vector<Term> locks;
    for (std::size_t i = 0; i < event.args.size(); ++i)
      locks.push_back(argumentLocation(state, i));
    return acquireEvent(std::move(state), locks, kUnknownTerm, out);
  }
  case EventKind::Release:
    for (std::size_t i = 0; i < event.args.size(); ++i)
      release(state, argumentLocation(state, i));
    define(state, terms_.integer(0));
    return one(std::move(state));
  case EventKind::LockInit: {
    LockSetup setup{argumentLocation(state, 0), LockAttribute::Normal};
    auto fromKind = [](LockKind kind) {
      return kind == LockKind::Recursive    ? LockAttribute::Recursive
             : kind == LockKind::ErrorCheck ? LockAttribute::ErrorCheck
             : kind == LockKind::Unknown    ? LockAttribute::Unknown
                                            : LockAttribute::Normal;
    };
    setup.attribute = fromKind(event.lockKind);
    if (event.value != kNone) {
      Term pointer = value(state, event.value);
      bool isNull = pointer != kUnknownTerm && terms_[pointer].kind == TermKind::Int;
      Term attribute = terms_.deref(pointer);
      if (!isNull) {
        setup.attribute = LockAttribute::Unknown;
        auto it = attribute == kUnknownTerm ? state.memory.end() : state.memory.find(terms_.field(attribute, kNone - 2));
        if (it != state.memory.end() && terms_[it->second].kind == TermKind::Int)
          setup.attribute = fromKind(static_cast<LockKind>(terms_[it->second].n));
        else if (attribute != kUnknownTerm && isFrameObject(terms_.root(attribute)))
          setup.attribute = LockAttribute::Normal; // initialised, its type never set
      }
    }
    if (seenSetup_.emplace(setup.lock, static_cast<int>(setup.attribute)).second)
      out_.setups.push_back(setup);
    define(state, terms_.integer(0));
    return one(std::move(state));
  }
  case EventKind::LockDestroy:
    define(state, terms_.integer(0));
    return one(std::move(state));
  case EventKind::AttributeSet: {
    Term attribute = argumentLocation(state, 0);
    if (event.number == 1)
      state.memory[terms_.field(attribute, kNone - 1)] = terms_.integer(1);
    else
      state.memory[terms_.field(attribute, kNone - 2)] = terms_.integer(static_cast<std::int64_t>(event.lockKind));
    define(state, terms_.integer(0));
    return one(std::move(state));
  }
  case EventKind::GuardInit: {
    Term guard = location(state, event.path);
    std::vector<Term> locks;
    for (std::size_t i = 0; i < event.args.size(); ++i)
      locks.push_back(argumentLocation(state, i));
    if (event.tag == GuardTag::Defer || event.tag == GuardTag::Empty) {
      setGuard(state, GuardState{guard, locks, event.mode, Engaged::No});
      return one(std::move(state));
    }
    if (event.tag == GuardTag::Adopt) {
      setGuard(state, GuardState{guard, locks, event.mode, Engaged::Yes});
      return one(std::move(state));
    }
    return acquireEvent(std::move(state), locks, guard, out);
  }
  case EventKind::GuardLock: {
    Term guard = location(state, event.path);
    GuardState *known = findGuard(state, guard);
    std::vector<Term> locks = known ? known->locks : std::vector<Term>{};
    if (!known)
      if (Term lock = terms_.deref(load(state, guard)); lock != kUnknownTerm)
        locks.push_back(lock);
    return acquireEvent(std::move(state), locks, known ? guard : kUnknownTerm, out);
  }
  case EventKind::GuardUnlock:
    releaseGuard(state, location(state, event.path), false);
    return one(std::move(state));
  case EventKind::GuardDestroy: {
    Term guard = location(state, event.path);
    if (!findGuard(state, guard) && isFrameObject(terms_.root(guard)))
      return one(std::move(state)); // moved from, returned, or never engaged in view
    releaseGuard(state, guard, true);
    return one(std::move(state));
  }
  case EventKind::GuardRelease: {
    Term guard = location(state, event.path);
    std::erase_if(state.guards, [&](const GuardState &g) { return g.guard == guard; });
    return one(std::move(state));
  }
  case EventKind::GuardMove: case EventKind::GuardSwap: {
    Term to = location(state, event.path);
    Term from = kUnknownTerm;
    if (event.value != kNone) {
      const Value &v = facts_.values[event.value];
      from = v.path != kNone ? location(state, v.path) : terms_.deref(value(state, event.value));
      if (event.kind == EventKind::GuardSwap)
        from = terms_.deref(value(state, event.value));
    }
    GuardState *source = from != kUnknownTerm ? findGuard(state, from) : nullptr;
    GuardState *target = findGuard(state, to);
    GuardState a = source ? *source : GuardState{}, b = target ? *target : GuardState{};
    if (event.kind == EventKind::GuardMove && target)
      releaseGuard(state, to, true);
    std::erase_if(state.guards, [&](const GuardState &g) { return g.guard == from || g.guard == to; });
    if (source) {
      a.guard = to;
      setGuard(state, a);
    } else if (from != kUnknownTerm) {
      state.memory[to] = load(state, from);
    }
    if (event.kind == EventKind::GuardSwap && target && from != kUnknownTerm) {
      b.guard = from;
      setGuard(state, b);
    }
    return one(std::move(state));
  }
  case EventKind::GuardOwns: {
    GuardState *known = findGuard(state, location(state, event.path));
    define(state, known && known->engaged != Engaged::Maybe ? terms_.integer(known->engaged == Engaged::Yes) : freshHere());
    return one(std::move(state));
  }
  case EventKind::Call:
    return call(std::move(state), out);
  case EventKind::Return: {
    Term result = value(state, event.value);
    if (event.value != kNone && facts_.values[event.value].kind == ValueKind::Load) {
      Term from = location(state, facts_.values[event.value].path);
      Term self = terms_.result();
      if (GuardState *guard = findGuard(state, from)) {
        GuardState moved = *guard;
        moved.guard = self;
        std::erase_if(state.guards, [&](const GuardState &g) { return g.guard == from; });
        state.guards.insert(std::lower_bound(state.guards.begin(), state.guards.end(), moved), moved);
        result = moved.locks.size() == 1 ? terms_.address(moved.locks[0]) : kUnknownTerm;
      }
      if (result != kUnknownTerm && terms_[result].kind == TermKind::Thread)
        for (LiveThread &live : state.live)
          if (live.thread == result)
            live.handle = self;
    }
    state.memory[terms_.result()] = result != kUnknownTerm ? result : freshHere();
    return one(std::move(state));
  }
  case EventKind::Throw:
    if (event.unwind != kNone) {
      flow(block_, event.unwind, std::move(state));
      return;
    }
    return one(std::move(state));
  case EventKind::Spawn:
    spawn(state);
    return one(std::move(state));
  case EventKind::Join:
    join(state, false);
    define(state, (event.flags & (Flag::Try | Flag::Timed)) ? freshHere() : terms_.integer(0));
    return one(std::move(state));
  case EventKind::Detach:
    join(state, true);
    define(state, terms_.integer(0));
    return one(std::move(state));
  case EventKind::HandleMove: {
    Term to = location(state, event.path);
    Term from = kUnknownTerm;
    if (event.value != kNone) {
      const Value &v = facts_.values[event.value];
      from = v.path != kNone ? location(state, v.path) : kUnknownTerm;
    }
    bool isElement = terms_[to].kind == TermKind::Element;
    Term old = load(state, to);
    for (LiveThread &live : state.live)
      if (live.thread == old && live.joinable && !isElement && live.kind == SpawnKind::StdThread && from != kUnknownTerm) {
        defect(DefectKind::Unjoined, live.thread, state.spawnedAt[live.thread], witnessHere(state), LockMode::Exclusive,
               LockMode::Exclusive, false, live.kind);
        live.joinable = false;
      }
    Term content = from != kUnknownTerm ? load(state, from) : event.value != kNone ? value(state, event.value) : kUnknownTerm;
    for (LiveThread &live : state.live)
      if (live.thread == content || (from != kUnknownTerm && live.handle == from))
        live.handle = to;
    store(state, to, content);
    if (from != kUnknownTerm)
      state.memory[from] = terms_.integer(0);
    return one(std::move(state));
  }
  case EventKind::HandleDestroy:
    destroyHandle(state, location(state, event.path));
    return one(std::move(state));
  case EventKind::HandleJoinable: {
    Term content = load(state, location(state, event.path));
    Term result = freshHere();
    if (content != kUnknownTerm && terms_[content].kind == TermKind::Int)
      result = terms_.integer(0);
    for (const LiveThread &live : state.live)
      if (live.thread == content)
        result = terms_.integer(live.joinable);
    define(state, result);
    return one(std::move(state));
  }
  case EventKind::Wait: {
    Term cv = argumentLocation(state, 0);
    order(state, cv, true, false);
    std::erase_if(state.facts, [&](const Fact &fact) {
      return terms_[fact.value].kind == TermKind::Init && !isFrameObject(terms_.root(terms_[fact.value].a));
    });
    define(state, freshHere());
    return one(std::move(state));
  }
  case EventKind::Notify:
    order(state, argumentLocation(state, 0), false, true);
    return one(std::move(state));
  case EventKind::SemWait: {
    Term sem = argumentLocation(state, 0);
    order(state, sem, true, false);
    define(state, (event.flags & (Flag::Try | Flag::Timed)) ? freshHere() : terms_.integer(0));
    return one(std::move(state));
  }
  case EventKind::SemPost: case EventKind::LatchArrive: case EventKind::PromiseSet: {
    order(state, argumentLocation(state, 0), false, true);
    define(state, terms_.integer(0));
    return one(std::move(state));
  }
  case EventKind::LatchWait:
    order(state, argumentLocation(state, 0), true, false);
    return one(std::move(state));
  case EventKind::BarrierWait:
    order(state, argumentLocation(state, 0), true, true);
    define(state, freshHere());
    return one(std::move(state));
  case EventKind::FutureGet: {
    Term handle = event.path != kNone ? location(state, event.path) : argumentLocation(state, 0);
    Term content = load(state, handle);
    removeThreads(state, handle, content, false);
    if (content != kUnknownTerm && terms_[content].kind == TermKind::Address)
      order(state, terms_[content].a, true, false);
    else
      order(state, handle, true, false);
    define(state, freshHere());
    return one(std::move(state));
  }
  case EventKind::FutureFrom: {
    Term promise = argument(state, 0);
    if (event.path != kNone)
      store(state, location(state, event.path), promise);
    define(state, promise);
    return one(std::move(state));
  }
  case EventKind::Once: {
    Term flag = argumentLocation(state, 0);
    Term callable = value(state, event.value);
    std::vector<Term> args;
    for (std::size_t i = 1; i < event.args.size(); ++i)
      args.push_back(argument(state, i));
    // The body runs once, under a lock of its own, before anybody who passed the call.
    std::vector<Target> targets = engine_.targets(callable, args);
    State inside = state;
    inside.held.push_back(HeldLock{terms_.field(flag, kNone - 3), LockMode::Exclusive, 1, false, witnessHere(state)});
    States done;
    if (!targets.empty())
      callTargets(std::move(inside), targets, done);
    else
      done.push_back(std::move(inside));
    if (!targets.empty())
      done.push_back(std::move(state)); // somebody else ran it
    for (State &s : done) {
      std::erase_if(s.held, [&](const HeldLock &h) { return h.lock == terms_.field(flag, kNone - 3); });
      order(s, flag, true, true);
      define(s, terms_.integer(0));
      out.push_back(std::move(s));
    }
    return;
  }
  case EventKind::NoReturn:
    if (event.number == 1)
      addExit(ExitKind::ThreadExit, state, kUnknownTerm);
    return;
  case EventKind::Block: case EventKind::Suspend: case EventKind::Fork:
    havocShared(state);
    define(state, freshHere());
    return one(std::move(state));
  case EventKind::SemInit: case EventKind::BarrierInit: case EventKind::SignalHandler: case EventKind::Fence:
    define(state, terms_.integer(0));
    return one(std::move(state));
  case EventKind::ScopeEnd: {
    return one(std::move(state));
  }
  }
}

} // namespace threadlint
