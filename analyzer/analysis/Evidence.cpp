// Evidence: purposes of locks, and steps of a library's own functions.
#include "analyzer/analysis/Evidence.h"

#include "analyzer/analysis/FlagTests.h"

#include <algorithm>

namespace threadlint {

void Evidence::note(PointsTo &points, const Access &access) {
  if (!access.isWrite || (access.flags & Flag::Initialization))
    return;
  const Terms &terms = engine_.terms;
  for (const HeldLock &held : engine_.context(access.context).held) {
    if (!held.may && terms[held.lock].kind == TermKind::Deref)
      for (FieldId lock : lockFieldsBehind(points, held.lock))
        writtenUnder_[lock].insert(partOf(lock, access.location));
    if (held.may || terms[held.lock].kind != TermKind::Field)
      continue;
    for (Term at = access.location; at != kUnknownTerm; at = terms[at].a) {
      const TermNode &node = terms[at];
      if (node.kind == TermKind::Field && node.a == terms[held.lock].a) {
        writtenUnder_[terms[held.lock].b].insert(node.b);
        break;
      }
      if (node.kind != TermKind::Field && node.kind != TermKind::Index &&
          node.kind != TermKind::Element && node.kind != TermKind::Deref &&
          node.kind != TermKind::Init)
        break;
    }
  }
}

const std::set<FieldId> &Evidence::lockFieldsBehind(PointsTo &points, Term lock) {
  const Terms &terms = engine_.terms;
  if (!hasLockFields_) {
    hasLockFields_ = true;
    for (const auto &[location, value] : points.stores())
      if (terms[location].kind == TermKind::Field && terms[value].kind == TermKind::Address &&
          terms[terms[value].a].kind == TermKind::Field)
        lockFields_[terms[location].b].insert(terms[terms[value].a].b);
  }
  static const std::set<FieldId> kNothing;
  const TermNode &pointer = terms[terms[lock].a];
  if (pointer.kind != TermKind::Init || terms[pointer.a].kind != TermKind::Field)
    return kNothing;
  auto it = lockFields_.find(terms[pointer.a].b);
  return it == lockFields_.end() ? kNothing : it->second;
}

FieldId Evidence::partOf(FieldId lock, Term location) const {
  const Terms &terms = engine_.terms;
  const Program &program = engine_.program;
  for (; terms[location].kind == TermKind::Field || terms[location].kind == TermKind::Index ||
         terms[location].kind == TermKind::Element;
       location = terms[location].a)
    if (terms[location].kind == TermKind::Field &&
        program.fields[terms[location].b].record == program.fields[lock].record)
      return terms[location].b;
  return kNone;
}

bool Evidence::isMeantFor(Term lock, Term location) const {
  const Terms &terms = engine_.terms;
  if (terms[lock].kind != TermKind::Field)
    return true; // a global guard, of no record
  const Program &program = engine_.program;
  auto purpose = writtenUnder_.find(terms[lock].b);
  for (Term at = location; terms[at].kind == TermKind::Field || terms[at].kind == TermKind::Index ||
                           terms[at].kind == TermKind::Element;
       at = terms[at].a) {
    if (terms[at].kind != TermKind::Field ||
        program.fields[terms[at].b].record != program.fields[terms[lock].b].record)
      continue;
    if (purpose != writtenUnder_.end())
      return purpose->second.count(terms[at].b) != 0;
    return program.fields[terms[at].b].type.cls != TypeClass::Callable;
  }
  return true;
}

bool Evidence::isHandedOver(const Access &access) const {
  const Terms &terms = engine_.terms;
  const TermNode &root = terms[terms.root(access.location)];
  if (root.kind != TermKind::Deref || terms[root.a].kind != TermKind::Fresh)
    return false;
  const Site &site = engine_.siteInfo(terms[root.a].a);
  return site.isGivenFromOutside();
}

bool Evidence::isStep(ThreadId step, ThreadId other, bool onlyStepHolds) {
  const ThreadInstance &callee = model_.threads[step], &caller = model_.threads[other];
  const bool isThread = caller.kind == RootKind::Spawned;
  if (callee.kind != RootKind::Interface ||
      (!isThread && (callee.entry == caller.entry || !onlyStepHolds)))
    return false;
  auto [it, isNew] = reached_.try_emplace(caller.entry);
  if (isNew)
    model_.reach({caller.entry}, it->second);
  return it->second.count(callee.entry) != 0;
}

bool Evidence::holds(const Access &access, std::uint64_t lockClass) const {
  const std::vector<HeldLock> &held = engine_.context(access.context).held;
  return std::any_of(held.begin(), held.end(),
                     [&](const HeldLock &h) { return engine_.lockClass(h.lock) == lockClass; });
}

bool Evidence::takesItself(ThreadId thread, FunctionId function, std::uint64_t lockClass) {
  auto [taken, isNew] = takenIn_.try_emplace(thread);
  if (isNew)
    for (const Acquisition &a : model_.threads[thread].acquisitions) {
      std::uint64_t cls = engine_.lockClass(a.lock);
      const std::vector<HeldLock> &held = engine_.context(a.context).held;
      if (a.isTry || std::any_of(held.begin(), held.end(), [&](const HeldLock &h) {
            return engine_.lockClass(h.lock) == cls;
          }))
        continue;
      WitnessId w = a.witness, above = w;
      for (; engine_.witness(w).next != kNoWitness; w = engine_.witness(w).next)
        above = w;
      taken->second.emplace(engine_.witness(w).function, cls);
      taken->second.emplace(engine_.witness(above).function, cls); // through a locking function
    }
  return taken->second.count({function, lockClass}) != 0;
}

bool Evidence::isWindow(ThreadId openThread, const Access &open, ThreadId otherThread,
                        const Access &guarded, Term lock) {
  const Terms &terms = engine_.terms;
  const std::uint64_t lockClass = engine_.lockClass(lock);
  const Term object = terms.root(open.location), other = terms.root(guarded.location);
  const Witness &leaf = engine_.leaf(open.witness);
  const FunctionId guardedBy = engine_.leaf(guarded.witness).function;
  if (open.isWrite || guardedBy == leaf.function || lockClass == 0 ||
      terms[object].kind != TermKind::Deref || terms[other].kind != TermKind::Deref ||
      terms[open.location].kind != TermKind::Field || holds(open, lockClass) ||
      !takesItself(openThread, leaf.function, lockClass) ||
      !takesItself(otherThread, guardedBy, lockClass))
    return false;
  auto isState = [&](Term location) { // not a link of a list that both sides handle
    if (terms[location].kind != TermKind::Field ||
        terms[location].b >= engine_.program.fields.size())
      return false;
    TypeClass cls = engine_.program.fields[terms[location].b].type.cls;
    return cls == TypeClass::Integer || cls == TypeClass::Bool || cls == TypeClass::Enum;
  };
  auto isBefore = [&](const Access &access) {
    const Witness *step = engine_.stepIn(access.witness, leaf.function);
    return step && step->range < leaf.range;
  };
  std::set<FieldId> changed;
  bool isOwnLock = false; // the function itself works under the lock
  for (const Access &access : model_.threads[openThread].accesses)
    if (terms.root(access.location) == object && isBefore(access) && holds(access, lockClass)) {
      isOwnLock |= engine_.leaf(access.witness).function == leaf.function;
      if (access.isWrite && isState(access.location))
        changed.insert(terms[access.location].b);
    }
  if (changed.empty() || !isOwnLock)
    return false;
  for (const Access &access : model_.threads[otherThread].accesses)
    if (!access.isWrite && terms[access.location].kind == TermKind::Field &&
        changed.count(terms[access.location].b) && terms.root(access.location) == other &&
        holds(access, lockClass))
      return true;
  return false;
}

namespace {
/// The block of a function in which a step stands, or kNone when several may be meant.
BlockId blockOf(const FunctionFacts &facts, const SourceRange &range) {
  BlockId found = kNone;
  for (BlockId block = 0; block < facts.blocks.size(); ++block)
    for (const Event &event : facts.blocks[block].events)
      if (event.range == range) {
        if (found != kNone && found != block)
          return kNone;
        found = block;
      }
  return found;
}

bool reaches(const FunctionFacts &facts, BlockId from, BlockId to) {
  return reachedFrom(facts, {from})[to];
}
} // namespace

Term Evidence::oneWayLock(ThreadId method, const Access &a, const Access &b) const {
  const Terms &terms = engine_.terms;
  const ThreadInstance &root = model_.threads[method];
  const FunctionFacts &entry = engine_.program.functions[root.entry].facts;
  if (root.kind != RootKind::Interface || !root.isExported ||
      !(entry.flags & FunctionFlag::Method) || a.location != b.location)
    return kUnknownTerm;
  auto locksOf = [&](const Access &access) {
    std::set<Term> locks;
    for (const HeldLock &held : engine_.context(access.context).held)
      locks.insert(held.may ? kUnknownTerm : held.lock);
    return locks;
  };
  const std::set<Term> first = locksOf(a), second = locksOf(b);
  if (!first.empty() && !second.empty())
    return kUnknownTerm;
  for (Term lock : first.empty() ? second : first) {
    if (terms[lock].kind != TermKind::Field || !terms.contains(a.location, terms[lock].a))
      continue;
    const TermNode &object = terms[terms[lock].a];
    if (object.kind != TermKind::Deref || terms[object.a].kind != TermKind::Fresh)
      continue;
    const BlockId x = blockOf(entry, engine_.witness(a.witness).range),
                  y = blockOf(entry, engine_.witness(b.witness).range);
    if (x != kNone && y != kNone && x != y && !reaches(entry, x, y) && !reaches(entry, y, x))
      return lock;
  }
  return kUnknownTerm;
}

bool Evidence::isDoubtful(const ThreadInstance &open, Term lock, bool besideThread) {
  if (open.kind != RootKind::Interface)
    return false;
  return std::any_of(open.setups.begin(), open.setups.end(),
                     [&](const LockSetup &setup) {
                       return engine_.lockClass(setup.lock) == engine_.lockClass(lock);
                     }) ||
         (!besideThread && isUsedInside(open));
}

/// Whether the object of a location is a global, what a public function was called with, or one pointer away from that.
bool Evidence::isWithinReach(Term location) const {
  const Terms &terms = engine_.terms;
  for (int hops = 0;; ++hops) {
    while (terms[location].kind == TermKind::Field || terms[location].kind == TermKind::Index)
      location = terms[location].a;
    if (terms[location].kind ==
        TermKind::Variable) // what a thread keeps a pointer to may be its own
      return engine_.program.vars[terms[location].a].kind != VarKind::ThreadLocal;
    if (terms[location].kind == TermKind::Object)
      return true;
    if (terms[location].kind != TermKind::Deref)
      return false;
    const TermNode &value = terms[terms[location].a];
    if (value.kind == TermKind::Fresh) {
      const Site &site = engine_.siteInfo(value.a);
      return site.isGivenFromOutside();
    }
    if (value.kind != TermKind::Init || hops == 1)
      return false;
    location = value.a;
  }
}

/// Whether both locations are reached in one way, field by field, from what two public functions were called with.
bool Evidence::isOnePath(Term a, Term b) const {
  const Terms &terms = engine_.terms;
  for (;;) {
    const TermNode &x = terms[a], &y = terms[b];
    if (x.kind != y.kind)
      return false;
    if (x.kind == TermKind::Fresh)
      return engine_.siteInfo(x.a).kind == SiteKind::Argument &&
             engine_.siteInfo(y.a).kind == SiteKind::Argument;
    if ((x.kind != TermKind::Field || x.b != y.b) && x.kind != TermKind::Deref &&
        x.kind != TermKind::Init)
      return false;
    a = x.a;
    b = y.a;
  }
}

bool Evidence::isFarFetched(const ThreadInstance &open, const Access &openAccess,
                            const Access &guarded, Term lock) {
  const Terms &terms = engine_.terms;
  if (!isOnePath(openAccess.location, guarded.location) &&
      (!isWithinReach(openAccess.location) || !isWithinReach(guarded.location)))
    return true;
  const FunctionFacts &entry = engine_.program.functions[open.entry].facts;
  if (terms[lock].kind != TermKind::Field || terms[lock].b >= engine_.program.fields.size() ||
      !(entry.flags & FunctionFlag::Method) ||
      entry.record != engine_.program.fields[terms[lock].b].record)
    return false;
  for (const ThreadInstance &thread : model_.threads)
    if (thread.kind == RootKind::Interface &&
        engine_.program.functions[thread.entry].facts.record == entry.record)
      for (const Acquisition &a : thread.acquisitions)
        if (engine_.lockClass(a.lock) == engine_.lockClass(lock))
          return false;
  return true;
}

bool Evidence::isUsedInside(const ThreadInstance &thread) {
  if (thread.kind != RootKind::Interface)
    return false;
  const Program &program = engine_.program;
  if (usedInside_.empty()) {
    usedInside_.assign(program.functions.size(), false);
    for (const Function &function : program.functions)
      for (const Block &block : function.facts.blocks)
        for (const Event &event : block.events)
          if (auto it = program.functionByKey.find(event.callee);
              event.callee && it != program.functionByKey.end() &&
              function.facts.record != program.functions[it->second].facts.record &&
              !function.hasFlag(FunctionFlag::Lambda)) {
            usedInside_[it->second] = true;
            if (auto other = program.overriders.find(event.callee);
                other != program.overriders.end())
              for (FunctionId id : other->second)
                usedInside_[id] = true;
          }
  }
  return usedInside_[thread.entry];
}

bool Evidence::takesLocks(const Access &access) {
  FunctionId function = engine_.leaf(access.witness).function;
  auto [it, isNew] = takesLocks_.try_emplace(function, false);
  if (isNew)
    for (const Block &block : engine_.program.functions[function].facts.blocks)
      for (const Event &event : block.events)
        it->second |= event.kind == EventKind::Acquire || event.kind == EventKind::GuardInit ||
                      event.kind == EventKind::GuardLock;
  return it->second;
}

Term Evidence::pointerTo(Term lock) const {
  const Terms &terms = engine_.terms;
  const TermNode &node = terms[terms.withoutFields(lock)];
  return node.kind == TermKind::Deref && terms[node.a].kind == TermKind::Init ? terms[node.a].a
                                                                              : kUnknownTerm;
}

bool Evidence::doesItself(ThreadId thread, const Access &access) const {
  const ThreadInstance &own = model_.threads[thread];
  const SourceRange &range = engine_.leaf(access.witness).range;
  return own.kind == RootKind::Spawned &&
         std::any_of(own.accesses.begin(), own.accesses.end(), [&](const Access &a) {
           return a.isWrite == access.isWrite && engine_.leaf(a.witness).range == range;
         });
}

bool Evidence::isInOneCall(WitnessId access, WitnessId acquired) const {
  const FunctionId leaf = engine_.leaf(access).function;
  while (access != kNoWitness && acquired != kNoWitness) {
    const Witness &x = engine_.witness(access), &y = engine_.witness(acquired);
    if (x.function != y.function)
      return false;
    if (x.function == leaf)
      return true;
    if (x.range != y.range)
      return false;
    access = x.next;
    acquired = y.next;
  }
  return false;
}

} // namespace threadlint
