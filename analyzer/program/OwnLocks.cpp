// OwnLocks: finds the classes, then rewrites the calls.
#include "analyzer/program/OwnLocks.h"

#include <map>
#include <set>
#include <string_view>

namespace threadlint {
namespace {

constexpr unsigned kMaxDepth = 3; ///< calls from a lock function to the wait in it

struct Meaning {
  EventKind kind = EventKind::Acquire;
  LockMode mode = LockMode::Exclusive;
  bool isTry = false;
};

/// The methods of a lockable type, after the standard's requirements.
struct Method {
  std::string_view name;
  Meaning meaning;
};
constexpr Method kMethods[] = {
    {"lock", {EventKind::Acquire, LockMode::Exclusive, false}},
    {"unlock", {EventKind::Release, LockMode::Exclusive, false}},
    {"try_lock", {EventKind::Acquire, LockMode::Exclusive, true}},
    {"lock_shared", {EventKind::Acquire, LockMode::Shared, false}},
    {"unlock_shared", {EventKind::Release, LockMode::Shared, false}},
    {"try_lock_shared", {EventKind::Acquire, LockMode::Shared, true}},
};

class OwnLocks {
public:
  explicit OwnLocks(Program &program) : program_(program) {}

  void run() {
    std::map<StringId, std::map<std::string_view, FunctionId>> classes;
    for (FunctionId id = 0; id < program_.functions.size(); ++id) {
      const FunctionFacts &facts = program_.functions[id].facts;
      if (!(facts.flags & FunctionFlag::Method) || (facts.flags & FunctionFlag::Static) ||
          !facts.params.empty() || facts.record == 0)
        continue;
      std::string_view name = program_.text(facts.name);
      name.remove_prefix(name.rfind(':') + 1);
      for (const Method &method : kMethods)
        if (name == method.name)
          classes[facts.record].emplace(method.name, id);
    }
    std::map<StringId, std::pair<Meaning, StringId>> meaning; // by key; with the record
    for (const auto &[record, methods] : classes) {
      auto taker = methods.find("lock");
      if (taker == methods.end() || !methods.count("unlock") || !isOwn(taker->second))
        continue;
      for (const Method &method : kMethods)
        if (auto it = methods.find(method.name); it != methods.end())
          meaning[program_.functions[it->second].facts.key] = {method.meaning, record};
    }
    if (meaning.empty())
      return;
    for (Function &function : program_.functions)
      for (Block &block : function.facts.blocks)
        for (Event &event : block.events) {
          if (event.kind != EventKind::Call || event.args.empty())
            continue;
          if (auto it = meaning.find(event.callee);
              it != meaning.end() && it->second.second != function.facts.record)
            rewrite(event, it->second.first);
        }
  }

private:
  Program &program_;

  /// Whether the function waits for others and keeps no lock: with a lock of its own, or by atomic steps alone.
  bool isOwn(FunctionId id) const {
    int kept = 0;
    bool isAtomic = false;
    for (const Block &block : program_.functions[id].facts.blocks)
      for (const Event &event : block.events) {
        kept += event.kind == EventKind::Acquire ? 1 : event.kind == EventKind::Release ? -1 : 0;
        if (event.kind != EventKind::ReadWrite || !(event.flags & Flag::Atomic))
          continue;
        if (program_.isSpinLock(program_.functions[id].facts.paths[event.path]))
          return false; // understood step by step
        isAtomic = true;
      }
    std::set<FunctionId> seen;
    return kept == 0 && (isAtomic || waits(id, kMaxDepth, seen));
  }

  bool waits(FunctionId id, unsigned depth, std::set<FunctionId> &seen) const {
    if (!seen.insert(id).second)
      return false;
    for (const Block &block : program_.functions[id].facts.blocks)
      for (const Event &event : block.events) {
        if (event.kind == EventKind::Wait || event.kind == EventKind::SemWait)
          return true;
        if (depth == 0 || event.kind != EventKind::Call)
          continue;
        if (auto callee = program_.functionByKey.find(event.callee);
            callee != program_.functionByKey.end() && waits(callee->second, depth - 1, seen))
          return true;
      }
    return false;
  }

  static void rewrite(Event &event, const Meaning &meaning) {
    event.kind = meaning.kind;
    event.mode = meaning.mode;
    event.args.resize(1);
    event.lockKind = LockKind::Unknown;
    event.success = meaning.isTry ? Success::NonZero : Success::Always;
    event.flags = meaning.isTry ? std::uint32_t{Flag::Try} : 0;
    event.callee = 0;
    event.value = kNone;
    event.number = 0;
    event.unwind = kNone;
  }
};

} // namespace

void findOwnLocks(Program &program) { OwnLocks(program).run(); }

} // namespace threadlint
