// Liveness: slots, what each block does with them, and the backward fixpoint.
#include "analyzer/analysis/Liveness.h"

#include <algorithm>
#include <optional>
#include <set>

namespace threadlint {
namespace {

constexpr unsigned kMaxNesting = 20;
using Bits = std::vector<bool>;

class LivenessSearch {
public:
  LivenessSearch(const Program &program, const FunctionFacts &facts)
      : program_(program), facts_(facts) {}
  Deaths run();

private:
  std::optional<Slot> slotOf(const Path &path) const {
    if (path.base == BaseKind::Temp)
      return Slot{true, path.id};
    if (path.base != BaseKind::Var)
      return std::nullopt;
    VarKind kind = program_.vars[path.id].kind;
    if (kind != VarKind::Local && kind != VarKind::Param)
      return std::nullopt;
    return Slot{false, path.id};
  }
  std::uint32_t number(Slot slot) {
    auto [it, isNew] = numbers_.try_emplace(slot, static_cast<std::uint32_t>(slots_.size()));
    if (isNew)
      slots_.push_back(Info{slot});
    return it->second;
  }
  void use(std::uint32_t slot, bool isPinned = false);
  void define(std::uint32_t slot);
  void usePath(PathId id, bool isPinned, unsigned depth);
  void useValue(ValueId id, unsigned depth);
  void scan(BlockId block);

  struct Info {
    Slot slot;
    bool isPinned = false, isShared = false; ///< isShared: several blocks speak of it
    BlockId home = kNone;
  };
  struct BlockUse {
    std::set<std::uint32_t> read, written, mentioned; ///< read: before any write in the block
    std::vector<BlockId> next, unwind;
  };
  const Program &program_;
  const FunctionFacts &facts_;
  std::map<Slot, std::uint32_t> numbers_;
  std::vector<Info> slots_;
  std::vector<BlockUse> blocks_;
  BlockId block_ = 0;
};

void LivenessSearch::use(std::uint32_t slot, bool isPinned) {
  Info &info = slots_[slot];
  info.isPinned |= isPinned;
  info.isShared |= info.home != kNone && info.home != block_;
  info.home = block_;
  BlockUse &block = blocks_[block_];
  block.mentioned.insert(slot);
  if (!block.written.count(slot))
    block.read.insert(slot);
}

void LivenessSearch::define(std::uint32_t slot) {
  Info &info = slots_[slot];
  info.isShared |= info.home != kNone && info.home != block_;
  info.home = block_;
  blocks_[block_].mentioned.insert(slot);
  blocks_[block_].written.insert(slot);
}

void LivenessSearch::usePath(PathId id, bool isPinned, unsigned depth) {
  if (id == kNone || depth > kMaxNesting)
    return;
  const Path &path = facts_.paths[id];
  bool isIndirect = std::any_of(path.steps.begin(), path.steps.end(),
                                [](const PathStep &step) { return step.kind == StepKind::Deref; });
  if (std::optional<Slot> slot = slotOf(path))
    use(number(*slot), isPinned && !isIndirect);
  for (const PathStep &step : path.steps)
    useValue(step.indexValue, depth + 1);
}

void LivenessSearch::useValue(ValueId id, unsigned depth) {
  if (id == kNone || depth > kMaxNesting)
    return;
  const Value &value = facts_.values[id];
  usePath(value.path, value.kind == ValueKind::Address, depth + 1);
  for (ValueId operand : value.operands)
    useValue(operand, depth + 1);
}

void LivenessSearch::scan(BlockId id) {
  block_ = id;
  BlockUse &block = blocks_[id];
  for (const Event &event : facts_.blocks[id].events) {
    useValue(event.value, 0);
    useValue(event.extra, 0);
    for (ValueId arg : event.args)
      useValue(arg, 0);
    if (event.path != kNone) {
      const Path &path = facts_.paths[event.path];
      std::optional<Slot> slot = slotOf(path);
      bool isStore = event.kind == EventKind::Write || event.kind == EventKind::Define;
      bool isAccess = isStore || event.kind == EventKind::Read ||
                      event.kind == EventKind::ReadWrite || event.kind == EventKind::ScopeEnd;
      if (slot && isStore && path.steps.empty())
        define(number(*slot));
      else
        usePath(event.path, !isAccess, 0); // guards, handles and the like are objects
    }
    if (event.result != kNone)
      define(number(Slot{true, event.result}));
    if (event.unwind < blocks_.size())
      block.unwind.push_back(event.unwind);
  }
  for (const Edge &edge : facts_.blocks[id].edges) {
    useValue(edge.condition, 0);
    if (edge.target < blocks_.size())
      block.next.push_back(edge.target);
  }
}

Deaths LivenessSearch::run() {
  const std::size_t n = facts_.blocks.size();
  blocks_.resize(n);
  for (VarId parameter : facts_.params)
    number(Slot{false, parameter});
  for (BlockId b = 0; b < n; ++b)
    scan(b);
  std::vector<std::vector<BlockId>> before(n);
  for (BlockId b = 0; b < n; ++b) {
    for (BlockId next : blocks_[b].next)
      before[next].push_back(b);
    for (BlockId next : blocks_[b].unwind)
      before[next].push_back(b);
  }
  std::vector<Bits> live(n, Bits(slots_.size()));
  std::set<BlockId, std::greater<>> work;
  for (BlockId b = 0; b < n; ++b)
    work.insert(b);
  while (!work.empty()) {
    BlockId b = *work.begin();
    work.erase(work.begin());
    Bits mine(slots_.size());
    for (BlockId next : blocks_[b].next)
      for (std::size_t i = 0; i < mine.size(); ++i)
        if (live[next][i])
          mine[i] = true;
    for (std::uint32_t slot : blocks_[b].written)
      mine[slot] = false;
    for (std::uint32_t slot : blocks_[b].read)
      mine[slot] = true;
    for (BlockId next : blocks_[b].unwind) // somewhere in the block: before or after its writes
      for (std::size_t i = 0; i < mine.size(); ++i)
        if (live[next][i])
          mine[i] = true;
    if (mine == live[b])
      continue;
    live[b] = std::move(mine);
    work.insert(before[b].begin(), before[b].end());
  }
  Deaths deaths;
  auto isImmortal = [&](std::uint32_t slot) {
    const Info &info = slots_[slot];
    return info.isPinned && (!info.slot.isTemporary || info.isShared);
  };
  for (BlockId b = 0; b < n; ++b) {
    std::vector<std::uint32_t> present(blocks_[b].mentioned.begin(), blocks_[b].mentioned.end());
    for (std::uint32_t slot = 0; slot < slots_.size(); ++slot)
      if (live[b][slot] && !blocks_[b].mentioned.count(slot))
        present.push_back(slot);
    for (const auto *list : {&blocks_[b].next, &blocks_[b].unwind})
      for (BlockId next : *list) {
        std::vector<Slot> dead;
        for (std::uint32_t slot : present)
          if (!live[next][slot] && !isImmortal(slot))
            dead.push_back(slots_[slot].slot);
        if (!dead.empty())
          deaths.insert_or_assign({b, next}, std::move(dead));
      }
  }
  return deaths;
}

} // namespace

Deaths findDeaths(const Program &program, const FunctionFacts &facts) {
  return LivenessSearch(program, facts).run();
}

} // namespace threadlint
