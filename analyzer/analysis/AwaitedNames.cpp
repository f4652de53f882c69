// AwaitedNames: loops that wait, by what ends them.
#include "analyzer/analysis/AwaitedNames.h"

#include "analyzer/analysis/LikelyEnded.h"

#include <algorithm>

namespace threadlint {
namespace {

constexpr unsigned kMaxWrappers = 2, kMaxWaiters = 4, kMaxChangers = 2;

template <class Set> void addAll(Set &into, const Set &from) {
  into.insert(from.begin(), from.end());
}
} // namespace

std::optional<AwaitedNames::Name> AwaitedNames::nameOf(const Path &path) const {
  const bool isGlobal =
      path.base == BaseKind::Var && (engine_.program.vars[path.id].kind == VarKind::Global ||
                                     engine_.program.vars[path.id].kind == VarKind::StaticLocal);
  const bool isBehindPointer =
      std::any_of(path.steps.begin(), path.steps.end(),
                  [](const PathStep &step) { return step.kind == StepKind::Deref; });
  if (const PathStep *last = lastOutsideArrays(path, path.steps.size());
      last && last->kind == StepKind::Field)
    return Name{true, last->field, isGlobal && !isBehindPointer ? path.id : kNone};
  return isGlobal ? std::optional(Name{false, path.id, kNone}) : std::nullopt;
}

/// A field of a global object is none of another one.
bool AwaitedNames::haveCommon(const Names &a, const Names &b) {
  return std::any_of(a.begin(), a.end(), [&](const Name &name) {
    const auto [isField, id, object] = name;
    const auto first = b.lower_bound(Name{isField, id, 0});
    if (object == kNone)
      return first != b.end() && std::get<0>(*first) == isField && std::get<1>(*first) == id;
    return b.count(name) != 0 || b.count(Name{isField, id, kNone}) != 0;
  });
}

/// The semaphore that an event waits for or posts, itself or in a small function that is given it.
std::optional<AwaitedNames::Name> AwaitedNames::signalOf(FunctionId function, const Event &event,
                                                         EventKind kind) const {
  const FunctionFacts &facts = engine_.program.functions[function].facts;
  auto named = [&](ValueId id) -> std::optional<Name> {
    const Value &value = facts.values[id];
    return value.path == kNone ? std::nullopt : nameOf(facts.paths[value.path]);
  };
  if (event.kind == kind)
    return event.args.empty() ? std::nullopt : named(event.args[0]);
  const auto callee = engine_.program.calleeOf(event);
  if (!callee)
    return std::nullopt;
  const FunctionFacts &inner = engine_.program.functions[*callee].facts;
  for (const Block &block : inner.blocks)
    for (const Event &step : block.events) {
      if (step.kind != kind || step.args.empty())
        continue;
      const Value &value = inner.values[step.args[0]];
      if (value.path == kNone)
        continue;
      const Path &path = inner.paths[value.path];
      for (std::size_t i = 0; i < inner.params.size() && i < event.args.size(); ++i)
        if (path.base == BaseKind::Var && path.id == inner.params[i]) {
          // `sem_wait(&worker->sem)` behind the parameter names its own field.
          const auto own = nameOf(path);
          return own ? own : named(event.args[i]);
        }
      return nameOf(path);
    }
  return std::nullopt;
}

/// Whether an event waits on a condition variable or sleeps, itself or in what it calls.
bool AwaitedNames::waits(FunctionId function, const Event &event, unsigned depth) const {
  if (event.kind == EventKind::Wait || event.kind == EventKind::Block)
    return true;
  const auto callee = engine_.program.calleeOf(event);
  if (!callee || callee == function || depth == kMaxWrappers)
    return false;
  for (const Block &block : engine_.program.functions[*callee].facts.blocks)
    for (const Event &step : block.events)
      if (waits(*callee, step, depth + 1))
        return true;
  return false;
}

void AwaitedNames::addTested(FunctionId function, ValueId id, Names &names, unsigned depth) const {
  if (id == kNone || depth == 8)
    return;
  const FunctionFacts &facts = engine_.program.functions[function].facts;
  const Value &value = facts.values[id];
  if (value.kind == ValueKind::Load && value.path != kNone)
    if (const auto name = nameOf(facts.paths[value.path]))
      names.insert(*name);
  for (ValueId operand : value.operands)
    addTested(function, operand, names, depth + 1);
}

/// What a loop waits for: semaphores, and when it waits on a condition variable or polls, what each of its ends looks at that leads on.
AwaitedNames::Names AwaitedNames::awaitedBy(FunctionId function, const std::vector<bool> &body,
                                            const std::function<bool(BlockId)> &leadsOn) const {
  const FunctionFacts &facts = engine_.program.functions[function].facts;
  Names names;
  bool waitsHere = false;
  for (BlockId block = 0; block < body.size(); ++block)
    if (body[block])
      for (const Event &event : facts.blocks[block].events) {
        waitsHere = waitsHere || waits(function, event, 0);
        if (const auto name = signalOf(function, event, EventKind::SemWait))
          names.insert(*name);
      }
  std::optional<Names> tested;
  for (BlockId block = 0; block < body.size() && waitsHere; ++block)
    if (body[block])
      for (const Edge &edge : facts.blocks[block].edges) {
        if (edge.target >= body.size() || body[edge.target] || !leadsOn(edge.target))
          continue;
        Names here;
        addTested(function, edge.condition, here, 0);
        if (tested)
          std::erase_if(*tested, [&](const Name &name) { return here.count(name) == 0; });
        else
          tested = std::move(here);
      }
  if (tested)
    addAll(names, *tested);
  return names;
}

const AwaitedNames::Names &AwaitedNames::awaitedIn(FunctionId function, unsigned depth) {
  auto [it, isNew] = awaited_.try_emplace({function, depth});
  if (!isNew)
    return it->second;
  Names names;
  for (BlockId header : waitingLoops(function))
    addAll(names, awaitedBy(function, engine_.loops(function).body.at(header),
                            [](BlockId) { return true; }));
  if (depth < kMaxWaiters)
    for (const Block &block : engine_.program.functions[function].facts.blocks)
      for (const Event &event : block.events)
        if (const auto callee = engine_.program.calleeOf(event); callee && callee != function)
          addAll(names, awaitedIn(*callee, depth + 1));
  return it->second = std::move(names);
}

void AwaitedNames::addChanged(FunctionId function, const Event &event, unsigned depth,
                              Names &names) {
  const FunctionFacts &facts = engine_.program.functions[function].facts;
  if ((event.kind == EventKind::Write || event.kind == EventKind::ReadWrite) && event.path != kNone)
    if (const auto name = nameOf(facts.paths[event.path]))
      names.insert(*name);
  if (const auto name = signalOf(function, event, EventKind::SemPost))
    names.insert(*name);
  if (const auto callee = engine_.program.calleeOf(event);
      callee && callee != function && depth < kMaxChangers)
    addAll(names, changedIn(*callee, depth + 1));
}

const AwaitedNames::Names &AwaitedNames::changedIn(FunctionId function, unsigned depth) {
  auto [it, isNew] = changed_.try_emplace({function, depth});
  if (!isNew)
    return it->second;
  Names names;
  for (const Block &block : engine_.program.functions[function].facts.blocks)
    for (const Event &event : block.events)
      addChanged(function, event, depth, names);
  return it->second = std::move(names);
}

const std::vector<BlockId> &AwaitedNames::waitingLoops(FunctionId function) {
  auto [it, isNew] = waitingLoops_.try_emplace(function);
  if (!isNew)
    return it->second;
  const FunctionFacts &facts = engine_.program.functions[function].facts;
  std::vector<bool> waiting(facts.blocks.size());
  for (BlockId block = 0; block < facts.blocks.size(); ++block)
    waiting[block] = std::any_of(facts.blocks[block].events.begin(),
                                 facts.blocks[block].events.end(), [&](const Event &event) {
                                   return waits(function, event, 0) ||
                                          signalOf(function, event, EventKind::SemWait);
                                 });
  for (const auto &[header, body] : engine_.loops(function).body)
    for (BlockId block = 0; block < body.size(); ++block)
      if (body[block] && waiting[block]) {
        it->second.push_back(header);
        break;
      }
  return it->second;
}

const std::vector<bool> &AwaitedNames::laterThan(FunctionId function, BlockId block) {
  auto [it, isNew] = later_.try_emplace({function, block});
  if (isNew)
    it->second =
        reachedLater(engine_.program.functions[function].facts, engine_.loops(function), {block});
  return it->second;
}

const AwaitedNames::Names &AwaitedNames::before(WitnessId way) {
  auto [it, isNew] = before_.try_emplace(way);
  if (!isNew)
    return it->second;
  Names names;
  for (WitnessId at = way; at != kNoWitness; at = engine_.witness(at).next) {
    const FunctionId function = engine_.witness(at).function;
    const FunctionFacts &facts = engine_.program.functions[function].facts;
    const Engine::Loops &loops = engine_.loops(function);
    const std::vector<Position> places = positionsOf(facts, engine_.witness(at).range);
    for (BlockId header : waitingLoops(function)) {
      const std::vector<bool> &body = loops.body.at(header);
      auto leadsOn = [&](BlockId target) {
        const std::vector<bool> &later = laterThan(function, target);
        return std::any_of(places.begin(), places.end(), [&](const Position &place) {
          return target == place.block || later[place.block];
        });
      };
      if (std::none_of(places.begin(), places.end(),
                       [&](const Position &place) { return body[place.block]; }) &&
          leadsOn(header))
        addAll(names, awaitedBy(function, body, leadsOn));
    }
    for (BlockId block = 0; block < facts.blocks.size(); ++block) {
      for (std::size_t i = 0; i < facts.blocks[block].events.size(); ++i) {
        const Event &event = facts.blocks[block].events[i];
        const auto callee = engine_.program.calleeOf(event);
        if (!callee || event.range == engine_.witness(at).range)
          continue;
        const Names &inner = awaitedIn(*callee, 1);
        if (inner.empty())
          continue;
        const std::vector<bool> &later = laterThan(function, block);
        if (std::any_of(places.begin(), places.end(), [&](const Position &place) {
              return later[place.block] || (place.block == block && place.index > i);
            }))
          addAll(names, inner);
      }
    }
  }
  return it->second = std::move(names);
}

const AwaitedNames::Names &AwaitedNames::after(WitnessId way) {
  auto [it, isNew] = after_.try_emplace(way);
  if (!isNew)
    return it->second;
  Names names;
  for (WitnessId at = way; at != kNoWitness; at = engine_.witness(at).next) {
    const FunctionId function = engine_.witness(at).function;
    const FunctionFacts &facts = engine_.program.functions[function].facts;
    const std::vector<Position> places = positionsOf(facts, engine_.witness(at).range);
    std::vector<BlockId> starts;
    for (const Position &place : places)
      starts.push_back(place.block);
    const std::vector<bool> later = reachedLater(facts, engine_.loops(function), starts);
    for (BlockId block = 0; block < facts.blocks.size(); ++block)
      for (std::size_t i = 0; i < facts.blocks[block].events.size(); ++i)
        if (later[block] || std::any_of(places.begin(), places.end(), [&](const Position &place) {
              return place.block == block && i > place.index;
            }))
          addChanged(function, facts.blocks[block].events[i], 0, names);
  }
  return it->second = std::move(names);
}

bool AwaitedNames::isBehindWorker(ThreadId creator, const Access &access, ThreadId worker,
                                  const Access &done) {
  ThreadId at = model_.threads[worker].parent;
  while (at != kNoThread && at != creator)
    at = model_.threads[at].parent;
  // A public function of a library that waits for its threads may be called by anybody.
  const bool isPublic = model_.threads[creator].kind == RootKind::Interface &&
                        model_.threads[worker].kind == RootKind::Spawned;
  return (at == creator || isPublic) && haveCommon(before(access.witness), after(done.witness));
}

} // namespace threadlint
