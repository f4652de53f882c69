// Summaries: which summary a call gets, and when it is computed.
#include "analyzer/analysis/Engine.h"
#include "analyzer/analysis/Interpreter.h"

#include <algorithm>
#include <utility>

namespace threadlint {
namespace {

constexpr unsigned kMaxSpecializations = 12, kFewSpecializations = 2;
constexpr unsigned kMaxCallDepth = 120;
constexpr unsigned kMaxRounds = 3;
constexpr std::size_t kMaxMembers = 12; ///< of a circle of calls that is not big

} // namespace

const Summary &Engine::summaryFor(const Target &target, const Specialization &caller) {
  const FunctionFacts &facts = program.functions[target.function].facts;
  Specialization constants;
  addClasses(target, caller, constants);
  auto consider = [&](std::int64_t ordinal, Term value) {
    if (value == kUnknownTerm)
      return;
    const TermNode node = terms[value];
    switch (node.kind) {
    case TermKind::Int:
    case TermKind::Function:
      constants.emplace_back(ordinal, value);
      break;
    case TermKind::Closure:
    case TermKind::Bind: {
      // By shape: what it carries becomes a parameter of the callee, so calls with different captures share a summary.
      std::vector<Term> shape;
      for (std::size_t k = 0; k < node.kids.size(); ++k) {
        bool isCode =
            node.kids[k] != kUnknownTerm && terms[node.kids[k]].kind == TermKind::Function;
        shape.push_back(isCode || node.kids[k] == kUnknownTerm
                            ? node.kids[k]
                            : terms.param(capturedParameter(ordinal, k)));
      }
      constants.emplace_back(ordinal,
                             terms.make(node.kind, node.a, node.b, node.n, std::move(shape)));
      break;
    }
    default:
      break;
    }
  };
  for (std::size_t i = 0; i < target.binding.params.size() && i < facts.params.size(); ++i)
    consider(static_cast<std::int64_t>(i), target.binding.params[i]);
  for (std::size_t i = 0; i < target.binding.captures.size(); ++i)
    consider(kCaptureOrdinal + static_cast<std::int64_t>(i), target.binding.captures[i]);
  return summary(target.function, constants);
}

bool Engine::isSummarised(FunctionId function) const {
  auto it = summaries_.lower_bound(Key{function, {}});
  return it != summaries_.end() && it->first.function == function;
}

const Summary &Engine::summary(FunctionId function, const Specialization &constants) {
  Specialization used = constants;
  Key key{function, used};
  auto it = summaries_.find(key);
  if (it == summaries_.end()) {
    unsigned &count = specializationCount_[function];
    unsigned most = isThrifty() ? kFewSpecializations : kMaxSpecializations;
    if (++count > most && !used.empty()) {
      // No room for every combination: what decides a branch goes first.
      used = decidingOnly(function, constants);
      key.constants = used;
      it = summaries_.find(key);
      if (it == summaries_.end() && !used.empty() && ++fewCount_[function] > kMaxSpecializations)
        return summary(function, {});
    }
    if (it == summaries_.end())
      it = summaries_.emplace(key, std::make_unique<Entry>()).first;
  }
  Entry &entry = *it->second;
  if (entry.isDone)
    return entry.summary;
  if (entry.isProvisional) {
    lowestHit_ = std::min(lowestHit_, entry.lowestHit);
    return entry.summary;
  }
  if (entry.isRunning || depth_ > kMaxCallDepth || isStopped()) {
    if (entry.isRunning)
      lowestHit_ = std::min(lowestHit_, entry.depth);
    else if (!isStopped())
      noteCut(Cut::CallDepth);
    return entry.summary;
  }
  compute(entry, function, used);
  return entry.summary;
}

/// Functions that call each other in a circle are summarised together: what is computed while one of them is unfinished holds for one
/// round of the outermost, and is computed again in the next. In a big circle they keep what they know after one.
void Engine::compute(Entry &entry, FunctionId function, const Specialization &constants) {
  entry.isRunning = true;
  entry.depth = ++depth_;
  const FunctionId caller = std::exchange(running_, function);
  const unsigned hitBefore = std::exchange(lowestHit_, kNoHit);
  const std::size_t first = provisional_.size();
  auto settle = [&](std::size_t from, bool isDone) {
    for (; provisional_.size() > from; provisional_.pop_back()) {
      provisional_.back()->isProvisional = false;
      provisional_.back()->isDone = isDone;
    }
  };
  for (unsigned round = 1;; ++round) {
    lowestHit_ = kNoHit;
    Summary next = interpret(*this, function, constants);
    bool isStable = entry.summary.isKnown && next.exits.size() == entry.summary.exits.size() &&
                    next.acquisitions.size() == entry.summary.acquisitions.size() &&
                    next.accesses.size() == entry.summary.accesses.size();
    entry.summary = std::move(next);
    entry.summary.isKnown = true;
    if (lowestHit_ != entry.depth || isStable || isStopped())
      break; // nothing hangs on it, or on a caller too
    if (round == kMaxRounds) {
      noteCut(Cut::Iterations);
      break;
    }
    settle(first, false);
  }
  --depth_;
  running_ = caller;
  entry.isRunning = false;
  const bool isOutermost = lowestHit_ >= entry.depth;
  if (isOutermost) {
    lowestHit_ = kNoHit;
    if (entry.depth <= bigCircle_)
      bigCircle_ = kNoHit;
  } else if (bigCircle_ == kNoHit) {
    entry.isProvisional = true;
    entry.lowestHit = lowestHit_;
    provisional_.push_back(&entry);
    if (provisional_.size() > kMaxMembers)
      bigCircle_ = lowestHit_;
  }
  entry.isDone = !entry.isProvisional;
  if (isOutermost || bigCircle_ != kNoHit) {
    settle(isOutermost ? first : 0, true);
  }
  lowestHit_ = std::min(lowestHit_, hitBefore);
}

Specialization Engine::decidingOnly(FunctionId function, const Specialization &constants) {
  const FunctionFacts &facts = program.functions[function].facts;
  auto [it, isNew] = deciding_.try_emplace(function);
  std::vector<bool> &decides = it->second;
  if (isNew) {
    decides.assign(facts.params.size(), false);
    std::function<void(ValueId, unsigned)> visit = [&](ValueId id, unsigned depth) {
      if (id == kNone || depth > 8)
        return;
      const Value &value = facts.values[id];
      if (value.path != kNone && facts.paths[value.path].base == BaseKind::Var)
        for (std::size_t i = 0; i < facts.params.size(); ++i)
          if (facts.params[i] == facts.paths[value.path].id &&
              facts.paths[value.path].steps.empty())
            decides[i] = true;
      for (ValueId operand : value.operands)
        visit(operand, depth + 1);
    };
    for (const Block &block : facts.blocks)
      for (const Edge &edge : block.edges)
        visit(edge.condition, 0);
  }
  Specialization result;
  for (const auto &[ordinal, constant] : constants)
    if (ordinal >= 0 && static_cast<std::size_t>(ordinal) < decides.size() &&
        decides[static_cast<std::size_t>(ordinal)])
      result.emplace_back(ordinal, constant);
  return result;
}

} // namespace threadlint
