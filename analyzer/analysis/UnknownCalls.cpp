// UnknownCalls: what a call of code without a body may do.
#include "analyzer/analysis/Frame.h"

#include <algorithm>

namespace threadlint {

void Frame::unknownCall(State &state, const std::vector<Term> &args) {
  const Event &event = *event_;
  for (std::size_t i = 0; i < args.size() && i < 63; ++i)
    if (event.number >> i & 1)
      access(state, terms_.deref(args[i]), false, 0);
  if (event.result != kNone) {
    Term fresh = freshHere();
    renew(state, fresh);
    // The second return of setjmp is not followed: it comes from another place, in another lock state.
    bool isSetjmp =
        event.callee && program_.text(event.callee).find("setjmp") != std::string_view::npos;
    state.memory[temporary(event.result)] =
        isSetjmp ? terms_.integer(0)
        : isGetter()
            ? terms_.fresh(engine_.site(0, SiteKind::Getter, event.callee, 0), kGlobalChain)
            : fresh;
  }
  // Handing a thread handle to unknown code may join it there.
  for (Term arg : args) {
    if (arg == kUnknownTerm)
      continue;
    for (LiveThread &live : state.live) {
      bool byAddress =
          terms_[arg].kind == TermKind::Address && live.handle != kUnknownTerm &&
          (terms_[arg].a == live.handle || terms_.root(terms_[arg].a) == terms_.root(live.handle));
      if ((byAddress || arg == live.thread) && !(event.flags & Flag::SystemCallee))
        live.joinable = false;
    }
  }
  if (!(event.flags & Flag::SystemCallee)) {
    callHandedOver(state, args);
    havocShared(state);
  }
}

/// The result is a fresh object that nobody else knows; where the memory may be missing, on another way, it is null.
void Frame::allocate(State state, States &out) {
  Term object = terms_.object(siteHere(), 0);
  renew(state, object);
  eraseSorted(state.escaped, object);
  const Term result = temporary(event_->result);
  if (event_->flags & (Flag::Nullable | Flag::Allocates)) {
    State failed = state;
    failed.memory[result] = terms_.integer(0);
    out.push_back(std::move(failed));
  }
  state.memory[result] = terms_.address(object);
  out.push_back(std::move(state));
}

/// A function without body and arguments whose result is followed at once and not kept: somebody else keeps the object.
bool Frame::isGetter() const {
  const Event &event = *event_;
  return event.callee && event.args.empty() && !(event.flags & Flag::SystemCallee) &&
         event.result < isKept_.size() && !isKept_[event.result];
}

/// Unknown code may call the functions without parameters that it is given; where no lock is held, it is taken to do so. An event
/// handler, which wants arguments, is called by somebody else later.
void Frame::callHandedOver(const State &state, const std::vector<Term> &args) {
  if (!event_->callee || !state.held.empty())
    return;
  for (Term callable : args) {
    if (callable == kUnknownTerm)
      continue;
    const TermNode &node = terms_[callable];
    bool isPlain = node.kind == TermKind::Function ||
                   (node.kind == TermKind::Closure && node.kids.empty()); // a lambda as a pointer
    if (!isPlain || !program_.functions[node.a].facts.params.empty())
      continue;
    for (const Target &target : engine_.targets(callable, {})) {
      States ignored; // it may be called later, or never
      instantiate(state, target, ignored);
    }
  }
}

bool Engine::isGuessed(WitnessId way, WitnessId outer) const {
  if (!guessed_) {
    guessed_.emplace();
    for (FunctionId id = 0; id < program.functions.size(); ++id)
      for (const Block &block : program.functions[id].facts.blocks)
        for (const Event &event : block.events)
          if (event.kind == EventKind::Call && (event.flags & Flag::Guessed))
            (*guessed_)[id].push_back(event.range);
  }
  if (guessed_->empty())
    return false;
  for (way = behind(way, outer); way != kNoWitness; way = witness(way).next) {
    const Witness &step = witness(way);
    auto calls = guessed_->find(step.function);
    if (step.next != kNoWitness && calls != guessed_->end() &&
        std::find(calls->second.begin(), calls->second.end(), step.range) != calls->second.end())
      return true;
  }
  return false;
}

} // namespace threadlint
