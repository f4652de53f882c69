// Dump: see the header. Shares nothing with the writers, so that a test failure shows what extraction said.
#include "tests/extract/Dump.h"

#include "analyzer/facts/FactsText.h"

namespace threadlint {
namespace {

std::string lowerCase(std::string_view text) {
  std::string result(text);
  for (char &c : result)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

std::string eventText(const TuFacts &facts, const FunctionFacts &function, const Event &event) {
  std::string text = lowerCase(nameOf(event.kind));
  auto value = [&](ValueId id) { return valueText(facts, function, id); };
  if (event.mode == LockMode::Shared)
    text += " shared";
  if (event.kind == EventKind::GuardInit)
    text += " " + lowerCase(nameOf(event.tag));
  if (event.kind == EventKind::LockInit || event.kind == EventKind::AttributeSet)
    text += " " + lowerCase(nameOf(event.lockKind));
  if (event.kind == EventKind::Spawn || event.kind == EventKind::HandleDestroy)
    text += " " + lowerCase(nameOf(event.spawnKind));
  if (event.callee != 0)
    text += " " + facts.strings[event.callee];
  if (event.path != kNone)
    text += " " + pathText(facts, function, event.path);
  if (event.value != kNone)
    text += " = " + value(event.value);
  if (!event.args.empty()) {
    text += " (";
    for (std::size_t i = 0; i < event.args.size(); ++i)
      text += (i ? ", " : "") + value(event.args[i]);
    text += ")";
  }
  if (event.extra != kNone)
    text += " attr " + value(event.extra);
  if (event.result != kNone)
    text += " -> $" + std::to_string(event.result);
  if (event.success != Success::Always)
    text += " ok " + lowerCase(nameOf(event.success));
  if (event.order != Order::None)
    text += " " + lowerCase(nameOf(event.order));
  if (event.number != 0)
    text += " #" + std::to_string(event.number);
  if (event.kind == EventKind::Alloc)
    text += " " + facts.strings[event.type.name];
  if (event.flags != 0)
    text += " [" + eventFlagsText(event.flags) + "]";
  if (event.unwind != kNone)
    text += " unwind b" + std::to_string(event.unwind);
  return text;
}

} // namespace

std::string dumpFunction(const TuFacts &facts, const FunctionFacts &function) {
  std::string text = "function " + facts.strings[function.name] + " {" +
                     facts.strings[function.key] + "} " + functionFlagsText(function.flags) + "\n";
  for (std::size_t i = 0; i < function.blocks.size(); ++i) {
    const Block &block = function.blocks[i];
    text += " b" + std::to_string(i) + ":";
    if (i == function.entry)
      text += " (entry)";
    if (i == function.exit)
      text += " (exit)";
    if (i == function.exceptionalExit)
      text += " (throws)";
    text += "\n";
    for (const Event &event : block.events)
      text += "   " + std::to_string(event.range.line) + ":" + std::to_string(event.range.column) +
              " " + eventText(facts, function, event) + "\n";
    for (const Edge &edge : block.edges) {
      text += "   -> b" + std::to_string(edge.target);
      if (edge.kind != EdgeKind::Always)
        text += " if " + valueText(facts, function, edge.condition) + " " +
                lowerCase(nameOf(edge.kind));
      if (edge.kind == EdgeKind::Case)
        text += " " + std::to_string(edge.caseValue);
      text += "\n";
    }
  }
  return text;
}

std::string dumpFacts(const TuFacts &facts) {
  std::string text;
  for (const VarFacts &variable : facts.vars)
    if (variable.kind != VarKind::Local && variable.kind != VarKind::Param)
      text += "var " + facts.strings[variable.name] + " " + lowerCase(nameOf(variable.kind)) + " " +
              lowerCase(nameOf(variable.type.cls)) + " {" + facts.strings[variable.key] + "}" +
              (variable.staticLockKind == LockKind::Normal
                   ? ""
                   : " " + lowerCase(nameOf(variable.staticLockKind))) +
              "\n";
  for (const RecordFacts &record : facts.records) {
    text += "record " + facts.strings[record.name] + " {" + facts.strings[record.key] + "}:";
    for (FieldId field : record.fields)
      text += " " + facts.strings[facts.fields[field].name] + ":" +
              lowerCase(nameOf(facts.fields[field].type.cls));
    text += "\n";
  }
  for (const FunctionFacts &function : facts.functions)
    text += dumpFunction(facts, function);
  for (const Suppression &suppression : facts.suppressions) {
    text +=
        "nolint " + lowerCase(nameOf(suppression.kind)) + " " + std::to_string(suppression.line);
    for (StringId glob : suppression.globs)
      text += " " + facts.strings[glob];
    text += "\n";
  }
  for (const Limitation &limitation : facts.limitations)
    text += "limitation " + facts.strings[limitation.kind] + ": " +
            facts.strings[limitation.message] + "\n";
  return text;
}

} // namespace threadlint
