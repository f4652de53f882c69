// InstanceOrder: strips the path to the lock that both have in common, then looks for one base inside the other.
#include "analyzer/analysis/InstanceOrder.h"

namespace threadlint {
namespace {

constexpr std::int64_t kInstanceNode = 210; ///< beside kWaitNode of WaitGraph.cpp
constexpr std::int64_t kOpenBase = -99;     ///< a parameter that no function has

Term make(Terms &terms, FieldId field, bool isRelated, Term relation, Term plain) {
  return terms.make(TermKind::Op, field, isRelated ? 1 : 0, kInstanceNode, {relation, plain});
}

} // namespace

std::optional<std::pair<Term, Term>> instanceNodes(Terms &terms, Term held, Term taken,
                                                   Term plain) {
  if (held == taken || terms[held].kind != TermKind::Field || terms[taken].kind != TermKind::Field)
    return std::nullopt;
  FieldId field = terms[held].b;
  const auto [outer, inner] = terms.withoutCommonFields(held, taken);
  if (outer == held || outer == inner || terms[outer].kind == TermKind::Variable ||
      terms[inner].kind == TermKind::Variable)
    return std::nullopt;
  bool leads = terms.contains(inner, outer), isLedTo = terms.contains(outer, inner);
  if (leads == isLedTo)
    return std::nullopt;
  Term base = leads ? outer : inner, related = leads ? inner : outer;
  // The related object is what a pointer leads to that is kept at a fixed place of the base.
  if (terms[related].kind != TermKind::Deref || terms[terms[related].a].kind != TermKind::Init ||
      !terms.isDefinite(base))
    return std::nullopt;
  Term open = terms.deref(terms.param(kOpenBase));
  Term relation = terms.replace(terms[terms[related].a].a, base, open);
  if (relation == kUnknownTerm || terms.root(relation) != open)
    return std::nullopt; // more than one step away
  Term first = make(terms, field, !leads, relation, plain);
  Term second = make(terms, field, leads, relation, plain);
  return std::pair(first, second);
}

std::optional<InstanceNode> instanceNodeOf(const Terms &terms, Term node) {
  const TermNode &n = terms[node];
  if (n.kind != TermKind::Op || n.n != kInstanceNode)
    return std::nullopt;
  return InstanceNode{n.a, n.kids[0], n.b == 1, n.kids[1]};
}

} // namespace threadlint
