// BestConflicts: of the conflicts of one location class, the one that is reported.
//
// The surest comes first, then the one that is easiest to follow: writes, few locks, short ways. A pair of accesses that cannot win
// whatever it is worth need not be judged at all, which is what makes the search through big classes fast.
#pragma once

#include "analyzer/analysis/Conflicts.h"
#include "analyzer/analysis/Evidence.h"

#include <map>
#include <tuple>

namespace threadlint {

/// How easy an access is to follow: writes first, then few locks and the shortest way.
using Weight = std::tuple<bool, std::size_t, unsigned, SourceRange>;

/// An access with all that its judgement asks for again and again.
struct Located {
  ThreadId thread = kNoThread;
  const Access *access = nullptr;
  std::vector<Term> locations{}; ///< resolved
  Weight weight{};
  bool isSpawned = false; ///< by a thread that is surely started
  bool counts = false;    ///< its function takes locks: it counts on others doing so
};

class BestConflicts {
public:
  BestConflicts(const Engine &engine, const ThreadModel &model, Evidence &evidence)
      : engine_(engine), model_(model), evidence_(evidence) {}

  /// The class that is searched from now on: a kind of tree and a bucket of locations.
  void open(const ThreadTree &tree, std::uint64_t bucket);
  /// Keeps `count` accesses, of each thread in turn, so that some which can meet are left.
  void thin(std::vector<Located> &all, std::size_t count) const;
  /// Fills in what the order looks at.
  void prepare(Located &located);
  /// Whether a conflict between the two could change what is reported.
  bool isWanted(const Located &a, const Located &b) const;
  /// Whether it could be the one that is reported. If not, its sides are noted beside that one.
  bool mayWin(const Located &a, const Located &b);
  /// `found` says all but the sides; its locations are of `a` and, of a neighbour in the same word, of `b`.
  void add(const Located &a, const Located &b, Conflict found);

  std::vector<Conflict> take();

private:
  using Rank = std::tuple<int, bool, Weight, bool, std::size_t, bool, Weight, ThreadId, ThreadId>;
  using Key = std::pair<std::uint32_t, std::uint64_t>;
  struct Best {
    Conflict conflict;
    Rank rank;
  };

  static Rank rankOf(Confidence confidence, const Located &a, const Located &b);
  /// Whether the pair comes before the best one so far when it is as sure as can be.
  bool isBetter(const Located &a, const Located &b) const;
  static void keep(Conflict &best, const Located &a, const Located &b);
  static void keep(Conflict &best, const ConflictSide &side);

  const Engine &engine_;
  const ThreadModel &model_;
  Evidence &evidence_;
  std::map<Key, Best> best_;
  Key key_;
  Best *known_ = nullptr; ///< of that class
};

} // namespace threadlint
