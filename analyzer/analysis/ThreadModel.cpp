// ThreadModel: builds the trees and answers may-happen-in-parallel.
#include "analyzer/analysis/ThreadModel.h"

#include "analyzer/analysis/Frame.h"
#include "analyzer/analysis/Substitution.h"

namespace threadlint {
namespace {
constexpr unsigned kMaxThreadDepth = 6;
constexpr std::size_t kMaxThreads = 4000;

/// The trace `head`, continued by `tail` at its end.
WitnessId joinWitnesses(Engine &engine, WitnessId head, WitnessId tail) {
  const Witness step = engine.witness(head);
  WitnessId next = step.next == kNoWitness ? tail : joinWitnesses(engine, step.next, tail);
  return engine.witness(step.function, step.range, next, step.held);
}
} // namespace

ThreadModel::ThreadModel(Engine &engine) : engine_(engine), pointsTo_(engine) {
  const Program &program = engine.program;
  for (FunctionId init : program.initializers)
    for (const PointerStore &store : engine.summary(init, {}).stores)
      pointsTo_.add(store.location, store.value);
  for (FunctionId main : program.mains)
    addMain(main);
  resolveLateCalls();
  addInterfaces();
  resolveLateCalls();
  findNestedDeadlocks();
  settlePermits();
  findInherited();
  findPaths();
}

void ThreadModel::addMain(FunctionId main) {
  ThreadTree tree;
  tree.hasMain = true;
  trees.push_back(tree);
  ThreadInstance instance;
  instance.kind = RootKind::Main;
  instance.entry = main;
  instance.tree = static_cast<std::uint32_t>(trees.size() - 1);
  auto id = static_cast<ThreadId>(threads.size());
  threads.push_back(instance);
  trees.back().threads.push_back(id);
  Target target;
  target.function = main;
  instantiate(id, target, engine_.site(main, SiteKind::Argument, 0, 0));
}

void ThreadModel::reach(const std::vector<FunctionId> &roots, std::set<FunctionId> &seen) const {
  const Program &program = engine_.program;
  std::vector<FunctionId> work;
  for (FunctionId root : roots)
    if (seen.insert(root).second)
      work.push_back(root);
  auto visit = [&](StringId key) {
    if (auto it = program.functionByKey.find(key);
        it != program.functionByKey.end() && seen.insert(it->second).second)
      work.push_back(it->second);
    if (auto it = program.overriders.find(key); it != program.overriders.end())
      for (FunctionId id : it->second)
        if (seen.insert(id).second)
          work.push_back(id);
  };
  while (!work.empty()) {
    const FunctionFacts &facts = program.functions[work.back()].facts;
    work.pop_back();
    for (const Value &value : facts.values)
      if (value.function)
        visit(value.function);
    for (const Block &block : facts.blocks)
      for (const Event &event : block.events)
        if (event.callee)
          visit(event.callee);
  }
}

/// Whether a function gives back a lock, by itself or through a call, and takes none.
bool ThreadModel::givesBack(FunctionId id, unsigned depth) const {
  const Program &program = engine_.program;
  bool result = false;
  for (const Block &block : program.functions[id].facts.blocks)
    for (const Event &event : block.events) {
      if (event.kind == EventKind::Acquire || event.kind == EventKind::GuardInit)
        return false;
      result |= event.kind == EventKind::Release;
      if (event.kind != EventKind::Call || depth == 0)
        continue;
      if (auto it = program.overriders.find(event.callee); it != program.overriders.end())
        result |= std::any_of(it->second.begin(), it->second.end(),
                              [&](FunctionId f) { return givesBack(f, depth - 1); });
      else if (auto f = program.functionByKey.find(event.callee); f != program.functionByKey.end())
        result |= givesBack(f->second, depth - 1);
    }
  return result;
}

void ThreadModel::addInterfaces() {
  const Program &program = engine_.program;
  std::vector<FunctionId> roots = program.mains;
  roots.insert(roots.end(), program.initializers.begin(), program.initializers.end());
  for (const ThreadInstance &t : threads)
    roots.push_back(t.entry);
  roots.insert(roots.end(), calledLate_.begin(), calledLate_.end());
  std::set<FunctionId> reached;
  reach(roots, reached);
  ThreadTree tree;
  trees.push_back(tree);
  auto treeId = static_cast<std::uint32_t>(trees.size() - 1);
  bool isLibrary = program.mains.empty();
  // First what nobody calls or what a class offers, then whatever is still unreached (cycles, tables).
  std::set<FunctionId> covered = reached;
  auto add = [&](FunctionId id, bool isExported) {
    ThreadInstance instance;
    instance.kind = RootKind::Interface;
    instance.entry = id;
    instance.tree = treeId;
    instance.isStartup = program.functions[id].hasFlag(FunctionFlag::Startup);
    instance.isExported = isExported && !instance.isStartup;
    auto thread = static_cast<ThreadId>(threads.size());
    threads.push_back(instance);
    trees[treeId].threads.push_back(thread);
    const FunctionFacts &facts = program.functions[id].facts;
    Target target;
    target.function = id;
    SiteId site = engine_.site(id, SiteKind::Argument, 0, 0);
    for (std::size_t i = 0; i < facts.params.size(); ++i)
      target.binding.params.push_back(engine_.terms.fresh(
          engine_.site(id, SiteKind::Argument, kNone, static_cast<std::uint32_t>(i)),
          kGlobalChain));
    target.binding.thisValue =
        engine_.terms.fresh(engine_.site(id, SiteKind::Argument, kNone, 1000), kGlobalChain);
    instantiate(thread, target, site);
  };
  // A class that gives back in its destructor what it holds is a guard: its methods are not called without the lock.
  std::set<StringId> guards;
  for (const RecordFacts &record : program.records)
    if (auto it = program.functionByKey.find(record.destructor);
        record.destructor && it != program.functionByKey.end() && givesBack(it->second, 2))
      guards.insert(record.key);
  auto isCandidate = [&](FunctionId id) {
    const Function &f = program.functions[id];
    return !f.hasFlag(FunctionFlag::GlobalInit | FunctionFlag::Main |
                      FunctionFlag::InSystemHeader) &&
           !guards.count(f.facts.record);
  };
  std::vector<FunctionId> first, second;
  for (FunctionId id = 0; id < program.functions.size(); ++id) {
    if (!isCandidate(id) || reached.count(id))
      continue;
    const Function &f = program.functions[id];
    bool isPublicMethod =
        f.hasFlag(FunctionFlag::Method) &&
        !f.hasFlag(FunctionFlag::Private | FunctionFlag::Protected | FunctionFlag::Lambda);
    bool isOpen =
        f.hasFlag(FunctionFlag::External) &&
        !f.hasFlag(FunctionFlag::Private | FunctionFlag::Lambda | FunctionFlag::Protected);
    if ((isOpen && f.callers == 0) || (isLibrary && isPublicMethod))
      first.push_back(id);
    else if (f.callers == 0 || f.hasFlag(FunctionFlag::AddressTaken))
      second.push_back(id);
  }
  auto cover = [&](FunctionId id) { reach({id}, covered); };
  for (FunctionId id : first) {
    const Function &f = program.functions[id];
    add(id, isLibrary && !f.hasFlag(FunctionFlag::Constructor | FunctionFlag::Destructor));
    cover(id);
  }
  for (FunctionId id : second)
    if (!covered.count(id)) {
      add(id, false);
      cover(id);
    }
  for (FunctionId id = 0; id < program.functions.size(); ++id)
    if (isCandidate(id) && !covered.count(id)) {
      add(id, isLibrary && program.functions[id].hasFlag(FunctionFlag::External));
      cover(id);
    }
  // Callbacks that were handed to code outside the program: nobody in view calls them.
  std::set<FunctionId> handedOver;
  for (FunctionId id = 0; id < program.functions.size(); ++id)
    if (isCandidate(id) && program.functions[id].hasFlag(FunctionFlag::AddressTaken) &&
        !engine_.isSummarised(id)) {
      add(id, false);
      handedOver.insert(id);
    }
  for (ThreadId id : trees[treeId].threads) {
    ThreadInstance &t = threads[id];
    t.isCallback =
        t.kind == RootKind::Interface &&
        (handedOver.count(t.entry) || program.functions[t.entry].hasFlag(FunctionFlag::External));
  }
}

void ThreadModel::instantiate(ThreadId id, const Target &target, SiteId site) {
  threads[id].summary = &engine_.summaryFor(target);
  absorb(id, target, site, {});
}

void ThreadModel::absorb(ThreadId id, const Target &target, SiteId site, const Place &place) {
  frames_[site] = id;
  const Summary &summary = engine_.summaryFor(target);
  if (engine_.isStopped())
    return; // a part of what it does would pass for all of it
  Terms &terms = engine_.terms;
  Substitution sub(engine_, target.binding, site, [&](Term at) { return terms.init(at); });
  std::unordered_map<ContextId, std::pair<ContextId, ContextId>> contexts; ///< own, and at `place`
  std::set<Term> posts;
  auto contextsFor = [&](ContextId old) {
    auto [it, isNew] = contexts.try_emplace(old);
    if (!isNew)
      return it->second;
    Context context = engine_.context(old);
    for (HeldLock &held : context.held)
      held.lock = sub(held.lock);
    for (Term &t : context.released)
      t = sub(t);
    for (Term &t : context.joined)
      t = sub(t);
    std::sort(context.joined.begin(), context.joined.end());
    for (LiveThread &live : context.live) {
      live.thread = sub(live.thread);
      live.handle = sub(live.handle);
      for (Term &lock : live.under)
        lock = sub(lock);
      std::sort(live.under.begin(), live.under.end());
    }
    for (auto *list : {&context.ended, &context.past}) {
      for (Term &t : *list)
        t = sub(t);
      std::sort(list->begin(), list->end());
    }
    std::sort(context.live.begin(), context.live.end(),
              [](const LiveThread &a, const LiveThread &b) { return a.thread < b.thread; });
    for (Term &t : context.order) {
      t = sub(t);
      if (t != kUnknownTerm && terms[t].kind == TermKind::Op && terms[t].n == kPostedToken)
        posts.insert(terms[t].kids[0]);
    }
    std::sort(context.order.begin(), context.order.end());
    std::sort(context.released.begin(), context.released.end());
    it->second.first = engine_.intern(context);
    it->second.second =
        place.context ? engine_.intern(inside(engine_.context(place.context), std::move(context)))
                      : it->second.first;
    return it->second;
  };
  auto contextFor = [&](ContextId old) { return contextsFor(old).second; };
  std::unordered_map<WitnessId, WitnessId> witnesses;
  auto witnessFor = [&](WitnessId tail) {
    if (place.witness == kNoWitness || tail == kNoWitness)
      return tail;
    auto [it, isNew] = witnesses.try_emplace(tail, tail);
    if (isNew)
      it->second = joinWitnesses(engine_, place.witness, tail);
    return it->second;
  };
  ThreadInstance mine = std::move(threads[id]);
  mine.largestPart = std::max(mine.largestPart, summary.accesses.size());
  for (Access access : summary.accesses) {
    access.location = sub(access.location);
    bool isOwned = engine_.context(access.context).live.empty() &&
                   containsSorted(place.owned, terms.root(access.location));
    access.context = contextFor(access.context);
    access.witness = witnessFor(access.witness);
    access.isLate = place.depth > 0;
    if (access.location != kUnknownTerm && !isOwned && !engine_.isImpossible(access.location))
      mine.accesses.push_back(access);
  }
  for (Acquisition acquisition : summary.acquisitions) {
    acquisition.lock = sub(acquisition.lock);
    for (Term &comparison : acquisition.compared)
      comparison = sub(comparison);
    auto [own, here] = contextsFor(acquisition.context);
    acquisition.witness = witnessFor(acquisition.witness);
    acquisition.context = own;
    if (place.context && !acquisition.isTry)
      nested_.push_back(Nested{id, acquisition, place.context});
    acquisition.context = here;
    mine.acquisitions.push_back(acquisition);
  }
  for (Defect defect : summary.defects) {
    defect.subject = sub(defect.subject);
    defect.witness = witnessFor(defect.witness);
    defect.other = witnessFor(defect.other);
    mine.defects.push_back(defect);
  }
  for (LockSetup setup : summary.setups) {
    setup.lock = sub(setup.lock);
    mine.setups.push_back(setup);
  }
  for (Wait wait : summary.waits) {
    wait.object = sub(wait.object);
    for (Term &lock : wait.own)
      lock = sub(lock);
    wait.context = contextFor(wait.context);
    wait.witness = witnessFor(wait.witness);
    mine.waits.push_back(wait);
  }
  for (Signal signal : summary.signals) {
    signal.object = sub(signal.object);
    for (Term &lock : signal.needs)
      lock = sub(lock);
    for (Term &changed : signal.changed)
      changed = sub(changed);
    signal.context = contextFor(signal.context);
    signal.witness = witnessFor(signal.witness);
    mine.signals.push_back(std::move(signal));
  }
  for (Callback callback : summary.callbacks) {
    callback.callable = sub(callback.callable);
    callback.place = sub(callback.place);
    for (Term &arg : callback.args)
      arg = sub(arg);
    callback.context = contextFor(callback.context);
    callback.witness = witnessFor(callback.witness);
    mine.callbacks.push_back(callback);
  }
  for (const auto &[semaphore, count] : summary.permits)
    mine.permits.emplace_back(sub(semaphore), count);
  for (const auto &[taken, posted] : summary.batons)
    mine.batons.emplace_back(sub(taken), sub(posted));
  for (Term semaphore : summary.unheldPosts)
    mine.unheldPosts.push_back(sub(semaphore));
  for (const auto &[handle, context] : summary.joins)
    mine.joins.push_back(sub(handle));
  for (const PointerStore &store : summary.stores) {
    Term at = sub(store.location), value = sub(store.value);
    if (at == kUnknownTerm || value == kUnknownTerm)
      continue;
    if (value == terms.self())
      mine.selfHandles.push_back(at);
    else
      pointsTo_.add(at, value);
  }
  for (const Exit &exit : summary.exits) {
    ContextId after = contextFor(engine_.intern(exit.context));
    if (place.depth > 0)
      continue;
    mine.exitContexts.push_back(after);
    for (LiveThread live : exit.context.live) {
      live.thread = sub(live.thread);
      live.handle = sub(live.handle);
      mine.leftOver.push_back(live);
    }
  }
  for (const Exposure &exposure : summary.exposed)
    mine.exposed.push_back(Exposure{sub(exposure.thread), sub(exposure.lock),
                                    contextFor(exposure.context), exposure.isEnded});
  std::vector<Spawn> spawns;
  for (Spawn spawn : summary.spawns) {
    spawn.callable = sub(spawn.callable);
    for (Term &arg : spawn.args) {
      arg = sub(arg);
      if (arg == terms.self())
        arg = terms.selfOf(id);
    }
    for (Term &t : spawn.variant)
      t = sub(t);
    spawn.thread = sub(spawn.thread);
    spawn.handle = sub(spawn.handle);
    spawn.finishes = sub(spawn.finishes);
    spawn.context = contextFor(spawn.context);
    spawn.witness = witnessFor(spawn.witness);
    spawns.push_back(std::move(spawn));
  }
  for (const LateCall &late : summary.lateCalls) {
    Pending pending;
    pending.thread = id;
    pending.callable = sub(late.callable);
    for (Term arg : late.args)
      pending.args.push_back(sub(arg));
    pending.place.context = contextFor(late.context);
    pending.place.witness = witnessFor(late.witness);
    pending.place.owned = place.owned;
    for (Term root : late.owned)
      insertSorted(pending.place.owned, sub(root));
    pending.place.depth = place.depth + 1;
    if (pending.callable == kUnknownTerm)
      continue;
    const Term origin = originOf(pending.callable);
    pending.isOfTable = origin != kUnknownTerm && engine_.isGlobal(origin);
    if (origin != kUnknownTerm)
      pending_.push_back(std::move(pending));
  }
  mine.posts.insert(posts.begin(), posts.end());
  threads[id] = std::move(mine);
  bear(id, spawns);
}

/// A loop that starts what the elements of an array lead to: one thread for each object that was made on its own.
void ThreadModel::splitByObject(const Spawn &spawn, std::vector<Spawn> &each) {
  const Terms &terms = engine_.terms;
  constexpr std::size_t kMaxObjects = 12;
  for (std::size_t i = 0; i < spawn.args.size(); ++i) {
    if (terms[spawn.args[i]].kind != TermKind::Phi)
      continue;
    std::set<Term> objects, seen;
    bool isKnown = true;
    std::function<void(Term)> collect = [&](Term value) {
      if (!seen.insert(value).second)
        return;
      const TermNode &node = terms[value];
      if (node.kind == TermKind::Address && terms[node.a].kind == TermKind::Object &&
          !engine_.isMadeRepeatedly(node.a))
        objects.insert(value);
      else if (node.kind == TermKind::Phi && !terms.inputs(value).empty())
        for (Term input : terms.inputs(value))
          collect(input);
      else
        isKnown &= node.kind == TermKind::Int && node.n == 0;
    };
    collect(spawn.args[i]);
    if (!isKnown || objects.empty() || objects.size() > kMaxObjects)
      continue;
    for (Term object : objects) {
      Spawn one = spawn;
      one.args[i] = object;
      one.isOneObject = true;
      each.push_back(std::move(one));
    }
    return;
  }
  each.push_back(spawn);
}

void ThreadModel::noteRepeats(ThreadInstance &child, const std::vector<ContextId> &contexts,
                              bool isOneRound) {
  for (ContextId context : contexts) {
    const LiveThread *live = findLive(child.thread, context);
    bool repeats = live && live->repeated && !isOneRound;
    child.parallelWithItself |= repeats;
    child.surelyRepeats |= repeats && !live->mayRepeat && !child.isFirstOnly;
  }
}

void ThreadModel::bear(ThreadId id, const std::vector<Spawn> &spawns) {
  Terms &terms = engine_.terms;
  unsigned depth = 0;
  bool isRecursive = false;
  for (ThreadId up = threads[id].parent; up != kNoThread; up = threads[up].parent) {
    ++depth;
    if (threads[up].entry == threads[id].entry && threads[up].thread == threads[id].thread)
      isRecursive = true;
  }
  if (depth >= kMaxThreadDepth || isRecursive) {
    threads[id].parallelWithItself |= isRecursive;
    threads[id].surelyRepeats |= isRecursive;
    return;
  }
  struct Child {
    Term thread;
    FunctionId entry;
    Binding binding;
    ThreadId id;
  };
  std::vector<Child> children;
  std::vector<Spawn> each;
  const auto firstOfCall = static_cast<ThreadId>(threads.size());
  for (const Spawn &spawn : spawns)
    splitByObject(spawn, each);
  for (const Spawn &spawn : each) {
    std::vector<Target> targets = engine_.targets(spawn.callable, spawn.args);
    if (targets.empty() && spawn.callable != kUnknownTerm) {
      Pending pending;
      pending.thread = id;
      pending.isSpawn = pending.isOfTable = true;
      pending.spawn = spawn;
      pending.callable = spawn.callable;
      pending.args = spawn.args;
      pending_.push_back(std::move(pending));
    }
    for (const Target &t : targets) {
      std::vector<Term> key{id, spawn.thread};
      addTarget(key, t);
      if (auto known = born_.find(key); known != born_.end()) {
        ThreadInstance &child = threads[known->second];
        child.spawnContexts.push_back(spawn.context);
        child.isOneObject |= spawn.isOneObject;
        child.isFirstOnly &= spawn.isFirstOnly;
        child.variant.insert(child.variant.end(), spawn.variant.begin(), spawn.variant.end());
        if (known->second < firstOfCall) // another late call starts it again
          noteRepeats(child, {spawn.context}, child.isOneObject);
        continue;
      }
      if (threads.size() >= kMaxThreads) {
        engine_.noteCut(Cut::Threads, threads[id].entry);
        break;
      }
      ThreadInstance child;
      child.kind = RootKind::Spawned;
      child.entry = t.function;
      child.parent = id;
      child.tree = threads[id].tree;
      child.thread = spawn.thread;
      child.handle = spawn.handle;
      child.spawnKind = spawn.kind;
      child.detached = spawn.detached;
      child.spawnContexts.push_back(spawn.context);
      child.variant = spawn.variant;
      child.given = t.binding.params;
      child.given.insert(child.given.end(), t.binding.captures.begin(), t.binding.captures.end());
      child.spawnWitness = spawn.witness;
      if (spawn.finishes != kUnknownTerm)
        child.posts.insert(spawn.finishes);
      child.isOneObject = spawn.isOneObject;
      child.isFirstOnly = spawn.isFirstOnly;
      auto childId = static_cast<ThreadId>(threads.size());
      threads.push_back(child);
      trees[child.tree].threads.push_back(childId);
      born_.emplace(std::move(key), childId);
      children.push_back(Child{spawn.thread, t.function, t.binding, childId});
    }
  }
  // The first rounds of a loop, with a counter still known, are threads of their own beside the one for all later rounds; what
  // they are given differently is their own.
  std::map<ThreadId, std::vector<Term>> oneRound, fewRounds;
  for (const Child &child : children)
    for (const Child &other : children) {
      if (other.id == child.id || other.thread != child.thread ||
          !threads[child.id].variant.empty())
        continue;
      std::vector<Term> &own =
          threads[other.id].variant.empty() ? fewRounds[child.id] : oneRound[child.id];
      auto compare = [&](const std::vector<Term> &mine, const std::vector<Term> &theirs) {
        for (std::size_t i = 0; i < mine.size() && i < theirs.size(); ++i)
          if (mine[i] != theirs[i] && mine[i] != kUnknownTerm &&
              terms[mine[i]].kind == TermKind::Address)
            own.push_back(mine[i]);
      };
      compare(child.binding.params, other.binding.params);
      compare(child.binding.captures, other.binding.captures);
    }
  for (const auto *rounds :
       {&fewRounds, &oneRound}) // few: of a loop that ends before its counter is unknown
    for (const auto &[round, own] : *rounds)
      threads[round].variant = own;
  for (const Child &child : children) {
    bool isOneRound = oneRound.count(child.id) != 0 || threads[child.id].isOneObject;
    noteRepeats(threads[child.id], threads[child.id].spawnContexts, isOneRound);
    Target t;
    t.function = child.entry;
    t.binding = child.binding;
    // The chain of the new frame is its creation, so two threads never share a local.
    instantiate(child.id, t, engine_.site(child.entry, SiteKind::Argument, kNone - 1, child.id));
  }
}

} // namespace threadlint
