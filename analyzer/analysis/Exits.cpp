// Exits: the ways out of a function, as its callers see them.
#include "analyzer/analysis/FlagTests.h"
#include "analyzer/analysis/Frame.h"

#include <algorithm>
#include <unordered_set>

namespace threadlint {
namespace {
constexpr std::size_t kMaxExits = 8;
constexpr std::size_t kMaxMemoryOut = 64;
} // namespace

/// What the caller can name of the memory: globals, what its own pointers lead to, and what is reached from there or from the
/// result. Of a store through a pointer that means nothing to the caller only the field remains: its values are no longer known.
std::vector<std::pair<Term, Term>> Frame::visibleMemory(const State &state, Term result) {
  std::unordered_set<Term> seen;
  std::vector<Term> work;
  auto push = [&](Term t) {
    if (t != kUnknownTerm && terms_[t].isOpen && seen.insert(t).second)
      work.push_back(t);
  };
  auto isNamed = [&](Term root) {
    const TermNode &node = terms_[root];
    if (node.kind == TermKind::Object)
      return seen.count(root) != 0 || node.b == kGlobalChain;
    return node.kind != TermKind::Deref || !isAnonymous(node.a) || seen.count(node.a) != 0;
  };
  struct Candidate {
    Term key, stored, root;
    bool isTaken = false;
  };
  std::vector<Candidate> candidates;
  for (const auto &[key, stored] : state.memory) {
    Term root = terms_.root(key);
    const TermNode &node = terms_[root];
    if (node.kind != TermKind::Result && node.kind != TermKind::Capture &&
        (node.kind != TermKind::Variable || node.b != 0) && stored != terms_.init(key))
      candidates.push_back({key, stored, root});
  }
  push(result);
  for (bool grows = true; grows;) {
    while (!work.empty()) {
      const Term t = work.back();
      work.pop_back();
      const TermNode &node = terms_[t];
      if (node.kind >= TermKind::Field && node.kind <= TermKind::Deref)
        push(node.a);
      if (node.kind == TermKind::Address || node.kind == TermKind::Init ||
          node.kind == TermKind::Project)
        push(node.a);
      for (Term kid : node.kids)
        push(kid);
      for (Term input : terms_.inputs(t))
        push(input);
    }
    grows = false;
    for (Candidate &candidate : candidates)
      if (!candidate.isTaken && isNamed(candidate.root)) {
        candidate.isTaken = grows = true;
        push(candidate.stored);
      }
  }
  std::vector<std::pair<Term, Term>> visible;
  std::set<FieldId> lost;
  for (const Candidate &candidate : candidates) {
    const Terms::Shape &shape = terms_.shape(candidate.key);
    if (candidate.isTaken && visible.size() < kMaxMemoryOut)
      visible.emplace_back(candidate.key, candidate.stored);
    else if (shape.isPointeeField && lost.insert(shape.field).second)
      visible.emplace_back(terms_.field(terms_.deref(terms_.fresh(0, kGlobalChain)), shape.field),
                           terms_.fresh(0, kGlobalChain));
  }
  std::sort(visible.begin(), visible.end());
  visible.erase(std::unique(visible.begin(), visible.end()), visible.end());
  return visible;
}

/// Whether the handle of a thread was copied to another place than its own variable; one that outlives the frame, if `outlives`.
bool Frame::isKeptElsewhere(const State &state, const LiveThread &live, bool outlives) {
  const Term root = terms_.root(live.handle);
  for (const auto &[key, stored] : state.memory) {
    if (stored != live.thread)
      continue;
    Term other = terms_.root(key);
    bool isTemporary = terms_[other].kind == TermKind::Object &&
                       engine_.siteInfo(terms_[other].a).kind == SiteKind::Temporary;
    if (other != root && !isTemporary && !(outlives && diesWithFrame(state, other)))
      return true;
  }
  return false;
}

/// A local variable that nobody else can reach.
bool Frame::diesWithFrame(const State &state, Term root) const {
  const TermNode &node = terms_[root];
  return node.kind == TermKind::Variable && node.b == 0 && !containsSorted(state.escaped, root);
}

/// Whether all ways on from a block leave the function with an exception.
bool Frame::onlyThrows(BlockId from) const {
  std::vector<bool> reached = reachedFrom(facts_, {from});
  reached[from] = true;
  auto isReached = [&](BlockId block) { return block < reached.size() && reached[block]; };
  return !isReached(facts_.exit) && isReached(facts_.exceptionalExit);
}

void Frame::addExit(ExitKind kind, State &state, Term result) {
  if (!isRecording_ || (kind == ExitKind::Throw && (facts_.flags & FunctionFlag::Noexcept)))
    return;
  // Threads whose handle dies with the frame.
  if (kind == ExitKind::Return)
    for (const LiveThread &live : state.live)
      if (live.joinable && live.handle != kUnknownTerm) {
        Term root = terms_.root(live.handle);
        bool dies = diesWithFrame(state, root) &&
                    (live.kind == SpawnKind::PThread || live.kind == SpawnKind::C11) &&
                    load(state, live.handle) == live.thread &&
                    (result == kUnknownTerm || !terms_.contains(result, live.thread));
        // `if (out) *out = id;`: callers that pass null literally have a summary of their own.
        bool wantsNull = std::any_of(state.facts.begin(), state.facts.end(), [&](const Fact &fact) {
          return fact.equal && fact.constant == 0 && terms_[fact.value].kind == TermKind::Param;
        });
        if (dies && !isKeptElsewhere(state, live, true))
          defect(DefectKind::Unjoined, live.thread, state.spawnedAt[live.thread], kNoWitness,
                 LockMode::Exclusive, LockMode::Exclusive, wantsNull, live.kind);
      }
  Exit exit;
  exit.kind = kind;
  exit.context = engine_.context(contextOf(state));
  exit.context.held = state.held; // with where they were taken here: contexts are shared
  std::erase_if(exit.context.held, [&](const HeldLock &h) { return isGuardLock(terms_, h.lock); });
  std::erase_if(exit.context.held, [&](const HeldLock &h) { return hasEnded(state, h.lock); });
  exit.needs = state.needs;
  exit.result = result;
  std::function<bool(Term)> isVisible = [&](Term t) -> bool {
    const TermNode &node = terms_[t];
    switch (node.kind) {
    case TermKind::Param:
    case TermKind::CaptureValue:
    case TermKind::Int:
    case TermKind::Function:
      return true;
    case TermKind::Init:
    case TermKind::Address:
      return !isFrameObject(terms_.root(node.a));
    case TermKind::Op:
      return std::all_of(node.kids.begin(), node.kids.end(), isVisible);
    case TermKind::Fresh:
    case TermKind::Phi:
      return t == result;
    default:
      return false;
    }
  };
  for (const Fact &fact : state.facts)
    if (isVisible(fact.value))
      exit.facts.push_back(fact);
  for (Term either : state.either)
    if (isVisible(either))
      exit.facts.push_back(Fact{either, false, 0});
  exit.memory = visibleMemory(state, result);
  exit.taken = state.taken;
  for (const GuardState &guard : state.guards) {
    Term root = terms_.root(guard.guard);
    const TermNode &node = terms_[root];
    bool isLocal =
        (node.kind == TermKind::Variable && node.b == 0) ||
        (node.kind == TermKind::Object && engine_.siteInfo(node.a).kind == SiteKind::Temporary);
    if (!isLocal)
      exit.guards.push_back(guard);
  }
  nameReturn(exit, state);
  auto same = [&](const Exit &o) {
    Context a = o.context, b = exit.context;
    a.past = b.past = {};
    return o.kind == exit.kind && engine_.intern(a) == engine_.intern(b) && o.guards == exit.guards;
  };
  auto join = [&](Term key, Term a, Term b) {
    Term phi = terms_.phi(engine_.site(id_, SiteKind::Exit, 0, 0), key);
    terms_.addInput(phi, a);
    terms_.addInput(phi, b);
    return phi;
  };
  for (Exit &known : out_.exits) {
    if (!same(known))
      continue;
    if (known.result == exit.result) {
      joinPast(known.context.past, known.facts, exit.context.past, exit.facts);
      intersectSorted(known.taken, exit.taken);
      intersectSorted(known.needs, exit.needs);
      std::erase_if(known.facts, [&](const Fact &f) {
        return std::find(exit.facts.begin(), exit.facts.end(), f) == exit.facts.end();
      });
      std::vector<std::pair<Term, Term>> memory;
      for (const auto &entry : known.memory) {
        auto other = std::find_if(exit.memory.begin(), exit.memory.end(),
                                  [&](const auto &e) { return e.first == entry.first; });
        Term theirs = other != exit.memory.end() ? other->second : terms_.init(entry.first);
        memory.emplace_back(entry.first, theirs == entry.second
                                             ? entry.second
                                             : join(entry.first, entry.second, theirs));
      }
      for (const auto &entry : exit.memory)
        if (std::none_of(known.memory.begin(), known.memory.end(),
                         [&](const auto &e) { return e.first == entry.first; }))
          memory.emplace_back(entry.first,
                              join(entry.first, entry.second, terms_.init(entry.first)));
      known.memory = std::move(memory);
      return;
    }
  }
  if (out_.exits.size() < kMaxExits) {
    out_.exits.push_back(std::move(exit));
    return;
  }
  for (Exit &known : out_.exits)
    if (same(known)) {
      known.result = join(0, known.result, exit.result);
      known.facts.clear();
      known.context.past.clear();
      known.taken.clear();
      known.needs.clear();
      return;
    }
  out_.truncated = true;
  engine_.noteCut(Cut::Exits);
}

/// A loop that joins what its elements hold, and passes over empty elements, joins all there is: the way through it that finds
/// every element empty is not kept.
void Frame::mergeJoiningExits() {
  if (out_.exits.size() < 2 ||
      std::all_of(out_.exits.begin(), out_.exits.end(),
                  [](const Exit &exit) { return exit.context.joined.empty(); }))
    return;
  auto isWalk = [&](Term joined) {
    const TermNode &node = terms_[joined];
    return (node.kind == TermKind::Address || node.kind == TermKind::Init) &&
           isElementOfLoop(node.a);
  };
  auto isCovered = [&](const Exit &less) {
    return std::any_of(out_.exits.begin(), out_.exits.end(), [&](const Exit &more) {
      const std::vector<Term> &all = more.context.joined, &some = less.context.joined;
      if (more.kind != less.kind || more.result != less.result || all.size() <= some.size() ||
          !std::includes(all.begin(), all.end(), some.begin(), some.end()) ||
          std::none_of(all.begin(), all.end(), isWalk))
        return false;
      Context a = more.context, b = less.context;
      a.joined = b.joined = {};
      return engine_.intern(a) == engine_.intern(b);
    });
  };
  std::vector<Exit> kept;
  for (const Exit &exit : out_.exits)
    if (!isCovered(exit))
      kept.push_back(exit);
  out_.exits = std::move(kept);
}

/// What was done on both ways; there is nothing to end where a pointer is null.
bool Frame::joinPast(std::vector<Term> &past, const std::vector<Fact> &facts,
                     const std::vector<Term> &otherPast,
                     const std::vector<Fact> &otherFacts) const {
  std::vector<Term> ended;
  auto keep = [&](const std::vector<Term> &with, const std::vector<Term> &without,
                  const std::vector<Fact> &known) {
    for (Term token : with) {
      const TermNode &node = terms_[token];
      if (node.kind == TermKind::Op && node.n == kEndedToken && !containsSorted(without, token) &&
          std::find(known.begin(), known.end(), Fact{node.kids[0], true, 0}) != known.end())
        ended.push_back(token);
    }
  };
  if (!past.empty() || !otherPast.empty()) {
    keep(past, otherPast, otherFacts);
    keep(otherPast, past, facts);
  }
  bool changed = intersectSorted(past, otherPast);
  for (Term token : ended)
    changed |= insertSorted(past, token);
  return changed;
}

/// Whether a lock was destroyed on every way here, or the memory it is in was released: nobody can give it back any more.
bool Frame::hasEnded(const State &state, Term lock) const {
  const Term owner = terms_.root(lock);
  return std::any_of(state.past.begin(), state.past.end(), [&](Term token) {
    const TermNode &node = terms_[token];
    return node.kind == TermKind::Op && node.n == kEndedToken &&
           terms_.deref(node.kids[0]) == owner;
  });
}

/// Locks held at one exit and given back at another. Whether that is by design (a caller releases them) is known at the end.
void Frame::judgeExits() {
  for (const Exit &exit : out_.exits) {
    if (exit.kind == ExitKind::ThreadExit)
      continue;
    for (const HeldLock &held : exit.context.held) {
      if (held.may || held.isSpin || takenByWait_.count(held.lock))
        continue;
      bool givenBack = false;
      for (const Exit &other : out_.exits) {
        if (other.kind != ExitKind::Return || &other == &exit)
          continue;
        bool isHeld =
            std::any_of(other.context.held.begin(), other.context.held.end(),
                        [&](const HeldLock &h) { return lockClassMatches(h.lock, held.lock); });
        if (isHeld)
          continue;
        // Given back means: taken on that path too. `unlockedSomewhere_` knows.
        givenBack |= unlockedSomewhere_.count(held.lock) != 0;
      }
      bool guardOutlives =
          std::any_of(exit.guards.begin(), exit.guards.end(), [&](const GuardState &g) {
            return std::find(g.locks.begin(), g.locks.end(), held.lock) != g.locks.end();
          });
      if (givenBack && !guardOutlives)
        defect(DefectKind::LeakOnPath, held.lock, held.witness, exit.witness, held.mode,
               LockMode::Exclusive, out_.truncated);
    }
  }
}

} // namespace threadlint
