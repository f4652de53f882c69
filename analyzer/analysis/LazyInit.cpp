// LazyInit: branches on globals, and steps that only one side of them leads to.
#include "analyzer/analysis/LazyInit.h"

#include "analyzer/analysis/FlagTests.h"
#include "analyzer/analysis/Frame.h"

namespace threadlint {
namespace {

/// The global that is zero where the edge is taken, or kNone.
PathId zeroOn(const Program &program, const FunctionFacts &facts, const Edge &edge) {
  const FlagTest test = testOn(facts, edge);
  if (!test.isZero || test.path == kNone)
    return kNone;
  const Path &path = facts.paths[test.path];
  const bool isPlain = std::all_of(path.steps.begin(), path.steps.end(), [](const PathStep &step) {
    return step.kind == StepKind::Field;
  });
  if (path.base != BaseKind::Var || !isPlain)
    return kNone;
  const VarKind kind = program.vars[path.id].kind;
  return kind == VarKind::Global || kind == VarKind::StaticLocal ? test.path : kNone;
}

/// Whether an event makes a location something else than zero.
bool sets(const FunctionFacts &facts, const Event &event, const Path &path) {
  if ((event.kind != EventKind::Write && event.kind != EventKind::ReadWrite) || event.path == kNone)
    return false;
  const Path &at = facts.paths[event.path];
  auto isSame = [](const PathStep &a, const PathStep &b) { return a.field == b.field; };
  return at.base == path.base && at.id == path.id &&
         std::equal(at.steps.begin(), at.steps.end(), path.steps.begin(), path.steps.end(),
                    isSame) &&
         (event.kind == EventKind::ReadWrite || event.value == kNone ||
          facts.values[event.value].kind != ValueKind::Int ||
          facts.values[event.value].number != 0);
}

} // namespace

const std::vector<std::vector<Engine::ZeroTest>> &Engine::foundZero(FunctionId function) {
  auto [it, isNew] = foundZero_.try_emplace(function);
  if (!isNew)
    return it->second;
  const FunctionFacts &facts = program.functions[function].facts;
  it->second.resize(facts.blocks.size());
  for (BlockId from = 0; from < facts.blocks.size(); ++from)
    for (std::size_t k = 0; k < facts.blocks[from].edges.size(); ++k) {
      const PathId tested = zeroOn(program, facts, facts.blocks[from].edges[k]);
      if (tested == kNone)
        continue;
      const std::vector<bool> seen = reachedWithoutEdge(facts, from, k);
      Term global = terms.variable(facts.paths[tested].id, kGlobalChain);
      for (const PathStep &step : facts.paths[tested].steps)
        global = terms.field(global, step.field);
      bool isSet = false;
      for (const Block &block : facts.blocks)
        for (const Event &event : block.events)
          isSet |= sets(facts, event, facts.paths[tested]);
      for (BlockId block = 0; block < seen.size(); ++block)
        if (!seen[block])
          it->second[block].push_back({global, false, isSet});
      it->second[from].push_back({global, true, isSet});
    }
  return it->second;
}

bool Frame::isAtFirst() {
  const std::vector<Engine::ZeroTest> &tests = engine_.foundZero(id_)[block_];
  return std::any_of(tests.begin(), tests.end(),
                     [](const Engine::ZeroTest &test) { return !test.isHere && test.isSet; });
}

const std::vector<Engine::ZeroTest> &LazyInit::testsAt(const Witness &step) {
  static const std::vector<Engine::ZeroTest> kNothing;
  if (tests_.empty())
    tests_.resize(engine_.program.functions.size());
  Tests &tests = tests_[step.function];
  if (!tests.isKnown) {
    tests.isKnown = true;
    const std::vector<Block> &blocks = engine_.program.functions[step.function].facts.blocks;
    const auto &found = engine_.foundZero(step.function);
    for (BlockId block = 0; block < blocks.size(); ++block)
      if (!found[block].empty())
        for (const Event &event : blocks[block].events)
          tests.at.emplace(event.range, found[block]);
  }
  if (tests.at.empty())
    return kNothing;
  auto here = tests.at.find(step.range);
  return here != tests.at.end() ? here->second : kNothing;
}

bool LazyInit::isAtFirst(const Access &access, bool isSet) {
  for (WitnessId at = access.witness; at != kNoWitness; at = engine_.witness(at).next) {
    const Witness &step = engine_.witness(at);
    for (const Engine::ZeroTest &test : testsAt(step))
      if ((test.isSet || !isSet) &&
          (!test.isHere || (step.next == kNoWitness && test.global == access.location)))
        return true;
  }
  return false;
}

bool LazyInit::isBesideFirst(const Access &access, const ThreadInstance &other) {
  return other.isFirstOnly && isAtFirst(access, false);
}

bool LazyInit::isBeforeUse(const Access &write, const Access &other) {
  if (!write.isWrite || !isAtFirst(write, true) || isAtFirst(other, false))
    return false;
  for (WitnessId at = other.witness; at != kNoWitness; at = engine_.witness(at).next)
    if (!testsAt(engine_.witness(at)).empty())
      return false;
  return true;
}

void LazyInit::findLoaded() {
  const Program &program = engine_.program;
  std::vector<FunctionId> work = program.initializers;
  loaded_.insert(work.begin(), work.end());
  for (std::size_t i = 0; i < work.size(); ++i)
    for (const Block &block : program.functions[work[i]].facts.blocks)
      for (const Event &event : block.events)
        if (const auto callee = program.calleeOf(event); callee && loaded_.insert(*callee).second)
          work.push_back(*callee);
}

/// Whether a function does something only where such a flag was found to be zero.
bool LazyInit::testsSettled(FunctionId function) {
  auto [known, isNew] = testsSettled_.try_emplace(function, false);
  if (isNew)
    for (const std::vector<Engine::ZeroTest> &tests : engine_.foundZero(function))
      for (const Engine::ZeroTest &test : tests)
        known->second = known->second || (!test.isHere && isSettledFlag(test.global));
  return known->second;
}

bool LazyInit::isSettledFlag(Term global) {
  const TermNode &node = engine_.terms[global];
  return node.kind == TermKind::Variable && settled_.isRaisedForGood(node.a);
}

/// The flags that were found to be zero wherever a step can stand: a macro puts several steps in one place.
std::set<VarId> LazyInit::zeroAt(const Witness &step, const Access &access) {
  if (!testsSettled(step.function))
    return {};
  const FunctionFacts &facts = engine_.program.functions[step.function].facts;
  const auto &tests = engine_.foundZero(step.function);
  const TermNode &location = engine_.terms[access.location];
  auto isIt = [&](const Event &event) {
    const bool isAccess = event.kind == EventKind::Read || event.kind == EventKind::Write ||
                          event.kind == EventKind::ReadWrite;
    if (step.next != kNoWitness)
      return !isAccess;
    if (!isAccess || event.path == kNone ||
        event.kind == (access.isWrite ? EventKind::Read : EventKind::Write) ||
        ((event.flags ^ access.flags) & Flag::Atomic))
      return false;
    const Path &path = facts.paths[event.path];
    if (location.kind == TermKind::Variable)
      return path.base == BaseKind::Var && path.id == location.a;
    return location.kind != TermKind::Field ||
           (!path.steps.empty() && path.steps.back().field == location.b);
  };
  std::optional<std::set<VarId>> zero;
  for (BlockId block = 0; block < facts.blocks.size(); ++block)
    for (const Event &event : facts.blocks[block].events) {
      if (!(event.range == step.range) || !isIt(event))
        continue;
      std::set<VarId> here;
      for (const Engine::ZeroTest &test : tests[block])
        if (!test.isHere && isSettledFlag(test.global) &&
            (!zero || zero->count(engine_.terms[test.global].a)))
          here.insert(engine_.terms[test.global].a);
      zero = std::move(here);
    }
  return zero ? *zero : std::set<VarId>{};
}

bool LazyInit::isOver(ThreadId thread, const Access &access) {
  if (engine_.isThrifty())
    return false; // one start stands for several
  auto [known, isNew] = isOver_.try_emplace({thread, access.witness}, false);
  if (!isNew)
    return known->second;
  auto isSetOnWay = [&](WitnessId from, WitnessId to, VarId flag) {
    for (; from != to && from != kNoWitness; from = engine_.witness(from).next)
      if (const Witness &step = engine_.witness(from);
          settled_.isSetBefore(step.function, step.range, flag))
        return true;
    return false;
  };
  auto isSettled = [&](WitnessId at, VarId flag) {
    if (settled_.isSetAtStartup(flag, model_.rootOf(thread).entry) ||
        isSetOnWay(access.witness, at, flag))
      return true;
    for (ThreadId id = thread; id != kNoThread; id = model_.threads[id].parent)
      if (isSetOnWay(model_.threads[id].spawnWitness, kNoWitness, flag))
        return true;
    return false;
  };
  for (WitnessId at = access.witness; at != kNoWitness; at = engine_.witness(at).next)
    for (VarId flag : zeroAt(engine_.witness(at), access))
      if (isSettled(at, flag))
        return known->second = true;
  return false;
}

bool LazyInit::wasDoneBefore(const Access &access) {
  if (!access.isWrite || !isAtFirst(access, true))
    return false;
  if (!early_) {
    early_.emplace();
    findLoaded();
    for (const ThreadInstance &thread : model_.threads)
      if (thread.kind == RootKind::Main || thread.isStartup)
        for (const Access &write : thread.accesses)
          if (write.isWrite && engine_.context(write.context).live.empty() &&
              isAtFirst(write, true)) {
            const Witness &leaf = engine_.leaf(write.witness);
            early_->emplace(leaf.function, leaf.range);
          }
  }
  const Witness &leaf = engine_.leaf(access.witness);
  // A lock at the write would say that others are expected meanwhile.
  return early_->count({leaf.function, leaf.range}) != 0 ||
         (loaded_.count(leaf.function) && engine_.context(access.context).held.empty());
}

} // namespace threadlint
