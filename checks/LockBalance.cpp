// LockBalance: walks the ways to acquisitions and releases.
#include "checks/LockBalance.h"

#include <algorithm>
#include <set>

namespace threadlint {
namespace {

/// The innermost step of a way in the function `frame`; the first one if there is none.
WitnessId stepOf(const Engine &engine, WitnessId way, FunctionId frame) {
  WitnessId found = way;
  for (; way != kNoWitness; way = engine.witness(way).next)
    if (engine.witness(way).function == frame)
      found = way;
  return found;
}

bool hasEventAt(const Program &program, const Witness &step,
                std::initializer_list<EventKind> kinds) {
  for (const Block &block : program.functions[step.function].facts.blocks)
    for (const Event &event : block.events)
      if (event.range == step.range &&
          std::find(kinds.begin(), kinds.end(), event.kind) != kinds.end())
        return true;
  return false;
}

/// Whether a constructor is called on the way, below its first step, of a class whose destructor gives a lock back.
bool passesGuard(const Analysis &analysis, WitnessId way) {
  Engine &engine = *analysis.engine;
  const std::vector<Function> &functions = analysis.program->functions;
  auto givesBack = [&](StringId record) {
    for (FunctionId id = 0; id < functions.size(); ++id)
      if (functions[id].hasFlag(FunctionFlag::Destructor) && functions[id].facts.record == record)
        return !engine.summary(id, {}).releases.empty();
    return false;
  };
  for (way = engine.witness(way).next; way != kNoWitness; way = engine.witness(way).next)
    if (const Function &function = functions[engine.witness(way).function];
        function.hasFlag(FunctionFlag::Constructor) && givesBack(function.facts.record))
      return true;
  return false;
}

} // namespace

bool isTakenByGuard(const Analysis &analysis, WitnessId taken, FunctionId frame) {
  const Engine &engine = *analysis.engine;
  const Witness &leaf = engine.leaf(taken);
  for (const Block &block : analysis.program->functions[leaf.function].facts.blocks)
    for (const Event &event : block.events)
      if (event.kind == EventKind::GuardRelease)
        return false; // gives it up on purpose
  return hasEventAt(*analysis.program, leaf, {EventKind::GuardInit, EventKind::GuardLock}) ||
         passesGuard(analysis, stepOf(engine, taken, frame));
}

bool isTakenFarAndMaybe(const Analysis &analysis, WitnessId taken, FunctionId frame) {
  const Engine &engine = *analysis.engine;
  const WitnessId callee = engine.witness(stepOf(engine, taken, frame)).next;
  return callee != kNoWitness && engine.witness(callee).next != kNoWitness &&
         !isTakenForSure(analysis, taken, frame);
}

bool isTakenForSure(const Analysis &analysis, WitnessId taken, FunctionId frame) {
  Engine &engine = *analysis.engine;
  const SourceRange &place = engine.leaf(taken).range;
  WitnessId step = stepOf(engine, taken, frame);
  for (step = engine.witness(step).next; step != kNoWitness; step = engine.witness(step).next) {
    const Summary &summary = engine.summary(engine.witness(step).function, {});
    auto holds = [&](const Exit &exit) {
      return exit.kind != ExitKind::Return ||
             std::any_of(exit.context.held.begin(), exit.context.held.end(),
                         [&](const HeldLock &held) {
                           return !held.may && held.witness != kNoWitness &&
                                  engine.leaf(held.witness).range == place;
                         });
    };
    if (summary.truncated || !std::all_of(summary.exits.begin(), summary.exits.end(), holds))
      return false;
  }
  return true;
}

FunctionId partingFunction(const Analysis &analysis, WitnessId first, WitnessId second) {
  const Engine &engine = *analysis.engine;
  while (first != kNoWitness && second != kNoWitness) {
    const Witness &a = engine.witness(first), &b = engine.witness(second);
    if (a.function != b.function)
      return kNone;
    if (a.range != b.range)
      return a.function;
    first = a.next;
    second = b.next;
  }
  return kNone;
}

std::string lockNamed(const Terms &terms, Term lock) {
  const TermNode &node = terms[terms.withoutElements(lock)];
  if (node.kind == TermKind::Field)
    return "field " + std::to_string(node.b);
  return node.kind == TermKind::Variable ? "variable " + std::to_string(node.a) : std::string();
}

void doubtMany(std::vector<Finding> &findings, const std::map<std::string, std::string> &locks) {
  constexpr std::size_t kMany = 4;
  auto lockOf = [&](const Finding &finding) -> const std::string * {
    auto it = locks.find(finding.fingerprint);
    return it == locks.end() || it->second.empty() ? nullptr : &it->second;
  };
  std::map<std::string, std::set<std::string>> functions; ///< by lock
  for (const Finding &finding : findings)
    if (const std::string *lock = lockOf(finding))
      functions[*lock].insert(finding.function);
  for (Finding &finding : findings)
    if (const std::string *lock = lockOf(finding); lock && functions[*lock].size() >= kMany)
      finding.confidence = std::max(finding.confidence, Confidence::Medium);
}

} // namespace threadlint
