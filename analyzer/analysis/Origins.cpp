// Origins: stores into fields and globals, followed back to allocations.
#include "analyzer/analysis/Origins.h"

#include <algorithm>

namespace threadlint {
namespace {
constexpr unsigned kMaxDepth = 5;

const Event *definitionOf(const FunctionFacts &facts, std::uint32_t temp) {
  for (const Block &block : facts.blocks)
    for (const Event &event : block.events)
      if (event.result == temp)
        return &event;
  return nullptr;
}
} // namespace

void Origins::collect() {
  if (isCollected_)
    return;
  isCollected_ = true;
  auto placeOfPath = [&](const Path &path) -> std::optional<Place> {
    for (std::size_t i = path.steps.size(); i-- > 0;) {
      if (path.steps[i].kind == StepKind::Field)
        return Place{true, path.steps[i].field};
      if (path.steps[i].kind == StepKind::Deref)
        return std::nullopt;
    }
    if (path.base == BaseKind::Var && (program_.vars[path.id].kind != VarKind::Local &&
                                       program_.vars[path.id].kind != VarKind::Param))
      return Place{false, path.id};
    return std::nullopt;
  };
  for (FunctionId id = 0; id < program_.functions.size(); ++id) {
    const FunctionFacts &facts = program_.functions[id].facts;
    for (const Value &value : facts.values)
      if (value.kind == ValueKind::Address && value.path != kNone)
        if (std::optional<Place> place = placeOfPath(facts.paths[value.path]);
            place && facts.paths[value.path].type.cls == TypeClass::Pointer)
          stores_[*place].isOpen = true; // written through the address, perhaps
    for (const Block &block : facts.blocks)
      for (const Event &event : block.events) {
        if (event.path == kNone ||
            (event.kind != EventKind::Write && event.kind != EventKind::Define &&
             event.kind != EventKind::ReadWrite) ||
            facts.paths[event.path].type.cls != TypeClass::Pointer)
          continue;
        if (std::optional<Place> place = placeOfPath(facts.paths[event.path])) {
          Stores &stores = stores_[*place];
          if (event.kind == EventKind::ReadWrite || event.value == kNone)
            stores.isOpen = true;
          else
            stores.values.emplace_back(id, event.value);
        }
      }
  }
}

/// Adds what makes the objects that a value leads to. False where that is not known.
bool Origins::addMakers(FunctionId function, ValueId id, Makers &makers, unsigned depth) {
  const FunctionFacts &facts = program_.functions[function].facts;
  if (id == kNone || depth > kMaxDepth)
    return false;
  const Value &value = facts.values[id];
  if (value.kind == ValueKind::Int)
    return value.number == 0;
  if (value.kind != ValueKind::Load || value.path == kNone ||
      !facts.paths[value.path].steps.empty())
    return false;
  const Path &path = facts.paths[value.path];
  const bool isTemp = path.base == BaseKind::Temp;
  if (isTemp)
    if (const Event *event = definitionOf(facts, path.id)) {
      bool isFresh = event->kind == EventKind::Alloc;
      if (const auto callee = program_.calleeOf(*event))
        isFresh = returnsFresh(*callee, depth + 1);
      makers.emplace(function, event);
      return isFresh;
    }
  if (!isTemp && (path.base != BaseKind::Var || program_.vars[path.id].kind != VarKind::Local ||
                  program_.vars[path.id].addressTaken))
    return false;
  bool isStored = false;
  for (const Block &block : facts.blocks)
    for (const Event &event : block.events) {
      if (event.path == kNone || facts.paths[event.path].base != path.base ||
          facts.paths[event.path].id != path.id || !facts.paths[event.path].steps.empty() ||
          (event.kind != EventKind::Write && event.kind != EventKind::Define &&
           event.kind != EventKind::ReadWrite))
        continue;
      isStored = true;
      if (event.kind == EventKind::ReadWrite ||
          !addMakers(function, event.value, makers, depth + 1))
        return false;
    }
  return isStored;
}

bool Origins::returnsFresh(FunctionId function, unsigned depth) {
  if (auto it = returnsFresh_.find(function); it != returnsFresh_.end())
    return it->second;
  returnsFresh_[function] = false; // recursion makes nothing
  bool isFresh = true;
  Makers makers;
  for (const Block &block : program_.functions[function].facts.blocks)
    for (const Event &event : block.events)
      if (event.kind == EventKind::Return)
        isFresh = isFresh && addMakers(function, event.value, makers, depth + 1);
  return returnsFresh_[function] = isFresh && !makers.empty();
}

const std::optional<Origins::Makers> &Origins::makersOf(const Place &place) {
  auto [it, isNew] = makers_.try_emplace(place);
  if (!isNew)
    return it->second;
  collect();
  auto found = stores_.find(place);
  if (found == stores_.end() || found->second.isOpen)
    return it->second;
  Makers makers;
  for (auto [function, value] : found->second.values)
    if (!addMakers(function, value, makers, 0))
      return it->second;
  if (!makers.empty())
    it->second = std::move(makers);
  return it->second;
}

std::optional<Origins::Place> Origins::placeOf(const Terms &terms, Term location) const {
  const TermNode &root = terms[terms.root(location)];
  if (root.kind != TermKind::Deref || terms[root.a].kind != TermKind::Init)
    return std::nullopt;
  const TermNode &at = terms[terms.withoutElements(terms[root.a].a)];
  if (at.kind == TermKind::Field)
    return Place{true, at.b};
  if (at.kind == TermKind::Variable && at.b == kGlobalChain)
    return Place{false, at.a};
  return std::nullopt;
}

bool Origins::areApart(const Terms &terms, Term x, Term y) {
  std::optional<Place> a = placeOf(terms, x), b = placeOf(terms, y);
  if (!a || !b || *a == *b)
    return false;
  const std::optional<Makers> &p = makersOf(*a), &q = makersOf(*b);
  return p && q && std::none_of(p->begin(), p->end(), [&](const auto &m) { return q->count(m); });
}

} // namespace threadlint
