// Modes: flags that say how a program works, tested where its threads are started and where something is accessed.
//
//   if (server->inBackground) start(worker);   ...   if (server->inBackground) join(worker); else cleanUp();
//
// Where the second test finds what the first one did not, there are no such threads. The flag can change in between for all that is known,
// so it is a judgement for the confidence of a conflict.
#pragma once

#include "analyzer/analysis/FlagTests.h"
#include "analyzer/analysis/ThreadModel.h"

#include <map>
#include <optional>
#include <set>

namespace threadlint {

class Modes {
public:
  Modes(const Engine &engine, const ThreadModel &model) : engine_(engine), model_(model) {}

  /// Whether each way to the access finds a flag set, or not set, that each way to the start of `other`, or of a creator of it, finds the
  /// other way round. Not a flag that a thread changes, or the code that starts it.
  bool isWithoutThread(const Access &access, ThreadId other);

private:
  struct Mode {
    bool isField = false;
    std::uint32_t id = 0;
    bool isZero = false;
    auto operator<=>(const Mode &) const = default;
  };
  using ModeSet = std::set<Mode>;
  const Engine &engine_;
  const ThreadModel &model_;
  std::map<std::pair<FunctionId, SourceRange>, ModeSet> atStep_;
  std::map<WitnessId, ModeSet> onWay_;
  std::optional<std::set<std::pair<bool, std::uint32_t>>> changed_; ///< by threads
  static std::optional<Mode> nameOf(const Program &program, const Path &path);
  const ModeSet &atStep(FunctionId function, const SourceRange &range);
  const ModeSet &onWay(WitnessId way);
  bool isChanged(const Mode &mode, WitnessId start);
};

} // namespace threadlint
