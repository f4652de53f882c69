// TraceResult: what traces say, in places and names instead of addresses.
//
//   Trace  --resolveTrace-->  TraceResult  --traceReport-->  Report  =>  writers
//                                  |  ^
//              writeTraceJson      v  |  readTraceJson          threadlint merge: static findings with evidence
//
// A plain value. Several processes, or runs, join into one result (append). Paths are absolute until `makeRelative`.
#pragma once

#include "analyzer/report/Finding.h"
#include "tracer/report/Cycles.h"
#include "tracer/report/Trace.h"

#include <optional>
#include <string>
#include <vector>

namespace threadlint::tracing {

/// A function call on the way to a site. Without debug information there is no file, and the function may be "app+0x1234".
struct SiteFrame {
  Place place;
  std::string function;
  auto operator<=>(const SiteFrame &) const = default;
};

/// A place that takes a lock, innermost call of the user's first, inlined calls resolved.
struct Site {
  std::vector<SiteFrame> frames; ///< never empty
  std::uint32_t taking = 0;  ///< the frames before it are in functions that lock for their caller
  std::uint32_t certain = 1; ///< frames from there on may be callers of another time at this site
  const SiteFrame &place() const { return frames[taking < certain ? taking : certain - 1]; }
  auto operator<=>(const Site &) const = default;
};

struct ResolvedLock {
  LockKind kind = LockKind::Mutex;
  std::string name; ///< what reports show
  bool isNamed =
      false; ///< by an annotation, a variable or the static analysis; else by its first site
  std::uint64_t address = 0;
  std::uint32_t thread = kNone; ///< LockKind::Thread
  std::uint64_t contended = 0, acquisitions = 0, holdNs = 0, holdMaxNs = 0, waitNs = 0,
                waitMaxNs = 0;
};

struct ResolvedThread {
  std::string name;  ///< "main", "thread 3 'worker'"
  std::string entry; ///< function of the user's it starts in
  std::uint32_t nativeId = 0, parent = kNone;
};

/// A lock taken while another is held; kind Thread: a thread joined, or a lock taken by a thread that somebody joins.
struct ObservedEdge {
  std::uint32_t from = kNone, to = kNone;       ///< locks
  std::uint32_t heldSite = kNone, site = kNone; ///< where `from` and `to` were taken
  std::uint32_t thread = kNone;
  LockMode heldMode = LockMode::Exclusive, mode = LockMode::Exclusive;
  Way way = Way::Block;
  std::vector<std::uint32_t> held; ///< all locks held there, outermost first
  auto operator<=>(const ObservedEdge &) const = default;
};

struct ObservedCycle {
  std::vector<std::uint32_t> edges; ///< edge i ends where edge i + 1 begins
  std::optional<PruneReason> pruned;
  bool isHang = false;   ///< it was seen to hang
  std::size_t count = 1; ///< cycles of other locks at the same sites
};

/// A self-deadlock or a stall.
struct ObservedHang {
  IncidentKind kind = IncidentKind::SelfDeadlock;
  std::uint32_t thread = kNone, lock = kNone;
  std::uint32_t heldSite = kNone,
                site = kNone; ///< where the lock was taken, and where it is waited for
  std::uint32_t owner = kNone,
                ownerSite = kNone; ///< stall: who holds the lock, and where it sleeps
  std::string sleep;               ///< in "a system call", `ownerSite` is where it took the lock
};

struct ResolvedObservation {
  std::string kind; ///< "held-at-exit", "held-across-fork", "wait-with-lock"
  Place place;
  std::string function, message;
  auto operator<=>(const ResolvedObservation &) const = default;
};

struct TracedProcess {
  std::string program, command, end;
  std::uint64_t processId = 0;
};

struct TraceResult {
  std::vector<TracedProcess> processes;
  std::vector<Site> sites; ///< all that were executed, and those of edges
  std::vector<ResolvedLock> locks;
  std::vector<ResolvedThread> threads;
  std::vector<ObservedEdge> edges;
  std::vector<ObservedCycle> cycles; ///< reported ones first
  std::vector<ObservedHang> hangs;
  std::vector<ResolvedObservation> observations;
  std::vector<LimitationReport>
      limitations; ///< limits that were reached, modules that do not match, ...

  /// Takes over another process's or run's result.
  void append(TraceResult other);
  /// Cycles that are reported before those that are pruned, else as they are.
  void sortCycles();
  /// Paths under `root` become relative to it.
  void makeRelative(const std::string &root);
};

std::string_view nameOf(LockKind kind);
std::string_view nameOf(Way way);

/// What follows the last '/'.
std::string baseName(const std::string &path);
/// "0x1f".
std::string hex(std::uint64_t number);

} // namespace threadlint::tracing
