// HandleWaits: union-find over the places that handles pass through, then the calls.
#include "analyzer/program/HandleWaits.h"

#include <map>
#include <optional>
#include <tuple>

namespace threadlint {
namespace {

/// A variable, a field of any object, a temporary of a function, or what a function returns.
enum class PlaceKind : std::uint8_t { Var, Field, Temp, Result };
using HandlePlace = std::tuple<PlaceKind, std::uint32_t, std::uint32_t>;

struct HandleUse {
  bool asLock = false, asSemaphore = false, asThread = false;
};

bool isHandleWait(const Event &event) {
  return event.kind == EventKind::Join && event.spawnKind == SpawnKind::Model;
}

class HandleClasses {
public:
  explicit HandleClasses(const Program &program) : program_(program) {
    for (FunctionId id = 0; id < program.functions.size(); ++id)
      for (const Block &block : program.functions[id].facts.blocks)
        for (const Event &event : block.events)
          note(id, event);
  }

  HandleUse useOf(FunctionId function, ValueId value) {
    std::optional<unsigned> place = placeOf(function, value);
    return place ? uses_[find(*place)] : HandleUse{};
  }

private:
  const Program &program_;
  std::map<HandlePlace, unsigned> index_;
  std::vector<unsigned> parent_;
  std::vector<HandleUse> uses_;

