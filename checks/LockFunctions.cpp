// LockFunctions: read from the summaries: a lock reached through a parameter that is held, or released, at the end.
#include "checks/LockFunctions.h"

#include "analyzer/analysis/FlagTests.h"
#include "analyzer/analysis/State.h"

#include <algorithm>
#include <functional>
#include <set>

namespace threadlint {

bool givesResult(const FunctionFacts &facts) {
  for (const Block &block : facts.blocks)
    for (const Event &event : block.events)
      if (event.kind == EventKind::Return && event.value != kNone)
        return true;
  return false;
}

bool isAlike(const Terms &terms, Term a, Term b) {
  const TermNode &x = terms[terms.withoutElements(a)], &y = terms[terms.withoutElements(b)];
  return x.kind == y.kind && ((x.kind == TermKind::Field && x.b == y.b) ||
                              (x.kind == TermKind::Variable && x.a == y.a));
}

namespace {

/// Reached through a parameter; if `asOwner`, as a part of what the parameter points to.
bool isGiven(const Terms &terms, Term lock, bool asOwner) {
  if (asOwner && terms[lock].kind == TermKind::Deref)
    return false;
  for (;;) {
    const TermNode &root = terms[terms.root(lock)];
    if (root.kind != TermKind::Deref)
      return false;
    const TermNode &pointer = terms[root.a];
    if (pointer.kind == TermKind::Param)
      return true;
    if (pointer.kind != TermKind::Init)
      return false;
    lock = pointer.a;
  }
}

const Witness &
innermost(const Analysis &analysis, WitnessId id,
          const std::function<bool(FunctionId, const Summary &, bool)> &doesItForCaller) {
  Engine &engine = *analysis.engine;
  std::vector<WitnessId> steps;
  for (WitnessId step = id;; step = engine.witness(step).next) {
    steps.push_back(step);
    if (engine.witness(step).next == kNoWitness)
      break;
  }
  while (steps.size() > 1) {
    FunctionId function = engine.witness(steps.back()).function;
    // Who calls through a pointer does not know what it does; a piece cut out of its one caller that is given a mutex as it is
    // hides nothing.
    const Function &code = analysis.program->functions[function];
    bool isPiece = code.callers < 2 && !code.hasFlag(FunctionFlag::External);
    if (code.hasFlag(FunctionFlag::AddressTaken) ||
        !doesItForCaller(function, engine.summary(function, {}), isPiece))
      break;
    steps.pop_back();
  }
  return engine.witness(steps.back());
}

/// Whether a function leaves `lock` held at this exit and gives it back before another one with the same result: its callers, none of
/// which gives it back, cannot know.
bool isLeak(const Engine &engine, FunctionId function, const Summary &summary, const Exit &exit,
            Term lock) {
  auto leaks = [&](const Defect &defect) {
    return defect.kind == DefectKind::LeakOnPath && defect.subject == lock;
  };
  if (exit.kind != ExitKind::Return || engine.handedOut.count(function) ||
      std::none_of(summary.defects.begin(), summary.defects.end(), leaks))
    return false;
  const bool isVoid = !givesResult(engine.program.functions[function].facts);
  return std::any_of(summary.exits.begin(), summary.exits.end(), [&](const Exit &other) {
    return other.kind == ExitKind::Return && (isVoid || other.result == exit.result) &&
           std::none_of(other.context.held.begin(), other.context.held.end(),
                        [&](const HeldLock &held) { return held.lock == lock; });
  });
}

/// How many steps two ways have in common before they part inside one function; 0 when they do not part so.
unsigned commonSteps(const Engine &engine, WitnessId a, WitnessId b) {
  for (unsigned steps = 1; a != kNoWitness && b != kNoWitness; ++steps) {
    const Witness &x = engine.witness(a), &y = engine.witness(b);
    if (x.function != y.function)
      return 0;
    if (x.range != y.range)
      return steps;
    a = x.next;
    b = y.next;
  }
  return 0; // one is the beginning of the other
}

/// What a function does to locks itself.
LockSteps ownSteps(const FunctionFacts &facts) {
  LockSteps result;
  for (const Block &block : facts.blocks) {
    bool takes = false, givesBack = false;
    for (const Event &event : block.events) {
      takes |= event.kind == EventKind::Acquire;
      givesBack |= event.kind == EventKind::Release;
      result.writes |= event.kind == EventKind::Write || event.kind == EventKind::ReadWrite;
    }
    result.takes |= takes;
    result.givesBack |= givesBack;
    result.locks.push_back(takes || givesBack);
  }
  return result;
}

FieldId lastField(const FunctionFacts &facts, PathId path) {
  if (path == kNone)
    return kNone;
  const PathStep *last = lastOutsideArrays(facts.paths[path], facts.paths[path].steps.size());
  return last && last->kind == StepKind::Field ? last->field : kNone;
}

/// The fields of whose places an event is given the address: atomic operations of the project's own.
void addGiven(const FunctionFacts &facts, const Event &event, std::set<FieldId> &fields) {
  if (event.kind == EventKind::Call)
    for (ValueId arg : event.args)
      if (facts.values[arg].kind == ValueKind::Address)
        fields.insert(lastField(facts, facts.values[arg].path));
}

/// The fields that the functions on a way write once they have taken the lock there: all but the outermost, which takes it for itself.
std::set<FieldId> writtenByTaker(const Analysis &analysis, WitnessId taken) {
  const Engine &engine = *analysis.engine;
  std::set<FieldId> result;
  for (WitnessId at = taken; at != kNoWitness; at = engine.witness(at).next) {
    const FunctionFacts &facts = analysis.program->functions[engine.witness(at).function].facts;
    if (!ownSteps(facts).takes || ownSteps(facts).givesBack)
      continue;
    std::vector<BlockId> starts;
    for (const Position &place : positionsOf(facts, engine.witness(at).range))
      starts.push_back(place.block);
    std::vector<bool> later = reachedFrom(facts, starts);
    for (BlockId start : starts)
      later[start] = true;
    for (BlockId block = 0; block < facts.blocks.size(); ++block)
      for (const Event &event : facts.blocks[block].events) {
        if (later[block] && (event.kind == EventKind::Write || event.kind == EventKind::ReadWrite))
          result.insert(lastField(facts, event.path));
        if (later[block])
          addGiven(facts, event, result);
      }
  }
  result.erase(kNone);
  return result;
}

/// What a function does to locks itself or in what it calls first-hand.
const LockSteps &nearSteps(const Analysis &analysis, FunctionId id) {
  auto [known, isNew] = analysis.lockSteps.try_emplace(id);
  if (isNew) {
    const Program &program = *analysis.program;
    LockSteps &result = known->second = ownSteps(program.functions[id].facts);
    for (const Block &block : program.functions[id].facts.blocks)
      for (const Event &event : block.events)
        if (const auto callee = program.calleeOf(event)) {
          const LockSteps inner = ownSteps(program.functions[*callee].facts);
          result.takes |= inner.takes;
          result.givesBack |= inner.givesBack;
        }
  }
  return known->second;
}

/// What an event does to locks: of a call what the function does that is called.
LockSteps stepsOf(const Analysis &analysis, const Event &event) {
  if (const auto callee = analysis.program->calleeOf(event))
    return nearSteps(analysis, *callee);
  return {event.kind == EventKind::Acquire, event.kind == EventKind::Release};
}

/// The fields that name a lock which an event takes or gives back, itself or in a small function that does nothing else to locks.
std::set<FieldId> lockFields(const Analysis &analysis, const FunctionFacts &facts,
                             const Event &event) {
  const LockSteps steps = stepsOf(analysis, event);
  std::set<FieldId> result;
  for (ValueId arg : event.args)
    if (steps.takes != steps.givesBack && facts.values[arg].kind == ValueKind::Address)
      result.insert(lastField(facts, facts.values[arg].path));
  result.erase(kNone);
  return result;
}

/// By lock field: the fields that are the first to be written after such a lock is taken somewhere, and the last before one is given back.
std::map<FieldId, std::set<FieldId>> findFlagsOfLocks(const Analysis &analysis) {
  std::map<FieldId, std::set<FieldId>> after, before, result;
  for (const Function &function : analysis.program->functions) {
    const FunctionFacts &facts = function.facts;
    for (const Block &block : facts.blocks) {
      std::set<FieldId> open;  // taken, and nothing written since
      FieldId written = kNone; // just now
      bool isFirst = false;    // since the lock was taken: one write is no pair of set and clear
      for (const Event &event : block.events) {
        if (event.kind == EventKind::Write || event.kind == EventKind::ReadWrite) {
          written = lastField(facts, event.path);
          isFirst = !open.empty();
          for (FieldId lock : open)
            after[lock].insert(written);
          open.clear();
        } else if (event.kind == EventKind::Acquire || event.kind == EventKind::Release ||
                   event.kind == EventKind::Call) {
          const std::set<FieldId> locks = lockFields(analysis, facts, event);
          open.clear();
          if (!locks.empty() && stepsOf(analysis, event).takes)
            open = locks;
          else if (written != kNone && !isFirst)
            for (FieldId lock : locks)
              before[lock].insert(written);
          written = kNone;
        }
      }
    }
  }
  for (const auto &[lock, flags] : after)
    for (FieldId flag : flags)
      if (flag != kNone && before[lock].count(flag))
        result[lock].insert(flag);
  return result;
}

/// Whether a condition looks at one of the fields.
bool testsAny(const FunctionFacts &facts, ValueId id, const std::set<FieldId> &fields,
              unsigned depth = 0) {
  if (id == kNone || depth == 8)
    return false;
  const Value &value = facts.values[id];
  return (value.kind == ValueKind::Load && fields.count(lastField(facts, value.path))) ||
         std::any_of(value.operands.begin(), value.operands.end(),
                     [&](ValueId operand) { return testsAny(facts, operand, fields, depth + 1); });
}

bool isSameWay(const Engine &engine, WitnessId a, WitnessId b) {
  for (; a != kNoWitness && b != kNoWitness; a = engine.witness(a).next, b = engine.witness(b).next)
    if (engine.witness(a).function != engine.witness(b).function ||
        engine.witness(a).range != engine.witness(b).range)
      return false;
  return a == b;
}

} // namespace

const Witness &takingStep(const Analysis &analysis, WitnessId witness) {
  const Terms &terms = analysis.engine->terms;
  auto handsOut = [&](FunctionId function, const Summary &summary, bool asOwner) {
    auto [known, isNew] = analysis.takesForCaller.try_emplace(function, false);
    if (isNew)
      for (const Exit &exit : summary.exits)
        for (const HeldLock &held : exit.context.held)
          known->second |= isGiven(terms, held.lock, asOwner) &&
                           !isLeak(*analysis.engine, function, summary, exit, held.lock);
    return known->second;
  };
  return innermost(analysis, witness, handsOut);
}

WitnessId leakingReturn(const Analysis &analysis, WitnessId taken, WitnessId later) {
  Engine &engine = *analysis.engine;
  // What happens inside the function happens before it returns.
  const bool isRound = isSameWay(engine, taken, later);
  while (!isRound && later != kNoWitness && taken != kNoWitness) {
    const Witness &a = engine.witness(taken), &b = engine.witness(later);
    if (a.function != b.function || a.range != b.range)
      break;
    taken = a.next;
    later = b.next;
  }
  if (taken == kNoWitness)
    return kNoWitness;
  const Witness &leaf = engine.leaf(taken);
  WitnessId innermost = kNoWitness;
  for (WitnessId step = engine.witness(taken).next; step != kNoWitness;
       step = engine.witness(step).next) {
    const FunctionId function = engine.witness(step).function;
    const Summary &summary = engine.summary(function, {});
    for (const Exit &exit : summary.exits)
      for (const HeldLock &held : exit.context.held)
        if (held.witness != kNoWitness && exit.witness != kNoWitness &&
            engine.leaf(held.witness).range == leaf.range &&
            isLeak(engine, function, summary, exit, held.lock))
          innermost = exit.witness;
  }
  return innermost;
}

const Witness &releasingStep(const Analysis &analysis, WitnessId witness) {
  const Terms &terms = analysis.engine->terms;
  return innermost(analysis, witness, [&](FunctionId, const Summary &summary, bool asOwner) {
    // A function that gives it back on some of its ways only is where it goes wrong, unless there is nothing to give back on the
    // others: a guard that was moved from.
    auto hasNone = [&](const Exit &exit, Term lock) {
      const TermNode &node = terms[lock];
      return node.kind == TermKind::Deref && containsSorted(exit.facts, Fact{node.a, true, 0});
    };
    return std::any_of(summary.releases.begin(), summary.releases.end(), [&](const auto &release) {
      return isGiven(terms, release.first, asOwner) &&
             std::all_of(summary.exits.begin(), summary.exits.end(), [&](const Exit &exit) {
               return exit.kind != ExitKind::Return || hasNone(exit, release.first) ||
                      containsSorted(exit.context.released, release.first);
             });
    });
  });
}

WitnessId takenBefore(const Analysis &analysis, const ThreadInstance &thread, Term lock,
                      WitnessId inner, WitnessId recorded) {
  const Engine &engine = *analysis.engine;
  // The same way is the round before in a loop.
  if (recorded != kNoWitness &&
      (commonSteps(engine, recorded, inner) || isSameWay(engine, recorded, inner)))
    return recorded;
  WitnessId best = recorded;
  unsigned most = 0;
  for (const Acquisition &acquisition : thread.acquisitions) {
    if (acquisition.lock != lock)
      continue;
    unsigned common = commonSteps(engine, acquisition.witness, inner);
    if (common > most) {
      most = common;
      best = acquisition.witness;
    }
  }
  return best;
}

WitnessId takenBefore(const Analysis &analysis, const LockEdge &edge) {
  return takenBefore(analysis, analysis.model->threads[edge.thread], edge.held.lock,
                     edge.acquisition.witness, edge.held.witness);
}

unsigned callsBetween(const Analysis &analysis, WitnessId outer, WitnessId inner) {
  const Engine &engine = *analysis.engine;
  unsigned calls = 0;
  for (WitnessId w = engine.behind(inner, outer); w != kNoWitness; w = engine.witness(w).next)
    ++calls;
  return calls;
}

bool isLeaked(const Analysis &analysis, const LockEdge &edge) {
  return edge.held.witness != kNoWitness && leakingReturn(analysis, takenBefore(analysis, edge),
                                                          edge.acquisition.witness) != kNoWitness;
}

bool mayAskAgain(const Analysis &analysis, WitnessId step) {
  const Engine &engine = *analysis.engine;
  std::set<FunctionId> passed;
  for (WitnessId at = step; at != kNoWitness; at = engine.witness(at).next)
    if (!passed.insert(engine.witness(at).function).second)
      return true;
  const FunctionFacts &facts = analysis.program->functions[engine.leaf(step).function].facts;
  const LockSteps own = ownSteps(facts);
  // A destructor asks its own object, which nobody else changes.
  if (engine.witness(step).next == kNoWitness || own.takes == own.givesBack || own.writes ||
      (facts.flags & FunctionFlag::Destructor) != 0 || facts.entry >= own.locks.size() ||
      facts.exit >= own.locks.size())
    return false;
  return reachedWithoutBlocks(facts, own.locks)[facts.exit];
}

bool mayAskForOwner(const Analysis &analysis, Term lock, WitnessId taken, WitnessId left) {
  Engine &engine = *analysis.engine;
  const Program &program = *analysis.program;
  const std::set<FieldId> owner = writtenByTaker(analysis, taken);
  auto looksAtOwner = [&](const FunctionFacts &facts) {
    std::set<FieldId> seen;
    for (const Block &block : facts.blocks)
      for (const Event &event : block.events) {
        if (event.kind == EventKind::Read || event.kind == EventKind::ReadWrite)
          seen.insert(lastField(facts, event.path));
        addGiven(facts, event, seen);
      }
    return std::any_of(owner.begin(), owner.end(),
                       [&](FieldId field) { return seen.count(field) != 0; });
  };
  auto find = [&](FunctionId function) {
    const FunctionFacts &facts = program.functions[function].facts;
    if (ownSteps(facts).takes)
      return false;
    bool looks = looksAtOwner(facts);
    for (const Block &block : facts.blocks)
      for (const Event &event : block.events)
        if (const auto callee = program.calleeOf(event); callee && !looks)
          looks = looksAtOwner(program.functions[*callee].facts);
    if (!looks)
      return false;
    const Summary &summary = engine.summary(function, {});
    return std::any_of(summary.releases.begin(), summary.releases.end(), [&](const auto &release) {
      return isAlike(engine.terms, release.first, lock) &&
             std::any_of(summary.exits.begin(), summary.exits.end(), [&](const Exit &exit) {
               return exit.kind == ExitKind::Return &&
                      !containsSorted(exit.context.released, release.first);
             });
    });
  };
  std::map<FunctionId, bool> known;
  auto asks = [&](FunctionId function) {
    auto [it, isNew] = known.try_emplace(function);
    if (isNew)
      it->second = find(function);
    return it->second;
  };
  for (WitnessId at = taken; at != kNoWitness && !owner.empty(); at = engine.witness(at).next) {
    const FunctionId function = engine.witness(at).function;
    const FunctionFacts &facts = program.functions[function].facts;
    std::vector<BlockId> ends{facts.exit};
    if (left != kNoWitness && engine.leaf(left).function == function) {
      ends.clear();
      for (const Position &place : positionsOf(facts, engine.leaf(left).range))
        ends.push_back(place.block);
    }
    for (BlockId block = 0; block < facts.blocks.size(); ++block)
      for (const Event &event : facts.blocks[block].events) {
        const auto callee = program.calleeOf(event);
        if (!callee || !asks(*callee))
          continue;
        const std::vector<bool> reached = reachedFrom(facts, {block});
        if (std::any_of(ends.begin(), ends.end(), [&](BlockId end) {
              return end == block || (end < reached.size() && reached[end]);
            }))
          return true;
      }
  }
  return false;
}

bool isToldByFlag(const Analysis &analysis, WitnessId step) {
  const Engine &engine = *analysis.engine;
  if (!analysis.flagsOfLocks)
    analysis.flagsOfLocks = findFlagsOfLocks(analysis);
  for (WitnessId at = step; at != kNoWitness; at = engine.witness(at).next) {
    const FunctionFacts &facts = analysis.program->functions[engine.witness(at).function].facts;
    const std::vector<Position> places = positionsOf(facts, engine.witness(at).range);
    std::set<FieldId> flags;
    for (const Position &place : places)
      for (FieldId lock :
           lockFields(analysis, facts, facts.blocks[place.block].events[place.index]))
        if (const auto known = analysis.flagsOfLocks->find(lock);
            known != analysis.flagsOfLocks->end())
          flags.insert(known->second.begin(), known->second.end());
    // Of a lock that one thread may take again, a number that the function steps tells: `if (--uses == 0) { owner = 0; unlock(…); }`.
    const bool isCounted = std::any_of(places.begin(), places.end(), [&](const Position &place) {
      const std::vector<Event> &events = facts.blocks[place.block].events;
      return std::any_of(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(place.index),
                         [&](const Event &event) {
                           return event.kind == EventKind::Write &&
                                  flags.count(lastField(facts, event.path));
                         });
    });
    for (const Block &block : facts.blocks)
      for (const Event &event : block.events)
        if (isCounted && event.kind == EventKind::ReadWrite)
          flags.insert(lastField(facts, event.path));
    flags.erase(kNone);
    for (BlockId from = 0; from < facts.blocks.size() && !flags.empty(); ++from)
      for (std::size_t k = 0; k < facts.blocks[from].edges.size(); ++k)
        if (testsAny(facts, facts.blocks[from].edges[k].condition, flags)) {
          const std::vector<bool> reached = reachedWithoutEdge(facts, from, k);
          if (std::none_of(places.begin(), places.end(),
                           [&](const Position &place) { return reached[place.block]; }))
            return true;
        }
  }
  return false;
}

bool isPassedFromCallToCall(const Analysis &analysis, Term lock, WitnessId first,
                            WitnessId second) {
  Engine &engine = *analysis.engine;
  if (first == kNoWitness || engine.leaf(first).range != engine.leaf(second).range)
    return false;
  for (WitnessId at = second; at != kNoWitness; at = engine.witness(at).next) {
    const Summary &summary = engine.summary(engine.witness(at).function, {});
    if (std::any_of(
            summary.releases.begin(), summary.releases.end(),
            [&](const auto &release) { return isAlike(engine.terms, release.first, lock); }) &&
        std::any_of(summary.exits.begin(), summary.exits.end(), [&](const Exit &exit) {
          return std::any_of(
              exit.context.held.begin(), exit.context.held.end(),
              [&](const HeldLock &h) { return isAlike(engine.terms, h.lock, lock); });
        }))
      return true;
  }
  return false;
}

bool isByHook(const Analysis &analysis, Term lock, WitnessId step) {
  if (step == kNoWitness)
    return false;
  Engine &engine = *analysis.engine;
  const LockSteps own = ownSteps(analysis.program->functions[engine.leaf(step).function].facts);
  if (own.takes == own.givesBack)
    return false;
  // A function behind another pointer does the opposite to such a lock, and nothing else.
  auto hasCounterpart = [&](Term lock) {
    const std::uint64_t cls = engine.lockClass(lock);
    for (FunctionId id = 0; id < analysis.program->functions.size() && cls != 0; ++id) {
      if (!analysis.program->functions[id].hasFlag(FunctionFlag::AddressTaken) ||
          !engine.isSummarised(id))
        continue;
      const Summary &summary = engine.summary(id, {});
      auto isOfClass = [&](Term other) { return engine.lockClass(other) == cls; };
      if (own.givesBack
              ? std::any_of(summary.exits.begin(), summary.exits.end(),
                            [&](const Exit &exit) {
                              return exit.kind == ExitKind::Return &&
                                     std::any_of(
                                         exit.context.held.begin(), exit.context.held.end(),
                                         [&](const HeldLock &h) { return isOfClass(h.lock); });
                            })
              : std::any_of(summary.releases.begin(), summary.releases.end(),
                            [&](const auto &release) { return isOfClass(release.first); }))
        return true;
    }
    return false;
  };
  auto isHook = [&](const FunctionFacts &facts, const Event &event) {
    const Value &value = facts.values[event.value];
    if (value.kind != ValueKind::Load || value.path == kNone)
      return false;
    if (engine.storedTargets(facts.paths[value.path]) > 1)
      return true;
    for (const Block &block : facts.blocks)
      for (const Edge &edge : block.edges)
        if (const FlagTest test = testOn(facts, edge);
            test.path != kNone && isSamePlace(facts.paths[test.path], facts.paths[value.path]))
          return true;
    return false;
  };
  for (WitnessId at = step; engine.witness(at).next != kNoWitness; at = engine.witness(at).next) {
    const FunctionFacts &facts = analysis.program->functions[engine.witness(at).function].facts;
    for (const Position &place : positionsOf(facts, engine.witness(at).range))
      if (const Event &event = facts.blocks[place.block].events[place.index];
          event.kind == EventKind::Call && event.callee == 0 && event.value != kNone &&
          isHook(facts, event) && hasCounterpart(lock))
        return true;
  }
  return false;
}

} // namespace threadlint
