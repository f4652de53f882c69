// Dispatch: which overrides a virtual call reaches, by the class of the object it is made on.
//
// The class of a variable, a member or what `new` made is known where it is made. Functions that make a virtual call on a parameter
// are summarised for the class they are given; where that is not known, all overrides are taken, and of what they do with the object
// only falls away what an object of its class has no members for.
#include "analyzer/analysis/Engine.h"

#include <algorithm>

namespace threadlint {
namespace {

constexpr std::size_t kMaxTargets = 12, kMaxClasses = 40;

/// `this` is slot 0, parameter i slot i + 1; kNone for a value that is neither.
std::size_t slotOf(const FunctionFacts &facts, ValueId id) {
  if (id == kNone)
    return kNone;
  const Value &value = facts.values[id];
  if ((value.kind != ValueKind::Load && value.kind != ValueKind::Address) || value.path == kNone)
    return kNone;
  const Path &path = facts.paths[value.path];
  const bool isPointee = path.steps.size() == 1 && path.steps[0].kind == StepKind::Deref;
  if (value.kind == ValueKind::Load ? !path.steps.empty() : !isPointee)
    return kNone;
  if (path.base == BaseKind::This)
    return 0;
  if (path.base != BaseKind::Var)
    return kNone;
  auto it = std::find(facts.params.begin(), facts.params.end(), path.id);
  return it == facts.params.end() ? kNone : static_cast<std::size_t>(it - facts.params.begin()) + 1;
}

bool hasThis(const FunctionFacts &facts) {
  return (facts.flags & FunctionFlag::Method) &&
         !(facts.flags & (FunctionFlag::Static | FunctionFlag::Lambda));
}

} // namespace

bool Engine::isPolymorphic(StringId record) const {
  auto it = program.recordByKey.find(record);
  return it != program.recordByKey.end() && program.records[it->second].isPolymorphic;
}

/// Whether `base` is `record` or one of its bases; what is behind a base outside the program is not known.
bool Engine::mayBeBase(StringId base, StringId record) const {
  std::vector<StringId> classes{record};
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (classes[i] == base || classes.size() > kMaxClasses)
      return true;
    auto it = program.recordByKey.find(classes[i]);
    if (it == program.recordByKey.end())
      return true;
    const std::vector<StringId> &bases = program.records[it->second].bases;
    classes.insert(classes.end(), bases.begin(), bases.end());
  }
  return false;
}

StringId Engine::exactClass(Term location) const {
  const TermNode &node = terms[location];
  const TypeInfo *type = nullptr;
  if (node.kind == TermKind::Variable) {
    type = &program.vars[node.a].type;
  } else if (node.kind == TermKind::Field && node.b < program.fields.size()) {
    type = &program.fields[node.b].type;
  } else if (node.kind == TermKind::Object) {
    const Site &site = sites_[node.a];
    const std::vector<Block> &blocks = program.functions[site.function].facts.blocks;
    if (site.kind != SiteKind::Event || site.block >= blocks.size() ||
        site.index >= blocks[site.block].events.size())
      return 0;
    const Event &event = blocks[site.block].events[site.index];
    if (event.kind != EventKind::Alloc || (event.flags & Flag::Nullable))
      return 0; // memory that something else is made in
    type = &event.type;
  }
  return type && type->cls == TypeClass::Record && !type->isReference && isPolymorphic(type->record)
             ? type->record
             : 0;
}

bool Engine::isImpossible(Term location) const {
  if (program.overriders.empty())
    return false;
  for (Term at = location; at != kUnknownTerm;) {
    const TermNode &node = terms[at];
    switch (node.kind) {
    case TermKind::Field: {
      const StringId owner = node.b < program.fields.size() ? program.fields[node.b].record : 0;
      if (const StringId mine = exactClass(node.a);
          mine && isPolymorphic(owner) && !mayBeBase(owner, mine))
        return true;
      at = node.a;
      break;
    }
    case TermKind::Index:
    case TermKind::Element:
      at = node.a;
      break;
    case TermKind::Deref:
      if (terms[node.a].kind != TermKind::Init)
        return false;
      at = terms[node.a].a;
      break;
    default:
      return false;
    }
  }
  return false;
}

StringId Engine::classOf(Term pointer, const Specialization &caller) const {
  if (pointer == kUnknownTerm)
    return 0;
  const TermNode &node = terms[pointer];
  if (node.kind == TermKind::Address)
    return exactClass(node.a);
  if (node.kind == TermKind::Param)
    for (const auto &[ordinal, constant] : caller)
      if (ordinal == classOrdinal(node.n))
        return static_cast<StringId>(terms[constant].n);
  return 0;
}

