// Ownership: what a thread has taken out of a shared place under a lock, and uses after it gave the lock back.
//
// `lock(m); x = head; head = x->next; unlock(m); x->value++` is right: whoever else gets at x takes it out of `head` too, or walks
// the list under m before that. The same holds for a number that is drawn from a counter under a lock and used as an index.
// The access counts as guarded by m, so it still conflicts with one that holds nothing.
#include "analyzer/analysis/Instance.h"

namespace threadlint {
namespace {
constexpr std::size_t kMaxTaken = 6;

/// Objects are worth more than numbers: most counters only count.
void note(std::vector<Taken> &all, const Taken &taken) {
  if (all.size() >= kMaxTaken && !taken.isIndex)
    if (auto number =
            std::find_if(all.begin(), all.end(), [](const Taken &t) { return t.isIndex; });
        number != all.end())
      all.erase(number);
  if (all.size() < kMaxTaken)
    insertSorted(all, taken);
}
} // namespace

/// `stored` replaces what a shared location holds: the old value is this thread's own from here on.
void Frame::takeOut(State &state, Term at, Term stored) {
  std::erase_if(state.taken, [&](const Taken &t) { // put back where others find it
    return stored != kUnknownTerm && !t.isIndex && !isOwned(state, at) &&
           (stored == t.value || (terms_[stored].kind == TermKind::Phi &&
                                  containsSorted(terms_.inputs(stored), t.value)));
  });
  if (state.held.empty() || at == kUnknownTerm || isOwned(state, at))
    return;
  TypeClass cls = facts_.paths[event_->path].type.cls;
  bool isPointer = cls == TypeClass::Pointer || cls == TypeClass::SmartPointer;
  if (!isPointer && cls != TypeClass::Integer && cls != TypeClass::Enum)
    return;
  Term old = load(state, at);
  std::vector<Term> values{old};
  if (!isPointer) {
    // Only counting gives every thread another number.
    bool counts = event_->kind == EventKind::ReadWrite;
    if (stored != kUnknownTerm && terms_[stored].kind == TermKind::Op) {
      const TermNode &sum = terms_[stored];
      counts |= sum.n == static_cast<std::int64_t>(ValueOp::Add) && sum.kids[0] == old &&
                terms_[sum.kids[1]].kind == TermKind::Int;
    }
    if (!counts)
      return;
    if (event_->kind == EventKind::ReadWrite) // the old value is told from the new one, less one
      values.push_back(stored);
  }
  for (Term value : values) {
    if (value == kUnknownTerm || (isPointer && value == stored) ||
        terms_[value].kind == TermKind::Int)
      continue;
    for (const HeldLock &held : state.held)
      if (!held.may && held.mode == LockMode::Exclusive)
        note(state.taken, Taken{value, held.lock, isPointer ? stored : kUnknownTerm, !isPointer});
  }
}

/// What both have; a null pointer is as good as taken. An object that only one took out may be this thread's own.
bool Frame::mergeTaken(State &into, const State &from, const std::vector<Joined> &phis) {
  if (into.taken.empty() && from.taken.empty())
    return false;
  auto isNull = [&](const State &state, Term value) {
    return value == terms_.integer(0) || containsSorted(state.facts, Fact{value, true, 0});
  };
  auto find = [&](const State &state, Term value, const Taken &like) {
    return std::find_if(state.taken.begin(), state.taken.end(), [&](const Taken &t) {
      return t.value == value && t.lock == like.lock && t.isIndex == like.isIndex;
    });
  };
  std::vector<Taken> both;
  auto keep = [&](const State &mine, const State &other) {
    for (const Taken &t : mine.taken) {
      auto known = find(other, t.value, t);
      const bool isTaken = known != other.taken.end();
      if (isTaken && *known == t)
        insertSorted(both, t);
      else if (isTaken)
        insertSorted(both, Taken{t.value, t.lock, kUnknownTerm, t.isIndex, t.may || known->may});
      else if (isNull(other, t.value))
        insertSorted(both, t);
      else if (!t.isIndex)
        insertSorted(both, Taken{t.value, t.lock, kUnknownTerm, false, true});
      for (const Joined &joined : phis) {
        bool isInto = &mine == &into;
        if ((isInto ? joined.mine : joined.theirs) != t.value)
          continue;
        Term value = isInto ? joined.theirs : joined.mine;
        auto theirs = find(other, value, t);
        bool isToo = theirs != other.taken.end(), isSure = isToo || isNull(other, value);
        if (isSure || !t.isIndex)
          insertSorted(both, Taken{joined.phi, t.lock, kUnknownTerm, t.isIndex,
                                   t.may || !isSure || (isToo && theirs->may)});
      }
    }
  };
  keep(into, from);
  keep(from, into);
  std::erase_if(both, [seen = both](const Taken &t) { // a weaker one stands too
    return !t.may && containsSorted(seen, Taken{t.value, t.lock, kUnknownTerm, t.isIndex, true});
  });
  if (both.size() > kMaxTaken)
    both.resize(kMaxTaken);
  if (both == into.taken)
    return false;
  into.taken = std::move(both);
  return true;
}

bool Frame::isTakenPart(Term location, const Taken &taken) const {
  if (!taken.isIndex && taken.rest == kUnknownTerm)
    return terms_.root(location) == terms_.deref(taken.value);
  if (!taken.isIndex)
    return terms_.contains(location, terms_.deref(taken.value)) &&
           (terms_[taken.rest].kind == TermKind::Int || !terms_.contains(location, taken.rest));
  for (;;) {
    const TermNode &node = terms_[location];
    if (node.kind == TermKind::Element && node.b != kUnknownTerm &&
        terms_.contains(node.b, taken.value))
      return true;
    if (node.kind != TermKind::Field && node.kind != TermKind::Index &&
        node.kind != TermKind::Element)
      return false;
    location = node.a;
  }
}

/// The context of an access, with the locks that what is accessed was taken out under, and those that are spared in this mode.
ContextId Frame::guardTaken(const State &state, Term location, ContextId id) {
  auto add = [&](Term lock, bool may) {
    Context context = engine_.context(id);
    if (std::any_of(context.held.begin(), context.held.end(),
                    [&](const HeldLock &h) { return h.lock == lock && (may || !h.may); }))
      return;
    context.held.push_back(HeldLock{lock, LockMode::Exclusive,
                                    static_cast<std::uint8_t>(may ? 0 : 1), may, kNoWitness});
    id = engine_.intern(std::move(context));
  };
  for (const Taken &taken : state.taken)
    if (isTakenPart(location, taken))
      add(taken.lock, taken.may);
  for (Term lock : state.spared)
    add(lock, true);
  return id;
}

/// What the callee took out and left to this frame.
void Frame::addTaken(State &state, const std::vector<Taken> &taken, Instance &instance) {
  for (const Taken &t : taken) {
    Taken mine{substitute(instance, t.value), substitute(instance, t.lock),
               t.rest != kUnknownTerm ? substitute(instance, t.rest) : kUnknownTerm, t.isIndex,
               t.may};
    if (mine.value != kUnknownTerm && mine.lock != kUnknownTerm && mine.value != mine.rest &&
        terms_[mine.value].kind != TermKind::Int)
      note(state.taken, mine);
  }
}

} // namespace threadlint
