// FactsText: name tables in the order of the enumerators, and the expression printer.
#include "analyzer/facts/FactsText.h"

#include <array>
#include <span>

namespace threadlint {
namespace {

using Names = std::span<const std::string_view>;

template <class Enum> std::string_view lookUp(Names names, Enum value) {
  auto index = static_cast<std::size_t>(value);
  return index < names.size() ? names[index] : std::string_view("?");
}

std::string bitsText(std::uint32_t bits, Names names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (bits >> i & 1)
      text.append(text.empty() ? "" : " ").append(names[i]);
  return text;
}

/// Writes expressions; a budget keeps heavily shared operands from growing without bound.
class ExpressionText {
public:
  ExpressionText(const TuFacts &facts, const FunctionFacts &function)
      : facts_(facts), function_(function) {}

  std::string path(PathId id) {
    if (id == kNone)
      return "none";
    const Path &path = function_.paths[id];
    std::string text = base(path);
    bool pendingDeref = false;
    for (const PathStep &step : path.steps) {
      if (pendingDeref && step.kind != StepKind::Field)
        text = "(*" + text + ")";
      switch (step.kind) {
      case StepKind::Field:
        text.append(pendingDeref ? "->" : ".").append(name(facts_.fields[step.field].name));
        break;
      case StepKind::Index:
        text.append("[").append(std::to_string(step.index)).append("]");
        break;
      case StepKind::AnyIndex:
        text.append("[")
            .append(step.indexValue == kNone ? "*" : value(step.indexValue))
            .append("]");
        break;
      case StepKind::Deref:
        break;
      }
      pendingDeref = step.kind == StepKind::Deref;
    }
    return pendingDeref ? "*" + text : text;
  }

  std::string value(ValueId id) {
    if (id == kNone)
      return "none";
    if (budget_ == 0)
      return "...";
    --budget_;
    const Value &value = function_.values[id];
    switch (value.kind) {
    case ValueKind::Unknown:
      return "?";
    case ValueKind::Int:
      return std::to_string(value.number);
    case ValueKind::Load:
      return path(value.path);
    case ValueKind::Address:
      return "&" + path(value.path);
    case ValueKind::Function:
      return name(value.function);
    case ValueKind::Closure:
      return "closure " + name(value.function) + operands(value, ", ");
    case ValueKind::Bind:
      return "bind" + operands(value, ", ");
    case ValueKind::Op:
      return operation(value);
    case ValueKind::String:
      return "string";
    }
    return "?";
  }

private:
  std::string name(StringId id) const { return facts_.strings[id]; }

  std::string base(const Path &path) const {
    switch (path.base) {
    case BaseKind::Var:
      return name(facts_.vars[path.id].name);
    case BaseKind::This:
      return "this";
    case BaseKind::Capture:
      return "^" + std::to_string(path.id);
    case BaseKind::Temp:
      return "$" + std::to_string(path.id);
    case BaseKind::Unknown:
      return "?";
    }
    return "?";
  }

  std::string operands(const Value &value, std::string_view separator) {
    std::string text = "(";
    for (std::size_t i = 0; i < value.operands.size(); ++i) {
      if (i > 0)
        text += separator;
      if (budget_ == 0)
        return text + "...)";
      text += this->value(value.operands[i]);
    }
    return text + ")";
  }

  std::string operation(const Value &value) {
    static constexpr std::string_view kNames[] = {" == ", " != ", " < ",  " <= ", " > ",
                                                  " >= ", "!",    " && ", " || ", " + ",
                                                  " - ",  " * ",  " op ", " % "};
    std::string_view symbol = lookUp(kNames, value.op);
    std::string text = operands(value, symbol);
    return value.operands.size() < 2 ? std::string(symbol) + text : text;
  }

