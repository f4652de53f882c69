// LazyInit: what is done by whoever comes first, where a global was found to be zero.
//
// `if (!ready) { table = make(); ready = true; }` in every function of an interface is safe when main has called one of them before it
// starts a thread. Nobody looks whether main surely did: such a write is doubted, not dropped. Where a flag is surely set before a
// thread starts, and nobody clears it, what the thread does only without the flag never happens.
#pragma once

#include "analyzer/analysis/SettledFlags.h"
#include "analyzer/analysis/ThreadModel.h"

#include <map>
#include <optional>
#include <set>

namespace threadlint {

class LazyInit {
public:
  LazyInit(Engine &engine, const ThreadModel &model)
      : engine_(engine), model_(model), settled_(engine.program) {}
  /// Whether the access is made only where a flag was found to be zero that was set for good before the thread began.
  bool isOver(ThreadId thread, const Access &access);
  /// Whether the write is made only where a global was found to be zero, that global is set there, and main makes the same write
  /// while no thread runs, or the initialiser of a global can make it when the program is loaded, or the library is.
  bool wasDoneBefore(const Access &access);
  /// Whether the access is made only where a global was found to be zero, and the other thread is one of those that are started like
  /// that: the first user makes what the thread needs and starts it, the last one ends it.
  bool isBesideFirst(const Access &access, const ThreadInstance &other);

  /// Whether the write is made only where a global was found to be zero, which is set there, and the other access does not look at it:
  /// who makes that one counts on the first user to be through.
  bool isBeforeUse(const Access &write, const Access &other);

private:
  Engine &engine_;
  const ThreadModel &model_;
  struct Tests {
    bool isKnown = false;
    std::map<SourceRange, std::vector<Engine::ZeroTest>> at; ///< only where there is a test
  };
  std::vector<Tests> tests_; ///< by function
  SettledFlags settled_;
  std::map<std::pair<ThreadId, WitnessId>, bool> isOver_;
  std::map<FunctionId, bool> testsSettled_;
  bool testsSettled(FunctionId function);
  bool isSettledFlag(Term global);
  std::set<VarId> zeroAt(const Witness &step, const Access &access);
  std::optional<std::set<std::pair<FunctionId, SourceRange>>>
      early_;                   ///< such writes of main without threads, by place
  std::set<FunctionId> loaded_; ///< what initialisers of globals call; filled with early_
  void findLoaded();
  const std::vector<Engine::ZeroTest> &testsAt(const Witness &step);
  /// Whether a way leads to the access only where a global was found to be zero (and, `isSet`, is set there).
  bool isAtFirst(const Access &access, bool isSet);
};

} // namespace threadlint
