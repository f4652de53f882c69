// wait-deadlock: threads that wait for each other, one of them for something else than a lock.
#include "analyzer/analysis/WaitGraph.h"
#include "checks/CheckFunctions.h"
#include "checks/Describe.h"
#include "checks/LockFunctions.h"

#include <algorithm>
#include <map>

namespace threadlint {
namespace {

/// The words for one node of the wait-for graph.
struct Words {
  std::string name;    ///< in a chain: `end of thread 'work'`
  std::string waits;   ///< `waits here for the thread 'work' to end`
  std::string without; ///< what providing it takes: `that thread`
  std::string key;
};

Words wordsFor(const Analysis &analysis, const Describer &describer, Term node) {
  const Terms &terms = analysis.engine->terms;
  std::optional<WaitNode> wait = waitNodeOf(terms, node);
  if (!wait) {
    std::string name = describer.name(node);
    if (isGuardLock(terms, node))
      return {"initialisation of '" + name + "'",
              "waits here for the initialisation of '" + name + "'", "the initialisation",
              "init:" + describer.key(node)};
    return {name, "takes '" + name + "' here", "its owner", describer.key(node)};
  }
  if (wait->kind == WaitKind::Join) {
    const ThreadInstance &thread = analysis.model->threads[wait->thread];
    std::string name = describer.functionName(thread.entry);
    return {"end of thread '" + name + "'", "waits here for the thread '" + name + "' to end",
            "that thread", "join:" + describer.functionKey(thread.entry)};
  }
  std::string name = describer.name(wait->object), key = describer.key(wait->object);
  switch (wait->kind) {
  case WaitKind::Join:
    break;
  case WaitKind::Condition:
    return {"signal of '" + name + "'", "waits here for the condition variable '" + name + "'",
            "whoever signals it", "condition:" + key};
  case WaitKind::Semaphore:
    return {"post of '" + name + "'", "waits here for the semaphore '" + name + "'",
            "whoever posts it", "semaphore:" + key};
  case WaitKind::Barrier:
    return {"arrivals at '" + name + "'", "waits here at the barrier '" + name + "'",
            "another participant", "barrier:" + key};
  case WaitKind::Latch:
    return {"arrivals at '" + name + "'", "waits here for the latch '" + name + "'",
            "whoever counts it down", "latch:" + key};
  case WaitKind::Future:
    return {"result of '" + name + "'", "waits here for the result of '" + name + "'",
            "whoever sets it", "future:" + key};
  }
  return {};
}

std::string stepText(const Words &from, const Words &to, bool fromIsLock, bool toIsLock) {
  std::string text = toIsLock ? "takes '" + to.name + "'" : to.waits;
  if (std::size_t here = text.find(" here"); here != std::string::npos)
    text.erase(here, 5);
  return fromIsLock ? text + " while holding '" + from.name + "'"
                    : text + " before the " + from.name;
}

Finding describe(const Analysis &analysis, const Describer &describer, const LockCycle &cycle) {
  const Engine &engine = *analysis.engine;
  std::vector<Words> words;
  std::vector<bool> isLock;
  std::string chain;
  std::vector<std::string> keys;
  for (const LockEdge &edge : cycle.edges) {
    words.push_back(wordsFor(analysis, describer, edge.from));
    isLock.push_back(!waitNodeOf(engine.terms, edge.from) && !isGuardLock(engine.terms, edge.from));
    chain += words.back().name + " -> ";
    keys.push_back(words.back().key);
  }
  chain += words[0].name;
  std::sort(keys.begin(), keys.end());
  Finding finding = makeFinding(describer, "wait-deadlock",
                                describer.leaf(cycle.edges[0].acquisition.witness), keys);
  finding.confidence = cycle.confidence;
  if (std::any_of(cycle.edges.begin(), cycle.edges.end(),
                  [&](const LockEdge &edge) { return isLeaked(analysis, edge); }))
    finding.confidence = std::max(finding.confidence, Confidence::Medium);
  const Words &awaited = words[1];
  finding.message = "deadlock " + chain + ": " + awaited.waits;
  finding.message +=
      isLock[0] ? " while '" + words[0].name + "' is held" : " before the " + words[0].name;
  if (cycle.edges.size() == 2)
    finding.message += ", and " + awaited.without + " needs " +
                       (isLock[0] ? "'" + words[0].name + "'" : "the " + words[0].name) + " first";
  for (std::size_t i = 0; i < cycle.edges.size(); ++i) {
    const LockEdge &edge = cycle.edges[i];
    std::size_t next = (i + 1) % cycle.edges.size();
    finding.threads.push_back(
        describer.trace(edge.thread, edge.acquisition.witness,
                        stepText(words[i], words[next], isLock[i], isLock[next]),
                        engine.context(edge.acquisition.context).held));
    if (!isLock[i] || edge.held.witness == kNoWitness)
      continue;
    std::vector<TraceStep> &path = finding.threads.back().path;
    path.insert(path.end() - 1, describer.stepAt(describer.leaf(takenBefore(analysis, edge)),
                                                 "takes '" + words[i].name + "'"));
  }
  finding.notes.push_back(describer.whyParallel(
      cycle.edges[0].thread, cycle.edges[1].thread,
      analysis.model->parallel(cycle.edges[0].thread, cycle.edges[0].acquisition.context,
                               cycle.edges[1].thread, cycle.edges[1].acquisition.context)));
  finding.notes.push_back(isLock[0] ? "fix: release '" + words[0].name + "' before waiting"
                                    : "fix: let nobody wait for what comes after itself");
  return finding;
}

/// A once flag's function or a static local's initialiser that gets to its own beginning again.
Finding describe(const Describer &describer, const Defect &defect) {
  const Witness &again = describer.leaf(defect.witness);
  std::string name = describer.name(defect.subject);
  Finding finding =
      makeFinding(describer, "wait-deadlock", again,
                  {"init:" + describer.key(defect.subject), describer.functionKey(again.function)});
  finding.message = "deadlock: the initialisation of '" + name +
                    "' gets here again before it is over, and waits for itself";
  ThreadTrace trace = describer.trace(defect.other, "begins the initialisation of '" + name + "'");
  ThreadTrace second = describer.trace(defect.witness, "waits for it to be over");
  trace.path.insert(trace.path.end(), second.path.begin(), second.path.end());
  finding.threads.push_back(std::move(trace));
  finding.notes.push_back("fix: do not use '" + name + "' in what initialises it");
  return finding;
}

} // namespace

std::vector<Finding> waitDeadlock(const Analysis &analysis) {
  FindingsByFingerprint found; // one per set of nodes
  Describer describer(analysis);
  for (const LockCycle &cycle : analysis.cycles)
    if (cycle.hasWait)
      found.add(describe(analysis, describer, cycle));
  for (const ThreadInstance &thread : analysis.model->threads)
    for (const Defect &defect : thread.defects)
      if (defect.kind == DefectKind::SelfDeadlock &&
          isGuardLock(analysis.engine->terms, defect.subject)) {
        Finding finding = describe(describer, defect);
        if (analysis.engine->isGuessed(defect.witness, defect.other))
          finding.confidence = Confidence::Medium;
        found.add(std::move(finding));
      }
  return found.take();
}

} // namespace threadlint
