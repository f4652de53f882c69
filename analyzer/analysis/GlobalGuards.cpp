// GlobalGuards: counts places and takers.
#include "analyzer/analysis/GlobalGuards.h"

namespace threadlint {

std::set<Term> GlobalGuards::of(const std::vector<const Access *> &accesses) {
  std::map<Term, std::set<SourceRange>> places;
  std::map<Term, std::size_t> writesUnder;
  std::set<SourceRange> all;
  std::size_t writes = 0;
  for (const Access *access : accesses) {
    const SourceRange &place = engine_.leaf(access->witness).range;
    all.insert(place);
    bool isWrite = access->isWrite && !(access->flags & Flag::Initialization);
    writes += isWrite;
    for (const HeldLock &held : engine_.context(access->context).held)
      if (!held.may && engine_.isGlobal(held.lock) && !isGuardLock(engine_.terms, held.lock)) {
        places[held.lock].insert(place);
        writesUnder[held.lock] += isWrite;
      }
  }
  std::set<Term> guards;
  for (const auto &[lock, at] : places)
    if (writes > 0 && writesUnder[lock] == writes && at.size() * 2 >= all.size() &&
        takers(lock) < 2)
      guards.insert(lock);
  return guards;
}

unsigned GlobalGuards::takers(Term lock) {
  if (takers_.empty())
    for (const ThreadInstance &thread : model_.threads) {
      std::set<Term> taken;
      if (thread.kind != RootKind::Interface)
        for (const Acquisition &acquisition : thread.acquisitions)
          taken.insert(acquisition.lock);
      for (Term term : taken)
        takers_[term] += thread.parallelWithItself ? 2 : 1;
    }
  return takers_[lock];
}

} // namespace threadlint
