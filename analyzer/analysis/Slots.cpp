// Slots: walks from an object back to where pointers to it are kept.
#include "analyzer/analysis/Slots.h"

namespace threadlint {

void Slots::collect() {
  if (isCollected_)
    return;
  isCollected_ = true;
  Terms &terms = engine_.terms;
  for (const auto &[place, value] : points_.stores()) {
    if (terms[value].kind == TermKind::Init) // moved from a place of the same index
      if (Term index = indexOf(place); index != kUnknownTerm && index == indexOf(terms[value].a))
        continue;
    for (Term target : points_.locations(terms.deref(value)))
      if (Term object = terms.root(target); terms[object].kind == TermKind::Object)
        keptIn_[object].push_back(place);
  }
  known_.clear(); // what was asked on the way knew only a part of the stores
}

Term Slots::indexOf(Term location) {
  collect();
  const Terms &terms = engine_.terms;
  constexpr int kMaxSteps = 24;
  for (int step = 0; step < kMaxSteps && location != kUnknownTerm; ++step) {
    const TermNode &node = terms[location];
    switch (node.kind) {
    case TermKind::Element:
      if (node.b != kUnknownTerm)
        return node.b;
      [[fallthrough]];
    case TermKind::Index:
    case TermKind::Field:
    case TermKind::Init:
    case TermKind::Deref:
      location = node.a;
      break;
    case TermKind::Object:
      return indexOfObject(location);
    default:
      return kUnknownTerm;
    }
  }
  return kUnknownTerm;
}

Term Slots::indexOfObject(Term object) {
  constexpr std::size_t kMaxPlaces = 12;
  auto [it, isNew] = known_.try_emplace(object, kUnknownTerm);
  if (!isNew)
    return it->second;
  auto places = keptIn_.find(object);
  if (places == keptIn_.end() || places->second.size() > kMaxPlaces)
    return kUnknownTerm;
  const Terms &terms = engine_.terms;
  Term only = kUnknownTerm;
  for (Term place : places->second) {
    const Term root = terms.root(place);
    if (root == object || (terms[root].kind == TermKind::Variable && !engine_.isGlobal(root)))
      continue;
    Term index = indexOf(place);
    if (index == kUnknownTerm || (only != kUnknownTerm && only != index))
      return kUnknownTerm;
    only = index;
  }
  return known_[object] = only;
}

} // namespace threadlint
