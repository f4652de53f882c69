// AwaitedNames: what a thread waits for in a loop, and what others change when they are through.
//
//   while (pool->active > 0) pthread_cond_wait(...);   use(result);        beside   result = work(); ...; --pool->active;
//   while (alive > 0) sleep(1);                        use(result);        beside   result = work(); ...; --alive;
//   for (each worker) sem_wait(&worker->done);         use(result);        beside   result = work(); sem_post(&worker->done);
//
// Read off the code around the two steps, by the names of fields and globals; values and objects are not followed. So it is a judgement for
// the confidence of a conflict, never a reason to drop it.
#pragma once

#include "analyzer/analysis/FlagTests.h"
#include "analyzer/analysis/ThreadModel.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace threadlint {

class AwaitedNames {
public:
  AwaitedNames(Engine &engine, const ThreadModel &model) : engine_(engine), model_(model) {}

  /// Whether a creator of `worker`, or a public function of a library, makes the access behind a loop that waits until something is as the
  /// worker, or one like it, makes it once it is through with `done`.
  bool isBehindWorker(ThreadId creator, const Access &access, ThreadId worker, const Access &done);

private:
  /// A field, or else a variable; and of a field the global object that it is of, where that is written, or kNone.
  using Name = std::tuple<bool, std::uint32_t, VarId>;
  using Names = std::set<Name>;
  Engine &engine_;
  const ThreadModel &model_;
  std::map<std::pair<FunctionId, unsigned>, Names> awaited_, changed_; ///< by function and depth
  std::map<WitnessId, Names> before_, after_;
  std::map<FunctionId, std::vector<BlockId>> waitingLoops_;
  std::map<std::pair<FunctionId, BlockId>, std::vector<bool>> later_;
  std::optional<Name> nameOf(const Path &path) const;
  std::optional<Name> signalOf(FunctionId function, const Event &event, EventKind kind) const;
  bool waits(FunctionId function, const Event &event, unsigned depth) const;
  void addTested(FunctionId function, ValueId value, Names &names, unsigned depth) const;
  Names awaitedBy(FunctionId function, const std::vector<bool> &body,
                  const std::function<bool(BlockId)> &leadsOn) const;
  const Names &awaitedIn(FunctionId function, unsigned depth);
  const Names &changedIn(FunctionId function, unsigned depth);
  void addChanged(FunctionId function, const Event &event, unsigned depth, Names &names);
  /// Loops in which something waits, by their headers.
  const std::vector<BlockId> &waitingLoops(FunctionId function);
  const std::vector<bool> &laterThan(FunctionId function, BlockId block);
  const Names &before(WitnessId way);
  const Names &after(WitnessId way);
  static bool haveCommon(const Names &a, const Names &b);
};

} // namespace threadlint
