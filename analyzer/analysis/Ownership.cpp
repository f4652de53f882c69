// Ownership: what a thread has taken out of a shared place under a lock, and uses after it gave the lock back.
//
// `lock(m); x = head; head = x->next; unlock(m); x->value++` is right: whoever else gets at x takes it out of `head` too, or walks
// the list under m before that. The same holds for a number that is drawn from a counter under a lock and used as an index.
// The access counts as guarded by m, so it still conflicts with one that holds nothing.
#include "analyzer/analysis/Instance.h"

namespace threadlint {
namespace {
constexpr std::size_t kMaxTaken = 6;
} // namespace

/// `stored` replaces what a shared location holds: the old value is this thread's own from here on.
void Frame::takeOut(State &state, Term at, Term stored) {
  std::erase_if(state.taken, [&](const Taken &t) { // put back where others find it
    return stored != kUnknownTerm && !t.isIndex && !isOwned(state, at) &&
           (stored == t.value || (terms_[stored].kind == TermKind::Phi &&
                                  containsSorted(terms_.inputs(stored), t.value)));
  });
  if (state.held.empty() || at == kUnknownTerm || isOwned(state, at) ||
      state.taken.size() >= kMaxTaken)
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
      if (!held.may && held.mode == LockMode::Exclusive && state.taken.size() < kMaxTaken)
        insertSorted(state.taken,
                     Taken{value, held.lock, isPointer ? stored : kUnknownTerm, !isPointer});
  }
}

/// Only what both have; a null pointer is as good as taken.
bool Frame::mergeTaken(State &into, const State &from, const std::vector<Joined> &phis) {
  if (into.taken.empty() && from.taken.empty())
    return false;
  auto isNull = [&](const State &state, Term value) {
    return value == terms_.integer(0) || containsSorted(state.facts, Fact{value, true, 0});
  };
  auto has = [&](const State &state, Term value, const Taken &like) {
    return std::any_of(state.taken.begin(), state.taken.end(), [&](const Taken &t) {
      return t.value == value && t.lock == like.lock && t.isIndex == like.isIndex;
    });
  };
  std::vector<Taken> both;
  auto keep = [&](const State &mine, const State &other) {
    for (const Taken &t : mine.taken) {
      if (containsSorted(other.taken, t) || isNull(other, t.value))
        insertSorted(both, t);
      else if (has(other, t.value, t))
        insertSorted(both, Taken{t.value, t.lock, kUnknownTerm, t.isIndex});
      for (const Joined &joined : phis) {
        bool isInto = &mine == &into;
        if ((isInto ? joined.mine : joined.theirs) != t.value)
          continue;
        Term value = isInto ? joined.theirs : joined.mine;
        if (isNull(other, value) || has(other, value, t))
          insertSorted(both, Taken{joined.phi, t.lock, kUnknownTerm, t.isIndex});
      }
    }
  };
  keep(into, from);
  keep(from, into);
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

/// The context of an access, with the locks that what is accessed was taken out under.
ContextId Frame::guardTaken(const State &state, Term location, ContextId id) {
  for (const Taken &taken : state.taken) {
    if (!isTakenPart(location, taken))
      continue;
    Context context = engine_.context(id);
    if (std::any_of(context.held.begin(), context.held.end(),
                    [&](const HeldLock &h) { return h.lock == taken.lock && !h.may; }))
      continue;
    context.held.push_back(HeldLock{taken.lock, LockMode::Exclusive, 1, false, kNoWitness});
    id = engine_.intern(std::move(context));
  }
  return id;
}

/// What the callee took out and left to this frame.
void Frame::addTaken(State &state, const std::vector<Taken> &taken, Instance &instance) {
  for (const Taken &t : taken) {
    Taken mine{substitute(instance, t.value), substitute(instance, t.lock),
               t.rest != kUnknownTerm ? substitute(instance, t.rest) : kUnknownTerm, t.isIndex};
    if (mine.value != kUnknownTerm && mine.lock != kUnknownTerm && mine.value != mine.rest &&
        terms_[mine.value].kind != TermKind::Int && state.taken.size() < kMaxTaken)
      insertSorted(state.taken, mine);
  }
}

} // namespace threadlint
