// Alternatives: what is known of values where ways with different knowledge meet.
//
// `if (p && p->threaded) lock(m); ... if (p && p->threaded) unlock(m);`: the ways without the lock meet, one knows p == null, the
// other p != null and !p->threaded. Both know "p == null or !p->threaded", which keeps them out of the branch of the unlock.
// An alternative is a term: an operation of the number kEither on triples of a value, a constant and whether they are equal.
#include "analyzer/analysis/Frame.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <optional>

namespace threadlint {
namespace {
constexpr std::size_t kMaxEither = 6, kMaxChoices = 3;
constexpr unsigned kMaxFlags = 3;

std::optional<bool> given(const Terms &terms, const Fact &fact) {
  const TermNode &node = terms[fact.value];
  if (node.kind == TermKind::Int)
    return (node.n == fact.constant) == fact.equal;
  bool isSet = node.kind == TermKind::Address || node.kind == TermKind::Function ||
               node.kind == TermKind::Closure;
  return isSet && fact.constant == 0 ? std::optional(!fact.equal) : std::nullopt;
}
} // namespace

/// Whether a fact surely holds or surely does not; nothing when it is open.
std::optional<bool> Frame::isKnown(const std::vector<Fact> &facts, const Fact &fact) const {
  if (std::optional<bool> known = given(terms_, fact))
    return known;
  auto it = std::lower_bound(facts.begin(), facts.end(),
                             Fact{fact.value, false, std::numeric_limits<std::int64_t>::min()});
  for (; it != facts.end() && it->value == fact.value; ++it) {
    if (it->equal)
      return (it->constant == fact.constant) == fact.equal;
    if (it->constant == fact.constant)
      return !fact.equal;
  }
  return std::nullopt;
}

/// Whether a comparison with a constant surely does not hold.
bool Frame::isKnownFalse(const std::vector<Fact> &facts, Term comparison) const {
  const TermNode &node = terms_[comparison];
  const bool isEqual = node.n == static_cast<std::int64_t>(ValueOp::Eq);
  if (node.kind != TermKind::Op || (!isEqual && node.n != static_cast<std::int64_t>(ValueOp::Ne)) ||
      node.kids.size() != 2 || terms_[node.kids[1]].kind != TermKind::Int)
    return false;
  return !isKnown(facts, Fact{node.kids[0], isEqual, terms_[node.kids[1]].n}).value_or(true);
}

std::vector<Fact> Frame::choicesOf(Term either) const {
  std::vector<Fact> choices;
  const TermList kids = terms_[either].kids;
  for (std::size_t i = 0; i + 2 < kids.size(); i += 3)
    choices.push_back(Fact{kids[i], terms_[kids[i + 2]].n != 0, terms_[kids[i + 1]].n});
  return choices;
}

std::optional<bool> Frame::isKnown(const std::vector<Fact> &facts, Term either) const {
  bool isOpen = false;
  for (const Fact &choice : choicesOf(either)) {
    std::optional<bool> known = isKnown(facts, choice);
    if (known && *known)
      return true;
    isOpen |= !known;
  }
  return isOpen ? std::nullopt : std::optional(false);
}

Term Frame::eitherOf(std::vector<Fact> choices) const {
  std::sort(choices.begin(), choices.end());
  std::vector<Term> kids;
  for (const Fact &choice : choices)
    for (Term kid :
         {choice.value, terms_.integer(choice.constant), terms_.integer(choice.equal ? 1 : 0)})
      kids.push_back(kid);
  return terms_.make(TermKind::Op, 0, 0, kEitherNumber, std::move(kids));
}

/// Draws what follows from the alternatives: choices that cannot hold go, and where only one is left, it holds. False when none is.
bool Frame::conclude(State &state) {
  std::vector<Term> either;
  std::vector<Fact> single;
  for (Term term : state.either) {
    std::vector<Fact> choices = choicesOf(term);
    bool holds = false;
    const std::size_t all = choices.size();
    std::erase_if(choices, [&](const Fact &choice) {
      std::optional<bool> known = isKnown(state.facts, choice);
      holds |= known && *known;
      return known && !*known;
    });
    if (choices.empty())
      return false;
    if (!holds && choices.size() == 1)
      single.push_back(choices[0]);
    else if (holds || choices.size() == all)
      insertSorted(either, term);
    else if (Term rest = eitherOf(std::move(choices)))
      insertSorted(either, rest);
  }
  state.either = std::move(either);
  for (const Fact &fact : single)
    if (!addFact(state, fact.value, fact.equal, fact.constant)) // concludes from the rest
      return false;
  return true;
}

/// Takes over an alternative that a callee left. False when it cannot hold.
bool Frame::addEither(State &state, Term either) {
  std::optional<bool> known = isKnown(state.facts, either);
  if (known && *known)
    return true;
  if (state.either.size() < kMaxEither)
    insertSorted(state.either, either);
  return conclude(state);
}

/// Keeps of the facts what both know, and of the rest that one or the other holds. `phis` are the values that meet here: where
/// they are constants, what is known hangs on which one came. True when `into` changed.
bool Frame::mergeFacts(State &into, const State &from, const std::vector<Joined> &phis) const {
  if (into.facts == from.facts && into.either == from.either)
    return false;
  std::vector<Fact> known = into.facts, other = from.facts;
  unsigned flags = 0;
  for (const Joined &joined : phis)
    for (bool isInto : {true, false})
      if (const TermNode &node = terms_[isInto ? joined.mine : joined.theirs];
          node.kind == TermKind::Int && ++flags <= 2 * kMaxFlags)
        insertSorted(isInto ? known : other, Fact{joined.phi, true, node.n});
  std::vector<Fact> common, mine, theirs;
  std::set_intersection(known.begin(), known.end(), other.begin(), other.end(),
                        std::back_inserter(common));
  std::set_difference(known.begin(), known.end(), common.begin(), common.end(),
                      std::back_inserter(mine));
  std::set_difference(other.begin(), other.end(), common.begin(), common.end(),
                      std::back_inserter(theirs));
  std::vector<Term> either;
  auto add = [&](std::vector<Fact> choices) {
    if (choices.size() > kMaxChoices || either.size() >= kMaxEither)
      return;
    if (Term term = eitherOf(std::move(choices)))
      insertSorted(either, term);
  };
  auto holds = [&](const State &state, const std::vector<Fact> &facts, Term term) {
    return containsSorted(state.either, term) || isKnown(facts, term).value_or(false);
  };
  // What one side says and the other denies, or what the other knows beside that.
  auto derive = [&](const std::vector<Term> &eitherOfA, const std::vector<Fact> &saidByA,
                    const std::vector<Fact> &b, const std::vector<Fact> &saidByB) {
    auto complete = [&](const std::vector<Fact> &denied) {
      for (const Fact &beside : saidByB)
        if (std::none_of(denied.begin(), denied.end(),
                         [&](const Fact &fact) { return fact.value == beside.value; })) {
          std::vector<Fact> choices = denied;
          choices.push_back(beside);
          add(std::move(choices));
        }
    };
    for (Term term : eitherOfA)
      if (!isKnown(b, term).value_or(true))
        complete(choicesOf(term));
    for (const Fact &fact : saidByA)
      if (!isKnown(b, fact).value_or(true))
        complete({fact});
  };
  for (Term term : into.either)
    if (holds(from, other, term) && either.size() < kMaxEither)
      insertSorted(either, term);
  if (!mine.empty()) {
    for (Term term : from.either)
      if (holds(into, known, term) && either.size() < kMaxEither)
        insertSorted(either, term);
    derive(from.either, theirs, known, mine);
  }
  if (!mine.empty() || !into.either.empty())
    derive(into.either, mine, other, theirs);
  bool changed = common != into.facts || either != into.either;
  into.facts = std::move(common);
  into.either = std::move(either);
  return changed;
}

/// Two ways go on with different locks: what tells them apart decides who unlocks, so loops and waits do not make it uncertain.
void Frame::noteModes(State &a, State &b) const {
  constexpr std::size_t kMaxModes = 6;
  if (std::equal(a.held.begin(), a.held.end(), b.held.begin(), b.held.end(),
                 [](const HeldLock &x, const HeldLock &y) { return x.lock == y.lock; }))
    return;
  bool isShared = false; // decided by what others see too, so they all agree
  auto note = [&](Term value) {
    const TermNode &node = terms_[value];
    isShared |= node.kind == TermKind::Init && !isFrameObject(terms_.root(node.a));
    for (State *state : {&a, &b})
      if (state->modes.size() < kMaxModes)
        insertSorted(state->modes, value);
  };
  for (const Fact &fact : a.facts)
    if (!isKnown(b.facts, fact).value_or(true))
      note(fact.value);
  for (bool isFirst : {true, false})
    for (Term either : (isFirst ? a : b).either)
      if (!isKnown((isFirst ? b : a).facts, either).value_or(true))
        for (const Fact &choice : choicesOf(either))
          note(choice.value);
  if (!isShared)
    return;
  for (bool isFirst : {true, false}) {
    State &without = isFirst ? a : b;
    for (const HeldLock &held : (isFirst ? b : a).held)
      if (!held.may && without.spared.size() < kMaxModes &&
          std::none_of(without.held.begin(), without.held.end(),
                       [&](const HeldLock &h) { return h.lock == held.lock; }))
        insertSorted(without.spared, held.lock);
  }
}

/// What is known of the values that decide on a lock.
bool Frame::isMode(const State &state, Term known) const {
  if (state.modes.empty())
    return false;
  if (terms_[known].kind != TermKind::Op || terms_[known].n != kEitherNumber)
    return containsSorted(state.modes, known);
  for (const Fact &choice : choicesOf(known))
    if (!containsSorted(state.modes, choice.value))
      return false;
  return true;
}

} // namespace threadlint
