// Transfer: what each event does to a state, and the effects it adds to the summary.
#include "analyzer/analysis/Frame.h"

namespace threadlint {
namespace {
bool holdsPointer(const Terms &terms, Term value) {
  if (value == kUnknownTerm)
    return false;
  switch (terms[value].kind) {
  case TermKind::Op:
    return terms[value].n == kSelf;
  case TermKind::Int:
  case TermKind::Thread:
  case TermKind::Unknown:
    return false;
  default:
    return true;
  }
}

bool isSynchronised(TypeClass cls) {
  switch (cls) {
  case TypeClass::Lock:
  case TypeClass::CondVar:
  case TypeClass::Semaphore:
  case TypeClass::Barrier:
  case TypeClass::Latch:
  case TypeClass::OnceFlag:
  case TypeClass::Stream:
  case TypeClass::Guard:
  case TypeClass::StopToken:
  case TypeClass::Thread:
  case TypeClass::JThread:
  case TypeClass::LockAttribute:
  case TypeClass::ThreadAttribute:
  case TypeClass::Future:
  case TypeClass::Promise:
    return true;
  case TypeClass::Other:
  case TypeClass::Integer:
  case TypeClass::Bool:
  case TypeClass::Enum:
  case TypeClass::Pointer:
  case TypeClass::Record:
  case TypeClass::Array:
  case TypeClass::Function:
  case TypeClass::Callable:
  case TypeClass::SmartPointer:
  case TypeClass::Container:
  case TypeClass::Iterator:
    return false;
  }
  return false;
}
} // namespace

ContextId Frame::contextOf(const State &state) {
  auto sameHeld = [](const HeldLock &a, const HeldLock &b) {
    return a.lock == b.lock && a.mode == b.mode && a.may == b.may;
  };
  const Context &last = engine_.context(lastContext_);
  if (!isInChild(state) &&
      std::equal(last.held.begin(), last.held.end(), state.held.begin(), state.held.end(),
                 sameHeld) &&
      last.live == state.live && last.released == state.released && last.joined == state.joined &&
      last.order == state.order && last.ended == state.ended && last.past == state.past)
    return lastContext_;
  Context context;
  context.held = state.held;
  context.released = state.released;
  context.live = state.live;
  context.joined = state.joined;
  context.order = state.order;
  context.ended = state.ended;
  context.past = state.past;
  if (isInChild(state)) {
    insertSorted(context.order, inChildToken(terms_));
    return engine_.intern(std::move(context));
  }
  return lastContext_ = engine_.intern(std::move(context));
}

WitnessId Frame::witnessHere(const State &state, WitnessId next) {
  return engine_.witness(id_, event_ ? event_->range : SourceRange{}, next, heldTerms(state));
}

/// A lock of the same class, one for all: where only the class matters, the many objects would cost too much.
Term Frame::anyOfClass(Term lock) {
  lock = terms_.withoutElements(lock);
  if (terms_[lock].kind != TermKind::Field)
    return lock;
  const FieldId field = terms_[lock].b;
  Term object = terms_.withoutElements(terms_[lock].a);
  Term any =
      terms_.deref(terms_.fresh(engine_.site(0, SiteKind::Argument, kNone, kNone), kGlobalChain));
  return terms_.field(
      terms_[object].kind == TermKind::Field ? terms_.field(any, terms_[object].b) : any, field);
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
  if (!isRecording_ || !holdsPointer(terms_, stored))
    return;
  if (terms_[at].kind == TermKind::Result)
    return;
  if (seenStore_.emplace(at, stored).second &&
      hasRoom(out_.stores.size(), limits_.stores, Cut::Stores))
    out_.stores.push_back(PointerStore{at, stored});
}

/// What was stored in variables and temporaries that nobody else ever saw died with them.
void Frame::dropLocalStores() {
  std::erase_if(out_.stores, [&](const PointerStore &stored) {
    Term root = terms_.root(stored.location);
    const TermNode &node = terms_[root];
    bool isLocal = (node.kind == TermKind::Variable && node.b == 0) ||
                   (node.kind == TermKind::Object && node.b == 0 &&
                    engine_.siteInfo(node.a).kind == SiteKind::Temporary);
    return isLocal && !everEscaped_.count(root);
  });
}

void Frame::access(State &state, Term at, bool isWrite, std::uint32_t flags) {
  if (!isRecording_ || at == kUnknownTerm || isOwned(state, at) ||
      containsSorted(state.soleOwner, terms_.root(at)))
    return;
  const bool isHandle = (flags & Flag::Handle) != 0;
  const TermNode &node = terms_[at];
  Term root = terms_.root(at);
  const TermNode &rootNode = terms_[root];
  if (rootNode.kind == TermKind::Variable) {
    const VarFacts &var = program_.vars[rootNode.a];
    if (var.type.isAtomic)
      flags |= Flag::Atomic; // a member of an atomic object
    if (var.kind == VarKind::ThreadLocal || (!isHandle && isSynchronised(var.type.cls)))
      return;
    bool isOpenRecord = var.external && node.kind == TermKind::Field; // a getter may lead to it
    if (!isHandle && !program_.varWritten[rootNode.a] && !var.addressTaken && !isWrite &&
        !isOpenRecord)
      return;
  }
  if (node.kind == TermKind::Field && !isHandle) {
    if (!isWrite && !program_.fieldWritten[node.b])
      return;
    if (isSynchronised(program_.fields[node.b].type.cls))
      return;
  }
  Access access;
  access.location = at;
  access.isWrite = isWrite;
  access.flags = flags & (Flag::Atomic | Flag::Mutator | Flag::Initialization | Flag::Volatile |
                          Flag::Static | Flag::Handle | Flag::Opaque);
  ContextId context = contextOf(state);
  if (passesBarrier_ && !state.facts.empty()) {
    Context inRole = engine_.context(context);
    addRoles(state, inRole.order);
    context = engine_.intern(std::move(inRole));
  }
  access.context = guardTaken(state, at, context);
  if (!isNewAccess(access, event_->range.line))
    return;
  access.witness = witnessHere(state);
  out_.accesses.push_back(access);
}

void Frame::transfer(State state, States &out) {
  const Event &event = *event_;
  if (event.kind == EventKind::Wait)
    waitWith(state);
  auto one = [&](State s) { out.push_back(std::move(s)); };
  auto define = [&](State &s, Term result) {
    if (event.result != kNone)
      s.memory[temporary(event.result)] = result;
  };
  switch (event.kind) {
  case EventKind::Read: {
    throughNull_ = false;
    Term at = location(state, event.path);
    if (throughNull_)
      return; // nothing runs on after a null pointer was followed
    access(state, at, false, event.flags);
    if (event.flags & Flag::Atomic) {
      if (at != kUnknownTerm && (event.order != Order::Relaxed || hasFence_) &&
          state.order.size() < kMaxOrderTokens)
        insertSorted(state.order,
                     terms_.make(TermKind::Op, 0, 0, kWaitedToken + 2, {terms_.address(at)}));
      // Another read may see another value.
      if (event.result != kNone)
        define(state, load(state, at));
    }
    return one(std::move(state));
  }
  case EventKind::Write:
  case EventKind::ReadWrite:
  case EventKind::Define: {
    throughNull_ = false;
    Term at = location(state, event.path);
    if (throughNull_ && event.kind != EventKind::Define)
      return;
    Term stored = kUnknownTerm;
    if (event.value != kNone && event.kind != EventKind::ReadWrite)
      stored = value(state, event.value);
    bool isRecordCopy = event.value != kNone && facts_.values[event.value].kind == ValueKind::Load;
    if (event.flags & Flag::Static) {
      // A static's first value, given before anything runs: what it is now, nobody knows, and tables of them are long.
      bool isText = event.value != kNone && facts_.values[event.value].kind == ValueKind::String;
      if (isText || (stored != kUnknownTerm && terms_[stored].kind == TermKind::Int))
        return one(std::move(state));
      if (at != terms_.withoutElements(terms_.withoutFields(at)) && stored != kUnknownTerm &&
          terms_[stored].kind == TermKind::Function) {
        recordStore(at, stored);
        return one(std::move(state));
      }
    }
    if (event.kind != EventKind::Define) {
      access(state, at, true, event.flags);
      if ((event.flags & Flag::Atomic) && at != kUnknownTerm &&
          (event.order != Order::Relaxed || hasFence_))
        order(state, at, event.kind == EventKind::ReadWrite, true);
      if (!(event.flags & (Flag::Atomic | Flag::Static)) && !state.held.empty() &&
          stored != kUnknownTerm && terms_[stored].kind == TermKind::Int && terms_[stored].n != 0 &&
          at != kUnknownTerm && engine_.raisedIn(at) == terms_[stored].n)
        order(state, at, false, true);
      if (isFree())
        return one(std::move(state));
    }
    if (at != kUnknownTerm && event.kind != EventKind::Define && isSpinStep()) {
      if (facts_.values[event.value].number != 0)
        return takeSpinLock(std::move(state), at, out);
      clearSpinLock(state, at);
    }
    if (event.flags & Flag::Mutator) {
      if (event.kind != EventKind::Define) {
        insertElement(state, at, stored);
        return one(std::move(state));
      }
    }
    if (stored == kUnknownTerm || terms_[stored].kind != TermKind::Int ||
        event.kind == EventKind::ReadWrite) {
      Term fresh = freshHere();
      if (stored == kUnknownTerm) {
        renew(state, fresh);
        stored = fresh;
      }
    }
    Term source = isRecordCopy ? location(state, facts_.values[event.value].path) : kUnknownTerm;
    if (event.kind != EventKind::Define)
      takeOut(state, at, stored);
    if (terms_[at].kind == TermKind::Element && terms_[at].b == kUnknownTerm)
      if (auto earlier = state.memory.find(at); // only the last one can be named
          earlier != state.memory.end() && earlier->second != stored)
        findThrough(state, at, earlier->second);
    store(state, at, stored);
    if (source != kUnknownTerm && source != at)
      copyRecord(state, at, source);
    // Stored where others can reach it: reachable from here on.
    Term root = terms_.root(at);
    bool ownsThisPart = ownsThis_ && isThisObject(root);
    if ((!isFrameObject(root) && !ownsThisPart) || containsSorted(state.escaped, root))
      escape(state, stored);
    if (event.kind != EventKind::Define || isFrameObject(root))
      recordStore(at, stored);
    if (event.result != kNone)
      define(state, event.kind != EventKind::ReadWrite ? stored
                    : event.number == -1 && at != kUnknownTerm
                        ? terms_.make(TermKind::Op, 0, 0, kCountdownToken,
                                      {terms_.address(at), freshHere(62)})
                        : freshHere(62));
    return one(std::move(state));
  }
  case EventKind::Alloc:
    return allocate(std::move(state), out);
  case EventKind::Free:
    if (Term object = terms_.deref(value(state, event.value)); object != kUnknownTerm)
      for (const HeldLock &held : state.held)
        if (terms_.root(held.lock) == object && terms_[held.lock].kind == TermKind::Field) {
          notePassed(state, kEndedToken, object);
          break;
        }
    return one(std::move(state));
  case EventKind::Acquire: {
    std::vector<Term> locks;
    for (std::size_t i = 0; i < event.args.size(); ++i) {
      Term lock = argumentLocation(state, i);
      if (GuardState *guard = findGuard(state, lock)) // std::lock(deferredA, deferredB)
        locks.insert(locks.end(), guard->locks.begin(), guard->locks.end());
      else
        locks.push_back(lock);
    }
    return acquireEvent(std::move(state), locks, kUnknownTerm, out);
  }
  case EventKind::Release:
    return releaseEvent(std::move(state), out);
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
        auto it = attribute == kUnknownTerm ? state.memory.end()
                                            : state.memory.find(terms_.field(attribute, kNone - 2));
        if (it != state.memory.end() && terms_[it->second].kind == TermKind::Int)
          setup.attribute = fromKind(static_cast<LockKind>(terms_[it->second].n));
        else if (it != state.memory.end() && terms_[it->second].kind == TermKind::Phi)
          setup.attribute = fromKind(kindAmong(it->second));
        else if (attribute != kUnknownTerm && isFrameObject(terms_.root(attribute)))
          setup.attribute = LockAttribute::Normal; // initialised, its type never set
      }
    }
    if (isRecording_ && seenSetup_.emplace(setup.lock, static_cast<int>(setup.attribute)).second)
      out_.setups.push_back(setup);
    noteLockInit(state, setup.lock);
    define(state, terms_.integer(0));
    return one(std::move(state));
  }
  case EventKind::LockDestroy:
    if (LockSetup end{anyOfClass(argumentLocation(state, 0)), LockAttribute::Normal, true};
        isRecording_ && end.lock != kUnknownTerm && seenSetup_.emplace(end.lock, -1).second)
      out_.setups.push_back(end);
    if (Term owner = ownerOf(argumentLocation(state, 0)); owner != kUnknownTerm)
      notePassed(state, kEndedToken, owner);
    define(state, terms_.integer(0));
    return one(std::move(state));
  case EventKind::AttributeSet: {
    Term attribute = argumentLocation(state, 0);
    if (event.number == 1)
      state.memory[terms_.field(attribute, kNone - 1)] = terms_.integer(1);
    else
      state.memory[terms_.field(attribute, kNone - 2)] =
          terms_.integer(static_cast<std::int64_t>(event.lockKind));
    define(state, terms_.integer(0));
    return one(std::move(state));
  }
  case EventKind::GuardInit: {
    Term guard = location(state, event.path);
    std::vector<Term> locks;
    for (std::size_t i = 0; i < event.args.size(); ++i)
      locks.push_back(lockBehind(argumentLocation(state, i)));
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
    throughNull_ = false;
    Term guard = location(state, event.path);
    if (throughNull_) // an empty optional
      return one(std::move(state));
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
  case EventKind::GuardMove:
  case EventKind::GuardSwap: {
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
    std::erase_if(state.guards,
                  [&](const GuardState &g) { return g.guard == from || g.guard == to; });
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
    define(state, known && known->engaged != Engaged::Maybe
                      ? terms_.integer(known->engaged == Engaged::Yes)
                      : freshHere());
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
        state.guards.insert(std::lower_bound(state.guards.begin(), state.guards.end(), moved),
                            moved);
        result = moved.locks.size() == 1 ? terms_.address(moved.locks[0]) : kUnknownTerm;
      }
      if (result != kUnknownTerm && terms_[result].kind == TermKind::Thread)
        for (LiveThread &live : state.live)
          if (live.thread == result)
            live.handle = self;
    }
    state.memory[terms_.result()] = result != kUnknownTerm ? result : freshHere();
    state.returnedAt = witnessHere(state);
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
  case EventKind::HandleMove:
    moveHandle(state);
    return one(std::move(state));
  case EventKind::HandleDestroy:
    destroyHandle(state, location(state, event.path));
    return one(std::move(state));
  case EventKind::HandleJoinable: {
    Term handle = location(state, event.path);
    access(state, handle, false, Flag::Handle);
    Term content = load(state, handle);
    for (const LiveThread &live : state.live)
      if (live.thread == content)
        content = terms_.integer(live.joinable);
    if (content == kUnknownTerm)
      content = freshHere();
    define(state, content); // what it holds, or nothing
    if (handle != kUnknownTerm && terms_[content].kind != TermKind::Int)
      testedHandles_[content] = handle;
    return one(std::move(state));
  }
  case EventKind::Wait:
  case EventKind::Notify:
  case EventKind::SemWait:
  case EventKind::SemPost:
  case EventKind::SemInit:
  case EventKind::LatchArrive:
  case EventKind::LatchWait:
  case EventKind::BarrierWait:
  case EventKind::PromiseSet:
  case EventKind::FutureGet:
  case EventKind::FutureFrom:
  case EventKind::Once:
  case EventKind::StaticBegin:
  case EventKind::StaticEnd:
    return synchronise(std::move(state), out);
  case EventKind::NoReturn:
    if (event.number == 1)
      addExit(ExitKind::ThreadExit, state, kUnknownTerm);
    return;
  case EventKind::Fork:
    engine_.forks = true;
    havocShared(state);
    define(state, terms_.make(TermKind::Op, 0, 0, kForkToken, {freshHere()}));
    return one(std::move(state));
  case EventKind::Block:
  case EventKind::Suspend:
    havocShared(state);
    define(state, freshHere());
    return one(std::move(state));
  case EventKind::BarrierInit:
  case EventKind::SignalHandler:
  case EventKind::Fence:
    define(state, terms_.integer(0));
    return one(std::move(state));
  case EventKind::ScopeEnd: {
    return one(std::move(state));
  }
  }
}

} // namespace threadlint
