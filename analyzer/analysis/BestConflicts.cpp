// BestConflicts: the order in which conflicts are preferred.
#include "analyzer/analysis/BestConflicts.h"

#include <algorithm>

namespace threadlint {
namespace {
constexpr std::size_t kMaxOthers = 40;
} // namespace

void BestConflicts::open(const ThreadTree &tree, std::uint64_t bucket) {
  key_ = {tree.hasMain ? 1u : 0u, bucket};
  auto known = best_.find(key_);
  known_ = known != best_.end() ? &known->second : nullptr;
}

void BestConflicts::thin(std::vector<Located> &all, std::size_t count) const {
  auto rank = [&](const Located &l) {
    return std::tuple(!l.access->isWrite, engine_.context(l.access->context).held.size(), l.thread,
                      l.access->witness);
  };
  std::sort(all.begin(), all.end(),
            [&](const Located &a, const Located &b) { return rank(a) < rank(b); });
  std::map<ThreadId, std::size_t> number;
  std::vector<std::pair<std::size_t, std::size_t>> turns; ///< turn, position
  for (std::size_t k = 0; k < all.size(); ++k)
    turns.emplace_back(number[all[k].thread]++, k);
  std::sort(turns.begin(), turns.end());
  turns.resize(std::min(count, turns.size()));
  std::vector<Located> chosen;
  for (const auto &[turn, k] : turns)
    chosen.push_back(std::move(all[k]));
  all = std::move(chosen);
}

void BestConflicts::prepare(Located &located) {
  unsigned calls = 0;
  const Witness *step = &engine_.witness(located.access->witness);
  for (; step->next; ++calls)
    step = &engine_.witness(step->next);
  located.weight = {!located.access->isWrite, engine_.context(located.access->context).held.size(),
                    calls, step->range};
  located.isSpawned = model_.threads[located.thread].kind == RootKind::Spawned;
  located.counts = evidence_.takesLocks(*located.access);
}

BestConflicts::Rank BestConflicts::rankOf(Confidence confidence, const Located &a,
                                          const Located &b) {
  const bool isInOrder = a.weight <= b.weight;
  const Located &first = isInOrder ? a : b, &second = isInOrder ? b : a;
  // A thread that surely runs before two callers that may; of these, one that locks something itself counts on others.
  const bool isOwnThread = a.isSpawned || b.isSpawned;
  return {static_cast<int>(confidence),
          !isOwnThread,
          first.weight,
          !second.access->isWrite,
          std::get<1>(second.weight),
          !isOwnThread && !second.counts,
          second.weight,
          first.thread,
          second.thread};
}

void BestConflicts::keep(Conflict &best, const ConflictSide &side) {
  if (best.others.size() < kMaxOthers)
    best.others.push_back(side);
}

void BestConflicts::keep(Conflict &best, const Located &a, const Located &b) {
  const bool isInOrder = a.weight <= b.weight;
  for (const Located *l : {isInOrder ? &a : &b, isInOrder ? &b : &a})
    keep(best, ConflictSide{l->thread, *l->access});
}

bool BestConflicts::isBetter(const Located &a, const Located &b) const {
  return !known_ || rankOf(Confidence::High, a, b) < known_->rank;
}

bool BestConflicts::isWanted(const Located &a, const Located &b) const {
  return !known_ || known_->conflict.others.size() < kMaxOthers || isBetter(a, b);
}

bool BestConflicts::mayWin(const Located &a, const Located &b) {
  if (isBetter(a, b))
    return true;
  keep(known_->conflict, a, b);
  return false;
}

void BestConflicts::add(const Located &a, const Located &b, Conflict found) {
  const Rank rank = rankOf(found.confidence, a, b);
  const bool isInOrder = a.weight <= b.weight;
  const Located &first = isInOrder ? a : b, &second = isInOrder ? b : a;
  found.first = ConflictSide{first.thread, *first.access};
  found.second = ConflictSide{second.thread, *second.access};
  if (!isInOrder && found.neighbour != kUnknownTerm)
    std::swap(found.location, found.neighbour);
  if (!known_) {
    known_ = &best_.emplace(key_, Best{std::move(found), rank}).first->second;
    return;
  }
  Best &known = *known_;
  if (!(rank < known.rank)) {
    keep(known.conflict, a, b);
    return;
  }
  std::swap(known.conflict, found);
  known.rank = rank;
  known.conflict.others = std::move(found.others);
  for (const ConflictSide &side : {found.first, found.second})
    keep(known.conflict, side);
}

std::vector<Conflict> BestConflicts::take() {
  std::vector<Conflict> result;
  for (auto &[key, best] : best_)
    result.push_back(std::move(best.conflict));
  best_.clear();
  known_ = nullptr;
  return result;
}

} // namespace threadlint
