// PointsTo: rounds over all stores until nothing is added; every round evaluates each term once.
#include "analyzer/analysis/PointsTo.h"

#include "analyzer/analysis/State.h"

namespace threadlint {

Term PointsTo::normalized(Term location) {
  Terms &terms = engine_.terms;
  const TermNode node = terms[location];
  switch (node.kind) {
  case TermKind::Field: {
    Term base = normalized(node.a);
    return base == node.a ? location : terms.field(base, node.b);
  }
  case TermKind::Index: {
    Term base = normalized(node.a);
    return base == node.a ? location : terms.index(base, node.n);
  }
  case TermKind::Element:
    return terms.element(normalized(node.a), kUnknownTerm);
  default:
    return location;
  }
}

void PointsTo::add(Term location, Term value) {
  if (!seen_.emplace(location, value).second)
    return;
  stores_.emplace_back(location, value);
  isSolved_ = false;
}

void PointsTo::solve() {
  if (isSolved_)
    return;
  constexpr int kMaxRounds = 12;
  stored_.clear();
  for (int round = 0; round < kMaxRounds; ++round) {
    locations_.clear();
    values_.clear();
    bool changed = false;
    std::unordered_map<Term, std::vector<Term>> next = content_;
    for (const auto &[location, value] : stores_)
      for (Term at : resolve(location)) {
        Term key = normalized(at);
        std::vector<Term> &values = stored_[key];
        if (values.size() < 64)
          insertSorted(values, value);
        std::vector<Term> &objects = next[key];
        for (Term object : pointees(value))
          if (objects.size() <= kMaxTargets)
            changed |= insertSorted(objects, object);
      }
    std::vector<Term> phis; // pointees() adds to phis_
    for (const auto &[phi, objects] : phis_)
      phis.push_back(phi);
    std::sort(phis.begin(), phis.end());
    for (Term phi : phis)
      for (Term object : pointees(phi))
        if (std::vector<Term> &objects = phis_[phi]; objects.size() <= kMaxTargets)
          changed |= insertSorted(objects, object);
    content_ = std::move(next);
    if (!changed)
      break;
  }
  locations_.clear();
  values_.clear();
  isSolved_ = true;
}

bool PointsTo::isConcrete(Term location) const {
  const TermNode &root = engine_.terms[engine_.terms.root(location)];
  return root.kind == TermKind::Variable || root.kind == TermKind::Object;
}

const std::vector<Term> &PointsTo::locations(Term location) {
  static const std::vector<Term> kNothing;
  if (location == kUnknownTerm)
    return kNothing;
  solve();
  if (auto it = locations_.find(location); it != locations_.end())
    return it->second;
  resolve(location);
  return locations_[location];
}

std::vector<Term> PointsTo::resolve(Term location) {
  if (auto it = locations_.find(location); it != locations_.end())
    return it->second;
  Terms &terms = engine_.terms;
  const TermNode node = terms[location];
  std::vector<Term> result;
  switch (node.kind) {
  case TermKind::Field:
    for (Term base : resolve(node.a))
      if (Term t = terms.field(base, node.b))
        insertSorted(result, t);
    break;
  case TermKind::Index:
    for (Term base : resolve(node.a))
      if (Term t = terms.index(base, node.n))
        insertSorted(result, t);
    break;
  case TermKind::Element:
    for (Term base : resolve(node.a))
      if (Term t = terms.element(base, node.b))
        insertSorted(result, t);
    break;
  case TermKind::Deref:
    result = pointees(node.a);
    if (result.size() > kMaxTargets)
      result.clear();
    break;
  default:
    break;
  }
  if (result.empty())
    result.push_back(location);
  locations_[location] = result;
  return result;
}

std::vector<Term> PointsTo::pointees(Term value) {
  if (value == kUnknownTerm)
    return {};
  if (auto it = values_.find(value); it != values_.end())
    return it->second;
  Terms &terms = engine_.terms;
  const TermNode node = terms[value];
  std::vector<Term> result;
  auto add = [&](const std::vector<Term> &objects) {
    for (Term object : objects)
      if (result.size() <= kMaxTargets)
        insertSorted(result, object);
  };
  auto contentOf = [&](Term key) {
    if (auto it = content_.find(key); it != content_.end())
      add(it->second);
  };
  switch (node.kind) {
  case TermKind::Address:
    result = resolve(node.a);
    break;
  case TermKind::Init:
    for (Term at : resolve(node.a)) {
      Term key = normalized(at);
      contentOf(key);
      if (terms[key].kind == TermKind::Index)
        contentOf(terms.element(terms[key].a, kUnknownTerm));
      else if (terms[key].kind == TermKind::Element)
        for (std::int64_t i = 0; i < 8; ++i)
          contentOf(terms.index(terms[key].a, i));
    }
    break;
  case TermKind::Phi: {
    auto [known, isNew] = phis_.try_emplace(value);
    result = known->second;
    values_[value] = result; // its inputs may mention it
    for (Term input : std::vector<Term>(terms.inputs(value)))
      add(pointees(input));
    phis_[value] = result;
    break;
  }
  case TermKind::Op: // pointer arithmetic stays in the object
    for (Term kid : node.kids)
      add(pointees(kid));
    break;
  default:
    break;
  }
  values_[value] = result;
  return result;
}

std::vector<Term> PointsTo::callables(Term value) {
  Terms &terms = engine_.terms;
  std::vector<Term> result;
  const TermNode node = terms[value];
  if (node.kind == TermKind::Function || node.kind == TermKind::Closure ||
      node.kind == TermKind::Bind)
    return {value};
  if (node.kind != TermKind::Init)
    return result;
  solve();
  for (Term at : std::vector<Term>(locations(node.a)))
    if (auto it = stored_.find(normalized(at)); it != stored_.end())
      for (Term stored : it->second) {
        TermKind kind = terms[stored].kind;
        if (kind == TermKind::Function || kind == TermKind::Closure || kind == TermKind::Bind)
          insertSorted(result, stored);
      }
  return result;
}

bool PointsTo::mayBeOne(Term a, Term b) {
  const Terms &terms = engine_.terms;
  for (Term x : locations(a))
    for (Term y : locations(b)) {
      bool areConcrete = isConcrete(x) && isConcrete(y);
      if (normalized(x) == normalized(y) ||
          (!areConcrete && terms[x].kind == TermKind::Field && terms[y].kind == TermKind::Field &&
           terms.mayBeOneField(x, y)))
        return true;
    }
  return false;
}

} // namespace threadlint
