// MissedStops: from joins to the waits of the joined thread, and to the flag between them.
#include "checks/MissedStops.h"

#include "analyzer/analysis/Frame.h"

#include <optional>

namespace threadlint {
namespace {

class StopSearch {
public:
  StopSearch(const Analysis &analysis, const Describer &describer)
      : describer_(describer), engine_(*analysis.engine), terms_(engine_.terms),
        model_(*analysis.model), program_(*analysis.program) {}

  std::vector<Finding> run() {
    if (engine_.cuts.count(Cut::Signals)) // a lost signal may be the one that comes
      return {};
    for (const ThreadTree &tree : model_.trees)
      for (ThreadId joiner : tree.threads)
        for (const Wait &join : model_.threads[joiner].waits)
          if (join.kind == WaitKind::Join)
            for (ThreadId id : tree.threads)
              if (isJoined(id, join))
                for (const Wait &wait : model_.threads[id].waits)
                  if (wait.kind == WaitKind::Condition)
                    judge(tree, joiner, join, id, wait);
    return found_.take();
  }

private:
  const Describer &describer_;
  Engine &engine_;
  Terms &terms_;
  ThreadModel &model_;
  const Program &program_;
  FindingsByPlace found_;

  bool isJoined(ThreadId id, const Wait &join) {
    const ThreadInstance &thread = model_.threads[id];
    if (thread.kind != RootKind::Spawned || thread.detached)
      return false;
    if (thread.thread == join.object)
      return true;
    const TermNode &object = terms_[join.object];
    if ((object.kind != TermKind::Address && object.kind != TermKind::Init) ||
        thread.handle == kUnknownTerm)
      return false;
    const std::vector<Term> handles = model_.pointsTo().locations(object.a);
    return handles.size() == 1 && model_.pointsTo().locations(thread.handle) == handles;
  }

  bool isFlag(Term location) const {
    const TermNode &node = terms_[location];
    const TypeInfo *type = nullptr;
    if (node.kind == TermKind::Variable)
      type = &program_.vars[node.a].type;
    else if (node.kind == TermKind::Field && node.b < program_.fields.size())
      type = &program_.fields[node.b].type;
    return type && (type->cls == TypeClass::Integer || type->cls == TypeClass::Bool ||
                    type->cls == TypeClass::Enum);
  }

  bool reads(const FunctionFacts &facts, const Block &block, std::uint64_t flag) const {
    for (const Event &event : block.events) {
      if (event.kind != EventKind::Read || event.path == kNone)
        continue;
      const Path &path = facts.paths[event.path];
      if (Engine::classOf(path) == flag)
        return true;
    }
    return false;
  }

  /// Whether a loop around the wait, or around a call that leads to it, looks at the flag.
  bool isTestedAround(WitnessId wait, std::uint64_t flag) const {
    for (WitnessId w = wait; w != kNoWitness; w = engine_.witness(w).next) {
      const Witness &step = engine_.witness(w);
      const FunctionFacts &facts = program_.functions[step.function].facts;
      const Engine::Loops &loops = engine_.loops(step.function);
      for (BlockId b = 0; b < facts.blocks.size(); ++b) {
        auto isStep = [&](const Event &event) { return event.range == step.range; };
        const std::vector<Event> &events = facts.blocks[b].events;
        if (std::none_of(events.begin(), events.end(), isStep))
          continue;
        for (const auto &[header, body] : loops.body)
          for (BlockId inside = 0; body[b] && inside < facts.blocks.size(); ++inside)
            if (body[inside] && reads(facts, facts.blocks[inside], flag))
              return true;
      }
    }
    return false;
  }

  /// Code between two places of a function that nobody sees, or that ends a wait by other means.
  bool mayWakeOtherwise(FunctionId function, SourceRange from, SourceRange to) const {
    for (const Block &block : program_.functions[function].facts.blocks)
      for (const Event &event : block.events) {
        if (event.kind != EventKind::Call || event.range < from || to < event.range)
          continue;
        std::string_view key = event.callee ? program_.text(event.callee) : std::string_view();
        if (event.callee == 0 || key.find("@F@pthread_cancel") != key.npos ||
            key.find("@F@pthread_kill") != key.npos ||
            (!(event.flags & Flag::SystemCallee) && !program_.functionByKey.count(event.callee) &&
             !program_.overriders.count(event.callee)))
          return true;
      }
    return false;
  }

