// lock-leak: a lock that some path leaves held although the function gives it back on others, or that a thread ends with.
#include "checks/CheckFunctions.h"
#include "checks/Describe.h"
#include "checks/LockBalance.h"
#include "checks/LockFunctions.h"
#include "checks/LockKinds.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace threadlint {

namespace {

/// Locks that refuse to be taken twice, and are: one release gives them back.
std::set<Term> refusedAgain(const LockKinds &kinds, const ThreadInstance &thread) {
  std::set<Term> locks;
  for (const Defect &defect : thread.defects)
    if (defect.kind == DefectKind::SelfDeadlock &&
        kinds.of(defect.subject) == LockAttribute::ErrorCheck)
      locks.insert(defect.subject);
  return locks;
}

/// A function of the program gives this global lock back without taking it: it goes from call to call by design.
bool isPassedOn(const Analysis &analysis, Term lock) {
  const Terms &terms = analysis.engine->terms;
  if (terms[lock].kind != TermKind::Variable)
    return false;
  for (const Function &function : analysis.program->functions) {
    const FunctionFacts &facts = function.facts;
    auto names = [&](const Event &event) {
      for (ValueId arg : event.args) {
        const Value &value = facts.values[arg];
        if (value.kind == ValueKind::Address && value.path != kNone &&
            facts.paths[value.path].base == BaseKind::Var &&
            facts.paths[value.path].id == terms[lock].a && facts.paths[value.path].steps.empty())
          return true;
      }
      return false;
    };
    bool takes = false, givesBack = false;
    for (const Block &block : facts.blocks)
      for (const Event &event : block.events) {
        takes |= event.kind == EventKind::Acquire && names(event);
        givesBack |= event.kind == EventKind::Release && names(event);
      }
    if (givesBack && !takes)
      return true;
  }
  return false;
}

/// `pthread_cleanup_push` stands around the acquisition: who ends the thread in between runs the handler, which gives the lock back.
bool hasCleanup(const Analysis &analysis, WitnessId taken) {
  const FunctionFacts &facts =
      analysis.program->functions[analysis.engine->leaf(taken).function].facts;
  for (const Block &block : facts.blocks)
    for (const Event &event : block.events)
      if (event.kind == EventKind::Call && event.callee &&
          analysis.program->text(event.callee).ends_with("__pthread_register_cancel"))
        return true;
  return false;
}

/// Whether the caller need not ask what a function that takes the lock for it has done.
bool alwaysReturnsWith(const Analysis &analysis, FunctionId function, std::uint64_t lockClass) {
  Engine &engine = *analysis.engine;
  const Summary &summary = engine.summary(function, {});
  return lockClass != 0 && !summary.truncated &&
         std::all_of(summary.exits.begin(), summary.exits.end(), [&](const Exit &exit) {
           const std::vector<HeldLock> &held = exit.context.held;
           return exit.kind != ExitKind::Return ||
                  std::any_of(held.begin(), held.end(), [&](const HeldLock &h) {
                    return !h.may && engine.lockClass(h.lock) == lockClass;
                  });
         });
}

/// A lock that a function forgets, or one that it calls.
struct Leak {
  const Defect *defect = nullptr;
  const Witness *frame = nullptr; ///< the function that is taken to forget it
  const Witness *callee =
      nullptr; ///< one it calls, which gives nothing back to tell whether it holds the lock
  bool may = false;
};

/// The innermost step inside `frame` in a function without a result that leaves the lock held on some of its ways and gives it back on others.
const Witness *forgetfulCallee(const Analysis &analysis, const Defect &defect,
                               const Witness &frame) {
  Engine &engine = *analysis.engine;
  const Witness *result = nullptr;
  for (WitnessId at = frame.next; at != kNoWitness; at = engine.witness(at).next) {
    const Witness &step = engine.witness(at);
    const Summary &summary = engine.summary(step.function, {});
    if (!givesResult(analysis.program->functions[step.function].facts) &&
        std::any_of(summary.defects.begin(), summary.defects.end(), [&](const Defect &own) {
          return own.kind == DefectKind::LeakOnPath &&
                 isAlike(engine.terms, own.subject, defect.subject);
        }))
      result = &step;
  }
  return result;
}

} // namespace

