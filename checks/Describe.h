// Describe: terms, threads and witnesses in the words of a report.
//
// Locks and locations are named by class: `stats`, `Account::mu_`, `results[]`; never by address, term number or line. Fields of a
// report that name a function have no line either; messages tell the lambdas of one function apart by it.
#pragma once

#include "analyzer/analysis/Analysis.h"
#include "analyzer/report/Finding.h"

#include <map>
#include <set>
#include <string>

namespace threadlint {

class Describer {
public:
  explicit Describer(const Analysis &analysis)
      : analysis_(analysis), program_(*analysis.program), engine_(*analysis.engine) {}

  /// Name of a location or lock as a user writes its class.
  std::string name(Term location, FunctionId frame = kNone) const;
  /// Key without lines or paths, for fingerprints.
  std::string key(Term location) const;
  Place place(const SourceRange &range) const;
  /// The last step of a witness: where the event itself is.
  const Witness &leaf(WitnessId id) const;
  TraceStep stepAt(const Witness &witness, std::string message) const;
  /// Steps from the entry of `thread` to the event; `held` are the locks there.
  ThreadTrace trace(ThreadId thread, WitnessId witness, const std::string &what,
                    const std::vector<HeldLock> &held) const;
  /// Steps inside a function when no thread is involved.
  ThreadTrace trace(WitnessId witness, const std::string &what) const;
  std::string entryName(ThreadId thread) const;
  /// Name for messages: of several lambdas in one function, with the line, of several in one line with the column.
  std::string functionName(FunctionId id) const;
  /// Key of a function for fingerprints: its pattern's for instantiations, without the file part.
  std::string functionKey(FunctionId id) const;
  std::string whyParallel(ThreadId a, ThreadId b, ThreadModel::Relation relation) const;

  const Program &program() const { return program_; }

private:
  const Analysis &analysis_;
  const Program &program_;
  Engine &engine_;
  mutable std::set<std::string, std::less<>> files_;     ///< of the program; made when first needed
  mutable std::set<std::string, std::less<>> baseNames_; ///< of files_
  /// A key of the facts without the names of files in it: a moved or renamed file keeps its findings.
  std::string withoutFiles(std::string_view key) const;
  using LambdaPlaces = std::map<std::uint32_t, std::set<std::uint32_t>>; ///< line -> columns
  mutable std::map<std::pair<StringId, std::uint32_t>, LambdaPlaces> lambdaPlaces_;
  const LambdaPlaces &lambdaPlaces(const FunctionFacts &lambda) const;
  std::string holderOf(const Site &site) const;
  void addSteps(ThreadTrace &trace, WitnessId witness, const std::string &what,
                const std::vector<HeldLock> *held) const;
};

/// The best finding for each key: the one of the lowest rank, of equals the first.
template <typename Key, typename Rank> class BestFindings {
public:
  void add(const Key &key, const Rank &rank, Finding finding) {
    auto [it, isNew] = found_.try_emplace(key, rank, finding);
    if (!isNew && rank < it->second.first)
      it->second = {rank, std::move(finding)};
  }
  /// The findings, sorted by key.
  std::vector<Finding> take() {
    std::vector<Finding> findings;
    for (auto &[key, ranked] : found_)
      findings.push_back(std::move(ranked.second));
    found_.clear();
    return findings;
  }

private:
  std::map<Key, std::pair<Rank, Finding>> found_;
};

/// One for each place: the most confident.
class FindingsByPlace : public BestFindings<Place, Confidence> {
public:
  void add(Finding finding) {
    const Place place = finding.place;
    const Confidence confidence = finding.confidence;
    BestFindings::add(place, confidence, std::move(finding));
  }
};

/// One for each fingerprint: the most confident, of equals the first place.
class FindingsByFingerprint : public BestFindings<std::string, std::pair<Confidence, Place>> {
public:
  void add(Finding finding) {
    const std::string print = finding.fingerprint;
    const std::pair rank(finding.confidence, finding.place);
    BestFindings::add(print, rank, std::move(finding));
  }
};

/// A finding with everything but messages: check row, place and function of the leaf, fingerprint of `parts`.
Finding makeFinding(const Describer &describer, std::string_view check, const Witness &leaf,
                    std::vector<std::string> parts);

} // namespace threadlint
