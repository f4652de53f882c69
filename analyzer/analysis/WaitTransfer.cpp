// WaitTransfer: steps that wait for another thread, steps that let one go on, and calls of callables nobody knows.
#include "analyzer/analysis/Frame.h"

namespace threadlint {
namespace {
constexpr std::size_t kMaxNeeds = 16;
} // namespace

/// The lock that stands for running what a once flag or a static local guards.
Term Frame::guardLock(Term guarded) { return terms_.field(guarded, kGuardField); }

bool isGuardLock(const Terms &terms, Term lock) {
  return terms[lock].kind == TermKind::Field && terms[lock].b == kGuardField;
}

/// `own`: locks that the wait itself gives back while it lasts.
void Frame::recordWait(const State &state, WaitKind kind, Term object,
                       const std::vector<Term> &own) {
  if (!isRecording_ || object == kUnknownTerm || out_.waits.size() >= limits_.spawns)
    return;
  Context context = engine_.context(contextOf(state));
  for (Term lock : own)
    if (std::erase_if(context.held, [&](const HeldLock &h) { return h.lock == lock; }) == 0)
      insertSorted(context.released, lock); // a caller holds it
  ContextId id = engine_.intern(std::move(context));
  if (seenWait_.emplace(static_cast<int>(kind), object, id, event_->range.line).second)
    out_.waits.push_back(Wait{kind, object, id, witnessHere(state), own});
}

/// Atomic and volatile locations that this block, or the only way to it, changes before the event without a lock operation between.
std::vector<Term> Frame::changedJustBefore(const State &state) {
  constexpr int kMaxBlocks = 3;
  std::vector<PathId> changed;
  BlockId block = block_;
  std::size_t end = index_;
  bool isBlocked = false;
  for (int i = 0; i < kMaxBlocks && !isBlocked; ++i) {
    const std::vector<Event> &events = facts_.blocks[block].events;
    for (std::size_t at = end; at-- > 0 && !isBlocked;)
      switch (events[at].kind) {
      case EventKind::Write:
      case EventKind::ReadWrite:
        if (events[at].flags & (Flag::Atomic | Flag::Volatile))
          changed.push_back(events[at].path);
        break;
      case EventKind::Read:
      case EventKind::Define:
      case EventKind::ScopeEnd:
      case EventKind::Notify:
      case EventKind::HandleJoinable:
        break;
      default:
        isBlocked = true;
      }
    BlockId before = kNone;
    for (BlockId from = 0; from < facts_.blocks.size() && !isBlocked; ++from)
      for (const Edge &edge : facts_.blocks[from].edges)
        if (edge.target == block) {
          isBlocked |= before != kNone && before != from;
          before = from;
        }
    if (before == kNone)
      break;
    block = before;
    end = facts_.blocks[block].events.size();
  }
  std::vector<Term> result;
  if (changed.empty())
    return result;
  State here = state;
  for (PathId path : changed)
    if (Term at = location(here, path); at != kUnknownTerm)
      insertSorted(result, at);
  return result;
}

void Frame::recordSignal(const State &state, WaitKind kind, Term object) {
  if (!isRecording_ || object == kUnknownTerm ||
      !hasRoom(out_.signals.size(), limits_.spawns, Cut::Signals))
    return;
  ContextId id = contextOf(state);
  if (!seenSignal_.emplace(static_cast<int>(kind), object, id, event_->range.line).second)
    return;
  out_.signals.push_back(
      Signal{kind, object, state.needs, id, witnessHere(state),
             kind == WaitKind::Condition ? changedJustBefore(state) : std::vector<Term>{}});
}

void Frame::recordCallback(State &state, const std::vector<Term> &args) {
  bool isVirtual = (event_->flags & Flag::Virtual) != 0 && !args.empty();
  Term callable = event_->value != kNone ? value(state, event_->value)
                  : isVirtual            ? args[0]
                                         : kUnknownTerm;
  if (!isRecording_ || callable == kUnknownTerm || out_.callbacks.size() >= limits_.spawns)
    return;
  const TermNode &node = terms_[callable];
  if (node.kind != TermKind::Init && node.kind != TermKind::Address)
    return; // a parameter or a result: its owner knows what it may do
  ContextId id = contextOf(state);
  if (seenWait_.emplace(-1, node.a, id, event_->range.line).second)
    out_.callbacks.push_back(Callback{callable, node.a, args, id, witnessHere(state)});
}

/// Notes a lock or thread that is surely behind this state.
void Frame::take(State &state, Term what) {
  if (what != kUnknownTerm && state.needs.size() < kMaxNeeds)
    insertSorted(state.needs, what);
}

/// The live threads that a handle or what it holds names.
std::vector<Term> Frame::threadsOf(const State &state, Term handle, Term content) const {
  auto base = [&](Term t) { return terms_.withoutElements(t); };
  std::vector<Term> named{content};
  if (content != kUnknownTerm && terms_[content].kind == TermKind::Phi)
    named = terms_.inputs(content);
  std::vector<Term> result;
  for (const LiveThread &live : state.live) {
    bool isNamed = std::find(named.begin(), named.end(), live.thread) != named.end();
    if (!isNamed && handle != kUnknownTerm && live.handle != kUnknownTerm) {
      bool oneOfMany = terms_[handle].kind == TermKind::Element ||
                       (base(handle) != handle && terms_[live.handle].kind == TermKind::Element);
      isNamed = live.handle == handle || (oneOfMany && base(live.handle) == base(handle));
    }
    if (isNamed)
      result.push_back(live.thread);
  }
  return result;
}

void Frame::waitForThreads(State &state, Term handle, Term content) {
  std::vector<Term> threads = threadsOf(state, handle, content);
  for (Term thread : threads)
    recordWait(state, WaitKind::Join, thread);
  if (threads.size() == 1)
    take(state, threads[0]);
  if (!threads.empty())
    return;
  if (handle != kUnknownTerm)
    recordWait(state, WaitKind::Join, terms_.address(handle));
  else if (content != kUnknownTerm && terms_[content].kind != TermKind::Int)
    recordWait(state, WaitKind::Join, content);
}

/// The waits, signals and unknown calls of a callee, in this frame's terms.
void Frame::addWaits(const Summary &callee, const State &before,
                     const std::function<Term(Term)> &translate,
                     const std::function<ContextId(ContextId)> &contextFor,
                     const std::function<WitnessId(WitnessId)> &witnessFor) {
  for (const Wait &wait : callee.waits) {
    if (out_.waits.size() >= limits_.spawns)
      break;
    std::vector<Term> objects{translate(wait.object)};
    if (wait.kind == WaitKind::Join && objects[0] != kUnknownTerm &&
        terms_[objects[0]].kind != TermKind::Thread) {
      Term handle =
          terms_[objects[0]].kind == TermKind::Address ? terms_[objects[0]].a : kUnknownTerm;
      Term content = handle != kUnknownTerm ? load(before, handle) : objects[0];
      if (std::vector<Term> threads = threadsOf(before, handle, content); !threads.empty())
        objects = threads;
    }
    ContextId context = contextFor(wait.context);
    std::vector<Term> own;
    for (Term lock : wait.own)
      own.push_back(translate(lock));
    for (Term object : objects)
      if (object != kUnknownTerm &&
          seenWait_.emplace(static_cast<int>(wait.kind), object, context, event_->range.line)
              .second)
        out_.waits.push_back(Wait{wait.kind, object, context, witnessFor(wait.witness), own});
  }
  for (const Signal &signal : callee.signals) {
    Term object = translate(signal.object);
    ContextId context = contextFor(signal.context);
    if (object == kUnknownTerm || !hasRoom(out_.signals.size(), limits_.spawns, Cut::Signals) ||
        !seenSignal_.emplace(static_cast<int>(signal.kind), object, context, event_->range.line)
             .second)
      continue;
    Signal mine{signal.kind, object, before.needs, context, witnessFor(signal.witness), {}};
    if (signal.kind == WaitKind::Condition && signal.needs.empty() && signal.changed.empty())
      mine.changed = changedJustBefore(before); // the callee does nothing but notify
    for (Term changed : signal.changed)
      if (Term t = translate(changed); t != kUnknownTerm)
        insertSorted(mine.changed, t);
    for (Term need : signal.needs)
      if (Term t = translate(need); t != kUnknownTerm && mine.needs.size() < kMaxNeeds)
        insertSorted(mine.needs, t);
    out_.signals.push_back(std::move(mine));
  }
  for (const Callback &callback : callee.callbacks) {
    Term place = translate(callback.place);
    ContextId context = contextFor(callback.context);
    if (place != kUnknownTerm && out_.callbacks.size() < limits_.spawns &&
        seenWait_.emplace(-1, place, context, event_->range.line).second) {
      Callback mine{translate(callback.callable), place, callback.args, context,
                    witnessFor(callback.witness)};
      for (Term &arg : mine.args)
        arg = translate(arg);
      out_.callbacks.push_back(std::move(mine));
    }
  }
  for (const auto &[semaphore, count] : callee.permits)
    if (Term mine = translate(semaphore); mine != kUnknownTerm)
      addPermits(mine, count);
}

void Frame::addPermits(Term semaphore, std::int64_t count) {
  std::pair<Term, std::int64_t> permit{semaphore, count};
  if (out_.permits.size() < limits_.spawns &&
      std::find(out_.permits.begin(), out_.permits.end(), permit) == out_.permits.end())
    out_.permits.push_back(permit);
}

/// The body of a once flag or of a static local's initialiser begins: under a lock of its own.
void Frame::enterGuarded(State &state, Term guarded) {
  Term posted = terms_.make(TermKind::Op, 0, 0, kPostedToken, {terms_.address(guarded)});
  if (!containsSorted(state.order, posted)) // it has run already
    acquire(state, guardLock(guarded), LockMode::Exclusive, false, 0);
}

void Frame::leaveGuarded(State &state, Term guarded) {
  std::erase_if(state.held, [&](const HeldLock &h) { return h.lock == guardLock(guarded); });
}

void Frame::once(State state, States &out) {
  const Event &event = *event_;
  Term flag = argumentLocation(state, 0);
  Term callable = value(state, event.value);
  std::vector<Term> args;
  for (std::size_t i = 1; i < event.args.size(); ++i)
    args.push_back(argument(state, i));
  // The body runs once, under a lock of its own, before anybody who passed the call.
  std::vector<Target> targets = engine_.targets(callable, args);
  State inside = state;
  enterGuarded(inside, flag);
  States done;
  if (!targets.empty())
    callTargets(std::move(inside), targets, done);
  else
    done.push_back(std::move(inside));
  if (!targets.empty())
    done.push_back(std::move(state)); // somebody else ran it
  for (State &s : done) {
    leaveGuarded(s, flag);
    order(s, flag, true, true);
    if (event.result != kNone)
      s.memory[temporary(event.result)] = terms_.integer(0);
    out.push_back(std::move(s));
  }
}

/// What names a promise wherever it was moved: what it holds, or its place.
Term Frame::promiseAt(const State &state, Term place) {
  Term held = load(state, place);
  if (held == kUnknownTerm || held == terms_.init(place))
    return place;
  switch (terms_[held].kind) {
  case TermKind::Closure: // a packaged task
  case TermKind::Function:
  case TermKind::Bind:
    return place;
  default:
    break;
  }
  Term made = terms_.deref(held);
  return made != kUnknownTerm ? made : place;
}

/// Condition variables, semaphores, latches, barriers, promises, futures, once flags and static locals.
void Frame::synchronise(State state, States &out) {
  const Event &event = *event_;
  const bool mayFail = (event.flags & (Flag::Try | Flag::Timed)) != 0;
  auto finish = [&](Term result) {
    if (event.result != kNone)
      state.memory[temporary(event.result)] = result;
    out.push_back(std::move(state));
  };
  switch (event.kind) {
  case EventKind::Wait: {
    Term variable = argumentLocation(state, 0);
    const std::vector<Term> own = mutexesOfWait(state);
    if (!mayFail && !own.empty())
      recordWait(state, WaitKind::Condition, variable, own);
    wait(state);
    return finish(mayFail ? freshHere() : terms_.integer(0)); // it fails only where it is misused
  }
  case EventKind::Notify: {
    Term variable = argumentLocation(state, 0);
    recordSignal(state, WaitKind::Condition, variable);
    order(state, variable, false, true);
    return finish(terms_.integer(0)); // the same
  }
  case EventKind::SemWait: {
    Term semaphore = argumentLocation(state, 0);
    if (!mayFail)
      recordWait(state, WaitKind::Semaphore, semaphore);
    order(state, semaphore, true, false);
    if (mayBeLock(semaphore))
      return takePermit(std::move(state), semaphore, out);
    return finish(mayFail ? freshHere() : terms_.integer(0));
  }
  case EventKind::SemInit:
    addPermits(argumentLocation(state, 0), event.number);
    return finish(terms_.integer(0));
  case EventKind::SemPost:
  case EventKind::LatchArrive:
  case EventKind::PromiseSet: {
    Term object = argumentLocation(state, 0);
    if (event.kind == EventKind::PromiseSet)
      object = promiseAt(state, object);
    recordSignal(state,
                 event.kind == EventKind::SemPost       ? WaitKind::Semaphore
                 : event.kind == EventKind::LatchArrive ? WaitKind::Latch
                                                        : WaitKind::Future,
                 object);
    order(state, object, false, true);
    if (event.kind == EventKind::SemPost && mayBeLock(object))
      givePermit(state, object);
    return finish(terms_.integer(0));
  }
  case EventKind::LatchWait: {
    Term latch = argumentLocation(state, 0);
    recordWait(state, WaitKind::Latch, latch);
    order(state, latch, true, false);
    out.push_back(std::move(state));
    return;
  }
  case EventKind::BarrierWait: {
    Term barrier = argumentLocation(state, 0);
    recordWait(state, WaitKind::Barrier, barrier);
    recordSignal(state, WaitKind::Barrier, barrier);
    passBarrier(state, barrier);
    return finish(freshHere());
  }
  case EventKind::FutureGet: {
    Term handle = event.path != kNone ? location(state, event.path) : argumentLocation(state, 0);
    Term content = load(state, handle);
    // The result of a promise; std::async's is that of a thread.
    bool isPromise = content != kUnknownTerm && terms_[content].kind != TermKind::Thread;
    bool isAddress = isPromise && terms_[content].kind == TermKind::Address;
    Term promise = isPromise ? terms_.deref(content) : kUnknownTerm;
    if (!mayFail) {
      if (!isAddress)
        waitForThreads(state, handle, content);
      if (isPromise)
        recordWait(state, WaitKind::Future, promise);
    }
    removeThreads(state, handle, content, false);
    if (promise != kUnknownTerm) {
      havocShared(state);
      orderByWait(state, promise,
                  promise); // one thread gives the result, whichever of several equal ones
    } else {
      order(state, handle, true, false);
    }
    return finish(freshHere());
  }
  case EventKind::FutureFrom: {
    Term promise = terms_.address(promiseAt(state, argumentLocation(state, 0)));
    if (event.path != kNone) {
      Term future = location(state, event.path);
      store(state, future, promise);
      recordStore(future, promise);
    }
    return finish(promise);
  }
  case EventKind::StaticBegin:
    enterGuarded(state, location(state, event.path));
    out.push_back(std::move(state));
    return;
  case EventKind::StaticEnd:
    leaveGuarded(state, location(state, event.path));
    out.push_back(std::move(state));
    return;
  default:
    return once(std::move(state), out);
  }
}

} // namespace threadlint
