// StoredCallables: which functions are ever stored in a field or variable, whoever stores them there.
#include "analyzer/analysis/Engine.h"

#include <algorithm>
#include <functional>
#include <set>

namespace threadlint {
namespace {
constexpr std::size_t kMaxTargets = 12;
constexpr unsigned kMaxHops = 4; ///< from a wrapper to what it wraps; none but for guards
} // namespace

/// Guards: records whose destructor runs a callable that they keep. What it is comes in through a constructor, wrapped.
void Engine::findStoredCallables() {
  std::set<StringId> guards;
  for (const Function &function : program.functions)
    if (function.hasFlag(FunctionFlag::Destructor))
      for (const Block &block : function.facts.blocks)
        for (const Event &event : block.events)
          if (event.kind == EventKind::Call && !event.callee && event.value != kNone)
            guards.insert(function.facts.record);
  auto makesGuard = [&](const FunctionFacts &facts) {
    return (facts.flags & FunctionFlag::Constructor) && guards.count(facts.record) != 0;
  };
  fieldTargets_.assign(program.fields.size(), {});
  varTargets_.assign(program.vars.size(), {});
  auto lookup = [this](StringId key) -> std::optional<FunctionId> {
    auto it = program.functionByKey.find(key);
    return it == program.functionByKey.end() ? std::nullopt : std::optional(it->second);
  };
  // Flow-insensitive: destination slots (field or variable) receive functions or other slots; iterate copies.
  struct Copy {
    bool fromField, toField;
    std::uint32_t from, to;
  };
  std::vector<Copy> copies;
  auto slotOf = [](const Path &path, bool &isField, std::uint32_t &id) {
    for (auto it = path.steps.rbegin(); it != path.steps.rend(); ++it) {
      if (it->kind == StepKind::Field) {
        isField = true;
        id = it->field;
        return true;
      }
      if (it->kind == StepKind::Deref)
        return false;
    }
    isField = false;
    id = path.id;
    return path.base == BaseKind::Var;
  };
  for (const Function &function : program.functions) {
    const FunctionFacts &facts = function.facts;
    auto isTemp = [&](PathId path) {
      return path != kNone && facts.paths[path].base == BaseKind::Temp &&
             facts.paths[path].steps.empty();
    };
    std::map<std::uint32_t, std::vector<ValueId>>
        temps; // a wrapped callable on its way to a parameter
    for (const Block &block : facts.blocks)
      for (const Event &event : block.events)
        if (event.value != kNone && isTemp(event.path) &&
            (event.kind == EventKind::Write || event.kind == EventKind::Define))
          temps[facts.paths[event.path].id].push_back(event.value);
    std::function<void(ValueId, bool, std::uint32_t, unsigned)> flow =
        [&](ValueId valueId, bool toField, std::uint32_t to, unsigned hops) {
          if (valueId == kNone || hops > kMaxHops)
            return;
          const Value *value = &facts.values[valueId];
          if (value->kind == ValueKind::Bind && !value->operands.empty())
            if (ValueId bound = value->operands[0]; bound != kNone)
              value = &facts.values[bound];
          if (value->kind == ValueKind::Function || value->kind == ValueKind::Closure) {
            if (auto id = lookup(value->function))
              (toField ? fieldTargets_ : varTargets_)[to].push_back(*id);
          } else if (hops &&
                     (value->kind == ValueKind::Load || value->kind == ValueKind::Address) &&
                     isTemp(value->path)) {
            if (auto it = temps.find(facts.paths[value->path].id); it != temps.end())
              for (ValueId stored : it->second)
                flow(stored, toField, to, hops + 1);
          } else if (value->kind == ValueKind::Load) {
            Copy copy{false, toField, 0, to};
            Path from = facts.paths[value->path];
            if (hops && from.base == BaseKind::Var && from.steps.size() == 1 &&
                program.vars[from.id].type.isReference)
              from.steps.clear(); // what a reference parameter refers to
            if (slotOf(from, copy.fromField, copy.from) &&
                !(copy.fromField == toField && copy.from == to)) {
              const Path &p = facts.paths[value->path];
              TypeClass c = p.type.cls;
              if (c == TypeClass::Pointer || c == TypeClass::Function || c == TypeClass::Callable ||
                  c == TypeClass::Other || c == TypeClass::Record)
                copies.push_back(copy);
            }
          }
        };
    for (const Block &block : facts.blocks)
      for (const Event &event : block.events) {
        if (event.path != kNone && event.value != kNone &&
            (event.kind == EventKind::Write || event.kind == EventKind::Define)) {
          bool isField = false;
          std::uint32_t id = 0;
          if (slotOf(facts.paths[event.path], isField, id))
            flow(event.value, isField, id, makesGuard(facts) ? 1 : 0);
        }
        if (event.kind == EventKind::Call && event.callee)
          if (auto id = lookup(event.callee)) {
            const FunctionFacts &callee = program.functions[*id].facts;
            bool isMethod =
                (callee.flags & FunctionFlag::Method) && !(callee.flags & FunctionFlag::Static);
            for (std::size_t i = isMethod ? 1 : 0; i < event.args.size(); ++i) {
              std::size_t p = isMethod ? i - 1 : i;
              if (p < callee.params.size())
                flow(event.args[i], false, callee.params[p], makesGuard(callee) ? 1 : 0);
            }
          }
      }
  }
  auto merge = [](std::vector<FunctionId> &into, const std::vector<FunctionId> &from) {
    bool changed = false;
    for (FunctionId id : from)
      if (into.size() <= kMaxTargets && std::find(into.begin(), into.end(), id) == into.end()) {
        into.push_back(id);
        changed = true;
      }
    return changed;
  };
  for (auto *table : {&fieldTargets_, &varTargets_})
    for (auto &targets : *table) {
      std::sort(targets.begin(), targets.end());
      targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
    }
  for (int round = 0; round < 6; ++round) {
    bool changed = false;
    for (const Copy &copy : copies)
      changed |= merge((copy.toField ? fieldTargets_ : varTargets_)[copy.to],
                       (copy.fromField ? fieldTargets_ : varTargets_)[copy.from]);
    if (!changed)
      break;
  }
  for (auto *table : {&fieldTargets_, &varTargets_})
    for (auto &targets : *table)
      std::sort(targets.begin(), targets.end());
}

Term Engine::fixedResult(FunctionId function) {
  const FunctionFacts &facts = program.functions[function].facts;
  Term result = kUnknownTerm;
  for (const Block &block : facts.blocks)
    for (const Event &event : block.events) {
      if (event.kind != EventKind::Return)
        continue;
      if (event.value == kNone || facts.values[event.value].kind != ValueKind::Address)
        return kUnknownTerm;
      const Path &path = facts.paths[facts.values[event.value].path];
      if (path.base != BaseKind::Var || (program.vars[path.id].kind != VarKind::Global &&
                                         program.vars[path.id].kind != VarKind::StaticLocal))
        return kUnknownTerm;
      Term at = terms.variable(path.id, kGlobalChain);
      for (const PathStep &step : path.steps) {
        if (step.kind != StepKind::Field)
          return kUnknownTerm;
        at = terms.field(at, step.field);
      }
      if (result != kUnknownTerm && result != terms.address(at))
        return kUnknownTerm;
      result = terms.address(at);
    }
  return result;
}

std::size_t Engine::storedTargets(const Path &path) const {
  for (auto step = path.steps.rbegin(); step != path.steps.rend(); ++step)
    if (step->kind == StepKind::Field)
      return step->field < fieldTargets_.size() ? fieldTargets_[step->field].size() : 0;
    else if (step->kind == StepKind::Deref)
      return 0;
  return path.base == BaseKind::Var && path.id < varTargets_.size() ? varTargets_[path.id].size()
                                                                    : 0;
}

} // namespace threadlint
