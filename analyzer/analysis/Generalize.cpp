// Generalize: which names mean something outside the frame that made them, and the common name of all others.
#include "analyzer/analysis/Frame.h"

namespace threadlint {

/// A value that names nothing a caller could know: a result of unknown code, a loop's pointer, what such a pointer leads to.
bool Frame::isAnonymous(Term value) const {
  if (value == kUnknownTerm)
    return true;
  const TermNode &node = terms_[value];
  switch (node.kind) {
  case TermKind::Fresh:
    return node.b != kGlobalChain || node.a == 0;
  case TermKind::Phi:
  case TermKind::Project:
  case TermKind::Op:
    return true;
  case TermKind::Init: {
    const TermNode &root = terms_[terms_.root(node.a)];
    return root.kind == TermKind::Deref && (node.depth > 5 || isAnonymous(root.a));
  }
  default:
    return false;
  }
}

/// The location with every anonymous pointer forgotten: fields stay apart, objects do not.
Term Frame::generalize(Term location) {
  auto [it, isNew] = generalized_.try_emplace(location, location);
  if (!isNew)
    return it->second;
  const TermNode node = terms_[location];
  Term result = location;
  switch (node.kind) {
  case TermKind::Field:
    result = terms_.field(generalize(node.a), node.b);
    break;
  case TermKind::Index:
    result = terms_.sameStep(node, generalize(node.a), kUnknownTerm);
    break;
  case TermKind::Element: {
    const Term whole = generalize(node.a), index = isAnonymous(node.b) ? kUnknownTerm : node.b;
    result = terms_[whole].kind == TermKind::Element ? terms_.element(whole, index)
                                                     : terms_.sameStep(node, whole, index);
    break;
  }
  case TermKind::Deref:
    if (isAnonymous(node.a))
      result = terms_.deref(terms_.fresh(0, kGlobalChain));
    break;
  default:
    break;
  }
  generalized_[location] = result;
  return result;
}

/// Whether a location is a part of what an anonymous pointer leads to.
bool Frame::isOfAnonymous(Term location) const {
  const TermNode &root = terms_[terms_.root(location)];
  return root.kind == TermKind::Deref && isAnonymous(root.a);
}

/// Whether a lock is a part of the object that `location` is a part of, or is chosen by the same index.
bool Frame::isOwnLock(Term lock, Term location) const {
  if (terms_.root(lock) == terms_.root(location))
    return true;
  const TermNode &element = terms_[terms_.withoutFields(lock)];
  return element.kind == TermKind::Element && element.b != kUnknownTerm &&
         terms_.contains(location, element.b);
}

} // namespace threadlint