  bool surelyPosts(const ThreadInstance &thread, std::uint64_t condition) const {
    auto posts = [&](ContextId id) {
      const std::vector<Term> &order = engine_.context(id).order;
      return std::any_of(order.begin(), order.end(), [&](Term t) {
        return terms_[t].kind == TermKind::Op && terms_[t].n == kPostedToken &&
               terms_[terms_[t].kids[0]].kind == TermKind::Address &&
               engine_.lockClass(terms_[terms_[t].kids[0]].a) == condition;
      });
    };
    return std::all_of(thread.exitContexts.begin(), thread.exitContexts.end(), posts);
  }

  /// Whether another thread notifies: one that runs on, or that does so before its end.
  bool isWokenByOthers(const ThreadTree &tree, ThreadId joiner, const Wait &join, ThreadId joined,
                       std::uint64_t condition) const {
    for (ThreadId id : tree.threads) {
      const ThreadInstance &thread = model_.threads[id];
      if (id == joiner || id == joined || thread.kind == RootKind::Interface)
        continue;
      for (const Signal &signal : thread.signals)
        if (signal.kind == WaitKind::Condition && engine_.lockClass(signal.object) == condition &&
            (surelyPosts(thread, condition) ||
             model_.meeting(id, signal.context, joiner, join.context) != ThreadModel::Relation::No))
          return true;
    }
    return false;
  }

  void judge(const ThreadTree &tree, ThreadId joiner, const Wait &join, ThreadId joined,
             const Wait &wait) {
    const std::uint64_t condition = engine_.lockClass(wait.object);
    const Witness &at = engine_.leaf(join.witness);
    const ThreadInstance &thread = model_.threads[joiner];
    if (condition == 0 || terms_[wait.object].kind == TermKind::Element)
      return;
    for (const Signal &signal : thread.signals)
      if (std::uint64_t other = engine_.lockClass(signal.object);
          signal.kind == WaitKind::Condition && (other == condition || other == 0))
        if (const Witness *step = engine_.stepIn(signal.witness, at.function);
            step && step->range < at.range)
          return;
    for (const Access &access : thread.accesses) {
      if (!access.isWrite || !isFlag(access.location))
        continue;
      const Witness *step = engine_.stepIn(access.witness, at.function);
      std::uint64_t flag = engine_.lockClass(access.location);
      if (!step || !(step->range < at.range) || !isTestedAround(wait.witness, flag) ||
          mayWakeOtherwise(at.function, step->range, at.range) ||
          isWokenByOthers(tree, joiner, join, joined, condition))
        continue;
      report(joiner, join, joined, wait, access);
      return;
    }
  }

  void report(ThreadId joiner, const Wait &join, ThreadId joined, const Wait &wait,
              const Access &access) {
    const Witness &leaf = describer_.leaf(join.witness);
    std::string flag = describer_.name(access.location), condition = describer_.name(wait.object);
    Finding finding = makeFinding(describer_, "lost-wakeup", leaf,
                                  {describer_.key(wait.object), describer_.key(access.location),
                                   describer_.functionKey(leaf.function), "stop"});
    finding.confidence = Confidence::High;
    finding.message = "this waits for the thread '" +
                      describer_.functionName(model_.threads[joined].entry) +
                      "', which was told by '" + flag + "' but may wait on '" + condition +
                      "', and nobody notifies that: neither wait may ever end";
    finding.threads.push_back(describer_.trace(joiner, join.witness, "waits for the thread to end",
                                               engine_.context(join.context).held));
    finding.threads.push_back(describer_.trace(joined, wait.witness, "waits on '" + condition + "'",
                                               engine_.context(wait.context).held));
    finding.related.push_back(RelatedPlace{describer_.place(describer_.leaf(access.witness).range),
                                           "'" + flag + "' is changed here"});
    finding.notes.push_back("fix: notify '" + condition + "' after changing '" + flag + "'");
    found_.add(std::move(finding));
  }
};

} // namespace

std::vector<Finding> missedStops(const Analysis &analysis, const Describer &describer) {
  return StopSearch(analysis, describer).run();
}

} // namespace threadlint
