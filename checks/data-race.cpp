// data-race: accesses that two threads may make at once, one of them a write, without a common lock.
#include "checks/CheckFunctions.h"
#include "checks/Describe.h"
#include "checks/LockWords.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace threadlint {
namespace {

std::string accessWord(const Access &access) {
  if (access.flags & Flag::Mutator)
    return access.isWrite ? "changes" : "reads";
  return access.isWrite ? "writes" : "reads";
}

bool isShared(const HeldLock &lock) { return !lock.may && lock.mode == LockMode::Shared; }

std::string lockList(const LockWords &words, const std::vector<HeldLock> &held) {
  std::string text;
  for (const HeldLock &lock : held)
    if (!lock.may)
      text +=
          (text.empty() ? "'" : ", '") + words(lock.lock) + "'" + (isShared(lock) ? " shared" : "");
  return text.empty() ? "no lock" : text;
}

/// What the last step says beyond the names of the locks, which are shown anyway.
std::string aboutLocks(const Describer &describer, const LockWords &words,
                       const std::vector<HeldLock> &held) {
  bool isPlain = std::all_of(held.begin(), held.end(), [&](const HeldLock &lock) {
    return lock.may || (!isShared(lock) && words(lock.lock) == describer.name(lock.lock));
  });
  return isPlain ? std::string() : ", holding " + lockList(words, held);
}

/// What to do about a race whose sides hold these locks.
std::string fix(const Analysis &analysis, const Describer &describer, const LockWords &words,
                const Conflict &conflict, const std::string &what) {
  const std::vector<HeldLock> &first = analysis.engine->context(conflict.first.access.context).held,
                              &second =
                                  analysis.engine->context(conflict.second.access.context).held;
  const Term lock = conflict.guard != kUnknownTerm ? conflict.guard
                    : !second.empty()              ? second[0].lock
                    : !first.empty()               ? first[0].lock
                                                   : kUnknownTerm;
  if (lock == kUnknownTerm)
    return "fix: guard every access to '" + what + "' with one lock, or make it atomic";
  const std::string name = describer.name(lock);
  bool isOther = false, shared = false;
  std::size_t sides = 0;
  for (const std::vector<HeldLock> *held : {&first, &second})
    for (const HeldLock &each : *held) {
      if (each.may || describer.name(each.lock) != name)
        continue;
      const bool isSame = words.object(each.lock) == words.object(lock);
      isOther |= !isSame;
      shared |= isSame && isShared(each);
      sides += isSame ? 1 : 0;
    }
  if (isOther)
    return "fix: hold '" + name + "' of one and the same object at every access to '" + what + "'";
  if (shared && sides > 1)
    return "fix: take '" + name + "' exclusively at every access that writes '" + what + "'";
  if (shared)
    return "fix: hold '" + name + "' at every access to '" + what +
           "', and exclusively at each that writes it";
  return "fix: hold '" + name + "' at every access to '" + what + "'";
}

/// A call that a function inside a thread makes: the thread's own function, the one that calls, and where.
using InnerCall = std::tuple<FunctionId, FunctionId, SourceRange>;

/// The calls on the ways to both sides, other than those that the threads' own functions make.
std::set<InnerCall> innerCalls(const Analysis &analysis, const Conflict &conflict) {
  const Engine &engine = *analysis.engine;
  std::set<InnerCall> calls;
  for (const ConflictSide *side : {&conflict.first, &conflict.second}) {
    const FunctionId entry = analysis.model->threads[side->thread].entry;
    for (WitnessId at = side->access.witness; engine.witness(at).next != kNoWitness;
         at = engine.witness(at).next)
      if (const Witness &step = engine.witness(at); step.function != entry)
        calls.emplace(entry, step.function, step.range);
  }
  return calls;
}

/// One call of a thread that seems to race on so many variables: whether it is made while the other side runs, and on the same objects, is
/// one question, and a wrong answer makes all of them wrong. One of them is told; the others have medium confidence, unless a lock that is
/// held elsewhere is evidence.
void doubtManyBehindOneCall(const Analysis &analysis, const Describer &describer,
                            std::vector<Finding> &findings) {
  constexpr std::size_t kMany = 11;
  std::map<InnerCall, std::set<std::string>> raced;
  std::vector<std::set<InnerCall>> calls(findings.size());
  for (std::size_t i = 0; i < findings.size(); ++i)
    if (const Conflict &conflict = analysis.conflicts[i];
        conflict.confidence == Confidence::High && conflict.guard == kUnknownTerm) {
      calls[i] = innerCalls(analysis, conflict);
      for (const InnerCall &call : calls[i])
        raced[call].insert(describer.key(conflict.location));
    }
  std::set<InnerCall> told;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    std::erase_if(calls[i], [&](const InnerCall &call) { return raced[call].size() < kMany; });
    if (std::any_of(calls[i].begin(), calls[i].end(),
                    [&](const InnerCall &call) { return told.count(call) != 0; }))
      findings[i].confidence = Confidence::Medium;
    told.merge(calls[i]);
  }
}

} // namespace

