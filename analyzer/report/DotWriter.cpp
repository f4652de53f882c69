// DotWriter: every lock that is taken while another is held; cycles are red. With a trace: solid = seen in a run and known to the analysis,
// dashed = only known to the analysis, bold = only seen in a run.
#include "analyzer/report/Escapes.h"
#include "analyzer/report/Writers.h"

#include <map>

namespace threadlint {
namespace {

const char *styleOf(EdgeOrigin origin) {
  switch (origin) {
  case EdgeOrigin::Static:
    return ", style=dashed";
  case EdgeOrigin::Runtime:
    return ", style=bold";
  case EdgeOrigin::Both:
    return ", style=solid";
  }
  return "";
}

} // namespace

std::string writeDot(const Report &report) {
  std::map<std::string, bool> nodes; // whether in a cycle
  for (const LockOrderEdge &edge : report.lockOrder)
    for (const std::string &name : {edge.from, edge.to})
      nodes[name] |= edge.isInCycle;
  bool hasTrace = report.traceCount > 0;
  std::string text =
      std::string("// An arrow from a to b: b is taken while a is held. Red: a cycle.") +
      (hasTrace ? " Dashed: not seen in a run. Bold: only seen in a run." : "") +
      "\ndigraph lock_order {\n  rankdir=LR;\n"
      "  node [shape=box, style=rounded, fontname=\"monospace\"];\n"
      "  edge [fontname=\"monospace\", fontsize=10];\n";
  std::string missing;
  for (const LimitationReport &limitation : report.limitations)
    if (limitation.incomplete)
      missing += (missing.empty() ? "not fully analysed: " : ", ") + limitation.place.file;
  if (!missing.empty())
    text += "  label=" + quoteDot(missing) + ";\n";
  for (const auto &[name, isInCycle] : nodes)
    text += "  " + quoteDot(name) + (isInCycle ? " [color=red];\n" : ";\n");
  for (const LockOrderEdge &edge : report.lockOrder)
    text += "  " + quoteDot(edge.from) + " -> " + quoteDot(edge.to) +
            " [label=" + quoteDot(edge.place.file + ":" + std::to_string(edge.place.line)) +
            ", tooltip=" + quoteDot(edge.function) + (hasTrace ? styleOf(edge.origin) : "") +
            (edge.isInCycle ? ", color=red, fontcolor=red];\n" : "];\n");
  return text + "}\n";
}

} // namespace threadlint
