// PointsTo: on-demand resolution with a recursion guard; a cycle adds nothing to what it is part of.
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
  bool complete = true;
  for (Term at : resolve(location, 0, complete)) {
    std::vector<Term> &values = stored_[normalized(at)];
    if (std::find(values.begin(), values.end(), value) == values.end() && values.size() < 64)
      values.push_back(value);
  }
  known_.clear();
}

bool PointsTo::isConcrete(Term location) const {
  const TermNode &root = engine_.terms[engine_.terms.root(location)];
  return root.kind == TermKind::Variable || root.kind == TermKind::Object;
}

const std::vector<Term> &PointsTo::locations(Term location) {
  auto [it, isNew] = known_.try_emplace(location);
  if (isNew && location != kUnknownTerm) {
    bool complete = true;
    std::vector<Term> result = resolve(location, 0, complete);
    known_[location] = std::move(result);
    return known_[location];
  }
  return it->second;
}

std::vector<Term> PointsTo::resolve(Term location, unsigned depth, bool &complete) {
  Terms &terms = engine_.terms;
  const TermNode node = terms[location];
  std::vector<Term> result;
  switch (node.kind) {
  case TermKind::Field:
    for (Term base : resolve(node.a, depth + 1, complete))
      if (Term t = terms.field(base, node.b))
        insertSorted(result, t);
    break;
  case TermKind::Index:
    for (Term base : resolve(node.a, depth + 1, complete))
      if (Term t = terms.index(base, node.n))
        insertSorted(result, t);
    break;
  case TermKind::Element:
    for (Term base : resolve(node.a, depth + 1, complete))
      if (Term t = terms.element(base, node.b))
        insertSorted(result, t);
    break;
  case TermKind::Deref: {
    if (depth > 12 || !running_.insert(location).second) {
      complete = false;
      break;
    }
    result = valueTargets(node.a, depth + 1, complete);
    running_.erase(location);
    if (result.size() > kMaxTargets)
      result.clear();
    break;
  }
  default:
    break;
  }
  if (result.empty())
    result.push_back(location);
  return result;
}

std::vector<Term> PointsTo::valueTargets(Term value, unsigned depth, bool &complete) {
  Terms &terms = engine_.terms;
  std::vector<Term> result;
  if (value == kUnknownTerm || depth > 14)
    return result;
  const TermNode node = terms[value];
  switch (node.kind) {
  case TermKind::Address:
    return resolve(node.a, depth + 1, complete);
  case TermKind::Init:
    for (Term at : resolve(node.a, depth + 1, complete)) {
      Term key = normalized(at);
      std::vector<Term> keys{key};
      if (terms[key].kind == TermKind::Index)
        keys.push_back(terms.element(terms[key].a, kUnknownTerm));
      for (Term k : keys)
        if (auto it = stored_.find(k); it != stored_.end())
          for (Term stored : std::vector<Term>(it->second))
            for (Term target : valueTargets(stored, depth + 1, complete))
              if (result.size() <= kMaxTargets)
                insertSorted(result, target);
      if (terms[key].kind == TermKind::Element)
        for (std::int64_t i = 0; i < 8; ++i)
          if (auto it = stored_.find(terms.index(terms[key].a, i)); it != stored_.end())
            for (Term stored : std::vector<Term>(it->second))
              for (Term target : valueTargets(stored, depth + 1, complete))
                insertSorted(result, target);
    }
    break;
  case TermKind::Phi: {
    Term self = terms.make(TermKind::Self, node.a, node.b);
    for (Term kid : node.kids)
      if (!terms.contains(kid, self))
        for (Term target : valueTargets(kid, depth + 1, complete))
          insertSorted(result, target);
    for (int round = 0; round < 3; ++round) {
      std::vector<Term> more;
      for (Term kid : node.kids)
        if (terms.contains(kid, self))
          for (Term base : result)
            for (Term target : valueTargets(terms.replace(kid, self, terms.address(base)), depth + 3, complete))
              insertSorted(more, target);
      std::size_t before = result.size();
      for (Term target : more)
        insertSorted(result, target);
      if (result.size() == before || result.size() > kMaxTargets)
        break;
    }
    break;
  }
  case TermKind::Op: // pointer arithmetic stays in the object
    for (Term kid : node.kids)
      for (Term target : valueTargets(kid, depth + 1, complete))
        insertSorted(result, target);
    break;
  default:
    break;
  }
  return result;
}

std::vector<Term> PointsTo::callables(Term value) {
  Terms &terms = engine_.terms;
  std::vector<Term> result;
  const TermNode node = terms[value];
  if (node.kind == TermKind::Function || node.kind == TermKind::Closure || node.kind == TermKind::Bind)
    return {value};
  if (node.kind != TermKind::Init)
    return result;
  for (Term at : std::vector<Term>(locations(node.a)))
    if (auto it = stored_.find(normalized(at)); it != stored_.end())
      for (Term stored : it->second) {
        TermKind kind = terms[stored].kind;
        if (kind == TermKind::Function || kind == TermKind::Closure || kind == TermKind::Bind)
          insertSorted(result, stored);
      }
  return result;
}

} // namespace threadlint
