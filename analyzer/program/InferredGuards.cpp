// InferredGuards: finds the classes by their constructors and destructors, then rewrites those calls.
#include "analyzer/program/InferredLocks.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <string>

namespace threadlint {
namespace {

/// What the USRs of all members of a class begin with, or nothing for a function of no class.
std::string_view classOf(std::string_view key) {
  const std::size_t at = key.rfind("@F@");
  return at == std::string_view::npos ? std::string_view() : key.substr(0, at);
}

bool soundsLikeGuard(std::string_view cls) {
  std::string name(cls.substr(cls.rfind('@') + 1));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (name.find("unlock") != std::string::npos)
    return false;
  for (std::string_view word : {"guard", "lock", "critical", "synchroni"})
    if (name.find(word) != std::string::npos)
      return true;
  return false;
}

struct GuardClass {
  bool isMade = false, isDestroyed = false, isOther = false;
};

/// Whether a constructor is given an object and a lock, beside flags and names.
bool takesLock(const FunctionFacts &facts, const Event &event) {
  auto place = [&](std::size_t i) -> const Path * {
    const Value &value = facts.values[event.args[i]];
    return value.kind == ValueKind::Address && value.path != kNone ? &facts.paths[value.path]
                                                                   : nullptr;
  };
  return event.args.size() >= 2 && event.args[0] != kNone && event.args[1] != kNone && place(0) &&
         place(1) && place(1)->type.cls == TypeClass::Lock;
}

} // namespace

void inferGuardClasses(Program &program) {
  std::map<std::string_view, GuardClass> classes;
  auto isUnknown = [&](const Event &event) {
    return event.kind == EventKind::Call && event.callee &&
           (event.flags & (Flag::Constructor | Flag::Destructor)) &&
           !program.functionByKey.count(event.callee) && !(event.flags & Flag::SystemCallee);
  };
  for (const Function &function : program.functions)
    for (const Block &block : function.facts.blocks)
      for (const Event &event : block.events)
        if (isUnknown(event)) {
          GuardClass &known = classes[classOf(program.text(event.callee))];
          known.isDestroyed |= (event.flags & Flag::Destructor) != 0;
          if (event.flags & Flag::Constructor)
            (takesLock(function.facts, event) ? known.isMade : known.isOther) = true;
        }
  std::erase_if(classes, [&](const auto &entry) {
    const auto &[cls, uses] = entry;
    return !uses.isMade || !uses.isDestroyed || uses.isOther || !soundsLikeGuard(cls);
  });
  if (classes.empty())
    return;
  for (Function &function : program.functions)
    for (Block &block : function.facts.blocks)
      for (Event &event : block.events) {
        if (!isUnknown(event) || !classes.count(classOf(program.text(event.callee))))
          continue;
        const bool isEnd = (event.flags & Flag::Destructor) != 0;
        const Value &object = function.facts.values[event.args[0]];
        if (object.kind != ValueKind::Address)
          continue;
        event.kind = isEnd ? EventKind::GuardDestroy : EventKind::GuardInit;
        event.path = object.path;
        event.args = isEnd ? std::vector<ValueId>{} : std::vector<ValueId>{event.args[1]};
        event.tag = GuardTag::Lock;
        event.mode = LockMode::Exclusive;
        event.callee = 0;
        event.result = kNone;
        event.unwind = kNone;
      }
}

} // namespace threadlint
