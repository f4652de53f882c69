// Forget: what a state drops on its way along an edge.
//
// First the locals and temporaries that nobody reads any more (Liveness), then, when the memory has grown enough to be worth a walk,
// the contents of objects that no name leads to any more: abstract garbage collection after Might and Shivers 2006.
#include "analyzer/analysis/Frame.h"

namespace threadlint {
namespace {
constexpr std::size_t kWorthCollecting = 24; ///< entries gained since the last time
constexpr std::size_t kMaxVisited = 500;     ///< terms of one walk
} // namespace

/// Whether the write is a release of memory. Nobody looks at what was there: a way on which somebody does is one on which others had a
/// reference left, and the memory was not released.
bool Frame::isFree() const {
  const std::vector<Event> &events = facts_.blocks[block_].events;
  return event_->value == kNone && index_ + 1 < events.size() &&
         events[index_ + 1].kind == EventKind::Free && events[index_ + 1].range == event_->range;
}

void Frame::forget(State &state, BlockId from, BlockId to) {
  auto dead = dead_.find({from, to});
  if (dead != dead_.end()) {
    const std::vector<Term> &gone = dead->second;
    // Not their parts: a record that was copied whole is still read through them.
    state.memory.eraseIf([&](const Memory::Entry &entry) {
      return entry.first >= gone.front() && entry.first <= gone.back() &&
             containsSorted(gone, entry.first);
    });
  }
  if (state.memory.size() > state.kept + kWorthCollecting + state.kept / 4)
    collect(state);
}

/// Drops what is known about objects behind pointers that no variable, no object of the caller and no escaped object leads to.
void Frame::collect(State &state) {
  /// What has to be reached for the contents of `root` to be reachable; 0 when they always are.
  auto keeperOf = [&](Term root) -> Term {
    for (;;) {
      const TermNode &node = terms_[root];
      switch (node.kind) {
      case TermKind::Variable:
        return node.b == 0 || node.b == kGlobalChain ? kUnknownTerm : root;
      case TermKind::Object:
        return node.b == kGlobalChain || containsSorted(state.escaped, root) ||
                       engine_.siteInfo(node.a).kind == SiteKind::Temporary
                   ? kUnknownTerm
                   : root;
      case TermKind::Deref: {
        Term value = node.a;
        while (terms_[value].kind == TermKind::Project)
          value = terms_[value].a;
        const TermNode &pointer = terms_[value];
        if (pointer.kind == TermKind::Fresh || pointer.kind == TermKind::Phi)
          return value;
        if (pointer.kind != TermKind::Init)
          return kUnknownTerm;
        root = terms_.root(pointer.a);
        break;
      }
      default:
        return kUnknownTerm;
      }
    }
  };
  std::vector<std::uint32_t> &marks = engine_.marks;
  if (marks.size() < terms_.size())
    marks.resize(terms_.size() + terms_.size() / 2);
  const std::uint32_t collection = ++engine_.walks;
  std::vector<Term> work;
  auto push = [&](Term term) {
    if (term == kUnknownTerm || marks[term] == collection)
      return;
    marks[term] = collection;
    work.push_back(term);
  };
  struct Candidate {
    Term keeper, key, stored;
  };
  std::vector<Candidate> candidates;
  for (const auto &[key, stored] : state.memory)
    if (Term keeper = keeperOf(terms_.root(key)))
      candidates.push_back({keeper, key, stored});
    else
      push(stored);
  if (candidates.empty()) {
    state.kept = state.memory.size();
    return;
  }
  for (const GuardState &guard : state.guards)
    push(guard.guard);
  for (const LiveThread &live : state.live)
    push(live.handle);
  std::size_t visited = 0;
  auto markAll = [&] {
    while (!work.empty()) {
      if (++visited > kMaxVisited)
        return false;
      const Term term = work.back();
      work.pop_back();
      terms_.forEachPart(term, push);
      if (terms_[term].kind == TermKind::Phi)
        for (Term input : terms_.inputs(term))
          push(input);
    }
    return true;
  };
  for (bool grows = true; grows;) {
    if (!markAll()) { // not worth it: everything is kept, and for longer
      state.kept = 2 * state.memory.size();
      return;
    }
    grows = false;
    std::erase_if(candidates, [&](const Candidate &candidate) {
      if (marks[candidate.keeper] != collection)
        return false;
      push(candidate.stored);
      return grows = true;
    });
  }
  if (!candidates.empty()) {
    std::vector<Term> gone;
    for (const Candidate &candidate : candidates)
      gone.push_back(candidate.key);
    state.memory.eraseIf(
        [&](const Memory::Entry &entry) { return containsSorted(gone, entry.first); });
  }
  state.kept = state.memory.size();
}

} // namespace threadlint