  const TuFacts &facts_;
  const FunctionFacts &function_;
  unsigned budget_ = 64;
};

} // namespace

std::string_view nameOf(EventKind kind) {
  static constexpr std::string_view kNames[] = {
      "read",           "write",         "read-write",     "define",
      "alloc",          "free",          "acquire",        "release",
      "lock-init",      "lock-destroy",  "attribute-set",  "guard-init",
      "guard-lock",     "guard-unlock",  "guard-release",  "guard-move",
      "guard-swap",     "guard-destroy", "guard-owns",     "call",
      "return",         "throw",         "spawn",          "join",
      "detach",         "handle-move",   "handle-destroy", "handle-joinable",
      "wait",           "notify",        "semaphore-wait", "semaphore-post",
      "semaphore-init", "barrier-init",  "barrier-wait",   "latch-arrive",
      "latch-wait",     "once",          "promise-set",    "future-get",
      "future-from",    "fork",          "signal-handler", "block",
      "suspend",        "no-return",     "fence",          "scope-end",
      "static-begin",   "static-end"};
  static_assert(std::size(kNames) == static_cast<std::size_t>(EventKind::StaticEnd) + 1);
  return lookUp(kNames, kind);
}

std::string_view nameOf(EdgeKind kind) {
  static constexpr std::string_view kNames[] = {"always", "true", "false", "case", "default"};
  return lookUp(kNames, kind);
}

std::string_view nameOf(TypeClass cls) {
  static constexpr std::string_view kNames[] = {"other",
                                                "integer",
                                                "bool",
                                                "enum",
                                                "pointer",
                                                "record",
                                                "array",
                                                "function",
                                                "lock",
                                                "guard",
                                                "thread",
                                                "jthread",
                                                "condition-variable",
                                                "semaphore",
                                                "barrier",
                                                "latch",
                                                "once-flag",
                                                "future",
                                                "promise",
                                                "stop-token",
                                                "callable",
                                                "smart-pointer",
                                                "container",
                                                "iterator",
                                                "lock-attribute",
                                                "thread-attribute",
                                                "stream"};
  static_assert(std::size(kNames) == static_cast<std::size_t>(TypeClass::Stream) + 1);
  return lookUp(kNames, cls);
}

std::string_view nameOf(LockKind kind) {
  static constexpr std::string_view kNames[] = {"normal", "recursive", "errorcheck",
                                                "shared", "spin",      "unknown"};
  return lookUp(kNames, kind);
}

std::string_view nameOf(LockMode mode) {
  static constexpr std::string_view kNames[] = {"exclusive", "shared"};
  return lookUp(kNames, mode);
}

std::string_view nameOf(GuardTag tag) {
  static constexpr std::string_view kNames[] = {"lock", "defer", "adopt", "try", "timed", "empty"};
  return lookUp(kNames, tag);
}

std::string_view nameOf(Success success) {
  static constexpr std::string_view kNames[] = {"always", "zero", "non-zero", "minus-one"};
  return lookUp(kNames, success);
}

std::string_view nameOf(SpawnKind kind) {
  static constexpr std::string_view kNames[] = {"pthread", "std-thread", "jthread",
                                                "async",   "c11",        "model"};
  return lookUp(kNames, kind);
}

std::string_view nameOf(Order order) {
  static constexpr std::string_view kNames[] = {"none",    "relaxed", "consume", "acquire",
                                                "release", "acq_rel", "seq_cst"};
  return lookUp(kNames, order);
}

std::string_view nameOf(VarKind kind) {
  static constexpr std::string_view kNames[] = {"global", "static-local", "thread-local", "local",
                                                "parameter"};
  return lookUp(kNames, kind);
}

std::string_view nameOf(SuppressionKind kind) {
  static constexpr std::string_view kNames[] = {"NOLINT", "NOLINTNEXTLINE", "NOLINTBEGIN",
                                                "NOLINTEND"};
  return lookUp(kNames, kind);
}

std::string pathText(const TuFacts &facts, const FunctionFacts &function, PathId path) {
  return ExpressionText(facts, function).path(path);
}

std::string valueText(const TuFacts &facts, const FunctionFacts &function, ValueId value) {
  return ExpressionText(facts, function).value(value);
}

std::string eventFlagsText(std::uint32_t flags) {
  static constexpr std::string_view kNames[] = {
      "atomic",   "try",           "timed",      "virtual",     "predicate", "mutator",
      "implicit", "system-callee", "destructor", "constructor", "detached",  "initialization",
      "volatile", "interrupted",   "static"};
  return bitsText(flags, kNames);
}

std::string functionFlagsText(std::uint32_t flags) {
  static constexpr std::string_view kNames[] = {
      "main",           "external",         "method",    "constructor",      "destructor",
      "lambda",         "virtual",          "static",    "address-taken",    "noreturn",
      "private",        "instantiation",    "pattern",   "global-init",      "coroutine",
      "noexcept",       "inline",           "protected", "no-thread-safety", "in-system-header",
      "signal-handler", "returns-reference"};
  return bitsText(flags, kNames);
}

} // namespace threadlint
