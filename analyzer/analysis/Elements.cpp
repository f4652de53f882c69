// Elements: what a state knows of the elements of an array, where several names may mean one.
#include "analyzer/analysis/Frame.h"

namespace threadlint {

/// What stands in an array where a pointer to the whole of it leads.
std::optional<Term> Frame::firstElement(const State &state, Term array) {
  const TermNode &node = terms_[array];
  const TypeInfo *type = node.kind == TermKind::Variable ? &program_.vars[node.a].type
                         : node.kind == TermKind::Field && node.b < program_.fields.size()
                             ? &program_.fields[node.b].type
                             : nullptr;
  if (!type || type->cls != TypeClass::Array)
    return std::nullopt;
  for (Term element : {terms_.index(array, 0), terms_.element(array, kUnknownTerm)})
    if (auto known = state.memory.find(element); known != state.memory.end())
      return known->second;
  return std::nullopt;
}

/// What an unknown element may hold once `stored` is in this one: beside elements of constant index, any of them.
Term Frame::anyElement(const State &state, const TermNode &element, Term any, Term stored) {
  auto known = state.memory.find(any);
  if (element.kind != TermKind::Index || known == state.memory.end() || known->second == stored)
    return stored;
  auto isNeighbour = [&](const Memory::Entry &entry) {
    const TermNode &other = terms_[entry.first];
    return other.kind == TermKind::Index && other.a == element.a && other.n != element.n;
  };
  if (std::none_of(state.memory.begin(), state.memory.end(), isNeighbour))
    return stored;
  Term phi = terms_.phi(siteHere(61), any);
  if (known->second != phi)
    terms_.addInput(phi, known->second);
  terms_.addInput(phi, stored);
  return phi;
}

} // namespace threadlint
