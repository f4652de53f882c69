// PermitLocks: binary semaphores that serve as locks.
//
// A semaphore that starts with one permit, and is posted only by whoever waited for it, is a mutex. So are several that have one
// permit between them, when whoever posts one has waited for one: threads that take turns (the split binary semaphore of Andrews,
// "Concurrent Programming", 1991). While functions are summarised any semaphore that may be one is held from its wait to its post;
// when every thread is known, those that somebody posts without having waited are signals and leave the locksets, the others are
// locks, one name for those that share a permit, and leave the waits and the order tokens.
// Left out: turns around an array of semaphores.
#include "analyzer/analysis/Frame.h"
#include "analyzer/analysis/ThreadModel.h"

namespace threadlint {

/// By its first count, where its variable or field is known.
bool Frame::mayBeLock(Term semaphore) const {
  if (!program_.hasBinarySemaphore || semaphore == kUnknownTerm)
    return false;
  auto isBinary = [](std::int64_t count) { return count == 0 || count == 1; };
  const TermNode &node = terms_[terms_.withoutElements(semaphore)];
  if (node.kind == TermKind::Variable) {
    auto it = program_.semaphoreVars.find(node.a);
    return it != program_.semaphoreVars.end() && isBinary(it->second);
  }
  if (node.kind == TermKind::Field) {
    auto it = program_.semaphoreFields.find(node.b);
    return it != program_.semaphoreFields.end() && isBinary(it->second);
  }
  return true;
}

bool Frame::holdsClassOf(const State &state, Term lock) const {
  return std::any_of(state.held.begin(), state.held.end(),
                     [&](const HeldLock &h) { return lockClassMatches(h.lock, lock); });
}

void Frame::takePermit(State state, Term semaphore, States &out) {
  const std::size_t first = out.size();
  acquireEvent(std::move(state), {semaphore}, kUnknownTerm, out);
  for (std::size_t i = first; i < out.size(); ++i)
    for (HeldLock &held : out[i].held)
      if (held.lock == semaphore)
        held.isSpin = held.isPermit = true;
}

void Frame::givePermit(State &state, Term semaphore) {
  if (holdsClassOf(state, semaphore))
    return release(state, semaphore);
  if (Term baton = postUnheld(state, semaphore); baton != kUnknownTerm)
    passOn(state, baton);
  else
    insertSorted(state.released, semaphore);
}

/// Whether some step of this function posts the semaphore.
bool Frame::givesBack(Term semaphore) const {
  const TermNode &node = terms_[terms_.withoutElements(semaphore)];
  for (const Block &block : facts_.blocks)
    for (const Event &event : block.events) {
      if (event.kind != EventKind::SemPost || event.args.empty() || event.args[0] == kNone ||
          facts_.values[event.args[0]].kind != ValueKind::Address)
        continue;
      const Path &path = facts_.paths[facts_.values[event.args[0]].path];
      const PathStep *step = lastOutsideArrays(path, path.steps.size());
      if (step ? step->kind == StepKind::Field && node.kind == TermKind::Field &&
                     node.b == step->field
               : path.base == BaseKind::Var && node.kind == TermKind::Variable && node.a == path.id)
        return true;
    }
  return false;
}

/// Writes down that the semaphore is posted by a frame that did not take it. The semaphore that is passed on in that way: the first
/// that is held and that nobody gives back here.
Term Frame::postUnheld(const State &state, Term semaphore) {
  for (const HeldLock &held : state.held)
    if (held.isPermit && !givesBack(held.lock)) {
      insertSorted(out_.batons, {held.lock, semaphore});
      return held.lock;
    }
  insertSorted(out_.unheldPosts, semaphore);
  return kUnknownTerm;
}

void Frame::passOn(State &state, Term baton) {
  insertSorted(state.unlocked, baton);
  std::erase_if(state.held, [&](const HeldLock &h) { return h.lock == baton; });
}

namespace {

/// Which semaphores are locks, by variable, object or field.
class PermitLocks {
public:
  PermitLocks(Engine &engine, PointsTo &pointsTo, const std::vector<ThreadInstance> &threads)
      : terms_(engine.terms), pointsTo_(pointsTo) {
    for (const ThreadInstance &thread : threads) {
      for (const auto &[semaphore, count] : thread.permits)
        noteCount(semaphore, count);
      for (Term semaphore : thread.unheldPosts)
        for (const Key &key : keysOf(semaphore))
          given_.insert(key);
      for (const auto &[taken, posted] : thread.batons) {
        std::set<Key> from = keysOf(taken), to = keysOf(posted);
        if (from.size() == 1 && to.size() == 1 && from.begin()->first == to.begin()->first)
          join(*from.begin(), *to.begin());
        else
          given_.insert(to.begin(), to.end());
      }
      for (const Wait &wait : thread.waits)
        if (wait.kind == WaitKind::Semaphore)
          for (const Key &key : keysOf(wait.object))
            semaphores_.insert(key);
    }
    for (FunctionId init : engine.program.initializers)
      for (const auto &[semaphore, count] : engine.summary(init, {}).permits)
        noteCount(semaphore, count);
  }

