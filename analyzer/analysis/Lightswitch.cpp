// Lightswitch: finds the pattern, and steps around it.
#include "analyzer/analysis/Lightswitch.h"

#include "analyzer/analysis/Frame.h"

#include <algorithm>

namespace threadlint {
namespace {

constexpr unsigned kNear =
    4; ///< blocks between a change of the counter and its test, or between the lock and the way around

class Search {
public:
  explicit Search(const FunctionFacts &facts) : facts_(facts) {
    for (BlockId id = 0; id < facts.blocks.size(); ++id)
      for (const Edge &edge : facts.blocks[id].edges)
        if (edge.target != kNone)
          predecessors_[edge.target].push_back(id);
  }

  Lightswitches run() {
    Lightswitches result;
    for (BlockId id = 0; id < facts_.blocks.size(); ++id) {
      const std::vector<Edge> &edges = facts_.blocks[id].edges;
      if (edges.size() != 2 || edges[0].condition == kNone || edges[0].target == kNone ||
          edges[1].target == kNone)
        continue;
      for (std::size_t k = 0; k < 2; ++k) {
        const BlockId taken = edges[k].target, around = edges[1 - k].target;
        std::uint32_t event = 0;
        if (!isLockStep(taken, event) || !leadsTo(taken, around, kNear))
          continue;
        const EventKind kind = facts_.blocks[taken].events[event].kind;
        const bool isEntry = kind == EventKind::Acquire || kind == EventKind::SemWait;
        if (predecessors_[taken].size() == 1 && isCounted(id, edges[0].condition, isEntry))
          result[{id, around}] = Lightswitch{taken, event, isEntry};
      }
    }
    return result;
  }

private:
  const FunctionFacts &facts_;
  std::map<BlockId, std::vector<BlockId>> predecessors_;

  /// A block that takes or gives back one lock and does nothing else.
  bool isLockStep(BlockId id, std::uint32_t &found) const {
    const std::vector<Event> &events = facts_.blocks[id].events;
    bool isFound = false;
    for (std::uint32_t i = 0; i < events.size(); ++i) {
      switch (events[i].kind) {
      case EventKind::Acquire:
      case EventKind::SemWait:
      case EventKind::Release:
      case EventKind::SemPost:
        if (isFound || events[i].args.size() != 1 ||
            (events[i].flags & (Flag::Try | Flag::Timed)) != 0)
          return false;
        isFound = true;
        found = i;
        break;
      case EventKind::Read:
        break;
      default:
        return false;
      }
    }
    return isFound;
  }

  /// Through blocks in which nothing happens.
  bool leadsTo(BlockId from, BlockId to, unsigned steps) const {
    for (const Edge &edge : facts_.blocks[from].edges)
      if (edge.target == to ||
          (edge.target != kNone && steps != 0 && facts_.blocks[edge.target].events.empty() &&
           leadsTo(edge.target, to, steps - 1)))
        return true;
    return false;
  }

  void loads(ValueId id, std::vector<PathId> &paths, unsigned depth = 0) const {
    constexpr unsigned kMaxDepth = 4;
    if (id == kNone || depth > kMaxDepth)
      return;
    const Value &value = facts_.values[id];
    if (value.kind == ValueKind::Load && value.path != kNone)
      paths.push_back(value.path);
    for (ValueId operand : value.operands)
      loads(operand, paths, depth + 1);
  }

  /// The condition looks at a counter that was counted up, or down, just before.
  bool isCounted(BlockId id, ValueId condition, bool up) const {
    std::vector<PathId> paths;
    loads(condition, paths);
    return paths.size() == 1 && isCountedBefore(id, paths[0], up, kNear);
  }
  bool isCountedBefore(BlockId id, PathId counter, bool up, unsigned steps) const {
    const std::vector<Event> &events = facts_.blocks[id].events;
    for (auto event = events.rbegin(); event != events.rend(); ++event)
      if ((event->kind == EventKind::ReadWrite || event->kind == EventKind::Write) &&
          event->path != kNone && facts_.paths[event->path] == facts_.paths[counter])
        return isStepOf(*event, up);
    auto before = predecessors_.find(id);
    return steps != 0 && before != predecessors_.end() && before->second.size() == 1 &&
           isCountedBefore(before->second[0], counter, up, steps - 1);
  }
  bool isStepOf(const Event &event, bool up) const {
    if (event.value == kNone)
      return false;
    const Value &value = facts_.values[event.value];
    if (value.kind != ValueKind::Op || value.operands.size() != 2 ||
        (value.op != ValueOp::Add && value.op != ValueOp::Sub) || value.operands[0] == kNone ||
        value.operands[1] == kNone)
      return false;
    const Value &old = facts_.values[value.operands[0]], &step = facts_.values[value.operands[1]];
    if (old.kind != ValueKind::Load || old.path == kNone || step.kind != ValueKind::Int ||
        facts_.paths[old.path] != facts_.paths[event.path])
      return false;
    const std::int64_t by = value.op == ValueOp::Add ? step.number : -step.number;
    return by == (up ? 1 : -1);
  }
};

} // namespace

Lightswitches findLightswitches(const FunctionFacts &facts) { return Search(facts).run(); }

/// The members of the group share what the first one takes.
LockMode Frame::modeHere() const {
  for (const auto &[edge, lightswitch] : lightswitches_)
    if (lightswitch.block == block_ && lightswitch.event == index_)
      return LockMode::Shared;
  return event_->mode;
}

/// The lock of a lightswitch, as the way around it sees it.
void Frame::passLightswitch(State &state, const Lightswitch &lightswitch) {
  const Event &event = facts_.blocks[lightswitch.block].events[lightswitch.event];
  event_ = &event;
  const Term lock = argumentLocation(state, 0);
  event_ = nullptr;
  const bool isSemaphore = event.kind == EventKind::SemWait || event.kind == EventKind::SemPost;
  if (lock == kUnknownTerm || (isSemaphore && !mayBeLock(lock)))
    return;
  auto held = std::find_if(state.held.begin(), state.held.end(),
                           [&](const HeldLock &h) { return h.lock == lock; });
  if (!lightswitch.isEntry) {
    if (held != state.held.end()) {
      state.held.erase(held);
      insertSorted(state.unlocked, lock);
    } else {
      insertSorted(state.released, lock);
    }
    return;
  }
  if (held != state.held.end())
    return;
  if (containsSorted(state.released, lock)) {
    eraseSorted(state.released, lock);
    return;
  }
  eraseSorted(state.unlocked, lock);
  HeldLock shared{lock, LockMode::Shared, 1, false,
                  engine_.witness(id_, event.range, kNoWitness, {})};
  shared.isSpin = isSemaphore;
  shared.isPermit = isSemaphore;
  state.held.push_back(shared);
}

} // namespace threadlint
