// Rounds: how often a thread has passed a barrier.
//
// Whoever passes a barrier does so together with all others: steps after the same number of passages can meet, others cannot. The
// first passages are counted one by one, as a signal that is given and waited for each. Later ones are told apart by twos, so that
// threads that alternate between two buffers keep knowing which one is theirs. What joins in odd rounds has phis of its own.
#include "analyzer/analysis/Rounds.h"

#include "analyzer/analysis/Frame.h"

namespace threadlint {
namespace {
constexpr std::int64_t kMaxPhases = 4;
constexpr std::int64_t kLost = 2; ///< instead of a remainder: the count is not known any more

/// The barrier that an ordering token is of, by its address, or kUnknownTerm.
Term barrierOf(const Terms &terms, Term token) {
  const TermNode &node = terms[token];
  if (node.kind != TermKind::Op || node.kids.empty())
    return kUnknownTerm;
  if (node.n == kRoundToken)
    return node.kids[0];
  const TermNode &signal = terms[node.kids[0]];
  return (node.n == kWaitedToken || node.n == kPostedToken) && signal.kind == TermKind::Bind &&
                 signal.kids.size() == 2 && terms[signal.kids[1]].kind == TermKind::Int
             ? signal.kids[0]
             : kUnknownTerm;
}

struct Passages {
  std::int64_t count = 0; ///< up to kMaxPhases; beyond, kMaxPhases or one more
  bool isLost = false;
};

Passages passagesOf(Terms &terms, const std::vector<Term> &order, Term barrier) {
  Passages passages;
  for (Term token : order) {
    if (barrierOf(terms, token) != barrier)
      continue;
    const TermNode &node = terms[token];
    if (node.n == kWaitedToken)
      ++passages.count;
    else if (node.n == kRoundToken && terms[node.kids[1]].n == kLost)
      passages.isLost = true;
    else if (node.n == kRoundToken)
      passages.count += terms[node.kids[1]].n;
  }
  return passages;
}

void setPassages(Terms &terms, std::vector<Term> &order, Term barrier, Passages passages) {
  std::erase_if(order, [&](Term token) { return barrierOf(terms, token) == barrier; });
  for (std::int64_t phase = 0; phase < std::min(passages.count, kMaxPhases); ++phase) {
    Term signal = terms.bind({barrier, terms.integer(phase)});
    for (std::int64_t kind : {kWaitedToken, kPostedToken})
      insertSorted(order, terms.make(TermKind::Op, 0, 0, kind, {signal}));
  }
  if (passages.isLost || passages.count >= kMaxPhases)
    insertSorted(
        order, terms.make(TermKind::Op, 0, 0, kRoundToken,
                          {barrier, terms.integer(passages.isLost ? kLost : passages.count % 2)}));
}

} // namespace

void Frame::passBarrier(State &state, Term barrier) {
  if (barrier == kUnknownTerm)
    return;
  Term address = terms_.address(barrier);
  havocShared(state);
  Passages passages = passagesOf(terms_, state.order, address);
  ++passages.count;
  passages.isLost |= !terms_.isDefinite(barrier);
  setPassages(terms_, state.order, address, passages);
}

/// What follows `before` in order: a callee counts its passages from its own entry.
void addOrder(Terms &terms, std::vector<Term> &before, const std::vector<Term> &inner) {
  std::vector<Term> barriers;
  for (Term token : inner)
    if (Term barrier = barrierOf(terms, token); barrier != kUnknownTerm)
      insertSorted(barriers, barrier);
    else
      insertSorted(before, token);
  for (Term barrier : barriers) {
    Passages passages = passagesOf(terms, before, barrier),
             more = passagesOf(terms, inner, barrier);
    passages.count += more.count;
    passages.isLost |= more.isLost;
    setPassages(terms, before, barrier, passages);
  }
}

/// Two ways with different counts are one from here on.
void loseRounds(Terms &terms, std::vector<Term> &joint, const std::vector<Term> &other) {
  std::vector<Term> barriers;
  for (const std::vector<Term> *order : {&std::as_const(joint), &other})
    for (Term token : *order)
      if (Term barrier = barrierOf(terms, token); barrier != kUnknownTerm)
        insertSorted(barriers, barrier);
  for (Term barrier : barriers) {
    Passages a = passagesOf(terms, joint, barrier), b = passagesOf(terms, other, barrier);
    if (a.count == b.count && a.isLost == b.isLost)
      continue;
    setPassages(terms, joint, barrier, {std::min({a.count, b.count, kMaxPhases}), true});
  }
}

bool isLostRound(const Terms &terms, Term token) {
  const TermNode &node = terms[token];
  return node.kind == TermKind::Op && node.n == kRoundToken && terms[node.kids[1]].n == kLost;
}

std::int64_t roundOf(const Terms &terms, const std::vector<Term> &order) {
  for (Term token : order)
    if (const TermNode &node = terms[token];
        node.kind == TermKind::Op && node.n == kRoundToken && terms[node.kids[1]].n != kLost)
      return terms[node.kids[1]].n + 1;
  return 0;
}

} // namespace threadlint
