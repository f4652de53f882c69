// LikelyEnded: joins on other ways, and loops that wait for what a thread writes.
#include "analyzer/analysis/LikelyEnded.h"

#include "analyzer/analysis/FlagTests.h"

#include <algorithm>
#include <optional>
#include <set>

namespace threadlint {
namespace {

/// A field or a variable that keeps a handle.
struct HandleName {
  bool isField = false;
  std::uint32_t id = kNone;
  auto operator<=>(const HandleName &) const = default;
};

std::optional<HandleName> nameOf(const FunctionFacts &facts, PathId path) {
  if (path == kNone)
    return std::nullopt;
  const Path &place = facts.paths[path];
  for (auto step = place.steps.rbegin(); step != place.steps.rend(); ++step)
    if (step->kind == StepKind::Field)
      return HandleName{true, step->field};
  if (place.base != BaseKind::Var)
    return std::nullopt;
  return HandleName{false, place.id};
}

bool namesHandle(const FunctionFacts &facts, PathId path, const HandleName &handle) {
  return nameOf(facts, path) == handle;
}

/// The handle as it is written where the thread is started, and where the function that does this copies it to.
void addWritten(const Engine &engine, const ThreadInstance &thread, std::set<HandleName> &names) {
  const Witness &start = engine.leaf(thread.spawnWitness);
  const FunctionFacts &facts = engine.program.functions[start.function].facts;
  std::optional<HandleName> written;
  for (const Block &block : facts.blocks)
    for (const Event &event : block.events)
      if (event.kind == EventKind::Spawn && event.range == start.range)
        written = nameOf(facts, event.path);
  if (!written)
    return;
  names.insert(*written);
  for (const Block &block : facts.blocks)
    for (const Event &event : block.events)
      if (event.kind == EventKind::Write && event.value != kNone &&
          facts.values[event.value].kind == ValueKind::Load &&
          namesHandle(facts, facts.values[event.value].path, *written))
        if (const std::optional<HandleName> copy = nameOf(facts, event.path))
          names.insert(*copy);
}

/// Whether an event joins the thread of a handle, itself or in a function it calls.
bool joinsThread(const Program &program, const FunctionFacts &facts, const Event &event,
                 const HandleName &handle, unsigned depth = 0) {
  constexpr unsigned kMaxDepth = 3;
  if (event.kind == EventKind::Join) {
    const PathId joined =
        event.path != kNone || event.value == kNone ? event.path : facts.values[event.value].path;
    const std::optional<HandleName> name = nameOf(facts, joined);
    if (!name || *name == handle)
      return name.has_value();
    // An element of a walk: what it is an element of has a name in the same function.
    if (name->isField || program.vars[name->id].kind != VarKind::Local ||
        facts.paths[joined].steps.empty())
      return false;
    for (PathId path = 0; path < facts.paths.size(); ++path)
      if (namesHandle(facts, path, handle))
        return true;
    return false;
  }
  const auto callee = program.calleeOf(event);
  if (!callee || depth == kMaxDepth)
    return false;
  const FunctionFacts &inner = program.functions[*callee].facts;
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

/// Where the handle of a thread is, when it started and where it was moved to before this step or by its creator.
std::set<Term> handlesOf(const Engine &engine, const ThreadModel &model, ContextId at,
                         const ThreadInstance &thread) {
  std::set<Term> handles{thread.handle};
  auto addLive = [&](ContextId context) {
    for (const LiveThread &live : engine.context(context).live)
      if (live.thread == thread.thread)
        handles.insert(live.handle);
  };
  addLive(at);
  if (thread.parent != kNoThread)
    for (ContextId exit : model.threads[thread.parent].exitContexts)
      addLive(exit);
  handles.erase(kUnknownTerm);
  return handles;
}

/// Whether one of the handles that a thread joins at some time may be this one: not where both are of objects of which each has a name.
bool mayJoin(const Engine &engine, const ThreadInstance &joiner, Term thread, Term handle) {
  const Terms &terms = engine.terms;
  auto isNamed = [&](Term at) {
    const TermKind kind = terms[terms.root(at)].kind;
    return kind == TermKind::Variable || kind == TermKind::Object;
  };
  return std::any_of(joiner.joins.begin(), joiner.joins.end(), [&](Term joined) {
    if (joined == kUnknownTerm)
      return true;
    const TermNode &node = terms[joined];
    if (node.kind == TermKind::Thread)
      return joined == thread;
    if (node.kind != TermKind::Address && node.kind != TermKind::Init)
      return true;
    const Term at = terms.withoutElements(node.a);
    return at == terms.withoutElements(handle) || !isNamed(at) || !isNamed(handle);
  });
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

namespace {

bool isLikelyJoined(Engine &engine, const ThreadModel &model, const ThreadStep &joiner,
                    const ThreadInstance &thread) {
  const Access &access = joiner.access;
  if (thread.kind != RootKind::Spawned)
    return false;
  const Terms &terms = engine.terms;
  std::set<HandleName> names;
  for (Term handle : handlesOf(engine, model, access.context, thread))
    if (const TermNode &node = terms[terms.withoutElements(handle)];
        (node.kind == TermKind::Field || node.kind == TermKind::Variable) &&
        mayJoin(engine, model.threads[joiner.thread], thread.thread, handle))
      names.insert({node.kind == TermKind::Field, node.kind == TermKind::Field ? node.b : node.a});
  if (thread.spawnWitness != kNoWitness &&
      (thread.spawnKind == SpawnKind::PThread || thread.spawnKind == SpawnKind::C11))
    addWritten(engine, thread, names);
  if (names.empty())
    return false;
  auto joins = [&](const FunctionFacts &facts, const Event &event) {
    return std::any_of(names.begin(), names.end(), [&](const HandleName &name) {
      return joinsThread(engine.program, facts, event, name);
    });
  };
  for (WitnessId at = access.witness; at != kNoWitness; at = engine.witness(at).next) {
    const Witness &step = engine.witness(at);
    const FunctionFacts &facts = engine.program.functions[step.function].facts;
    const Engine::Loops &loops = engine.loops(step.function);
    const auto start = thread.spawnSteps.find(step.function);
    const bool startsHere = start != thread.spawnSteps.end();
    std::vector<Position> starting, joining, stepping;
    for (BlockId block = 0; block < facts.blocks.size(); ++block)
      for (std::size_t i = 0; i < facts.blocks[block].events.size(); ++i) {
        const Event &event = facts.blocks[block].events[i];
        if (startsHere && event.range == start->second)
          starting.push_back({block, i});
        if (event.range == step.range)
          stepping.push_back({block, i});
        else if (joins(facts, event))
          joining.push_back({block, i});
      }
    auto isForward = [&](BlockId block, std::size_t e) { // goes round no loop
      return loops.rank[facts.blocks[block].edges[e].target] > loops.rank[block];
    };
    // Ends of the loops that a step is in. A loop that joins threads itself, and that every way to `stepping` goes through, joins what it
    // is meant to.
    auto endsAround = [&](const Position &at, bool isJoin) {
      std::vector<BlockId> ends;
      for (const auto &[header, body] : loops.body) {
        if (at.block >= body.size() || !body[at.block])
          continue;
        const std::vector<bool> around = reachedWithoutBlock(facts, header);
        if (isJoin && facts.blocks[at.block].events[at.index].kind == EventKind::Join &&
            std::none_of(stepping.begin(), stepping.end(),
                         [&](const Position &step) { return around[step.block]; }))
          continue;
        for (BlockId inside = 0; inside < body.size(); ++inside)
          for (const Edge &edge : facts.blocks[inside].edges)
            if (body[inside] && edge.target < body.size() && !body[edge.target])
              ends.push_back(edge.target);
      }
      return ends;
    };
    auto areBehind = [&](const std::vector<Position> &from, bool isJoin,
                         std::vector<Position> steps) {
      std::vector<BlockId> blocks, ends;
      for (const Position &at : from) {
        blocks.push_back(at.block);
        for (BlockId end : endsAround(at, isJoin))
          ends.push_back(end);
      }
      blocks.insert(blocks.end(), ends.begin(), ends.end());
      std::vector<bool> reached = reachedFrom(facts, std::move(blocks), isForward);
      for (BlockId end : ends)
        reached[end] = true;
      std::erase_if(steps, [&](const Position &at) {
        return !reached[at.block] && std::none_of(from.begin(), from.end(), [&](const Position &f) {
          return f.block == at.block && f.index < at.index;
        });
      });
      return steps;
    };
    if (startsHere)
      joining = areBehind(starting, false, std::move(joining));
    if (!joining.empty() && !areBehind(joining, true, stepping).empty())
      return true;
  }
  return false;
}

} // namespace

bool mayHaveJoined(Engine &engine, const ThreadModel &model, const ThreadStep &a,
                   const ThreadStep &b) {
  return isLikelyJoined(engine, model, a, model.threads[b.thread]) ||
         isLikelyJoined(engine, model, b, model.threads[a.thread]);
}

} // namespace threadlint