  unsigned number(const HandlePlace &place) {
    auto [it, isNew] = index_.try_emplace(place, static_cast<unsigned>(parent_.size()));
    if (isNew) {
      parent_.push_back(it->second);
      uses_.emplace_back();
    }
    return it->second;
  }
  unsigned find(unsigned i) {
    while (parent_[i] != i)
      i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void unite(std::optional<unsigned> a, std::optional<unsigned> b) {
    if (!a || !b)
      return;
    unsigned x = find(*a), y = find(*b);
    if (x == y)
      return;
    parent_[y] = x;
    uses_[x].asLock |= uses_[y].asLock;
    uses_[x].asSemaphore |= uses_[y].asSemaphore;
    uses_[x].asThread |= uses_[y].asThread;
  }

  std::optional<unsigned> placeOfPath(FunctionId function, const Path &path) {
    for (auto step = path.steps.rbegin(); step != path.steps.rend(); ++step)
      if (step->kind == StepKind::Field)
        return number({PlaceKind::Field, 0, step->field});
    if (path.base == BaseKind::Var)
      return number({PlaceKind::Var, 0, path.id});
    if (path.base == BaseKind::Temp)
      return number({PlaceKind::Temp, function, path.id});
    return std::nullopt;
  }
  std::optional<unsigned> placeOf(FunctionId function, ValueId value) {
    if (value == kNone)
      return std::nullopt;
    const FunctionFacts &facts = program_.functions[function].facts;
    const Value &v = facts.values[value];
    return v.path == kNone ? std::nullopt : placeOfPath(function, facts.paths[v.path]);
  }
  std::optional<unsigned> temporary(FunctionId function, std::uint32_t temp) {
    if (temp == kNone)
      return std::nullopt;
    return number({PlaceKind::Temp, function, temp});
  }

  HandleUse *useOfArgument(FunctionId function, const Event &event) {
    if (event.args.empty())
      return nullptr;
    std::optional<unsigned> place = placeOf(function, event.args[0]);
    return place ? &uses_[find(*place)] : nullptr;
  }

  void pass(FunctionId caller, const std::vector<ValueId> &args, FunctionId callee,
            std::size_t skipped) {
    const std::vector<VarId> &params = program_.functions[callee].facts.params;
    for (std::size_t i = 0; i < params.size() && i + skipped < args.size(); ++i)
      unite(number({PlaceKind::Var, 0, params[i]}), placeOf(caller, args[i + skipped]));
  }

  void note(FunctionId id, const Event &event) {
    switch (event.kind) {
    case EventKind::Define:
    case EventKind::Write:
      if (event.path != kNone)
        unite(placeOfPath(id, program_.functions[id].facts.paths[event.path]),
              placeOf(id, event.value));
      return;
    case EventKind::Return:
      unite(number({PlaceKind::Result, 0, id}), placeOf(id, event.value));
      return;
    case EventKind::Call:
      if (auto callee = program_.functionByKey.find(event.callee);
          event.callee && callee != program_.functionByKey.end()) {
        const Function &target = program_.functions[callee->second];
        bool isMethod =
            target.hasFlag(FunctionFlag::Method) && !target.hasFlag(FunctionFlag::Static);
        pass(id, event.args, callee->second, isMethod ? 1 : 0);
        unite(number({PlaceKind::Result, 0, callee->second}), temporary(id, event.result));
      }
      return;
    case EventKind::Spawn:
      if (event.spawnKind == SpawnKind::Model)
        if (std::optional<unsigned> handle = temporary(id, event.result))
          uses_[find(*handle)].asThread = true;
      if (event.value != kNone) {
        const Value &entry = program_.functions[id].facts.values[event.value];
        if (auto callee = program_.functionByKey.find(entry.function);
            entry.kind == ValueKind::Function && callee != program_.functionByKey.end())
          pass(id, event.args, callee->second, 0);
      }
      return;
    case EventKind::Release:
    case EventKind::LockInit:
      if (HandleUse *use = useOfArgument(id, event))
        use->asLock = true;
      return;
    case EventKind::SemPost:
    case EventKind::SemInit:
      if (HandleUse *use = useOfArgument(id, event))
        use->asSemaphore = true;
      return;
    default:
      return;
    }
  }
};

/// By temporary: whether a value that an event, a branch or another value uses is loaded from it.
std::vector<bool> readTemporaries(const FunctionFacts &facts) {
  std::vector<bool> isUsed(facts.values.size(), false);
  auto use = [&](ValueId value) {
    if (value != kNone)
      isUsed[value] = true;
  };
  for (const Block &block : facts.blocks) {
    for (const Event &event : block.events) {
      use(event.value);
      use(event.extra);
      for (ValueId arg : event.args)
        use(arg);
    }
    for (const Edge &edge : block.edges)
      use(edge.condition);
  }
  for (const Value &value : facts.values)
    for (ValueId operand : value.operands)
      use(operand);
  std::vector<bool> result(facts.tempCount, false);
  for (ValueId id = 0; id < facts.values.size(); ++id)
    if (const Value &value = facts.values[id]; isUsed[id] && value.path != kNone &&
                                               facts.paths[value.path].base == BaseKind::Temp &&
                                               facts.paths[value.path].id < result.size())
      result[facts.paths[value.path].id] = true;
  return result;
}

} // namespace

void resolveHandleWaits(Program &program) {
  bool any = false;
  for (const Function &function : program.functions)
    for (const Block &block : function.facts.blocks)
      for (const Event &event : block.events)
        any = any || isHandleWait(event);
  if (!any)
    return;
  HandleClasses classes(program);
  for (FunctionId id = 0; id < program.functions.size(); ++id) {
    FunctionFacts &facts = program.functions[id].facts;
    std::vector<bool> isRead;
    for (Block &block : facts.blocks)
      for (Event &event : block.events) {
        if (!isHandleWait(event))
          continue;
        if (isRead.empty())
          isRead = readTemporaries(facts);
        // Who does not look at the result counts on it, however short the wait.
        if (event.result >= isRead.size() || !isRead[event.result])
          event.flags &= ~std::uint32_t(Flag::Timed);
        HandleUse use = classes.useOf(id, event.value);
        if (use.asThread || use.asLock == use.asSemaphore)
          continue;
        event.kind = use.asLock ? EventKind::Acquire : EventKind::SemWait;
        event.lockKind = LockKind::Recursive;
        event.args = {event.value};
        event.value = kNone;
        event.path = kNone;
      }
  }
}

} // namespace threadlint
