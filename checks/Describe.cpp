// Describe: names, places and traces.
#include "checks/Describe.h"

#include "analyzer/analysis/InstanceOrder.h"
#include "analyzer/report/Fingerprint.h"
#include "checks/Checks.h"

#include <algorithm>

namespace threadlint {

Place Describer::place(const SourceRange &range) const {
  return Place{program_.files[range.file], range.line, range.column, range.endLine,
               range.endColumn};
}

const Witness &Describer::leaf(WitnessId id) const { return engine_.leaf(id); }

/// The places of the lambdas of one name in a file, by both.
const Describer::LambdaPlaces &Describer::lambdaPlaces(const FunctionFacts &lambda) const {
  if (lambdaPlaces_.empty())
    for (const Function &function : program_.functions)
      if (function.hasFlag(FunctionFlag::Lambda))
        lambdaPlaces_[{function.facts.name, function.facts.range.file}][function.facts.range.line]
            .insert(function.facts.range.column);
  return lambdaPlaces_[{lambda.name, lambda.range.file}];
}

std::string Describer::functionName(FunctionId id) const {
  const Function &function = program_.functions[id];
  std::string name = program_.functionName(id);
  if (!function.hasFlag(FunctionFlag::Lambda))
    return name;
  const SourceRange &range = function.facts.range;
  const LambdaPlaces &places = lambdaPlaces(function.facts);
  const bool isAloneInLine = places.at(range.line).size() == 1;
  if (places.size() > 1 || !isAloneInLine)
    name += " (line " + std::to_string(range.line) +
            (isAloneInLine ? "" : ", column " + std::to_string(range.column)) + ")";
  return name;
}

std::string Describer::functionKey(FunctionId id) const {
  const FunctionFacts &facts = program_.functions[id].facts;
  return withoutFiles(program_.text(facts.pattern ? facts.pattern : facts.key));
}

namespace {

/// The length of the longest name in `names` that `text` begins with and one of `marks` or the end follows; 0: none. Names of files
/// may have marks in them.
std::size_t lengthOfName(std::string_view text, const std::set<std::string, std::less<>> &names,
                         std::initializer_list<std::string_view> marks) {
  std::size_t longest = 0;
  for (std::size_t end = 1; end <= text.size(); ++end) {
    const std::string_view rest = text.substr(end);
    const bool isEnd = rest.empty() || std::any_of(marks.begin(), marks.end(), [&](auto mark) {
                         return rest.starts_with(mark);
                       });
    if (isEnd && names.contains(text.substr(0, end)))
      longest = end;
  }
  return longest;
}

} // namespace

std::string Describer::withoutFiles(std::string_view key) const {
  if (files_.empty())
    for (std::string_view file : program_.files) {
      files_.emplace(file);
      baseNames_.emplace(file.substr(file.rfind('/') + 1));
    }
  std::string result;
  // A USR of internal linkage begins with the name of its file: "c:bank.cpp@F@work#".
  if (std::size_t at = key.find('@'); key.starts_with("c:") && at != std::string_view::npos) {
    const std::size_t length = lengthOfName(key.substr(2), baseNames_, {"@"});
    result = "c:";
    key.remove_prefix(length > 0 ? 2 + length : at);
  }
  // Our own part of such a key is "@" and the file, somewhere before what stands inside it.
  while (!key.empty()) {
    if (key[0] == '@') {
      if (std::size_t length = lengthOfName(key.substr(1), files_, {"#", "::", "$"}); length > 0) {
        key.remove_prefix(1 + length);
        continue;
      }
    }
    result += key[0];
    key.remove_prefix(1);
  }
  return result;
}

std::string Describer::name(Term location, FunctionId frame) const {
  const Terms &terms = engine_.terms;
  const TermNode &node = terms[location];
  auto fieldName = [&](FieldId id) -> std::string {
    if (id >= program_.fields.size())
      return "once flag";
    const FieldFacts &field = program_.fields[id];
    auto record = program_.recordByKey.find(field.record);
    std::string owner = record != program_.recordByKey.end()
                            ? std::string(program_.text(program_.records[record->second].name))
                            : "";
    std::string own(program_.text(field.name));
    return owner.empty() ? own : owner + "::" + own;
  };
  switch (node.kind) {
  case TermKind::Variable:
    return std::string(program_.text(program_.vars[node.a].name));
  case TermKind::Field: {
    std::string own = fieldName(node.b);
    if (own.find("::") == std::string::npos && node.b < program_.fields.size())
      return name(node.a, frame) + "." + own;
    if (node.b >= program_.fields.size())
      return name(node.a, frame);
    return own;
  }
  case TermKind::Index:
  case TermKind::Element:
    return name(node.a, frame) + "[]";
  case TermKind::Deref: {
    const TermNode &value = terms[node.a];
    if (value.kind == TermKind::Init)
      return name(value.a, frame);
    if (value.kind == TermKind::Param) {
      if (value.n == kThisParameter)
        return "*this";
      if (frame != kNone &&
          static_cast<std::size_t>(value.n) < program_.functions[frame].facts.params.size())
        return std::string(program_.text(
            program_.vars[program_.functions[frame].facts.params[static_cast<std::size_t>(value.n)]]
                .name));
      return "parameter";
    }
    if (value.kind == TermKind::Phi && value.b != 0 && terms.isLocation(value.b) &&
        terms[value.b].kind == TermKind::Variable)
      return name(value.b, frame);
    if (value.kind == TermKind::Fresh) {
      const Site &site = engine_.siteInfo(value.a);
      const FunctionFacts &f = program_.functions[site.function].facts;
      if (site.kind == SiteKind::Argument && site.block == kNone && site.index < f.params.size())
        return std::string(program_.text(program_.vars[f.params[site.index]].name));
      if (site.kind == SiteKind::Event && site.block < f.blocks.size() &&
          site.index < f.blocks[site.block].events.size()) {
        const Event &event = f.blocks[site.block].events[site.index];
        auto callee = program_.functionByKey.find(event.callee);
        if (event.callee && callee != program_.functionByKey.end())
          return "result of " + functionName(callee->second);
      }
    }
    return "pointee";
  }
  case TermKind::Object: {
    const Site &site = engine_.siteInfo(node.a);
    std::string holder = holderOf(site);
    return holder.empty() ? "object allocated in " + functionName(site.function) : holder;
  }
  case TermKind::Capture: {
    if (frame != kNone && node.a < program_.functions[frame].facts.captureNames.size())
      return std::string(program_.text(program_.functions[frame].facts.captureNames[node.a]));
    return "captured value";
  }
  case TermKind::Project:
    return fieldName(node.b);
  case TermKind::Op:
    if (std::optional<InstanceNode> instance = instanceNodeOf(terms, location))
      return instance->isRelated
                 ? name(instance->relation) + "->" +
                       std::string(program_.text(program_.fields[instance->field].name))
                 : fieldName(instance->field);
    return "unknown";
  default:
    return "unknown";
  }
}

/// The variable or field that the result of an allocation is stored in first, or nothing.
std::string Describer::holderOf(const Site &site) const {
  const FunctionFacts &facts = program_.functions[site.function].facts;
  if (site.kind != SiteKind::Event || site.block >= facts.blocks.size() ||
      site.index >= facts.blocks[site.block].events.size())
    return {};
  const std::uint32_t made = facts.blocks[site.block].events[site.index].result;
  for (const Block &block : facts.blocks)
    for (const Event &event : block.events) {
      if ((event.kind != EventKind::Write && event.kind != EventKind::Define) ||
          event.path == kNone || event.value == kNone)
        continue;
      const Value &value = facts.values[event.value];
      if (value.kind != ValueKind::Load || facts.paths[value.path].base != BaseKind::Temp ||
          facts.paths[value.path].id != made || !facts.paths[value.path].steps.empty())
        continue;
      const Path &to = facts.paths[event.path];
      for (auto step = to.steps.rbegin(); step != to.steps.rend(); ++step)
        if (step->kind == StepKind::Field)
          return name(engine_.terms.make(TermKind::Project, 0, step->field));
      return to.base == BaseKind::Var ? std::string(program_.text(program_.vars[to.id].name))
                                      : std::string();
    }
  return {};
}

std::string Describer::key(Term location) const {
  const Terms &terms = engine_.terms;
  const TermNode &node = terms[location];
  switch (node.kind) {
  case TermKind::Variable:
    return withoutFiles(program_.text(program_.vars[node.a].key));
  case TermKind::Field:
    return node.b < program_.fields.size()
               ? withoutFiles(program_.text(program_.fields[node.b].key))
               : key(node.a);
  case TermKind::Project:
    return node.b < program_.fields.size()
               ? withoutFiles(program_.text(program_.fields[node.b].key))
               : "?";
  case TermKind::Index:
  case TermKind::Element:
    return key(node.a) + "[]";
  case TermKind::Deref:
    return terms[node.a].kind == TermKind::Init ? "*" + key(terms[node.a].a) : "*";
  case TermKind::Op:
    if (std::optional<InstanceNode> instance = instanceNodeOf(terms, location))
      return (instance->isRelated ? key(instance->relation) + "->" : std::string()) +
             std::string(program_.text(program_.fields[instance->field].key));
    return "?";
  case TermKind::Object:
    return "new:" + functionKey(engine_.siteInfo(node.a).function) +
           holderOf(engine_.siteInfo(node.a));
  default:
    return "?";
  }
}

std::string Describer::entryName(ThreadId id) const {
  const ThreadInstance &thread = analysis_.model->threads[id];
  return functionName(thread.entry);
}

void Describer::addSteps(ThreadTrace &trace, WitnessId id, const std::string &what,
                         const std::vector<HeldLock> *held) const {
  std::vector<std::string> locks;
  for (const Witness *witness = &engine_.witness(id);; witness = &engine_.witness(witness->next)) {
    for (Term lock : witness->held) {
      std::string text = name(lock, witness->function);
      if (std::find(locks.begin(), locks.end(), text) == locks.end())
        locks.push_back(text);
    }
    TraceStep step = stepAt(*witness, what);
    if (witness->next) {
      step.message = "calls '" + functionName(engine_.witness(witness->next).function) + "'";
      step.locksHeld = locks;
      trace.path.push_back(std::move(step));
      continue;
    }
    step.message = what;
    if (held) {
      for (const HeldLock &lock : *held) {
        std::string text = name(lock.lock, witness->function);
        if (!lock.may &&
            std::find(step.locksHeld.begin(), step.locksHeld.end(), text) == step.locksHeld.end())
          step.locksHeld.push_back(text);
      }
    } else {
      step.locksHeld = locks;
    }
    trace.path.push_back(std::move(step));
    return;
  }
}

TraceStep Describer::stepAt(const Witness &witness, std::string message) const {
  TraceStep step;
  step.place = place(witness.range);
  step.function = program_.functionName(witness.function);
  step.message = std::move(message);
  return step;
}

ThreadTrace Describer::trace(ThreadId id, WitnessId witness, const std::string &what,
                             const std::vector<HeldLock> &held) const {
  ThreadTrace trace;
  trace.entry = entryName(id);
  const ThreadInstance &thread = analysis_.model->threads[id];
  if (thread.kind == RootKind::Spawned && thread.spawnWitness != kNoWitness) {
    const Witness &created = leaf(thread.spawnWitness);
    trace.path.push_back(
        stepAt(created, "is started here, in '" + functionName(created.function) + "'"));
  }
  addSteps(trace, witness, what, &held);
  return trace;
}

ThreadTrace Describer::trace(WitnessId witness, const std::string &what) const {
  ThreadTrace trace;
  trace.entry = functionName(engine_.witness(witness).function);
  addSteps(trace, witness, what, nullptr);
  return trace;
}

std::string Describer::whyParallel(ThreadId a, ThreadId b, ThreadModel::Relation relation) const {
  const std::vector<ThreadInstance> &threads = analysis_.model->threads;
  auto spawnPlace = [&](ThreadId id) {
    const Witness &created = leaf(threads[id].spawnWitness);
    return "'" + functionName(created.function) + "'";
  };
  auto who = [&](ThreadId id) {
    if (threads[id].kind == RootKind::Spawned)
      return "the thread '" + entryName(id) + "' started in " + spawnPlace(id);
    return "'" + entryName(id) + "'";
  };
  if (relation == ThreadModel::Relation::Interfaces)
    return who(a) +
           (a == b
                ? " may be called by several threads at once: it is part of the interface, and the "
                  "record has a lock of its own"
                : " and " + who(b) +
                      " may run in parallel: callers of this interface may be different threads");
  if (a == b)
    return "several threads run '" + entryName(a) + "' at once: the spawn in " + spawnPlace(a) +
           " repeats before the earlier thread is joined";
  return who(a) + " and " + who(b) +
         " may run in parallel: neither has ended or is joined when the other gets there";
}

Finding makeFinding(const Describer &describer, std::string_view check, const Witness &leaf,
                    std::vector<std::string> parts) {
  Finding finding;
  finding.check = check;
  for (const CheckInfo &info : allChecks())
    if (info.id == check) {
      finding.severity = info.severity;
      finding.cwe.push_back(info.cwe);
    }
  finding.place = describer.place(leaf.range);
  finding.function = describer.program().functionName(leaf.function);
  parts.insert(parts.begin(), std::string(check));
  finding.fingerprint = fingerprint(parts);
  return finding;
}

} // namespace threadlint