std::vector<FunctionId> Engine::virtualTargets(StringId method, Term object,
                                               const Specialization &caller) {
  auto it = program.overriders.find(method);
  if (it == program.overriders.end()) {
    auto direct = program.functionByKey.find(method);
    return direct == program.functionByKey.end() ? std::vector<FunctionId>{}
                                                 : std::vector<FunctionId>{direct->second};
  }
  StringId record = classOf(object, caller);
  if (!record && object != kUnknownTerm && terms[object].kind == TermKind::Address) {
    const TermKind kind = terms[terms[object].a].kind;
    if (kind == TermKind::Variable || kind == TermKind::Object || kind == TermKind::Field)
      record = recordOf(terms[object].a);
  }
  if (record) {
    std::vector<StringId> classes{record}; // the nearest first
    for (std::size_t i = 0; i < classes.size() && i < kMaxClasses; ++i) {
      for (FunctionId id : it->second)
        if (program.functions[id].facts.record == classes[i])
          return {id};
      if (auto r = program.recordByKey.find(classes[i]); r != program.recordByKey.end())
        for (StringId base : program.records[r->second].bases)
          classes.push_back(base);
    }
  }
  if (it->second.size() > kMaxTargets) {
    noteCut(Cut::Targets);
    return {};
  }
  return it->second;
}

void Engine::findDispatching() {
  dispatching_.emplace(program.functions.size());
  using Slot = std::pair<FunctionId, std::size_t>;
  std::map<Slot, std::vector<Slot>> passers; ///< by slot of a callee: what callers pass there
  std::vector<Slot> work;
  auto mark = [&](const Slot &slot) {
    std::vector<bool> &slots = (*dispatching_)[slot.first];
    if (slots.empty())
      slots.assign(program.functions[slot.first].facts.params.size() + 1, false);
    if (slot.second < slots.size() && !slots[slot.second]) {
      slots[slot.second] = true;
      work.push_back(slot);
    }
  };
  for (FunctionId id = 0; id < program.functions.size(); ++id) {
    const FunctionFacts &facts = program.functions[id].facts;
    for (const Block &block : facts.blocks)
      for (const Event &event : block.events) {
        if (event.kind != EventKind::Call || !event.callee)
          continue;
        auto overrides = program.overriders.end();
        if (event.flags & Flag::Virtual)
          overrides = program.overriders.find(event.callee);
        std::vector<FunctionId> callees;
        if (overrides != program.overriders.end())
          callees = overrides->second;
        else if (auto direct = program.functionByKey.find(event.callee);
                 direct != program.functionByKey.end())
          callees = {direct->second};
        if (callees.size() > kMaxTargets)
          callees.clear();
        for (std::size_t i = 0; i < event.args.size(); ++i) {
          const std::size_t slot = slotOf(facts, event.args[i]);
          if (slot == kNone)
            continue;
          if (i == 0 && overrides != program.overriders.end() && overrides->second.size() > 1)
            mark({id, slot});
          for (FunctionId callee : callees)
            passers[{callee, hasThis(program.functions[callee].facts) ? i : i + 1}].push_back(
                {id, slot});
        }
      }
  }
  while (!work.empty()) {
    const Slot slot = work.back();
    work.pop_back();
    if (auto it = passers.find(slot); it != passers.end())
      for (const Slot &passer : it->second)
        mark(passer);
  }
}

void Engine::addClasses(const Target &target, const Specialization &caller,
                        Specialization &constants) {
  // While an object is made or destroyed its class is not yet, or no longer, the final one.
  if (program.overriders.empty() || program.functions[target.function].hasFlag(
                                        FunctionFlag::Constructor | FunctionFlag::Destructor))
    return;
  if (!dispatching_)
    findDispatching();
  const std::vector<bool> &slots = (*dispatching_)[target.function];
  for (std::size_t slot = slots.size(); slot-- > 0;) { // in the order of the ordinals
    const auto n = static_cast<std::int64_t>(slot) - 1;
    if (!slots[slot] || (slot > 0 && slot > target.binding.params.size()))
      continue;
    const Term value = slot == 0 ? target.binding.thisValue : target.binding.params[slot - 1];
    if (const StringId record = classOf(value, caller))
      constants.emplace_back(classOrdinal(n), terms.integer(record));
  }
}

} // namespace threadlint
