// CallTransfer: which functions a call reaches, and which calls wait until the stores of all threads are known.
#include "analyzer/analysis/Frame.h"

#include <algorithm>
#include <utility>

namespace threadlint {

void Frame::call(State state, States &out) {
  const Event &event = *event_;
  std::vector<Term> args;
  for (std::size_t i = 0; i < event.args.size(); ++i)
    args.push_back(argument(state, i));
  std::vector<Target> targets;
  auto addDirect = [&](FunctionId id) {
    const FunctionFacts &facts = program_.functions[id].facts;
    Target target;
    target.function = id;
    bool isMethod = (facts.flags & FunctionFlag::Method) &&
                    !(facts.flags & (FunctionFlag::Static | FunctionFlag::Lambda));
    std::size_t first = isMethod && !args.empty() ? 1 : 0;
    if (first)
      target.binding.thisValue = args[0];
    target.binding.params.assign(args.begin() + static_cast<std::ptrdiff_t>(first), args.end());
    targets.push_back(std::move(target));
  };
  Term late = kUnknownTerm;
  if (event.callee) {
    if (event.flags & Flag::Virtual) {
      for (FunctionId id :
           engine_.virtualTargets(event.callee, args.empty() ? kUnknownTerm : args[0], constants_))
        addDirect(id);
      if (auto it = program_.functionByKey.find(event.callee);
          targets.empty() && it != program_.functionByKey.end())
        late = terms_.function(it->second);
    } else if (auto it = program_.functionByKey.find(event.callee);
               it != program_.functionByKey.end()) {
      addDirect(it->second);
    }
  } else if (event.value != kNone) {
    Term callable = value(state, event.value);
    targets = engine_.targets(callable, args);
    if (targets.empty() && callable != kUnknownTerm && terms_[callable].kind == TermKind::Init &&
        terms_[terms_[callable].a].kind == TermKind::Deref) {
      callable = terms_[terms_[callable].a].a; // `(*f)()` is `f()`
      targets = engine_.targets(callable, args);
    }
    bool isGuess = terms_[callable].kind == TermKind::Init || // by its field alone
                   terms_[callable].kind == TermKind::Project;
    bool hasCaptures = isGuess && targets.size() == 1 &&
                       program_.functions[targets[0].function].facts.captureCount > 0;
    if (targets.empty() || hasCaptures)
      late = callable;
  }
  // Which of several it is depends on what is stored; the stores of all threads tell.
  auto isKnown = [&](Term t) {
    TermKind kind = terms_[t].kind;
    return kind == TermKind::Int || kind == TermKind::Function || kind == TermKind::Closure;
  };
  bool isLate = late != kUnknownTerm && terms_[late].kind != TermKind::Int;
  if (isLate && terms_[late].kind == TermKind::Phi)
    isLate = !std::all_of(terms_.inputs(late).begin(), terms_.inputs(late).end(), isKnown);
  if (isLate)
    recordLateCall(LateCall{late, args, {}, contextOf(state), witnessHere(state)}, state);
  if (targets.empty()) {
    recordCallback(state, args);
    unknownCall(state, args);
    if (event.flags & Flag::Allocates)
      allocate(std::move(state), out);
    else
      out.push_back(std::move(state));
    return;
  }
  if (callModelled(state, targets, out))
    return;
  const std::size_t first = out.size();
  const bool outer = std::exchange(statesOnly_, isLate);
  callAny(std::move(state), targets, out);
  statesOnly_ = outer;
  for (std::size_t i = first; i < out.size(); ++i)
    for (std::size_t j = i + 1; j < out.size(); ++j)
      noteModes(out[i], out[j]);
}

/// A library function called through a pointer: its event happens here.
bool Frame::callModelled(const State &state, std::vector<Target> &targets, States &out) {
  const Event *const call = event_;
  std::erase_if(targets, [&](const Target &target) {
    const FunctionFacts &facts = program_.functions[target.function].facts;
    if (!(facts.flags & FunctionFlag::Modelled) || facts.blocks[facts.entry].events.empty())
      return false;
    const Event &meant = facts.blocks[facts.entry].events.front();
    auto at = std::find(facts.params.begin(), facts.params.end(),
                        facts.paths[facts.values[meant.args.front()].path].id);
    const auto index = static_cast<std::size_t>(at - facts.params.begin());
    if (index >= call->args.size())
      return false;
    Event event = meant;
    event.range = call->range;
    event.args = {call->args[index]};
    event.result = call->result;
    if (event.result == kNone)
      event.success = Success::Always;
    event_ = &event;
    transfer(state, out);
    event_ = call;
    return true;
  });
  return targets.empty();
}

/// Which of those that are ever stored there it is, or of which class the object, the caller may know. What is called next on the same
/// object is of that class, too.
void Frame::callAny(State state, const std::vector<Target> &targets, States &out) {
  const Event &event = *event_;
  if (targets.size() > 1 && (event.flags & Flag::Virtual)) {
    const Term cls = terms_.classOf(targets[0].binding.thisValue);
    auto classOf = [&](const Target &t) { return program_.functions[t.function].facts.record; };
    auto isOfKnown = [&](const Target &target) {
      return std::any_of(state.facts.begin(), state.facts.end(), [&](const Fact &fact) {
        return fact.value == cls && fact.equal && fact.constant == classOf(target);
      });
    };
    auto known = std::find_if(targets.begin(), targets.end(), isOfKnown);
    if (cls == kUnknownTerm)
      callTargets(std::move(state), targets, out);
    else if (known != targets.end())
      callTargets(std::move(state), {*known}, out);
    else
      for (const Target &target : targets)
        if (State one = state;
            engine_.isDerivedFrom(classOf(target)) || addFact(one, cls, true, classOf(target)))
          callTargets(std::move(one), {target}, out);
    return;
  }
  Term callable = event.callee || event.value == kNone ? kUnknownTerm : value(state, event.value);
  if (targets.size() < 2 || callable == kUnknownTerm || terms_[callable].kind != TermKind::Init)
    return callTargets(std::move(state), targets, out);
  Term function = terms_.functionOf(callable);
  for (const Target &target : targets)
    if (State one = state; addFact(one, function, true, target.function))
      callTargets(std::move(one), {target}, out);
}

void Frame::recordLateCall(LateCall call, const State &state) {
  constexpr std::size_t kMaxLateCalls = 60, kMaxContexts = 3;
  if (!isRecording_ || out_.lateCalls.size() >= kMaxLateCalls)
    return;
  std::set<ContextId> &contexts = seenLateCall_[{call.callable, call.args}];
  if (contexts.size() >= kMaxContexts || !contexts.insert(call.context).second)
    return;
  for (Term arg : call.args)
    if (arg != kUnknownTerm && terms_[arg].kind == TermKind::Address &&
        isOwned(state, terms_[arg].a))
      call.owned.push_back(terms_.root(terms_[arg].a));
  out_.lateCalls.push_back(std::move(call));
}

} // namespace threadlint