  bool isLock(Term semaphore) {
    std::set<Key> keys = keysOf(semaphore);
    return !keys.empty() && std::all_of(keys.begin(), keys.end(), [this](const Key &key) {
      return isExclusive(groupOf(key));
    });
  }
  bool isSignal(Term lock) {
    std::set<Key> keys = keysOf(lock);
    return std::any_of(
               keys.begin(), keys.end(),
               [this](const Key &key) { return semaphores_.count(key) || counts_.count(key); }) &&
           !isLock(lock);
  }

  /// The one name of the lock.
  Term nameOf(Term semaphore) {
    std::set<Key> keys = keysOf(semaphore);
    if (keys.size() != 1)
      return semaphore;
    Key group = groupOf(*keys.begin());
    if (group == *keys.begin())
      return semaphore;
    if (group.first != TermKind::Field)
      return group.second;
    return terms_[semaphore].kind == TermKind::Field
               ? terms_.field(terms_[semaphore].a, group.second)
               : semaphore;
  }

private:
  using Key = std::pair<TermKind, Term>; ///< elements and the objects around a field do not count
  Terms &terms_;
  PointsTo &pointsTo_;
  std::map<Key, std::int64_t> counts_;
  std::set<Key> given_, semaphores_;
  std::map<Key, Key> group_; ///< of those that share a permit: one that stands for all

  Key groupOf(const Key &key) {
    auto it = group_.find(key);
    return it == group_.end() || it->second == key ? key : groupOf(it->second);
  }
  void join(const Key &a, const Key &b) {
    Key x = groupOf(a), y = groupOf(b);
    if (x != y)
      group_[std::max(x, y)] = std::min(x, y);
  }
  /// At most one thread is between a wait and a post of these.
  bool isExclusive(const Key &group) {
    std::int64_t sum = 0;
    for (const auto &[key, count] : counts_)
      if (groupOf(key) == group) {
        if (count < 0 || given_.count(key))
          return false;
        sum += count;
      }
    return sum == 1;
  }

  std::set<Key> keysOf(Term semaphore) {
    std::set<Key> keys;
    if (semaphore == kUnknownTerm)
      return keys;
    for (Term at : pointsTo_.locations(semaphore)) {
      Term node = terms_.withoutElements(pointsTo_.normalized(at));
      if (terms_[node].kind == TermKind::Field)
        keys.emplace(TermKind::Field, terms_[node].b);
      else
        keys.emplace(terms_[node].kind, node);
    }
    return keys;
  }
  void noteCount(Term semaphore, std::int64_t count) {
    for (const Key &key : keysOf(semaphore)) {
      auto [it, isNew] = counts_.try_emplace(key, count);
      if (!isNew && it->second != count)
        it->second = -1;
    }
  }
};

} // namespace

void ThreadModel::settlePermits() {
  if (!engine_.program.hasBinarySemaphore)
    return;
  PermitLocks permits(engine_, pointsTo_, threads);
  const Terms &terms = engine_.terms;
  std::set<ContextId> settled;
  auto isTokenOfLock = [&](Term token) {
    const TermNode &node = terms[token];
    if (node.kind != TermKind::Op || node.kids.empty() ||
        (node.n != kPostedToken && node.n != kWaitedToken) || node.kids[0] == kUnknownTerm ||
        terms[node.kids[0]].kind != TermKind::Address)
      return false;
    return permits.isLock(terms[node.kids[0]].a);
  };
  auto settle = [&](ContextId id) {
    if (!settled.insert(id).second)
      return;
    Context context = engine_.context(id);
    auto lost = std::erase_if(context.held,
                              [&](const HeldLock &held) { return permits.isSignal(held.lock); });
    for (HeldLock &held : context.held)
      if (Term name = permits.nameOf(held.lock); name != held.lock && held.isPermit) {
        held.lock = name;
        ++lost;
      }
    lost += std::erase_if(context.released, [&](Term lock) { return permits.isSignal(lock); });
    lost += std::erase_if(context.order, isTokenOfLock);
    if (lost != 0)
      engine_.replace(id, std::move(context));
  };
  for (ThreadInstance &thread : threads) {
    std::erase_if(thread.acquisitions,
                  [&](const Acquisition &a) { return permits.isSignal(a.lock); });
    for (Acquisition &a : thread.acquisitions)
      a.lock = permits.nameOf(a.lock);
    std::erase_if(thread.defects, [&](const Defect &d) { return permits.isSignal(d.subject); });
    std::erase_if(thread.waits, [&](const Wait &wait) {
      return wait.kind == WaitKind::Semaphore && permits.isLock(wait.object);
    });
    std::erase_if(thread.signals, [&](const Signal &signal) {
      return signal.kind == WaitKind::Semaphore && permits.isLock(signal.object);
    });
    std::erase_if(thread.posts, [&](Term posted) {
      return posted != kUnknownTerm && terms[posted].kind == TermKind::Address &&
             permits.isLock(terms[posted].a);
    });
    for (const Access &access : thread.accesses)
      settle(access.context);
    for (const Acquisition &acquisition : thread.acquisitions)
      settle(acquisition.context);
    for (const Wait &wait : thread.waits)
      settle(wait.context);
    for (const Signal &signal : thread.signals)
      settle(signal.context);
    for (const Callback &callback : thread.callbacks)
      settle(callback.context);
    for (const Exposure &exposure : thread.exposed)
      settle(exposure.context);
    for (ContextId context : thread.exitContexts)
      settle(context);
    for (ContextId context : thread.spawnContexts)
      settle(context);
  }
}

} // namespace threadlint
