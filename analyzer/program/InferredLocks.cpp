// InferredLocks: finds the pairs, then rewrites their calls.
#include "analyzer/program/InferredLocks.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <string>

namespace threadlint {
namespace {

struct Verb {
  std::string_view acquire, release;
};
constexpr Verb kVerbs[] = {
    {"acquire", "release"}, {"enter", "leave"}, {"lock", "unlock"}, {"obtain", "release"}};

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

} // namespace

void inferLockFunctions(Program &program) {
  // Undefined functions called with a first argument, by lower-case name.
  std::map<std::string, StringId> candidates;
  for (const Function &function : program.functions)
    for (const Block &block : function.facts.blocks)
      for (const Event &event : block.events)
        if (event.kind == EventKind::Call && event.callee && !event.args.empty() &&
            event.args.size() <= 2 && !program.functionByKey.count(event.callee) &&
            !program.overriders.count(event.callee)) {
          std::string name = lower(ownName(program.text(event.callee)));
          if (!name.empty() && speaksOfLock(name) && name.find("try") == std::string::npos)
            candidates.emplace(name, event.callee);
        }
  std::map<StringId, EventKind> meaning;
  for (const auto &[name, key] : candidates)
    for (const Verb &verb : kVerbs) {
      auto release = swapVerb(name, verb.acquire, verb.release);
      if (!release || *release == name)
        continue;
      if (auto other = candidates.find(*release); other != candidates.end()) {
        meaning[key] = EventKind::Acquire;
        meaning[other->second] = EventKind::Release;
      }
    }
  if (meaning.empty())
    return;
  for (Function &function : program.functions)
    for (Block &block : function.facts.blocks)
      for (Event &event : block.events)
        if (event.kind == EventKind::Call)
          if (auto it = meaning.find(event.callee); it != meaning.end()) {
            event.kind = it->second;
            event.args.resize(1);
            event.lockKind = LockKind::Unknown;
            event.success = Success::Always;
            event.callee = 0;
            event.unwind = kNone;
          }
}

} // namespace threadlint
