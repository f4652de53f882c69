// LockFunctions: read from the summaries: a lock reached through a parameter that is held, or released, at the end.
#include "checks/LockFunctions.h"

#include "analyzer/analysis/State.h"

#include <algorithm>
#include <functional>

namespace threadlint {
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

const Witness &innermost(const Analysis &analysis, WitnessId id,
                         const std::function<bool(const Summary &, bool)> &doesItForCaller) {
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
        !doesItForCaller(engine.summary(function, {}), isPiece))
      break;
    steps.pop_back();
  }
  return engine.witness(steps.back());
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

} // namespace

const Witness &takingStep(const Analysis &analysis, WitnessId witness) {
  const Terms &terms = analysis.engine->terms;
  return innermost(analysis, witness, [&](const Summary &summary, bool asOwner) {
    return std::any_of(summary.exits.begin(), summary.exits.end(), [&](const Exit &exit) {
      return std::any_of(exit.context.held.begin(), exit.context.held.end(),
                         [&](const HeldLock &held) { return isGiven(terms, held.lock, asOwner); });
    });
  });
}

const Witness &releasingStep(const Analysis &analysis, WitnessId witness) {
  const Terms &terms = analysis.engine->terms;
  return innermost(analysis, witness, [&](const Summary &summary, bool asOwner) {
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
  if (recorded != kNoWitness && commonSteps(engine, recorded, inner))
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

} // namespace threadlint