std::vector<Finding> lockLeak(const Analysis &analysis) {
  FindingsByPlace found;
  Describer describer(analysis);
  const Engine &engine = *analysis.engine;
  std::map<std::string, std::string> locks; ///< by fingerprint
  auto add = [&](Term lock, WitnessId witness, const Witness &leaf, WitnessId left, bool may,
                 const std::string &when) {
    std::string what = describer.name(lock, leaf.function);
    Finding finding = makeFinding(describer, "lock-leak", leaf,
                                  {describer.key(lock), describer.functionKey(leaf.function)});
    finding.confidence = may || !engine.terms.isDefiniteClass(lock) ||
                                 mayAskAgain(analysis, witness) ||
                                 isByHook(analysis, lock, witness) ||
                                 mayAskForOwner(analysis, lock, witness, left) ||
                                 isTakenByGuard(analysis, witness, leaf.function) ||
                                 isTakenFarAndMaybe(analysis, witness, leaf.function)
                             ? Confidence::Medium
                             : Confidence::High;
    locks[finding.fingerprint] = lockNamed(engine.terms, lock);
    finding.message = "'" + what + "' is taken here and still held " + when;
    finding.threads.push_back(describer.trace(witness, "takes '" + what + "'"));
    if (left != kNoWitness)
      finding.related.push_back(RelatedPlace{describer.place(describer.leaf(left).range),
                                             "'" + what + "' is still held at this return"});
    finding.notes.push_back("fix: release '" + what + "' on every path, or take it with a guard");
    found.add(std::move(finding));
  };
  LockKinds kinds(analysis);
  std::vector<Leak> leaks;
  // Told after them: where a function forgets a lock, its thread ends with it.
  std::vector<std::tuple<const HeldLock *, const ThreadInstance *, bool>> atEnds;
  std::map<FunctionId, std::set<FunctionId>> callers; ///< of callees that forget it
  for (const ThreadInstance &thread : analysis.model->threads) {
    const std::set<Term> refused = refusedAgain(kinds, thread);
    for (const Defect &defect : thread.defects)
      if (defect.kind == DefectKind::LeakOnPath && !refused.count(defect.subject)) {
        // The frame that leaves it held: the innermost one that is not itself handing locks out. A global lock may be handed out, too.
        const Witness *frame = &takingStep(analysis, defect.witness);
        bool isSure = true;
        if (defect.other != kNoWitness) {
          const FunctionId leaver = engine.leaf(defect.other).function;
          const Witness *step = engine.stepIn(defect.witness, leaver);
          if (engine.handedOut.count(leaver))
            continue;
          if (step && engine.handedOut.count(frame->function)) {
            frame = step;
            isSure = step->next == kNoWitness ||
                     alwaysReturnsWith(analysis, engine.witness(step->next).function,
                                       engine.lockClass(defect.subject));
          }
        }
        if (!engine.handedOut.count(frame->function)) {
          leaks.push_back(
              {&defect, frame, forgetfulCallee(analysis, defect, *frame), defect.may || !isSure});
          if (leaks.back().callee)
            callers[leaks.back().callee->function].insert(frame->function);
        }
      }
    if (thread.kind == RootKind::Interface || thread.summary == nullptr)
      continue;
    for (const Exit &exit : thread.summary->exits)
      if (exit.kind != ExitKind::Throw)
        for (const HeldLock &held : exit.context.held)
          if (!held.may && !held.isSpin && !refused.count(held.lock) &&
              (exit.kind != ExitKind::ThreadExit || !hasCleanup(analysis, held.witness)))
            // The program is over when main is; a lock that main's functions take and give back from call to call is meant.
            atEnds.emplace_back(&held, &thread,
                                thread.summary->truncated || (thread.kind == RootKind::Main &&
                                                              exit.kind == ExitKind::Return &&
                                                              isPassedOn(analysis, held.lock)));
  }
  constexpr std::size_t kManyCallers = 3;
  for (const Leak &leak : leaks) {
    // What so many callers do not see is the callee's fault: one cause, told once.
    const bool isOfCallee = leak.callee && callers[leak.callee->function].size() >= kManyCallers;
    const Witness &frame = isOfCallee ? *leak.callee : *leak.frame;
    add(leak.defect->subject, leak.defect->witness, frame, leak.defect->other, leak.may,
        "when '" + describer.functionName(frame.function) + "' returns on some path");
  }
  for (const auto &[held, thread, may] : atEnds)
    add(held->lock, held->witness, takingStep(analysis, held->witness), kNoWitness, may,
        "when the thread '" + describer.functionName(thread->entry) + "' ends");
  std::vector<Finding> findings = found.take();
  doubtMany(findings, locks);
  return findings;
}

} // namespace threadlint
