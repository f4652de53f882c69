// data-race: accesses that two threads may make at once, one of them a write, without a common lock.
#include "checks/CheckFunctions.h"
#include "checks/Describe.h"

#include <algorithm>
#include <set>

namespace threadlint {
namespace {

std::string accessWord(const Access &access) {
  if (access.flags & Flag::Mutator)
    return access.isWrite ? "changes" : "reads";
  return access.isWrite ? "writes" : "reads";
}

std::string lockList(const Describer &describer, const std::vector<HeldLock> &held) {
  std::string text;
  for (const HeldLock &lock : held)
    if (!lock.may)
      text += (text.empty() ? "'" : ", '") + describer.name(lock.lock) + "'";
  return text.empty() ? "no lock" : text;
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
    std::vector<std::string> sides{
        describer.functionKey(leafA.function) + (a.isWrite ? "=w" : "=r"),
        describer.functionKey(leafB.function) + (b.isWrite ? "=w" : "=r")};
    std::sort(sides.begin(), sides.end());
    Finding finding = makeFinding(describer, "data-race", leafA,
                                  {describer.key(conflict.location), sides[0], sides[1]});
    finding.confidence = conflict.confidence;
    bool sameSite = leafA.range == leafB.range;
    finding.message = "'" + what + "' is " + (a.isWrite ? "written" : "read") + " here holding " +
                      lockList(describer, heldA) + " and " +
                      (other != what ? "its neighbour '" + other + "' " : std::string()) +
                      (b.isWrite ? "written" : "read") + " in '" +
                      describer.functionName(leafB.function) + "'" +
                      (sameSite ? " by another thread" : "") + " holding " +
                      lockList(describer, heldB) + ": data race";
    finding.threads.push_back(describer.trace(conflict.first.thread, a.witness,
                                              accessWord(a) + " '" + what + "'", heldA));
    finding.threads.push_back(describer.trace(conflict.second.thread, b.witness,
                                              accessWord(b) + " '" + other + "'", heldB));
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
    std::string lock = conflict.guard != kUnknownTerm ? "'" + describer.name(conflict.guard) + "'"
                       : !heldB.empty()               ? "'" + describer.name(heldB[0].lock) + "'"
                       : !heldA.empty()               ? "'" + describer.name(heldA[0].lock) + "'"
                                                      : std::string();
    finding.notes.push_back(
        lock.empty() ? "fix: guard every access to '" + what + "' with one lock, or make it atomic"
                     : "fix: hold " + lock + " at every access to '" + what + "'");
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
  return findings;
}

} // namespace threadlint
