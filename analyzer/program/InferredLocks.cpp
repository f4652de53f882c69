// InferredLocks: finds the pairs, then rewrites their calls.
#include "analyzer/program/InferredLocks.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace threadlint {
namespace {

struct Verb {
  std::string_view acquire, release;
};
constexpr Verb kVerbs[] = {{"acquire", "release"}, {"enter", "leave"},   {"lock", "unlock"},
                           {"obtain", "release"},  {"rdlock", "unlock"}, {"wrlock", "unlock"}};

/// The function's own name in a USR: behind the last `@F@`, before the parameter types.
std::string ownName(std::string_view key) {
  std::size_t at = key.rfind("@F@");
  if (at == std::string_view::npos)
    return {};
  std::string_view name = key.substr(at + 3);
  return std::string(name.substr(0, name.find('#')));
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool speaksOfLock(const std::string &name) {
  for (std::string_view word : {"lock", "mutex", "mtx", "critical", "crit_sec", "critsec"})
    if (name.find(word) != std::string::npos)
      return true;
  return false;
}

/// Readers share the lock.
bool isShared(const std::string &name) {
  if (name.find("rdlock") != std::string::npos || name.find("shared") != std::string::npos)
    return true;
  for (std::size_t at = name.find("read"); at != std::string::npos; at = name.find("read", at + 1))
    if (at < 2 || name.compare(at - 2, 2, "th") != 0) // not `thread`
      return true;
  return false;
}

/// `name` with its last occurrence of `verb` replaced.
std::optional<std::string> swapVerb(const std::string &name, std::string_view verb,
                                    std::string_view other) {
  std::size_t at = name.rfind(verb);
  if (at == std::string::npos)
    return std::nullopt;
  if (verb == "lock" && at >= 2 && name.compare(at - 2, 2, "un") == 0)
    return std::nullopt;
  return name.substr(0, at) + std::string(other) + name.substr(at + verb.size());
}

/// The one lock behind a pair of functions without arguments, named after the one that takes it.
VarFacts lockOf(Program &program, StringId function) {
  VarFacts var;
  std::string own = ownName(program.text(function));
  var.key = static_cast<StringId>(program.strings.size());
  program.strings.push_back(std::string(program.text(function)) + "@lock");
  var.name = static_cast<StringId>(program.strings.size());
  program.strings.push_back(own + "()");
  var.kind = VarKind::Global;
  var.type.cls = TypeClass::Lock;
  var.type.lockKind = LockKind::Unknown;
  var.addressTaken = true;
  var.external = true;
  return var;
}

ValueId addressOf(FunctionFacts &facts, const VarFacts &var, VarId id) {
  Path path;
  path.base = BaseKind::Var;
  path.id = id;
  path.type = var.type;
  Value value;
  value.kind = ValueKind::Address;
  value.path = static_cast<PathId>(facts.paths.size());
  facts.paths.push_back(path);
  facts.values.push_back(value);
  return static_cast<ValueId>(facts.values.size() - 1);
}

/// An undefined function that may be one of a pair.
struct Candidate {
  StringId key = 0;
  bool namesLock =
      false; ///< called with the lock as its first argument; else it has a lock of its own
};

/// What calls of such a function become.
struct Meaning {
  EventKind kind = EventKind::Acquire;
  LockMode mode = LockMode::Exclusive;
  VarId lock = kNone; ///< of a pair that takes no argument
};

/// Whether a function with this name takes or releases a lock, if it does either.
std::optional<EventKind> soundsLike(const std::string &name) {
  for (std::string_view word : {"init", "destroy", "held", "locked", "assert", "owner", "free"})
    if (name.find(word) != std::string::npos)
      return std::nullopt;
  for (const Verb &verb : kVerbs)
    if (name.find(verb.release) != std::string::npos)
      return EventKind::Release;
  for (const Verb &verb : kVerbs)
    if (name.find(verb.acquire) != std::string::npos)
      return EventKind::Acquire;
  return std::nullopt;
}

/// What a function does with the lock in one place: calls of unknown functions, and what is known to take or release it.
struct LockUse {
  std::vector<StringId> unknown;
  bool isTaken = false, isReleased = false;
};

/// The location whose address a value is, or that it is loaded from, without the type.
std::optional<Path> placeOf(const FunctionFacts &facts, ValueId id) {
  if (id == kNone)
    return std::nullopt;
  const Value &value = facts.values[id];
  if ((value.kind != ValueKind::Address && value.kind != ValueKind::Load) || value.path == kNone)
    return std::nullopt;
  Path place = facts.paths[value.path];
  if (value.kind == ValueKind::Load)
    place.steps.push_back({StepKind::Deref});
  place.type = {};
  return place;
}

/// A lone function whose name says that it takes a lock does so when each of its callers releases that lock and nothing else there
/// takes it; the same for one that releases.
void inferLoneFunctions(const Program &program, const std::map<std::string, Candidate> &candidates,
                        std::map<StringId, Meaning> &meaning) {
  std::map<StringId, EventKind> lone;
  for (const auto &[name, candidate] : candidates)
    if (auto kind = soundsLike(name); kind && candidate.namesLock && !meaning.count(candidate.key))
      lone.emplace(candidate.key, *kind);
  if (lone.empty())
    return;
  std::map<StringId, unsigned> agreeing;
  std::set<StringId> refuted;
  for (const Function &function : program.functions) {
    const FunctionFacts &facts = function.facts;
    std::vector<std::pair<Path, LockUse>> uses;
    auto useOf = [&](const Path &place) -> LockUse & {
      for (auto &[known, use] : uses)
        if (known == place)
          return use;
      return uses.emplace_back(place, LockUse{}).second;
    };
    for (const Block &block : facts.blocks)
      for (const Event &event : block.events) {
        bool isUnknown = event.kind == EventKind::Call && lone.count(event.callee);
        bool isKnown = event.kind == EventKind::Acquire || event.kind == EventKind::Release;
        if (!isUnknown && !isKnown)
          continue;
        for (ValueId arg : event.args) {
          std::optional<Path> place = placeOf(facts, arg);
          if (isUnknown && !place)
            refuted.insert(event.callee);
          if (!place)
            break;
          LockUse &use = useOf(*place);
          if (isUnknown)
            use.unknown.push_back(event.callee);
          use.isTaken |= event.kind == EventKind::Acquire;
          use.isReleased |= event.kind == EventKind::Release;
          if (isUnknown)
            break;
        }
      }
    for (const auto &[place, use] : uses)
      for (StringId callee : use.unknown) {
        bool takes = lone.at(callee) == EventKind::Acquire;
        bool fits = takes ? use.isReleased && !use.isTaken : use.isTaken && !use.isReleased;
        if (fits)
          ++agreeing[callee];
        else
          refuted.insert(callee);
      }
  }
  constexpr unsigned kFewestCalls = 2;
  for (const auto &[callee, calls] : agreeing)
    if (calls >= kFewestCalls && !refuted.count(callee))
      meaning[callee] = Meaning{
          lone.at(callee),
          isShared(lower(ownName(program.text(callee)))) ? LockMode::Shared : LockMode::Exclusive,
          kNone};
}

} // namespace

void inferLockFunctions(Program &program) {
  // Undefined functions by lower-case name.
  std::map<std::string, Candidate> candidates;
  std::set<std::string> ambiguous; ///< called with and without arguments, which C allows
  for (const Function &function : program.functions)
    for (const Block &block : function.facts.blocks)
      for (const Event &event : block.events)
        if (event.kind == EventKind::Call && event.callee && event.args.size() <= 2 &&
            !program.functionByKey.count(event.callee) && !program.overriders.count(event.callee)) {
          std::string name = lower(ownName(program.text(event.callee)));
          if (name.empty() || !speaksOfLock(name) || name.find("try") != std::string::npos)
            continue;
          const bool namesLock = !event.args.empty();
          auto known = candidates.emplace(name, Candidate{event.callee, namesLock}).first;
          if (known->second.key == event.callee && known->second.namesLock != namesLock)
            ambiguous.insert(name);
        }
  for (const std::string &name : ambiguous)
    candidates.erase(name);
  std::map<StringId, Meaning> meaning;
  std::map<StringId, VarId> ownLocks; ///< by the function that gives it back
  for (const auto &[name, candidate] : candidates)
    for (const Verb &verb : kVerbs) {
      auto release = swapVerb(name, verb.acquire, verb.release);
      if (!release || *release == name)
        continue;
      auto other = candidates.find(*release);
      if (other == candidates.end() || other->second.namesLock != candidate.namesLock)
        continue;
      VarId lock = kNone;
      if (!candidate.namesLock) {
        auto [it, isNew] =
            ownLocks.try_emplace(other->second.key, static_cast<VarId>(program.vars.size()));
        lock = it->second;
        if (isNew)
          program.vars.push_back(lockOf(program, candidate.key));
      }
      meaning[candidate.key] = Meaning{
          EventKind::Acquire, isShared(name) ? LockMode::Shared : LockMode::Exclusive, lock};
      meaning[other->second.key] = Meaning{EventKind::Release, LockMode::Exclusive, lock};
    }
  inferLoneFunctions(program, candidates, meaning);
  if (meaning.empty())
    return;
  for (Function &function : program.functions)
    for (Block &block : function.facts.blocks)
      for (Event &event : block.events) {
        if (event.kind != EventKind::Call)
          continue;
        auto it = meaning.find(event.callee);
        if (it == meaning.end())
          continue;
        event.kind = it->second.kind;
        event.mode = it->second.mode;
        event.args.resize(1);
        if (it->second.lock != kNone)
          event.args[0] = addressOf(function.facts, program.vars[it->second.lock], it->second.lock);
        event.lockKind = LockKind::Unknown;
        event.success = Success::Always;
        event.callee = 0;
        event.unwind = kNone;
      }
}

} // namespace threadlint
