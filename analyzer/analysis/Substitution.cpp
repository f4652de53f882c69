// Substitution: rebuilds a term bottom-up, so every simplification of Terms applies again.
#include "analyzer/analysis/Substitution.h"

#include <algorithm>

namespace threadlint {

Term Substitution::unknownPointer(std::uint32_t extra) {
  const Site site = engine_.siteInfo(site_);
  return engine_.terms.fresh(
      engine_.site(site.function, SiteKind::Argument, site.block, site.index * 64 + extra), 0);
}

Term Substitution::actualOf(std::int64_t n) {
  auto at = [](const std::vector<Term> &list, std::int64_t i) {
    return i >= 0 && static_cast<std::size_t>(i) < list.size() ? list[static_cast<std::size_t>(i)]
                                                               : kUnknownTerm;
  };
  if (n == kThisParameter)
    return binding_.thisValue;
  if (n < kCapturedBase)
    return at(binding_.params, n);
  std::int64_t ordinal = n / kCapturedBase - 1;
  Term callable = ordinal >= kCaptureOrdinal ? at(binding_.captures, ordinal - kCaptureOrdinal)
                                             : at(binding_.params, ordinal);
  return callable == kUnknownTerm ? kUnknownTerm
                                  : at(engine_.terms[callable].kids, n % kCapturedBase);
}

/// A program that has cost much work no longer tells objects apart by the calls that lead to them.
ChainId Substitution::extend(ChainId chain) {
  if (!engine_.isThrifty())
    return engine_.terms.extend(site_, chain);
  return chain == 0 ? engine_.terms.extend(0, 0) : chain;
}

Term Substitution::operator()(Term term) {
  Terms &terms = engine_.terms;
  if (term == kUnknownTerm || !terms[term].isOpen)
    return term;
  if (const Term *known = memo_.find(term))
    return *known;
  const TermNode node = terms[term];
  Term result = term;
  auto sub = [&](Term t) { return (*this)(t); };
  switch (node.kind) {
  case TermKind::Param:
    result = actualOf(node.n);
    if (result == kUnknownTerm)
      result =
          unknownPointer(40 + static_cast<std::uint32_t>(node.n >= 0 && node.n < 20 ? node.n : 20));
    break;
  case TermKind::CaptureValue: {
    auto i = static_cast<std::size_t>(node.n);
    Term actual = i < binding_.captures.size() ? binding_.captures[i] : kUnknownTerm;
    result = actual != kUnknownTerm ? actual : unknownPointer(30);
    break;
  }
  case TermKind::Capture: {
    const Site site = engine_.siteInfo(site_);
    result = terms.object(engine_.site(site.function, SiteKind::Argument, site.block,
                                       site.index * 64 + 32 + (node.a % 8)),
                          0);
    break;
  }
  case TermKind::Variable:
  case TermKind::Object:
  case TermKind::Fresh:
  case TermKind::Thread:
    result = terms.make(node.kind, node.a, extend(node.b));
    break;
  case TermKind::Field:
    result = terms.field(sub(node.a), node.b);
    break;
  case TermKind::Index:
    result = terms.sameStep(node, sub(node.a), kUnknownTerm);
    break;
  case TermKind::Element:
    result = terms.sameStep(node, sub(node.a), node.b ? sub(node.b) : 0);
    break;
  case TermKind::Deref:
    result = terms.deref(sub(node.a));
    break;
  case TermKind::Address:
    result = terms.address(sub(node.a));
    break;
  case TermKind::Init:
    result = load_(sub(node.a));
    break;
  case TermKind::Project: {
    Term whole = sub(node.a);
    result = whole != kUnknownTerm && terms[whole].kind == TermKind::Init
                 ? load_(terms.field(terms[whole].a, node.b))
                 : terms.project(whole, node.b);
    break;
  }
  case TermKind::Op: {
    std::vector<Term> kids = node.kids;
    for (Term &kid : kids)
      kid = sub(kid);
    result = terms.operation(node.n, std::move(kids));
    break;
  }
  case TermKind::Phi:
    result = terms.phi(node.a, node.b, extend(static_cast<ChainId>(node.n)));
    memo_.set(term, result); // before its inputs, which may mention it
    if (forgetsInputs)
      return result;
    for (Term input : std::vector<Term>(terms.inputs(term)))
      terms.addInput(result, sub(input));
    return result;
  case TermKind::Closure:
  case TermKind::Bind: {
    std::vector<Term> kids = node.kids;
    for (Term &kid : kids)
      kid = sub(kid);
    result = terms.make(node.kind, node.a, node.b, node.n, std::move(kids));
    break;
  }
  case TermKind::Result:
  case TermKind::Unknown:
  case TermKind::Int:
  case TermKind::Function:
    break;
  }
  if (result == kUnknownTerm && terms.isLocation(term))
    result = terms.deref(unknownPointer(31));
  memo_.set(term, result);
  return result;
}

} // namespace threadlint
