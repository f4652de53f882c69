// Relations: printing only; what is true is the analysis' business.
#include "tests/support/Relations.h"

#include "checks/Describe.h"
#include "tests/support/FactsBuilder.h"

#include <algorithm>
#include <set>

namespace threadlint {
namespace {

std::string joined(const std::set<std::string> &items, const char *separator = " ") {
  std::string text;
  for (const std::string &item : items)
    text += (text.empty() ? "" : separator) + item;
  return text;
}

std::string heldText(const Describer &describer, const std::vector<HeldLock> &held) {
  std::string text;
  for (const HeldLock &lock : held) {
    text += (text.empty() ? "" : ",") + describer.name(lock.lock);
    text += lock.mode == LockMode::Shared ? "'" : "";
    text += lock.may ? "?" : "";
  }
  return text;
}

/// The threads of the program with a main; all when there is none. Unreached functions of a program are left out.
std::vector<ThreadId> shownThreads(const Analysis &analysis) {
  std::vector<ThreadId> shown;
  for (const ThreadTree &tree : analysis.model->trees)
    if (tree.hasMain || analysis.program->mains.empty())
      shown.insert(shown.end(), tree.threads.begin(), tree.threads.end());
  return shown;
}

std::string marked(const std::string &text, Confidence confidence) {
  return text + (confidence == Confidence::High     ? ""
                 : confidence == Confidence::Medium ? "?"
                                                    : "??");
}

} // namespace

Analysis analyzeText(std::string_view text) {
  std::vector<TuFacts> tus;
  tus.push_back(buildFacts(text));
  return analyze(link(std::move(tus)));
}

std::string lockStates(std::string_view text) {
  Analysis analysis = analyzeText(text);
  Describer describer(analysis);
  std::set<std::string> states;
  for (ThreadId id : shownThreads(analysis))
    for (const Access &access : analysis.model->threads[id].accesses)
      states.insert(describer.name(access.location) + "{" +
                    heldText(describer, analysis.engine->context(access.context).held) + "}");
  return joined(states);
}

std::string exitsOf(std::string_view text, std::string_view function) {
  Analysis analysis = analyzeText(text);
  Describer describer(analysis);
  std::set<std::string> exits;
  for (FunctionId id = 0; id < analysis.program->functions.size(); ++id) {
    if (analysis.program->functionName(id) != function)
      continue;
    for (const Exit &exit : analysis.engine->summary(id, {}).exits) {
      static constexpr const char *kKinds[] = {"return", "throw", "exit"};
      std::string line = kKinds[static_cast<std::size_t>(exit.kind)];
      std::set<std::string> locks;
      for (const HeldLock &held : exit.context.held)
        locks.insert("+" + heldText(describer, {held}));
      for (Term lock : exit.context.released)
        locks.insert("-" + describer.name(lock, id));
      line += "{" + joined(locks) + "}";
      if (analysis.engine->terms[exit.result].kind == TermKind::Int)
        line += "=" + std::to_string(analysis.engine->terms[exit.result].n);
      exits.insert(line);
    }
  }
  return joined(exits);
}

std::string parallelPairs(std::string_view text) {
  Analysis analysis = analyzeText(text);
  Describer describer(analysis);
  ThreadModel &model = *analysis.model;
  std::set<std::string> pairs;
  for (ThreadId a : shownThreads(analysis))
    for (ThreadId b : shownThreads(analysis))
      for (const Access &x : model.threads[a].accesses)
        for (const Access &y : model.threads[b].accesses) {
          if (model.parallel(a, x.context, b, y.context) == ThreadModel::Relation::No ||
              model.ordered(a, x.context, b, y.context))
            continue;
          std::string first = describer.name(x.location), second = describer.name(y.location);
          pairs.insert(std::min(first, second) + "|" + std::max(first, second));
        }
  return joined(pairs);
}

std::string resolvedAccesses(std::string_view text) {
  Analysis analysis = analyzeText(text);
  Describer describer(analysis);
  std::set<std::string> lines;
  for (ThreadId id : shownThreads(analysis))
    for (const Access &access : analysis.model->threads[id].accesses) {
      std::set<std::string> names;
      for (Term at : std::vector<Term>(analysis.model->pointsTo().locations(access.location)))
        names.insert(describer.name(at));
      lines.insert(describer.name(access.location) + "=" + joined(names, ","));
    }
  return joined(lines);
}

std::string conflictsOf(std::string_view text) {
  Analysis analysis = analyzeText(text);
  Describer describer(analysis);
  std::set<std::string> names;
  std::vector<ThreadId> shown = shownThreads(analysis);
  for (const Conflict &conflict : analysis.conflicts)
    if (std::find(shown.begin(), shown.end(), conflict.first.thread) != shown.end())
      names.insert(marked(describer.name(conflict.location), conflict.confidence));
  return joined(names);
}

std::string cyclesOf(std::string_view text) {
  Analysis analysis = analyzeText(text);
  Describer describer(analysis);
  std::set<std::string> cycles;
  for (const LockCycle &cycle : analysis.cycles) {
    std::vector<std::string> names;
    for (const LockEdge &edge : cycle.edges)
      names.push_back(describer.name(edge.from));
    std::rotate(names.begin(), std::min_element(names.begin(), names.end()), names.end());
    std::string text;
    for (const std::string &name : names)
      text += (text.empty() ? "" : ">") + name;
    cycles.insert(marked(text, cycle.confidence));
  }
  return joined(cycles);
}

std::string findingsOf(std::string_view text) {
  std::vector<TuFacts> tus;
  tus.push_back(buildFacts(text));
  std::set<std::string> lines;
  for (const Finding &finding : analyzeProgram(std::move(tus)).findings)
    if (finding.confidence != Confidence::Low)
      lines.insert(marked(finding.check, finding.confidence) + "@" +
                   std::to_string(finding.place.line));
  return joined(lines);
}

} // namespace threadlint
