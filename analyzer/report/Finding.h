// Finding: one result about the user's program, in the words and numbers the reports show.
//
//   checks  =>  Finding  =>  suppression, confidence filter  =>  writers
//
// A plain value. `file` is relative to the project root with forward slashes, or absolute outside it; lines and byte columns
// are 1-based. Writers see Findings and never Program.
#pragma once

#include "analyzer/facts/Confidence.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace threadlint {

struct Place {
  std::string file;
  std::uint32_t line = 0, column = 0, endLine = 0, endColumn = 0;
  auto operator<=>(const Place &) const = default;
};

/// A step of a witness: where, in which function, what happens, and which locks are held there.
struct TraceStep {
  Place place;
  std::string function, message;
  std::vector<std::string> locksHeld;
  bool operator==(const TraceStep &) const = default;
};

/// One thread of a witness, from its entry to the access or acquisition (its last step).
struct ThreadTrace {
  std::string entry;
  std::vector<TraceStep> path;
  bool operator==(const ThreadTrace &) const = default;
};

struct RelatedPlace {
  Place place;
  std::string message;
  bool operator==(const RelatedPlace &) const = default;
};

/// What traced runs say about a finding, weakest first.
enum class EvidenceVerdict : std::uint8_t {
  Contradicted,  ///< everything was executed, and it cannot close or was never in this order
  NeverExecuted, ///< a place of it was not executed
  OrderObserved, ///< some of its orders, or all of them with other locks
  Confirmed,     ///< the whole cycle, or a hang
};

struct RuntimeEvidence {
  EvidenceVerdict verdict = EvidenceVerdict::NeverExecuted;
  Confidence before = Confidence::High; ///< the finding's without the evidence
  bool isHang = false;                  ///< seen to hang
  bool isRuntimeOnly = false;           ///< the static analysis has no such finding
  std::string detail;                   ///< one sentence
  bool operator==(const RuntimeEvidence &) const = default;
};

struct Finding {
  std::string check; ///< bare id; writers add the `threadlint-` prefix
  Severity severity = Severity::Warning;
  Confidence confidence = Confidence::High;
  std::vector<std::uint32_t> cwe;
  Place place;
  std::string function;
  std::string message;
  std::string fingerprint; ///< 32 hex digits
  std::vector<ThreadTrace> threads;
  std::vector<RelatedPlace> related;
  std::vector<std::string> notes;               ///< why parallel, evidence, how to fix
  std::optional<RuntimeEvidence> evidence = {}; ///< of a lock finding, when a trace was given
  bool operator==(const Finding &) const = default;
};

/// A Limitation with its strings resolved.
struct LimitationReport {
  std::string kind, message;
  Place place;
  bool incomplete = false;
  auto operator<=>(const LimitationReport &) const = default;
};

/// A NOLINT comment with its strings resolved.
struct SuppressionReport {
  std::uint8_t kind = 0; ///< SuppressionKind
  std::string file;
  std::uint32_t line = 0;
  std::vector<std::string> globs;
  auto operator<=>(const SuppressionReport &) const = default;
};

/// Who knows of an edge of the lock-order graph.
enum class EdgeOrigin : std::uint8_t { Static, Runtime, Both };

/// One lock taken while another is held, for the lock-order graph; one edge per pair of names, and every lock has its own name.
struct LockOrderEdge {
  std::string from, to;
  Place place; ///< of the first acquisition of `to` in source order
  std::string function;
  bool isInCycle = false; ///< a part of a reported or lower-confidence cycle
  EdgeOrigin origin = EdgeOrigin::Static;
  auto operator<=>(const LockOrderEdge &) const = default;
};

/// A place that takes a lock, and the name of the lock there.
struct LockSite {
  Place place;
  std::string lock, function;
  auto operator<=>(const LockSite &) const = default;
};

struct AnalysisResult {
  std::vector<Finding> findings; ///< sorted by (file, line, column, check, fingerprint)
  std::vector<LimitationReport> limitations;
  std::vector<SuppressionReport> suppressions;
  std::vector<LockOrderEdge> lockOrder; ///< sorted; only when asked for
  std::vector<LockSite> lockSites;      ///< sorted; only when asked for
  bool isComplete = true;               ///< else stopped: findings may be missing
};

} // namespace threadlint
