// RaceConfidence: polled flags, and locks that callers can take.
#include "analyzer/analysis/RaceConfidence.h"

#include "analyzer/analysis/Frame.h"
#include "analyzer/analysis/Overlap.h"

#include <algorithm>

namespace threadlint {
namespace {

const Event *writeOf(const Engine &engine, const Access &access) {
  const Witness &leaf = engine.leaf(access.witness);
  for (const Block &block : engine.program.functions[leaf.function].facts.blocks)
    for (const Event &event : block.events)
      if (event.range == leaf.range &&
          (event.kind == EventKind::Write || event.kind == EventKind::ReadWrite))
        return &event;
  return nullptr;
}

bool isInLoop(Engine &engine, FunctionId function, const SourceRange &range) {
  const std::vector<Block> &blocks = engine.program.functions[function].facts.blocks;
  const Engine::Loops &loops = engine.loops(function);
  for (BlockId block = 0; block < blocks.size(); ++block)
    if (loops.isInLoop(block))
      for (const Event &event : blocks[block].events)
        if (event.range == range)
          return true;
  return false;
}

/// A lock known by a pointer that may lead to several, one of them the other lock.
bool isAmongSeveral(PointsTo &points, Term a, Term b) {
  const std::vector<Term> first = points.locations(a), second = points.locations(b);
  return a != b && (first.size() > 1 || second.size() > 1) &&
         std::find_first_of(first.begin(), first.end(), second.begin(), second.end()) !=
             first.end();
}

/// Whether a function on the way to the access frees something.
bool isFreedBehind(const Engine &engine, const Access &access) {
  for (WitnessId at = access.witness; at != kNoWitness; at = engine.witness(at).next)
    for (const Block &block : engine.program.functions[engine.witness(at).function].facts.blocks)
      for (const Event &event : block.events)
        if (event.kind == EventKind::Free)
          return true;
  return false;
}

} // namespace

bool mayBeOneLock(const Engine &engine, PointsTo &points, const Access &a, const Access &b) {
  for (const HeldLock &x : engine.context(a.context).held)
    for (const HeldLock &y : engine.context(b.context).held) {
      const std::uint64_t cls = engine.lockClass(x.lock);
      if (x.may || y.may || (x.mode == LockMode::Shared && y.mode == LockMode::Shared))
        continue;
      if (isAmongSeveral(points, x.lock, y.lock) && !isGuardLock(engine.terms, x.lock) &&
          !isGuardLock(engine.terms, y.lock))
        return true;
      if (cls == 0 || cls != engine.lockClass(y.lock))
        continue;
      for (Term lock : {x.lock, y.lock}) {
        const std::vector<Term> &at = points.locations(lock);
        if (std::any_of(at.begin(), at.end(), [&](Term t) { return !points.isConcrete(t); }))
          return true;
      }
    }
  return false;
}

bool isOneOfMany(Engine &engine, Term location, const Access &a, const Access &b) {
  const Terms &terms = engine.terms;
  const Term object = terms.root(location);
  for (const Access *access : {&a, &b})
    if (terms[terms.root(access->location)].kind != TermKind::Deref)
      return false;
  if (terms[object].kind != TermKind::Object)
    return false;
  const std::vector<SiteId> calls = terms.sitesOf(terms[object].b);
  const SiteId first = calls.empty() ? terms[object].a : calls.front();
  return calls.size() >= Terms::kMaxChain || engine.isMadeRepeatedly(object) ||
         !engine.program.functions[engine.siteInfo(first).function].hasFlag(FunctionFlag::Main);
}

bool isAnyElement(const Terms &terms, const Access &a, const Access &b) {
  Term x = a.location, y = b.location;
  for (;;) {
    const TermNode &p = terms[x], &q = terms[y];
    auto isArray = [](const TermNode &n) {
      return n.kind == TermKind::Index || n.kind == TermKind::Element;
    };
    if (isArray(p) && isArray(q)) {
      for (const TermNode *n : {&p, &q})
        if (n->kind == TermKind::Element && n->b == kUnknownTerm)
          return true;
    } else if (p.kind != TermKind::Field || q.kind != TermKind::Field) {
      return false;
    }
    x = p.a;
    y = q.a;
  }
}

bool isInitialisedLate(const Engine &engine, const Access &access, ThreadId by,
                       const ThreadInstance &other) {
  if (!(access.flags & Flag::Initialization) || other.parent != by)
    return false;
  const FunctionId function = engine.leaf(access.witness).function;
  const std::vector<LiveThread> &live = engine.context(access.context).live;
  return engine.program.functions[function].hasFlag(FunctionFlag::Constructor) &&
         other.spawnSteps.count(function) &&
         std::any_of(live.begin(), live.end(),
                     [&](const LiveThread &l) { return l.thread == other.thread && !l.may; });
}

bool isBeforeStart(Engine &engine, const Access &access, const ThreadInstance &started) {
  // A handle is assigned when its thread runs already, whatever the text says.
  if (started.kind != RootKind::Spawned || started.spawnWitness == kNoWitness ||
      (access.flags & Flag::Handle))
    return false;
  for (WitnessId at = access.witness; at != kNoWitness; at = engine.witness(at).next) {
    const Witness &step = engine.witness(at);
    auto start = started.spawnSteps.find(step.function);
    if (start != started.spawnSteps.end() && step.range < start->second &&
        !engine.program.functions[step.function].hasFlag(FunctionFlag::Main) &&
        !isInLoop(engine, step.function, start->second))
      return true;
  }
  return false;
}

bool maySwitchPrograms(const Engine &engine, std::initializer_list<WitnessId> ways) {
  for (WitnessId way : ways)
    for (WitnessId next; way != kNoWitness; way = next) {
      next = engine.witness(way).next;
      if (next != kNoWitness && engine.program.guessedCalls.count(
                                    {engine.witness(way).function, engine.witness(next).function}))
        return true;
    }
  return false;
}

bool isOfAnotherProgram(const Engine &engine, FunctionId root, WitnessId way) {
  const std::vector<FunctionId> &mains = engine.program.mains;
  auto fileOf = [&](FunctionId id) { return engine.program.functions[id].facts.range.file; };
  if (mains.size() < 2 || std::find(mains.begin(), mains.end(), root) == mains.end())
    return false;
  for (; way != kNoWitness; way = engine.witness(way).next)
    if (const auto file = fileOf(engine.witness(way).function);
        file != fileOf(root) && std::any_of(mains.begin(), mains.end(),
                                            [&](FunctionId main) { return fileOf(main) == file; }))
      return true;
  return false;
}

static bool isBehindOnce(const Engine &engine, const Access &first, const Access &later) {
  const Terms &terms = engine.terms;
  const Program &program = engine.program;
  auto goesThrough = [&](const Witness &step, VarId flag) {
    const FunctionFacts &facts = program.functions[step.function].facts;
    auto isFlag = [&](ValueId id) {
      const Value &value = facts.values[id];
      return value.path != kNone && facts.paths[value.path].base == BaseKind::Var &&
             facts.paths[value.path].id == flag;
    };
    for (const Block &block : facts.blocks)
      for (const Event &event : block.events)
        if (event.kind == EventKind::Once && !event.args.empty() && isFlag(event.args[0]) &&
            event.range < step.range)
          return true;
    return false;
  };
  for (const HeldLock &held : engine.context(first.context).held) {
    const TermNode &at = terms[terms.root(held.lock)];
    if (at.kind != TermKind::Variable || program.vars[at.a].type.cls != TypeClass::OnceFlag)
      continue;
    for (WitnessId w = later.witness; w != kNoWitness; w = engine.witness(w).next)
      if (goesThrough(engine.witness(w), at.a))
        return true;
  }
  return false;
}

bool areBehindOnce(const Engine &engine, const Access &a, const Access &b) {
  return isBehindOnce(engine, a, b) || isBehindOnce(engine, b, a);
}

bool isTeardown(const ThreadInstance &thread, const Access &access) {
  return access.isWrite && thread.kind == RootKind::Interface &&
         (!thread.joins.empty() || std::any_of(thread.setups.begin(), thread.setups.end(),
                                               [](const LockSetup &setup) { return setup.isEnd; }));
}

bool areOfTwoClasses(const Engine &engine, const Access &a, const Access &b) {
  const Terms &terms = engine.terms;
  const Program &program = engine.program;
  auto apart = [&](Term x, Term y) {
    const Term object = terms.root(x);
    auto classOf = [&](Term at) -> StringId {
      FieldId field = kNone;
      for (; at != object; at = terms[at].a)
        field = terms[at].kind == TermKind::Field ? terms[at].b : kNone;
      return field < program.fields.size() ? program.fields[field].record : 0;
    };
    return terms[object].kind == TermKind::Deref && object == terms.root(y) &&
           areUnrelated(program, classOf(x), classOf(y));
  };
  const std::vector<HeldLock> &first = engine.context(a.context).held,
                              &second = engine.context(b.context).held;
  for (const HeldLock &x : first) {
    if (apart(a.location, x.lock))
      return true;
    for (const HeldLock &y : second)
      if (apart(x.lock, y.lock))
        return true;
  }
  return std::any_of(second.begin(), second.end(),
                     [&](const HeldLock &y) { return apart(b.location, y.lock); });
}

bool isAfterEnd(Engine &engine, const ThreadModel &model, const Access &access, ThreadId other) {
  Terms &terms = engine.terms;
  const Context &context = engine.context(access.context);
  if (std::none_of(context.past.begin(), context.past.end(), [&](Term token) {
        const TermNode &node = terms[token];
        return node.kind == TermKind::Op && node.n == kEndedToken &&
               terms.deref(node.kids[0]) == terms.root(access.location);
      }))
    return false;
  for (const LiveThread &live : context.live)
    for (ThreadId up = other; up != kNoThread; up = model.threads[up].parent)
      if (model.threads[up].thread == live.thread)
        return false;
  return isFreedBehind(engine, access);
}

bool isMixedUp(const Engine &engine, const Access &a, const Access &b) {
  auto isLost = [&](const HeldLock &h) {
    const TermKind kind = engine.terms[engine.terms.withoutFields(h.lock)].kind;
    const bool isOneOfArray = kind == TermKind::Index || kind == TermKind::Element;
    return h.may && h.depth != 0 &&
           !isOneOfArray; // who gives back an element may give back another
  };
  const std::vector<HeldLock> &first = engine.context(a.context).held,
                              &second = engine.context(b.context).held;
  return std::any_of(first.begin(), first.end(), isLost) ||
         std::any_of(second.begin(), second.end(), isLost);
}

bool isOfUnknownOrigin(Engine &engine, Term location, const ThreadInstance &a,
                       const ThreadInstance &b) {
  if (a.kind != RootKind::Spawned || a.entry != b.entry)
    return false;
  const Terms &terms = engine.terms;
  const TermNode &object = terms[terms.root(location)];
  if (object.kind != TermKind::Deref)
    return false;
  const TermNode &pointer = terms[object.a];
  if (pointer.kind != TermKind::Fresh)
    return pointer.kind == TermKind::Phi;
  const Site &site = engine.siteInfo(pointer.a);
  if (site.isGivenFromOutside())
    return false;
  // One value that one function gives to both.
  return site.function >= engine.program.functions.size() || !a.spawnSteps.count(site.function) ||
         !b.spawnSteps.count(site.function) || engine.loops(site.function).isInLoop(site.block);
}

bool isPickedInLoop(Engine &engine, Term lock, WitnessId at) {
  const Terms &terms = engine.terms;
  lock = terms.withoutFields(lock);
  if (terms[lock].kind != TermKind::Index && terms[lock].kind != TermKind::Element)
    return false;
  const Witness &leaf = engine.leaf(at);
  return isInLoop(engine, leaf.function, leaf.range);
}

bool mayShareLock(const Engine &engine, const Access &a, const Access &b) {
  const Terms &terms = engine.terms;
  auto isArray = [](TermKind k) { return k == TermKind::Index || k == TermKind::Element; };
  for (const HeldLock &x : engine.context(a.context).held)
    for (const HeldLock &y : engine.context(b.context).held) {
      const TermNode &p = terms[terms.withoutFields(x.lock)];
      const TermNode &q = terms[terms.withoutFields(y.lock)];
      if (!x.may && !y.may && (x.mode != LockMode::Shared || y.mode != LockMode::Shared) &&
          isArray(p.kind) && isArray(q.kind) && p.a == q.a &&
          (p.kind == TermKind::Element || q.kind == TermKind::Element))
        return true;
    }
  return false;
}

bool isPolledFlag(const Engine &engine, const Access &a, const Access &b) {
  auto isSimple = [&](const Access &access) {
    if (!(access.flags & Flag::Volatile))
      return false;
    if (!access.isWrite)
      return true;
    const std::vector<HeldLock> &held = engine.context(access.context).held;
    if (std::all_of(held.begin(), held.end(), [](const HeldLock &h) { return h.may; }))
      return false;
    const Event *event = writeOf(engine, access);
    if (!event || event->kind != EventKind::Write || event->value == kNone)
      return false;
    return engine.program.functions[engine.leaf(access.witness).function]
               .facts.values[event->value]
               .kind == ValueKind::Int;
  };
  return isSimple(a) && isSimple(b);
}

bool mayBeLockedOutside(const Engine &engine, const ThreadInstance &outside,
                        const Access &outsideAccess, const Access &inside,
                        const std::function<bool(Term)> &isAside) {
  if (outside.kind != RootKind::Interface || !outside.isExported)
    return false;
  for (const HeldLock &held : engine.context(outsideAccess.context).held)
    if (!held.may && !isAside(held.lock))
      return false;
  const Terms &terms = engine.terms;
  const Witness &leaf = engine.leaf(outsideAccess.witness), &other = engine.leaf(inside.witness);
  const bool isOneStep = leaf.function == other.function && leaf.range == other.range;
  for (const HeldLock &held : engine.context(inside.context).held) {
    const TermNode &root = terms[terms.root(held.lock)];
    if (held.may || root.kind != TermKind::Variable || !engine.program.vars[root.a].external)
      continue;
    auto takes = [&](const Acquisition &a) { return a.lock == held.lock; };
    if (isOneStep || std::none_of(outside.acquisitions.begin(), outside.acquisitions.end(), takes))
      return true;
  }
  return false;
}

} // namespace threadlint