std::vector<Finding> dataRace(const Analysis &analysis) {
  std::vector<Finding> findings;
  Describer describer(analysis);
  const Engine &engine = *analysis.engine;
  for (const Conflict &conflict : analysis.conflicts) {
    const Access &a = conflict.first.access, &b = conflict.second.access;
    const Witness &leafA = describer.leaf(a.witness), &leafB = describer.leaf(b.witness);
    const std::vector<HeldLock> &heldA = engine.context(a.context).held,
                                &heldB = engine.context(b.context).held;
    const std::string what = describer.name(conflict.location);
    const std::string other =
        conflict.neighbour != kUnknownTerm ? describer.name(conflict.neighbour) : what;
    std::vector<Term> locks;
    for (const std::vector<HeldLock> *held : {&heldA, &heldB})
      for (const HeldLock &lock : *held)
        if (!lock.may)
          locks.push_back(lock.lock);
    LockWords words(analysis, describer, locks);
    std::vector<std::string> sides{
        describer.functionKey(leafA.function) + (a.isWrite ? "=w" : "=r"),
        describer.functionKey(leafB.function) + (b.isWrite ? "=w" : "=r")};
    std::sort(sides.begin(), sides.end());
    Finding finding = makeFinding(describer, "data-race", leafA,
                                  {describer.key(conflict.location), sides[0], sides[1]});
    finding.confidence = conflict.confidence;
    bool sameSite = leafA.range == leafB.range;
    finding.message = "'" + what + "' is " + (a.isWrite ? "written" : "read") + " here holding " +
                      lockList(words, heldA) + " and " +
                      (other != what ? "its neighbour '" + other + "' " : std::string()) +
                      (b.isWrite ? "written" : "read") + " in '" +
                      describer.functionName(leafB.function) + "'" +
                      (sameSite ? " by another thread" : "") + " holding " +
                      lockList(words, heldB) + ": data race";
    finding.threads.push_back(describer.trace(
        conflict.first.thread, a.witness,
        accessWord(a) + " '" + what + "'" + aboutLocks(describer, words, heldA), heldA));
    finding.threads.push_back(describer.trace(
        conflict.second.thread, b.witness,
        accessWord(b) + " '" + other + "'" + aboutLocks(describer, words, heldB), heldB));
    if (other != what)
      finding.notes.push_back(
          "'" + what + "' and '" + other +
          "' are bit-fields in one memory location: writing one rewrites the other");
    finding.notes.push_back(
        describer.whyParallel(conflict.first.thread, conflict.second.thread, conflict.relation));
    if (conflict.guard != kUnknownTerm)
      finding.notes.push_back("evidence: '" + describer.name(conflict.guard) +
                              "' is held at the other access, so it is meant to guard '" + what +
                              "'");
    finding.notes.push_back(fix(analysis, describer, words, conflict, what));
    std::set<Place> known{describer.place(leafA.range), describer.place(leafB.range)};
    std::set<std::pair<Place, std::string>> more;
    for (const ConflictSide &side : conflict.others) {
      const Witness &leaf = describer.leaf(side.access.witness);
      if (!known.count(describer.place(leaf.range)))
        more.emplace(describer.place(leaf.range),
                     std::string(side.access.isWrite ? "also written" : "also read") + " in '" +
                         describer.functionName(leaf.function) + "'");
    }
    for (const auto &[place, message] : more)
      if (finding.related.size() < 12)
        finding.related.push_back(RelatedPlace{place, message});
    findings.push_back(std::move(finding));
  }
  doubtManyBehindOneCall(analysis, describer, findings);
  return findings;
}

} // namespace threadlint
