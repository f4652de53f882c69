// LateCalls: calls and spawns through pointers that only the stores of all threads resolve: tasks in queues, handlers in tables,
// callbacks in containers.
//
//   ThreadModel::pending_  =>  PointsTo::callables  =>  the target's effects, added to the calling thread  =>  more stores ...
//
// Rounds until no target is new. What a late call returns or changes for its caller is not followed: only its effects are.
#include "analyzer/analysis/Frame.h"
#include "analyzer/analysis/Rounds.h"
#include "analyzer/analysis/ThreadModel.h"

#include <tuple>

namespace threadlint {
namespace {
constexpr int kMaxRounds = 8;
constexpr unsigned kMaxLateDepth = 6;
constexpr std::size_t kFewChoices = 4, kManyChoices = 300;
constexpr unsigned kMaxSteps = 6;
constexpr std::size_t kMaxLateTargets = 4000, kMaxLateAccesses = 100'000;
} // namespace

/// `inner`, relative to a call that stands in `outer`.
Context ThreadModel::inside(const Context &outer, Context inner) const {
  Context result = outer;
  for (Term lock : inner.released) {
    auto it = std::find_if(result.held.rbegin(), result.held.rend(),
                           [&](const HeldLock &h) { return h.lock == lock; });
    if (it != result.held.rend())
      result.held.erase(std::next(it).base());
    else
      insertSorted(result.released, lock);
  }
  for (const HeldLock &held : inner.held)
    if (std::none_of(result.held.begin(), result.held.end(),
                     [&](const HeldLock &h) { return h.lock == held.lock && !h.may; }))
      result.held.push_back(held);
  for (Term thread : inner.joined) {
    const TermNode &node = engine_.terms[thread];
    std::erase_if(result.live, [&](const LiveThread &l) {
      return l.thread == thread || (node.kind == TermKind::Address && l.handle == node.a);
    });
    insertSorted(result.joined, thread);
  }
  for (const LiveThread &live : inner.live) {
    auto known = std::find_if(result.live.begin(), result.live.end(),
                              [&](const LiveThread &l) { return l.thread == live.thread; });
    if (known == result.live.end())
      result.live.push_back(live);
    else
      known->repeated = true;
  }
  std::sort(result.live.begin(), result.live.end(),
            [](const LiveThread &a, const LiveThread &b) { return a.thread < b.thread; });
  addOrder(engine_.terms, result.order, inner.order);
  for (Term thread : inner.ended)
    insertSorted(result.ended, thread);
  for (Term lock : inner.past)
    insertSorted(result.past, lock);
  return result;
}

/// Where a pointer was loaded from first: a variable or object, or nothing that has a name.
Term ThreadModel::originOf(Term value) const {
  const Terms &terms = engine_.terms;
  for (unsigned step = 0; step < kMaxSteps; ++step) {
    const TermNode &node = terms[value];
    if (node.kind != TermKind::Init && node.kind != TermKind::Project)
      return node.kind == TermKind::Fresh || node.kind == TermKind::Param ? kUnknownTerm : value;
    Term root = terms.root(node.a);
    if (terms[root].kind != TermKind::Deref)
      return root;
    value = terms[root].a;
  }
  return value;
}

std::vector<Target> ThreadModel::lateTargets(Term callable, const std::vector<Term> &args) {
  std::vector<Target> targets;
  auto add = [&](Term code, const std::vector<Term> &given) {
    for (Target &target : engine_.targets(code, given))
      targets.push_back(std::move(target));
  };
  const TermNode node = engine_.terms[callable];
  if (node.kind == TermKind::Function && !args.empty() &&
      engine_.program.functions[node.a].hasFlag(FunctionFlag::Virtual)) {
    // The class of the object decides; of an object nobody created in view it may be any.
    const std::vector<Term> objects = pointsTo_.locations(engine_.terms.deref(args[0]));
    for (Term object : objects)
      if (pointsTo_.isConcrete(object)) {
        std::vector<Term> given = args;
        given[0] = engine_.terms.address(object);
        add(callable, given);
      }
    if (targets.empty())
      add(callable, args);
    return targets;
  }
  for (Term stored : pointsTo_.callables(callable))
    add(stored, args);
  if (!targets.empty())
    return targets;
  // Nothing is ever stored in an object that is known: a null pointer. In an unknown one, whatever its field may hold.
  if (node.kind == TermKind::Init)
    for (Term at : std::vector<Term>(pointsTo_.locations(node.a)))
      if (pointsTo_.isConcrete(at))
        return targets;
  add(callable, args);
  return targets;
}

void ThreadModel::addTarget(std::vector<Term> &key, const Target &target) {
  const Binding &binding = target.binding;
  key.insert(key.end(), {target.function, binding.thisValue});
  key.insert(key.end(), binding.params.begin(), binding.params.end());
  key.push_back(kUnknownTerm);
  key.insert(key.end(), binding.captures.begin(), binding.captures.end());
}

void ThreadModel::resolveLateCalls() {
  std::size_t targets = 0, accesses = 0;
  for (int round = 0; round < kMaxRounds; ++round) {
    std::vector<std::pair<std::size_t, Target>> work;
    for (std::size_t i = 0; i < pending_.size(); ++i) {
      if (pending_[i].place.depth > kMaxLateDepth)
        continue;
      std::vector<Target> found = lateTargets(pending_[i].callable, pending_[i].args);
      // Which of so many runs when, nothing tells; but a table's entries are all meant to run.
      if (found.size() > (pending_[i].isOfTable ? kManyChoices : kFewChoices))
        continue;
      for (Target &target : found) {
        const Pending &pending = pending_[i];
        std::vector<Term> key{pending.thread, pending.place.context, pending.spawn.thread};
        addTarget(key, target);
        if (resolved_.insert(std::move(key)).second)
          work.emplace_back(i, std::move(target));
      }
    }
    if (work.empty())
      break;
    for (auto &[i, target] : work) {
      if (++targets > kMaxLateTargets || accesses > kMaxLateAccesses)
        break;
      const Pending pending = pending_[i]; // absorbing adds to the list
      if (pending.isSpawn) {
        Spawn spawn = pending.spawn;
        spawn.callable = target.binding.captures.empty()
                             ? engine_.terms.function(target.function)
                             : engine_.terms.closure(target.function, target.binding.captures);
        bear(pending.thread, {std::move(spawn)});
        continue;
      }
      accesses += engine_.summaryFor(target).accesses.size();
      calledLate_.insert(target.function);
      absorb(pending.thread, target,
             engine_.site(target.function, SiteKind::Argument, kNone - 2, pending.thread),
             pending.place);
    }
  }
}

/// Where a thread last took the lock it holds at `call`: equal contexts remember one of many places.
WitnessId ThreadModel::takenBefore(const ThreadInstance &thread, Term lock, WitnessId call,
                                   WitnessId recorded) const {
  std::tuple<unsigned, SourceRange> nearest;
  for (const Acquisition &acquisition : thread.acquisitions) {
    if (acquisition.lock != lock)
      continue;
    WitnessId a = acquisition.witness, b = call;
    for (unsigned steps = 1; a != kNoWitness && b != kNoWitness; ++steps) {
      const Witness &x = engine_.witness(a), &y = engine_.witness(b);
      if (x.function != y.function)
        break;
      if (x.range != y.range) {
        if (x.range < y.range && nearest < std::tuple(steps, x.range)) {
          nearest = std::tuple(steps, x.range);
          recorded = acquisition.witness;
        }
        break;
      }
      a = x.next;
      b = y.next;
    }
  }
  return recorded;
}

/// A late call takes a lock that its caller holds, or the lock held goes by another name.
void ThreadModel::findNestedDeadlocks() {
  const Terms &terms = engine_.terms;
  auto name = [&](Term lock) {
    const std::vector<Term> &at = pointsTo_.locations(lock);
    return at.size() == 1 ? at[0] : lock;
  };
  for (ThreadInstance &thread : threads)
    for (const Acquisition &acquisition : thread.acquisitions) {
      if (acquisition.isTry || acquisition.group)
        continue;
      for (const HeldLock &held : engine_.context(acquisition.context).held) {
        if (held.lock == acquisition.lock || held.may)
          continue;
        // One allocation site makes many objects, a variable is one.
        Term lock = name(held.lock);
        if (lock == name(acquisition.lock) && terms.isDefinite(lock) &&
            terms[terms.root(lock)].kind == TermKind::Variable)
          thread.defects.push_back(Defect{DefectKind::SelfDeadlock, lock, acquisition.mode,
                                          held.mode, acquisition.witness, held.witness, false,
                                          SpawnKind::PThread});
      }
    }
  for (const Nested &nested : nested_) {
    Term lock = name(nested.acquisition.lock);
    const Context &inner = engine_.context(nested.acquisition.context);
    auto isLock = [&](Term other) { return name(other) == lock; };
    bool isKnown = std::any_of(inner.released.begin(), inner.released.end(), isLock) ||
                   std::any_of(inner.held.begin(), inner.held.end(),
                               [&](const HeldLock &h) { return isLock(h.lock); });
    if (isKnown || !engine_.terms.isDefinite(lock))
      continue;
    for (const HeldLock &held : engine_.context(nested.outer).held)
      if (isLock(held.lock))
        threads[nested.thread].defects.push_back(
            Defect{DefectKind::SelfDeadlock, lock, nested.acquisition.mode, held.mode,
                   nested.acquisition.witness,
                   takenBefore(threads[nested.thread], held.lock, nested.acquisition.witness,
                               held.witness),
                   held.may, SpawnKind::PThread});
  }
}

} // namespace threadlint
