// Choices: ways that differ in which object `a ? b : c` gave, where the lock of one of the objects is held.
//
// Two ways with equal locks are one from a join on. With q's lock held, `add(q->next ? q->next : q)` locks it again on one of them
// only, so those are kept apart until the pointer has been used; what the arms were chosen by is known that long, too.
#include "analyzer/analysis/Frame.h"

namespace threadlint {

/// `users`: the blocks that speak of each temporary.
void Frame::findChoices(const std::vector<std::vector<BlockId>> &users) {
  std::map<std::uint32_t, std::vector<BlockId>> arms;
  for (BlockId b = 0; b < facts_.blocks.size(); ++b)
    for (const Event &event : facts_.blocks[b].events)
      if (event.kind == EventKind::Define)
        if (const Path &path = facts_.paths[event.path];
            path.base == BaseKind::Temp && path.steps.empty() &&
            path.type.cls == TypeClass::Pointer &&
            (arms[path.id].empty() || arms[path.id].back() != b))
          arms[path.id].push_back(b);
  std::erase_if(arms, [](const auto &entry) { return entry.second.size() < 2; });
  if (arms.empty())
    return;
  std::vector<std::vector<BlockId>> before(facts_.blocks.size());
  for (BlockId b = 0; b < facts_.blocks.size(); ++b)
    for (const Edge &edge : facts_.blocks[b].edges)
      if (edge.target != kNone)
        before[edge.target].push_back(b);
  for (const auto &[temp, defined] : arms) {
    Choice choice{temporary(temp), std::vector<bool>(facts_.blocks.size(), false)};
    std::vector<BlockId> work;
    if (temp < users.size())
      work = users[temp];
    while (!work.empty()) {
      BlockId b = work.back();
      work.pop_back();
      if (choice.isWanted[b] || std::find(defined.begin(), defined.end(), b) != defined.end())
        continue;
      choice.isWanted[b] = true;
      work.insert(work.end(), before[b].begin(), before[b].end());
    }
    choices_.push_back(std::move(choice));
  }
}

/// Whether two ways took the same arm where that decides about a lock: `add(q->next ? q->next : q)` with q's lock held.
bool Frame::choosesAlike(const State &a, const State &b, BlockId at) const {
  for (const Choice &choice : choices_) {
    if (!choice.isWanted[at])
      continue;
    auto mine = a.memory.find(choice.temporary), theirs = b.memory.find(choice.temporary);
    if (mine == a.memory.end() || theirs == b.memory.end() || mine->second == theirs->second)
      continue;
    for (Term value : {mine->second, theirs->second})
      for (const HeldLock &held : a.held)
        if (TermKind kind = terms_[value].kind;
            kind == TermKind::Address ? terms_.contains(held.lock, terms_[value].a)
                                      : kind != TermKind::Int && terms_.contains(held.lock, value))
          return false;
  }
  return true;
}

} // namespace threadlint
