// LikelyEnded: joins on other ways, and loops that wait for what a thread writes.
#include "analyzer/analysis/LikelyEnded.h"

#include "analyzer/analysis/FlagTests.h"

#include <algorithm>
#include <set>

namespace threadlint {
namespace {

/// A field or a variable that keeps a handle.
struct HandleName {
  bool isField = false;
  std::uint32_t id = kNone;
};

bool namesHandle(const FunctionFacts &facts, PathId path, const HandleName &handle) {
  if (path == kNone)
    return false;
  const Path &place = facts.paths[path];
  for (auto step = place.steps.rbegin(); step != place.steps.rend(); ++step)
    if (step->kind == StepKind::Field)
      return handle.isField && step->field == handle.id;
  return !handle.isField && place.base == BaseKind::Var && place.id == handle.id;
}

/// Whether an event joins the thread of a handle, itself or in a function it calls.
bool joinsThread(const Program &program, const FunctionFacts &facts, const Event &event,
                 const HandleName &handle, unsigned depth = 0) {
  constexpr unsigned kMaxDepth = 3;
  if (event.kind == EventKind::Join)
    return namesHandle(facts, event.path, handle) ||
           (event.value != kNone && namesHandle(facts, facts.values[event.value].path, handle));
  if (event.kind != EventKind::Call || depth == kMaxDepth)
    return false;
  auto callee = program.functionByKey.find(event.callee);
  if (callee == program.functionByKey.end())
    return false;
  const FunctionFacts &inner = program.functions[callee->second].facts;
  for (const Block &block : inner.blocks)
    for (const Event &step : block.events)
      if (joinsThread(program, inner, step, handle, depth + 1))
        return true;
  return false;
}

/// Blocks of small loops that only look at what the thread writes until they end.
std::vector<bool> waitingBlocks(Engine &engine, FunctionId function,
                                const std::set<std::pair<bool, std::uint32_t>> &written) {
  constexpr std::ptrdiff_t kMaxBlocks = 8;
  const FunctionFacts &facts = engine.program.functions[function].facts;
  std::vector<bool> waiting(facts.blocks.size());
  auto looksAt = [&](const auto &self, ValueId id, unsigned depth) -> bool {
    if (id == kNone || depth == 8)
      return false;
    const Value &value = facts.values[id];
    if (value.kind == ValueKind::Load)
      for (const auto &[isField, name] : written)
        if (namesHandle(facts, value.path, {isField, name}))
          return true;
    return std::any_of(value.operands.begin(), value.operands.end(),
                       [&](ValueId operand) { return self(self, operand, depth + 1); });
  };
  for (const auto &[header, body] : engine.loops(function).body) {
    bool isWait = false, isPure = std::count(body.begin(), body.end(), true) <= kMaxBlocks;
    for (BlockId block = 0; block < body.size() && isPure; ++block)
      if (body[block]) {
        for (const Event &event : facts.blocks[block].events)
          isPure &= event.kind != EventKind::Write && event.kind != EventKind::ReadWrite &&
                    event.kind != EventKind::Acquire && event.kind != EventKind::Spawn;
        for (const Edge &edge : facts.blocks[block].edges)
          isWait |= edge.target < body.size() && !body[edge.target] &&
                    looksAt(looksAt, edge.condition, 0);
      }
    for (BlockId block = 0; block < body.size() && isPure && isWait; ++block)
      waiting[block] = waiting[block] || body[block];
  }
  return waiting;
}

/// What a path names that a handle can be kept in.
HandleName nameOf(const Path &path) {
  for (auto step = path.steps.rbegin(); step != path.steps.rend(); ++step)
    if (step->kind == StepKind::Field)
      return {true, step->field};
  return {false, path.base == BaseKind::Var ? path.id : kNone};
}

/// Where the handle of a thread is kept: where it is stored when the thread starts, and where whoever starts it copies or moves it to.
std::vector<HandleName> namesOf(const Engine &engine, const ThreadInstance &thread) {
  std::vector<HandleName> result;
  const TermNode &handle = engine.terms[engine.terms.withoutElements(thread.handle)];
  if (handle.kind == TermKind::Field || handle.kind == TermKind::Variable)
    result.push_back(
        {handle.kind == TermKind::Field, handle.kind == TermKind::Field ? handle.b : handle.a});
  const Witness &start = engine.leaf(thread.spawnWitness);
  for (WitnessId at = thread.spawnWitness; at != kNoWitness; at = engine.witness(at).next) {
    const FunctionFacts &facts = engine.program.functions[engine.witness(at).function].facts;
    std::vector<PathId> kept; // the temporary that a thread is moved from
    for (const Block &block : facts.blocks)
      for (const Event &event : block.events)
        if (event.kind == EventKind::Spawn && event.path != kNone &&
            engine.witness(at).function == start.function && event.range == start.range) {
          kept.push_back(event.path);
          result.push_back(nameOf(facts.paths[event.path]));
        }
    for (const Block &block : facts.blocks)
      for (const Event &event : block.events)
        if (const PathId from = event.value != kNone ? facts.values[event.value].path : kNone;
            (event.kind == EventKind::Write || event.kind == EventKind::Define ||
             event.kind == EventKind::HandleMove) &&
            event.path != kNone && from != kNone &&
            ((!result.empty() && namesHandle(facts, from, result.front())) ||
             std::any_of(kept.begin(), kept.end(), [&](PathId path) {
               return isSamePlace(facts.paths[path], facts.paths[from]);
             })))
          result.push_back(nameOf(facts.paths[event.path]));
  }
  std::erase_if(result, [](const HandleName &name) { return name.id == kNone; });
  return result;
}

} // namespace

std::vector<bool> reachedLater(const FunctionFacts &facts, const Engine::Loops &loops,
                               const std::vector<BlockId> &starts) {
  std::vector<bool> seen(facts.blocks.size()), ended(facts.blocks.size()); // ended: a round
  std::vector<std::pair<BlockId, bool>> work;
  for (BlockId start : starts)
    work.emplace_back(start, false);
  while (!work.empty()) {
    const auto [block, isEnd] = work.back();
    work.pop_back();
    const auto body = loops.body.find(block);
    for (const Edge &edge : facts.blocks[block].edges) {
      if (edge.target >= seen.size() ||
          (isEnd && body != loops.body.end() && body->second[edge.target]))
        continue; // the next round
      const bool isBack = loops.rank[edge.target] <= loops.rank[block];
      std::vector<bool> &known = isBack ? ended : seen;
      if (!known[edge.target]) {
        known[edge.target] = true;
        work.emplace_back(edge.target, isBack);
      }
    }
  }
  return seen;
}

bool isAwaited(Engine &engine, const ThreadInstance &thread) {
  if (thread.kind != RootKind::Spawned || thread.spawnWitness == kNoWitness)
    return false;
  std::set<std::pair<bool, std::uint32_t>> written;
  for (const Access &access : thread.accesses)
    if (const TermNode &at = engine.terms[access.location]; access.isWrite) {
      if (at.kind == TermKind::Field)
        written.emplace(true, at.b);
      else if (at.kind == TermKind::Variable && at.b == kGlobalChain)
        written.emplace(false, at.a);
    }
  std::vector<Witness> frames;
  for (WitnessId at = thread.spawnWitness; at != kNoWitness; at = engine.witness(at).next)
    frames.push_back(engine.witness(at));
  for (auto frame = frames.rbegin(); frame != frames.rend(); ++frame) {
    const FunctionFacts &facts = engine.program.functions[frame->function].facts;
    const std::vector<bool> waiting = waitingBlocks(engine, frame->function, written);
    std::vector<BlockId> starts;
    for (const Position &start : positionsOf(facts, frame->range))
      starts.push_back(start.block);
    const std::vector<bool> seen = // without waiting
        reachedFrom(facts, starts, [&](BlockId block, std::size_t e) {
          return !waiting[facts.blocks[block].edges[e].target];
        });
    if (std::any_of(starts.begin(), starts.end(), [&](BlockId start) { return seen[start]; }))
      return false; // starts another one
    if (!starts.empty() && facts.exit < seen.size() && !seen[facts.exit])
      return true;
  }
  return false;
}

bool mayHaveJoined(Engine &engine, const Access &access, const ThreadInstance &thread,
                   bool isStartedElsewhere) {
  if (thread.kind != RootKind::Spawned)
    return false;
  const std::vector<HandleName> names = namesOf(engine, thread);
  // By the time the frame is entered. A thread that others start may run at any time; then its handle is no local variable of theirs.
  bool isStarted = isStartedElsewhere;
  for (WitnessId at = access.witness; at != kNoWitness && !names.empty();
       at = engine.witness(at).next) {
    const Witness &step = engine.witness(at);
    const FunctionFacts &facts = engine.program.functions[step.function].facts;
    const Engine::Loops &loops = engine.loops(step.function);
    const auto start = thread.spawnSteps.find(step.function);
    const bool startsHere = start != thread.spawnSteps.end();
    if (!startsHere && !isStarted)
      return false; // the other thread is not of this one's making
    isStarted = true;
    std::vector<Position> starting, joining, stepping;
    for (BlockId block = 0; block < facts.blocks.size(); ++block)
      for (std::size_t index = 0; index < facts.blocks[block].events.size(); ++index) {
        const Event &event = facts.blocks[block].events[index];
        if (startsHere && event.range == start->second)
          starting.push_back({block, index});
        if (event.range == step.range)
          stepping.push_back({block, index});
        else if (std::any_of(names.begin(), names.end(), [&](const HandleName &name) {
                   return joinsThread(engine.program, facts, event, name);
                 }))
          joining.push_back({block, index});
      }
    auto isAfterAny = [&](const Position &place, const std::vector<Position> &first) {
      std::vector<BlockId> blocks;
      for (const Position &one : first) {
        if (one.block == place.block && one.index < place.index)
          return true;
        blocks.push_back(one.block);
      }
      return static_cast<bool>(reachedLater(facts, loops, blocks)[place.block]);
    };
    auto bound = [&](const Position &place) {
      const BlockId loop = loops.innermost[place.block];
      return loop != kNone ? engine.loopBound(step.function, loop) : std::nullopt;
    };
    // Behind the start; not in a loop that joins fewer than were started.
    auto isOne = [&](const Position &join) {
      const auto joined = bound(join);
      return isAfterAny(join, starting) &&
             std::none_of(starting.begin(), starting.end(), [&](const Position &place) {
               const auto started = bound(place);
               return started && joined && *joined < *started;
             });
    };
    if (startsHere)
      std::erase_if(joining, [&](const Position &join) { return !isOne(join); });
    if (!joining.empty() &&
        std::any_of(stepping.begin(), stepping.end(),
                    [&](const Position &place) { return isAfterAny(place, joining); }))
      return true;
  }
  return false;
}

} // namespace threadlint
