// Parallelism: which steps of a thread model may happen in parallel, and what orders them.
#include "analyzer/analysis/Frame.h"
#include "analyzer/analysis/Rounds.h"
#include "analyzer/analysis/ThreadModel.h"

namespace threadlint {

/// Whether a thread alone keeps its handle in a place: joining what is there joins this thread.
bool ThreadModel::isOnlyOne(ThreadId id, Term handle) const {
  const ThreadInstance &t = threads[id];
  auto keeps = [&](ThreadId o) {
    const std::vector<Term> &own = threads[o].selfHandles;
    return threads[o].handle == handle || std::find(own.begin(), own.end(), handle) != own.end();
  };
  return handle != kUnknownTerm && !t.parallelWithItself && t.spawnContexts.size() <= 1 &&
         std::none_of(trees[t.tree].threads.begin(), trees[t.tree].threads.end(),
                      [&](ThreadId o) { return o != id && keeps(o); });
}

bool ThreadModel::isJoined(ThreadId id, const Context &context) const {
  if (context.joined.empty())
    return false;
  Terms &terms = engine_.terms;
  auto isIn = [&](Term handle) {
    return isOnlyOne(id, handle) &&
           std::any_of(context.joined.begin(), context.joined.end(), [&](Term t) {
             return t == terms.address(handle) || t == terms.init(handle);
           });
  };
  const ThreadInstance &t = threads[id];
  return (t.kind == RootKind::Spawned && isIn(t.handle)) ||
         std::any_of(t.selfHandles.begin(), t.selfHandles.end(), isIn) ||
         (!t.parallelWithItself && t.spawnContexts.size() <= 1 &&
          containsSorted(context.joined, terms.selfOf(id)));
}

/// Whether a thread may run on after the one that started it has ended.
bool ThreadModel::isLeftOver(ThreadId id) const {
  leftOver_.resize(threads.size());
  if (std::optional<bool> &known = leftOver_[id]; known)
    return *known;
  const ThreadInstance &parent = threads[threads[id].parent];
  const bool isLeft =
      std::any_of(parent.exitContexts.begin(), parent.exitContexts.end(), [&](ContextId exit) {
        return findLive(threads[id].thread, exit) ||
               containsSorted(engine_.context(exit).ended, threads[id].thread);
      });
  leftOver_[id] = isLeft;
  return isLeft;
}

/// Locks that a creator holds for as long as a thread runs. Where the creator gives one back, the thread must have ended.
void ThreadModel::findInherited() {
  if (engine_.cuts.count(Cut::Releases))
    return; // a lock may have been given back unseen
  struct Candidate {
    Term lock = 0;
    ThreadId owner = 0;
    std::vector<ContextId> open, closed; ///< releases: the thread may run, or has ended
  };
  std::vector<std::vector<Candidate>> candidates(threads.size());
  for (ThreadId id = 0; id < threads.size(); ++id) { // a parent stands before its children
    ThreadInstance &born = threads[id];
    if (born.parent == kNoThread || born.spawnContexts.empty())
      continue;
    bool isLeft = isLeftOver(id);
    for (const Candidate &outer : candidates[born.parent]) {
      Candidate mine{outer.lock, outer.owner, {}, {}};
      for (bool wasOpen : {true, false})
        for (ContextId release : wasOpen ? outer.open : outer.closed)
          ((wasOpen || isLeft) && !isJoined(id, engine_.context(release)) ? mine.open : mine.closed)
              .push_back(release);
      candidates[id].push_back(std::move(mine));
    }
    for (const HeldLock &held : engine_.context(born.spawnContexts[0]).held) {
      bool always =
          !held.may && held.mode == LockMode::Exclusive && engine_.terms.isDefinite(held.lock);
      for (ContextId context : born.spawnContexts)
        always &=
            std::any_of(engine_.context(context).held.begin(), engine_.context(context).held.end(),
                        [&](const HeldLock &h) { return h.lock == held.lock && !h.may; });
      if (!always)
        continue;
      Candidate mine{held.lock, born.parent, {}, {}};
      for (const Exposure &exposure : threads[born.parent].exposed)
        if (exposure.thread == born.thread && exposure.lock == held.lock)
          (exposure.isEnded ? mine.closed : mine.open).push_back(exposure.context);
      candidates[id].push_back(std::move(mine));
    }
    for (const Candidate &candidate : candidates[id])
      if (candidate.open.empty())
        born.inherited.emplace_back(candidate.lock, candidate.owner);
  }
}

const LiveThread *ThreadModel::findLive(Term thread, ContextId context) const {
  for (const LiveThread &live : engine_.context(context).live)
    if (live.thread == thread)
      return &live;
  return nullptr;
}

/// Whether the last thread of a chain may run where its ancestor at `i` is `live`, or no more, in `context` of their parent.
bool ThreadModel::mayStillRun(const std::vector<ThreadId> &chain, std::size_t i, ContextId context,
                              const LiveThread *live) const {
  if (live)
    return true;
  if (i + 1 == chain.size() ||
      !containsSorted(engine_.context(context).ended, threads[chain[i]].thread))
    return false;
  for (++i; i < chain.size(); ++i) // joined; but its children may have outlived it
    if (!isLeftOver(chain[i]))
      return false;
  return true;
}

void ThreadModel::findPaths() {
  paths_.resize(threads.size());
  repeats_.assign(threads.size(), false);
  surelyRepeats_.assign(threads.size(), false);
  for (ThreadId id = 0; id < threads.size(); ++id) {
    for (ThreadId up = id; up != kNoThread; up = threads[up].parent) {
      paths_[id].push_back(up);
      repeats_[id] = repeats_[id] || threads[up].parallelWithItself;
      surelyRepeats_[id] = surelyRepeats_[id] || threads[up].surelyRepeats;
    }
    std::reverse(paths_[id].begin(), paths_[id].end());
    for (WitnessId step = threads[id].spawnWitness; step != kNoWitness;
         step = engine_.witness(step).next)
      threads[id].spawnSteps.try_emplace(engine_.witness(step).function,
                                         engine_.witness(step).range);
  }
}

ThreadModel::Relation ThreadModel::parallel(ThreadId a, ContextId inA, ThreadId b,
                                            ContextId inB) const {
  if (threads[a].tree != threads[b].tree || areApartByFork(a, inA, b, inB))
    return Relation::No;
  if (a == b)
    return repeats_[a] ? surelyRepeats_[a] ? Relation::Threads : Relation::Maybe
           : threads[a].kind == RootKind::Interface && !threads[a].isStartup ? Relation::Interfaces
                                                                             : Relation::No;
  const std::vector<ThreadId> &upA = paths_[a], &upB = paths_[b];
  bool repeated = false;
  if (upA[0] != upB[0])
    return threads[a].isStartup || threads[b].isStartup ? Relation::No : Relation::Interfaces;
  std::size_t i = 0;
  bool sharedRepeats = false, surelyRepeats = false;
  while (i < upA.size() && i < upB.size() && upA[i] == upB[i]) {
    sharedRepeats |= threads[upA[i]].parallelWithItself;
    surelyRepeats |= threads[upA[i]].surelyRepeats;
    ++i;
  }
  if (surelyRepeats)
    return Relation::Threads;
  bool isMaybe = sharedRepeats;
  if (i == upA.size() || i == upB.size()) {
    bool aIsAncestor = i == upA.size();
    const std::vector<ThreadId> &chain = aIsAncestor ? upB : upA;
    ContextId context = aIsAncestor ? inA : inB;
    const LiveThread *live = findLive(threads[chain[i]].thread, context);
    if (mayStillRun(chain, i, context, live)) {
      if (!live || !live->may)
        return Relation::Threads;
      isMaybe = true;
    }
    return isMaybe ? Relation::Maybe : Relation::No;
  }
  for (auto [x, y] : {std::pair(&upA, &upB), std::pair(&upB, &upA)})
    for (ContextId context : threads[(*y)[i]].spawnContexts) {
      bool isSame = threads[(*x)[i]].thread == threads[(*y)[i]].thread;
      const LiveThread *live = findLive(threads[(*x)[i]].thread, context);
      repeated = live ? live->repeated : repeated;
      if (!mayStillRun(*x, i, context, live) || (isSame && !repeated))
        continue;
      if (!live || (!live->may && !(isSame && live->mayRepeat)))
        return Relation::Threads;
      isMaybe = true;
    }
  if (isMaybe)
    return Relation::Maybe;
  return threads[upA[i]].kind == RootKind::Interface ? Relation::Interfaces : Relation::No;
}

bool ThreadModel::isUnbound(ThreadId id, ContextId in) const {
  const Context &context = engine_.context(in);
  return threads[id].parent == kNoThread && threads[id].inherited.empty() &&
         context.order.empty() && context.live.empty() && context.joined.empty() &&
         context.ended.empty();
}

ThreadModel::Relation ThreadModel::meeting(ThreadId a, ContextId inA, ThreadId b,
                                           ContextId inB) const {
  Relation relation = parallel(a, inA, b, inB);
  if (a != b && isUnbound(a, inA) && isUnbound(b, inB))
    return relation;
  if (relation != Relation::No &&
      (ordered(a, inA, b, inB) || excludedByCreator(a, inA, b, inB) || haveOneRole(a, inA, b, inB)))
    relation = Relation::No;
  if (relation == Relation::Threads && isOneAtATime(a, b))
    relation = Relation::Maybe;
  return relation;
}

/// The thread whose activation a location is of, or that of the variable or object that leads to it; kNoThread for a global.
ThreadId ThreadModel::makerOf(Term location) const {
  const Terms &terms = engine_.terms;
  for (;;) {
    const TermNode &node = terms[terms.root(location)];
    if (node.kind == TermKind::Deref && terms[node.a].kind == TermKind::Init) {
      location = terms[node.a].a;
      continue;
    }
    if (node.kind != TermKind::Variable && node.kind != TermKind::Object)
      return kNoThread;
    const std::vector<SiteId> calls = terms.sitesOf(node.b);
    auto frame = calls.empty() ? frames_.end() : frames_.find(calls.front());
    return frame != frames_.end() ? frame->second : kNoThread;
  }
}

bool ThreadModel::isOwnOfEach(ThreadId id, Term object, Term first, Term second) const {
  const ThreadId maker = makerOf(object);
  if (maker == kNoThread || engine_.terms[object].kind == TermKind::Deref)
    return false;
  auto known = std::find(paths_[id].begin(), paths_[id].end(), maker);
  if (known == paths_[id].end() ||
      std::any_of(std::next(known), paths_[id].end(),
                  [&](ThreadId below) { return threads[below].parallelWithItself; }))
    return false;
  const Term both[] = {first, second};
  return std::all_of(std::begin(both), std::end(both), [&](Term location) {
    if (maker == id) // a pointer may lead to what another repetition has published
      return engine_.terms.root(location) == object;
    const ThreadId from = makerOf(location);
    return std::find(known, paths_[id].end(), from) != paths_[id].end();
  });
}

/// Both belong to threads that one spawn starts only where a global was found to be zero: the next one when the last has ended, or so
/// the program means.
bool ThreadModel::isOneAtATime(ThreadId a, ThreadId b) const {
  if (a == b)
    return threads[a].isFirstOnly;
  for (ThreadId x : paths_[a])
    for (ThreadId y : paths_[b])
      if (x != y && threads[x].isFirstOnly && threads[y].isFirstOnly &&
          engine_.terms[threads[x].thread].a == engine_.terms[threads[y].thread].a)
        return true;
  return false;
}

/// A child process has the thread that made it, and those that are started in it.
bool ThreadModel::areApartByFork(ThreadId a, ContextId inA, ThreadId b, ContextId inB) const {
  if (!engine_.forks)
    return false;
  const Term token = inChildToken(engine_.terms);
  auto isIn = [&](ContextId context) {
    return containsSorted(engine_.context(context).order, token);
  };
  auto isBornIn = [&](ThreadId id, bool always) {
    return std::any_of(paths_[id].begin(), paths_[id].end(), [&](ThreadId up) {
      const std::vector<ContextId> &at = threads[up].spawnContexts;
      return always ? !at.empty() && std::all_of(at.begin(), at.end(), isIn)
                    : std::any_of(at.begin(), at.end(), isIn);
    });
  };
  const bool isInA = isIn(inA), isInB = isIn(inB);
  if (isInA || isInB)
    return (isInA && isInB) || !isBornIn(isInA ? b : a, false);
  return (isBornIn(a, true) && !isBornIn(b, false)) || (isBornIn(b, true) && !isBornIn(a, false));
}

/// Both steps are only for the one of several equal threads that was given a certain number, or that a barrier has picked.
bool ThreadModel::haveOneRole(ThreadId a, ContextId inA, ThreadId b, ContextId inB) const {
  const Terms &terms = engine_.terms;
  const std::vector<Term> &first = engine_.context(inA).order, &second = engine_.context(inB).order;
  if (threads[a].thread != threads[b].thread || threads[a].parent != threads[b].parent)
    return false;
  auto isRole = [&](Term t) { return terms[t].kind == TermKind::Op && terms[t].n == kRoleToken; };
  auto tellsApart = [&](Term value) {
    if (terms[value].kind == TermKind::Fresh)
      return true; // the barrier's choice
    return std::any_of(threads[a].variant.begin(), threads[a].variant.end(),
                       [&](Term own) { return terms.contains(value, own); });
  };
  // The number is what another one of them, made in a round of its own, has got.
  auto isTaken = [&](Term role, ThreadId owner, ThreadId other) {
    const std::vector<Term> &mine = threads[owner].given, &theirs = threads[other].given;
    for (std::size_t i = 0; i < mine.size() && i < theirs.size(); ++i)
      if (mine[i] == terms[role].kids[0] && theirs[i] == terms[role].kids[1] && mine != theirs)
        return true;
    return false;
  };
  for (Term x : first)
    if (isRole(x) && isTaken(x, a, b))
      return true;
  for (Term y : second) {
    if (!isRole(y))
      continue;
    if (isTaken(y, b, a))
      return true;
    for (Term x : first)
      if (isRole(x) && terms[x].kids[1] == terms[y].kids[1] &&
          (terms[x].kids[0] == terms[y].kids[0] ||
           terms[terms[x].kids[0]].kind == TermKind::Fresh) &&
          tellsApart(terms[x].kids[0]) && tellsApart(terms[y].kids[0]))
        return true;
  }
  return false;
}

bool ThreadModel::excludedByCreator(ThreadId a, ContextId inA, ThreadId b, ContextId inB) const {
  auto excludes = [&](ThreadId x, ThreadId y, ContextId inY) {
    for (auto [lock, owner] : threads[x].inherited) {
      bool isCreator = y == owner; // it holds the lock without being kept out
      for (const HeldLock &held : engine_.context(inY).held)
        if (held.lock == lock && !held.may && !isCreator)
          return true;
      for (auto [other, otherOwner] : threads[y].inherited)
        if (other == lock && otherOwner != owner)
          return true;
      if (!isCreator && startsTogether(x, y, owner, lock) && hasPassed(y, inY, owner, lock))
        return true; // started in the same critical section, and now behind its end
    }
    return false;
  };
  return excludes(a, b, inB) || excludes(b, a, inA);
}

/// Whether `id` has taken `lock` since it, or the thread above it that `owner` started, began to run.
bool ThreadModel::hasPassed(ThreadId id, ContextId in, ThreadId owner, Term lock) const {
  auto passes = [&](ContextId context) {
    const Context &c = engine_.context(context);
    return containsSorted(c.past, lock);
  };
  if (passes(in))
    return true;
  for (; id != kNoThread && threads[id].parent != owner; id = threads[id].parent)
    if (const auto &contexts = threads[id].spawnContexts;
        !contexts.empty() && std::all_of(contexts.begin(), contexts.end(), passes))
      return true;
  return false;
}

/// The thread at or above `id` that `owner` started itself, or kNoThread.
ThreadId ThreadModel::childOf(ThreadId owner, ThreadId id) const {
  while (id != kNoThread && threads[id].parent != owner)
    id = threads[id].parent;
  return id;
}

/// Whether the owner started both inside one critical section of `lock`, as far as they can meet.
bool ThreadModel::startsTogether(ThreadId a, ThreadId b, ThreadId owner, Term lock) const {
  ThreadId x = childOf(owner, a), y = childOf(owner, b);
  if (x == kNoThread || y == kNoThread || x == y)
    return false;
  auto isUnder = [&](ThreadId early, ThreadId late) {
    for (ContextId context : threads[late].spawnContexts)
      for (const LiveThread &live : engine_.context(context).live)
        if (live.thread == threads[early].thread && !containsSorted(live.under, lock))
          return false;
    return true;
  };
  return isUnder(x, y) && isUnder(y, x);
}

/// The creator's step under a lock it has held since it started the thread; the other step is behind that lock.
bool ThreadModel::isBeforeGate(ThreadId a, ContextId inA, ThreadId b, ContextId inB) const {
  ThreadId child = childOf(a, b);
  if (child == kNoThread)
    return false;
  for (const LiveThread &live : engine_.context(inA).live)
    if (live.thread == threads[child].thread)
      for (Term lock : live.under)
        if (engine_.terms.isDefinite(lock) && hasPassed(b, inB, a, lock))
          return true;
  return false;
}

/// All of `a` comes before the step of `b`: b, or a thread that b joined or that came before b, joined it.
bool ThreadModel::isJoinedBefore(ThreadId a, ThreadId b, ContextId inB) const {
  auto joins = [&](ContextId id) {
    const Context &context = engine_.context(id);
    return !context.joined.empty() || !context.ended.empty();
  };
  if (joinsAbove_.empty()) {
    joinsAbove_.assign(threads.size(), false);
    for (ThreadId id = 0; id < threads.size(); ++id) // a parent stands before its children
      joinsAbove_[id] =
          std::any_of(threads[id].spawnContexts.begin(), threads[id].spawnContexts.end(), joins) ||
          (threads[id].parent != kNoThread && joinsAbove_[threads[id].parent]);
  }
  return (joinsAbove_[b] || joins(inB)) && hasEndedBefore(a, b, inB);
}

bool ThreadModel::hasEndedBefore(ThreadId a, ThreadId b, ContextId inB) const {
  auto hasJoined = [&](ThreadId stepper, const Context &context, ThreadId x) {
    if (isJoined(x, context))
      return true;
    for (Term ended : context.ended)
      for (ThreadId e : trees[threads[x].tree].threads) {
        const ThreadInstance &joiner = threads[e];
        if (joiner.parent == stepper && joiner.thread == ended && !joiner.exitContexts.empty() &&
            std::all_of(joiner.exitContexts.begin(), joiner.exitContexts.end(),
                        [&](ContextId exit) { return isJoined(x, engine_.context(exit)); }))
          return true;
      }
    return false;
  };
  for (ThreadId x = a; x != kNoThread; x = threads[x].parent) {
    if (x != a && x == b)
      return false;
    if (hasJoined(b, engine_.context(inB), x))
      return true;
    for (ThreadId y = b; threads[y].parent != kNoThread; y = threads[y].parent)
      if (const auto &contexts = threads[y].spawnContexts;
          !contexts.empty() && std::all_of(contexts.begin(), contexts.end(), [&](ContextId c) {
            return hasJoined(threads[y].parent, engine_.context(c), x);
          }))
        return true;
    if (threads[x].parent == kNoThread || isLeftOver(x))
      return false;
  }
  return false;
}

/// Whether a thread takes the lock at `address`, or one that may be it.
bool ThreadModel::takes(ThreadId id, Term address) const {
  const Terms &terms = engine_.terms;
  const TermNode &pointer = terms[address];
  if (pointer.kind != TermKind::Address)
    return true;
  const TermNode &lock = terms[pointer.a];
  for (const Acquisition &acquisition : threads[id].acquisitions) {
    const TermNode &mine = terms[acquisition.lock];
    if (acquisition.lock == pointer.a || mine.kind == TermKind::Deref ||
        lock.kind == TermKind::Deref || mine.kind == TermKind::Unknown ||
        (mine.kind == lock.kind && mine.kind != TermKind::Variable && mine.b == lock.b))
      return true;
  }
  return false;
}

const ThreadModel::Tokens &ThreadModel::tokensOf(ContextId context) const {
  if (tokens_.size() <= context)
    tokens_.resize(2 * static_cast<std::size_t>(context) + 1);
  Tokens &tokens = tokens_[context];
  if (tokens.isKnown)
    return tokens;
  tokens.isKnown = true;
  for (Term token : engine_.context(context).order) {
    const TermNode &node = engine_.terms[token];
    if (node.kind != TermKind::Op)
      continue;
    if (node.n == kWaitedToken)
      tokens.waited.emplace_back(node.kids[0], node.kids.size() > 1 ? node.kids[1] : kUnknownTerm);
    else if (node.n == kPostedToken)
      tokens.posted.push_back(node.kids[0]);
    else if (node.n == kRoundToken)
      tokens.rounds.push_back(token);
  }
  tokens.waitedNumber =
      waitedNumbers_.try_emplace(tokens.waited, static_cast<std::uint32_t>(waitedNumbers_.size()))
          .first->second;
  return tokens;
}

std::vector<Term> ThreadModel::ownOf(ThreadId id) const {
  const Terms &terms = engine_.terms;
  std::vector<Term> own;
  for (; id != kNoThread; id = threads[id].parent)
    for (Term value : threads[id].variant) {
      own.push_back(value);
      if (terms[value].kind == TermKind::Address)
        own.push_back(terms[value].a);
    }
  return own;
}

/// What a step in `inB` has waited for that tells how far thread `a` has come.
const std::vector<Term> &ThreadModel::toldBy(ThreadId a, ContextId inB) const {
  auto [known, isNew] = told_.try_emplace(std::uint64_t{a} << 32 | tokensOf(inB).waitedNumber);
  if (!isNew)
    return known->second;
  const std::vector<Term> own = ownOf(a);
  auto isOwn =
      [&](Term object) { // each of several equal threads has one of its own under this name
        return std::any_of(own.begin(), own.end(),
                           [&](Term part) { return engine_.terms.contains(object, part); });
      };
  for (const auto &[object, mutex] : tokensOf(inB).waited)
    if (threads[a].posts.count(object) &&
        (mutex == kUnknownTerm ||
         (mutex == object ? !repeats_[a] || isOwn(object) : takes(a, mutex))) &&
        tellsOf(object, a))
      known->second.push_back(object);
  return known->second;
}

bool ThreadModel::precedes(ThreadId a, ContextId inA, ContextId inB) const {
  // a's step comes before it signals s; b's after it waited for s.
  if (threads[a].posts.empty() || tokensOf(inB).waited.empty())
    return false;
  const std::vector<Term> &told = toldBy(a, inB);
  if (told.empty())
    return false;
  const std::vector<Term> &posted = tokensOf(inA).posted;
  return std::any_of(told.begin(), told.end(), [&](Term object) {
    return std::find(posted.begin(), posted.end(), object) == posted.end();
  });
}

bool ThreadModel::mayPrepare(ThreadId creator, ContextId in, ThreadId thread,
                             ContextId inThread) const {
  return thread != creator &&
         std::find(paths_[thread].begin(), paths_[thread].end(), creator) != paths_[thread].end() &&
         !threads[creator].posts.empty() && tokensOf(in).posted.empty() &&
         !tokensOf(inThread).waited.empty();
}

/// Whether seeing a plain flag raised tells what the thread that raises it did before: one thread does, once, and one lock is held
/// wherever the flag is touched once threads run. Other objects always tell.
bool ThreadModel::tellsOf(Term object, ThreadId raiser) const {
  const Terms &terms = engine_.terms;
  if (terms[object].kind != TermKind::Address || engine_.raisedIn(terms[object].a) == 0)
    return true;
  if (repeats_[raiser])
    return false;
  const Term flag = terms[object].a;
  auto [it, isNew] = guardedFlags_.try_emplace({flag, raiser}, false);
  if (!isNew)
    return it->second;
  auto mayBeFlag = [&](Term location) {
    return location == flag ||
           (terms[flag].kind == TermKind::Field && terms[location].kind == TermKind::Field &&
            terms[location].b == terms[flag].b);
  };
  std::optional<std::set<Term>> common;
  for (ThreadId id : trees[threads[raiser].tree].threads) {
    const ThreadInstance &thread = threads[id];
    if (id != raiser && thread.posts.count(object))
      return false;
    for (const Access &access : thread.accesses) {
      const Context &context = engine_.context(access.context);
      if (!mayBeFlag(access.location) ||
          (thread.kind == RootKind::Main && context.live.empty() && context.joined.empty()))
        continue;
      std::set<Term> held;
      for (const HeldLock &lock : context.held)
        if (!lock.may && (!common || common->count(lock.lock)))
          held.insert(lock.lock);
      common = std::move(held);
    }
  }
  return it->second = common && !common->empty();
}

/// Two steps after an even and an odd number of passages of one barrier.
bool ThreadModel::areRoundsApart(ContextId inA, ContextId inB) const {
  const Terms &terms = engine_.terms;
  const std::vector<Term> &first = tokensOf(inA).rounds, &second = tokensOf(inB).rounds;
  return std::any_of(first.begin(), first.end(), [&](Term x) {
    return std::any_of(second.begin(), second.end(), [&](Term y) {
      return terms[x].kids[0] == terms[y].kids[0] && x != y && !isLostRound(terms, x) &&
             !isLostRound(terms, y);
    });
  });
}

bool ThreadModel::ordered(ThreadId a, ContextId inA, ThreadId b, ContextId inB) const {
  return areRoundsApart(inA, inB) || precedes(a, inA, inB) || precedes(b, inB, inA) ||
         isBeforeGate(a, inA, b, inB) || isBeforeGate(b, inB, a, inA) ||
         isJoinedBefore(a, b, inB) || isJoinedBefore(b, a, inA);
}

} // namespace threadlint
