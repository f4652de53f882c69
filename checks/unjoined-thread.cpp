// unjoined-thread: a joinable handle that is destroyed, overwritten or lost without join or detach.
#include "checks/CheckFunctions.h"
#include "checks/Describe.h"

#include <map>
#include <set>

namespace threadlint {
namespace {

/// What identifies a handle across functions: its field or variable, elements merged.
Term handleClass(const Analysis &analysis, Term handle) {
  Terms &terms = analysis.engine->terms;
  handle = terms.withoutElements(handle);
  const TermNode node = terms[handle];
  if (node.kind == TermKind::Field)
    return terms.make(TermKind::Project, 0, node.b);
  return handle;
}

/// The class of a handle that is spelled as a field or a global, or 0.
Term namedClass(const Analysis &analysis, const Path &path) {
  Terms &terms = analysis.engine->terms;
  for (auto step = path.steps.rbegin(); step != path.steps.rend(); ++step)
    if (step->kind == StepKind::Field)
      return terms.make(TermKind::Project, 0, step->field);
    else if (step->kind == StepKind::Deref)
      return kUnknownTerm;
  if (path.base != BaseKind::Var)
    return kUnknownTerm;
  VarKind kind = analysis.program->vars[path.id].kind;
  return kind == VarKind::Global || kind == VarKind::StaticLocal
             ? terms.variable(path.id, kGlobalChain)
             : kUnknownTerm;
}

std::set<Term> joinedClasses(const Analysis &analysis) {
  const Terms &terms = analysis.engine->terms;
  PointsTo &points = analysis.model->pointsTo();
  std::set<Term> result;
  for (const ThreadInstance &thread : analysis.model->threads)
    for (Term join : thread.joins) {
      result.insert(join);
      if (terms[join].kind == TermKind::Address || terms[join].kind == TermKind::Init) {
        result.insert(handleClass(analysis, terms[join].a));
        for (Term at : std::vector<Term>(points.locations(terms[join].a)))
          result.insert(handleClass(analysis, points.normalized(at)));
      }
    }
  // Also what is joined on paths that the summaries have cut off, or by a function that is given the handle.
  std::set<std::pair<FunctionId, std::size_t>> joiners; ///< with the number of the parameter
  auto note = [&](FunctionId id, PathId path) {
    if (path == kNone)
      return false;
    const FunctionFacts &facts = analysis.program->functions[id].facts;
    if (Term cls = namedClass(analysis, facts.paths[path]))
      result.insert(cls);
    for (std::size_t i = 0; i < facts.params.size(); ++i)
      if (facts.paths[path].base == BaseKind::Var && facts.paths[path].id == facts.params[i])
        return joiners.emplace(id, i).second;
    return false;
  };
  for (const Function &function : analysis.program->functions)
    for (const Block &block : function.facts.blocks)
      for (const Event &event : block.events)
        if (event.kind == EventKind::Join || event.kind == EventKind::Detach) {
          PathId path = event.path;
          if (path == kNone && event.value != kNone)
            path = function.facts.values[event.value].path;
          note(static_cast<FunctionId>(&function - analysis.program->functions.data()), path);
        }
  bool isNews = !joiners.empty();
  for (unsigned round = 0; round < 3 && isNews; ++round) {
    isNews = false;
    for (FunctionId id = 0; id < analysis.program->functions.size(); ++id) {
      const FunctionFacts &facts = analysis.program->functions[id].facts;
      for (const Block &block : facts.blocks)
        for (const Event &event : block.events) {
          const auto callee = analysis.program->calleeOf(event);
          if (!callee)
            continue;
          for (std::size_t i = 0; i < event.args.size(); ++i)
            if (joiners.count({*callee, i}))
              isNews |= note(id, facts.values[event.args[i]].path);
        }
    }
  }
  return result;
}

/// Whether the thread takes a handle out of a place, puts another one there and joins the first: the threads end one after the other,
/// each with the handle of the one before.
bool joinsEarlierOne(const Analysis &analysis, FunctionId entry) {
  auto lastField = [](const Path &path) {
    return !path.steps.empty() && path.steps.back().kind == StepKind::Field
               ? path.steps.back().field
               : kNone;
  };
  std::set<FunctionId> reached;
  analysis.model->reach({entry}, reached);
  for (FunctionId id : reached) {
    const FunctionFacts &facts = analysis.program->functions[id].facts;
    std::set<VarId> joined;
    std::map<FieldId, VarId> taken;
    std::set<FieldId> written;
    for (const Block &block : facts.blocks)
      for (const Event &event : block.events) {
        if (event.path == kNone)
          continue;
        const Path &path = facts.paths[event.path];
        if (event.kind == EventKind::Join && path.base == BaseKind::Var && path.steps.empty())
          joined.insert(path.id);
        else if (event.kind == EventKind::Write)
          written.insert(lastField(path));
        else if (event.kind == EventKind::Define && path.base == BaseKind::Var &&
                 event.value != kNone && facts.values[event.value].kind == ValueKind::Load)
          taken[lastField(facts.paths[facts.values[event.value].path])] = path.id;
      }
    for (const auto &[field, variable] : taken)
      if (field != kNone && joined.count(variable) && written.count(field))
        return true;
  }
  return false;
}

/// A thread that never ends has nothing to give back.
bool runsForever(const ThreadInstance &thread) {
  return thread.summary && thread.summary->isKnown && thread.summary->exits.empty() &&
         !thread.summary->truncated;
}

Finding describe(const Describer &describer, WitnessId creation, WitnessId end, SpawnKind kind,
                 const std::string &handle) {
  const Witness &leaf = describer.leaf(creation);
  Finding finding = makeFinding(describer, "unjoined-thread", leaf,
                                {describer.functionKey(leaf.function), handle});
  bool terminates = kind == SpawnKind::StdThread;
  finding.message = terminates ? "this std::thread can still be joinable when its handle is "
                                 "destroyed or assigned over: the program terminates"
                               : "this thread is neither joined nor detached: its resources leak, "
                                 "and it may outlive what it uses";
  finding.threads.push_back(describer.trace(creation, "creates the thread"));
  if (end != kNoWitness) {
    const Witness &gone = describer.leaf(end);
    finding.related.push_back(
        RelatedPlace{describer.place(gone.range),
                     "the handle is gone here on a path without join() or detach()"});
  }
  finding.notes.push_back(terminates ? "fix: join or detach on every path, or use std::jthread"
                                     : "fix: join it, detach it, or create it detached");
  return finding;
}

} // namespace

std::vector<Finding> unjoinedThread(const Analysis &analysis) {
  std::map<Place, Finding> found;
  Describer describer(analysis);
  const Terms &terms = analysis.engine->terms;
  for (const ThreadInstance &thread : analysis.model->threads)
    for (const Defect &defect : thread.defects) {
      if (defect.kind != DefectKind::Unjoined || defect.witness == kNoWitness)
        continue;
      // An exception that leaves a thread ends the program anyway.
      if (defect.isThrown && thread.kind == RootKind::Spawned)
        continue;
      Finding finding = describe(describer, defect.witness, defect.other, defect.spawnKind, "");
      if (defect.may)
        finding.confidence = Confidence::Medium;
      bool detachesItself = false, neverEnds = false;
      for (const ThreadInstance &started : analysis.model->threads)
        if (started.thread == defect.subject) {
          detachesItself = detachesItself || (started.summary && started.summary->detachesItself) ||
                           joinsEarlierOne(analysis, started.entry);
          neverEnds |= runsForever(started);
        }
      if (detachesItself)
        continue;
      if (neverEnds && defect.spawnKind != SpawnKind::StdThread)
        finding.confidence = Confidence::Medium;
      found.try_emplace(finding.place, finding);
    }
  // Handles that outlive their function: nobody in the whole program joins or detaches that class of handle.
  std::set<Term> joined = joinedClasses(analysis);
  for (const ThreadInstance &thread : analysis.model->threads) {
    bool needsJoin = thread.spawnKind == SpawnKind::PThread || thread.spawnKind == SpawnKind::C11 ||
                     thread.spawnKind == SpawnKind::StdThread;
    if (thread.kind != RootKind::Spawned || !needsJoin || thread.detached ||
        thread.handle == kUnknownTerm || thread.parent == kNoThread)
      continue;
    bool leaks = false;
    for (const LiveThread &live : analysis.model->threads[thread.parent].leftOver)
      leaks |= live.thread == thread.thread && live.joinable;
    if (!leaks || joined.count(thread.thread) || (thread.summary && thread.summary->detachesItself))
      continue;
    Term handle = thread.handle;
    Term cls = handleClass(analysis, handle);
    TermKind kind = terms[cls].kind;
    bool isNamed =
        kind == TermKind::Project || (kind == TermKind::Variable && terms[cls].b == kGlobalChain);
    if (!isNamed || joined.count(cls))
      continue;
    Finding finding =
        describe(describer, thread.spawnWitness, kNoWitness, thread.spawnKind, describer.key(cls));
    if (runsForever(thread))
      finding.confidence = Confidence::Medium;
    // A handle in a record may be joined by code that is not part of this program.
    if (kind == TermKind::Project && analysis.program->mains.empty())
      finding.confidence = Confidence::Medium;
    found.try_emplace(finding.place, finding);
  }
  std::vector<Finding> findings;
  for (auto &[place, finding] : found)
    findings.push_back(std::move(finding));
  return findings;
}

} // namespace threadlint
