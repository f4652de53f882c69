// Link: gives the facts of all TUs one numbering and merges what has one key.
#include "analyzer/program/HandleWaits.h"
#include "analyzer/program/InferredLocks.h"
#include "analyzer/program/OwnLocks.h"
#include "analyzer/program/Program.h"

#include <algorithm>
#include <map>
#include <set>

namespace threadlint {
namespace {

class Linker {
public:
  Program run(std::vector<TuFacts> tus) {
    std::sort(tus.begin(), tus.end(),
              [](const TuFacts &a, const TuFacts &b) { return a.mainFile < b.mainFile; });
    stringIds_[""] = 0;
    fileIds_[""] = 0;
    for (const TuFacts &tu : tus)
      for (const FunctionFacts &function : tu.functions)
        mains_ += (function.flags & FunctionFlag::Main) != 0;
    for (std::uint32_t tu = 0; tu < tus.size(); ++tu)
      add(tus[tu], tu);
    finish();
    return std::move(program_);
  }

private:
  Program program_;
  std::unordered_map<std::string, StringId> stringIds_;
  std::unordered_map<std::string, std::uint32_t> fileIds_;
  std::unordered_map<StringId, VarId> varByKey_;
  std::unordered_map<StringId, FieldId> fieldByKey_;
  unsigned mains_ = 0;
  std::map<StringId, std::vector<StringId>>
      clashes_; ///< key of the first definition -> those of others by programs of their own
  // Of the TU being added.
  std::vector<StringId> strings_;
  std::vector<std::uint32_t> files_;
  std::vector<VarId> vars_;
  std::vector<FieldId> fields_;

  StringId intern(const std::string &text) {
    auto [it, isNew] = stringIds_.try_emplace(text, static_cast<StringId>(program_.strings.size()));
    if (isNew)
      program_.strings.push_back(text);
    return it->second;
  }
  void map(StringId &id) const { id = strings_[id]; }
  void map(SourceRange &range) const { range.file = files_[range.file]; }
  void map(TypeInfo &type) const {
    map(type.record);
    map(type.name);
  }

  void add(TuFacts &tu, std::uint32_t tuIndex) {
    strings_.clear();
    for (const std::string &text : tu.strings)
      strings_.push_back(intern(text));
    files_.clear();
    for (const std::string &file : tu.files) {
      auto [it, isNew] =
          fileIds_.try_emplace(file, static_cast<std::uint32_t>(program_.files.size()));
      if (isNew)
        program_.files.push_back(file);
      files_.push_back(it->second);
    }
    keepApart(tu);
    addVars(tu);
    addFields(tu);
    addRecords(tu);
    for (FunctionFacts &function : tu.functions)
      addFunction(std::move(function), tuIndex);
    for (Suppression &suppression : tu.suppressions) {
      suppression.file = files_[suppression.file];
      for (StringId &glob : suppression.globs)
        map(glob);
      program_.suppressions.push_back(std::move(suppression));
    }
    for (Limitation &limitation : tu.limitations) {
      map(limitation.kind);
      map(limitation.message);
      map(limitation.range);
      program_.limitations.push_back(limitation);
    }
  }

  /// Several programs in one database have functions of one name: a TU that defines such a function means its own.
  void keepApart(const TuFacts &tu) {
    if (mains_ < 2)
      return;
    for (const FunctionFacts &function : tu.functions) {
      if (function.flags & (FunctionFlag::Main | FunctionFlag::GlobalInit))
        continue;
      auto known = program_.functionByKey.find(strings_[function.key]);
      if (known == program_.functionByKey.end())
        continue;
      const FunctionFacts &first = program_.functions[known->second].facts;
      if (first.range.file != files_[function.range.file] && first.bodyHash != function.bodyHash) {
        const StringId shared = strings_[function.key];
        strings_[function.key] =
            intern(tu.strings[function.key] + "@" + tu.files[function.range.file]);
        clashes_[shared].push_back(strings_[function.key]);
      }
    }
  }

  void addVars(TuFacts &tu) {
    vars_.clear();
    for (VarFacts &var : tu.vars) {
      map(var.key);
      map(var.name);
      map(var.type);
      map(var.range);
      auto [it, isNew] = varByKey_.try_emplace(var.key, static_cast<VarId>(program_.vars.size()));
      if (isNew || var.key == 0) {
        vars_.push_back(static_cast<VarId>(program_.vars.size()));
        program_.vars.push_back(var);
        continue;
      }
      VarFacts &known = program_.vars[it->second];
      known.addressTaken |= var.addressTaken;
      if (var.staticLockKind != LockKind::Normal)
        known.staticLockKind = var.staticLockKind;
      if (!known.isDefinition && var.isDefinition) {
        bool taken = known.addressTaken;
        LockKind kind = known.staticLockKind;
        known = var;
        known.addressTaken = taken;
        known.staticLockKind = kind;
      }
      vars_.push_back(it->second);
    }
  }

  void addFields(TuFacts &tu) {
    fields_.clear();
    for (FieldFacts &field : tu.fields) {
      map(field.key);
      map(field.record);
      map(field.name);
      map(field.type);
      auto [it, isNew] =
          fieldByKey_.try_emplace(field.key, static_cast<FieldId>(program_.fields.size()));
      if (isNew)
        program_.fields.push_back(field);
      fields_.push_back(it->second);
    }
  }

  void addRecords(TuFacts &tu) {
    for (RecordFacts &record : tu.records) {
      map(record.key);
      map(record.name);
      map(record.destructor);
      for (StringId &base : record.bases)
        map(base);
      for (FieldId &field : record.fields)
        field = fields_[field];
      for (StringId &method : record.overriders)
        map(method);
      auto [it, isNew] = program_.recordByKey.try_emplace(
          record.key, static_cast<RecordId>(program_.records.size()));
      if (isNew) {
        program_.records.push_back(std::move(record));
        continue;
      }
      RecordFacts &known = program_.records[it->second];
      if (known.fields.empty())
        known.fields = record.fields;
      if (known.bases.empty())
        known.bases = record.bases;
      if (known.destructor == 0)
        known.destructor = record.destructor;
      if (known.overriders.size() < record.overriders.size())
        known.overriders = record.overriders;
    }
  }

  void addFunction(FunctionFacts function, std::uint32_t tu) {
    map(function.key);
    map(function.name);
    map(function.pattern);
    map(function.record);
    map(function.enclosing);
    map(function.range);
    map(function.returnType);
    bool isProgramLocal = (function.flags & (FunctionFlag::Main | FunctionFlag::GlobalInit)) != 0;
    auto known = program_.functionByKey.find(function.key);
    if (!isProgramLocal && known != program_.functionByKey.end())
      return; // the first definition in file order stands for all
    for (VarId &param : function.params)
      param = vars_[param];
    for (StringId &name : function.captureNames)
      map(name);
    for (Path &path : function.paths) {
      if (path.base == BaseKind::Var)
        path.id = vars_[path.id];
      map(path.type);
      for (PathStep &step : path.steps)
        if (step.kind == StepKind::Field)
          step.field = fields_[step.field];
    }
    for (Value &value : function.values)
      map(value.function);
    for (Block &block : function.blocks)
      for (Event &event : block.events) {
        map(event.range);
        map(event.callee);
        map(event.type);
      }
    auto id = static_cast<FunctionId>(program_.functions.size());
    if (function.flags & FunctionFlag::Main)
      program_.mains.push_back(id);
    else if (function.flags & FunctionFlag::GlobalInit)
      program_.initializers.push_back(id);
    else
      program_.functionByKey.emplace(function.key, id);
    program_.functions.push_back(Function{std::move(function), tu, 0});
  }

  void finish() {
    std::sort(program_.suppressions.begin(), program_.suppressions.end(),
              [](const Suppression &a, const Suppression &b) {
                return std::tie(a.file, a.line, a.kind, a.globs) <
                       std::tie(b.file, b.line, b.kind, b.globs);
              });
    program_.suppressions.erase(
        std::unique(program_.suppressions.begin(), program_.suppressions.end()),
        program_.suppressions.end());
    pickNearest();
    linkOverriders();
    inferLockFunctions(program_);
    inferGuardClasses(program_);
    resolveHandleWaits(program_);
    countCallers();
    findConstants();
    findOwnLocks(program_);
  }

  /// A file without a definition of its own means the one in the folder that is nearest.
  void pickNearest() {
    if (clashes_.empty())
      return;
    auto nearness = [&](const SourceRange &a, StringId key) {
      const FunctionFacts &target = program_.functions[program_.functionByKey.at(key)].facts;
      const std::string &x = program_.files[a.file], &y = program_.files[target.range.file];
      if (x == y)
        return std::string::npos;
      std::size_t shared = 0;
      for (std::size_t i = 0; i < x.size() && i < y.size() && x[i] == y[i]; ++i)
        if (x[i] == '/')
          shared = i + 1;
      return shared;
    };
    for (FunctionId id = 0; id < program_.functions.size(); ++id) {
      FunctionFacts &facts = program_.functions[id].facts;
      auto pick = [&](StringId &key) {
        auto clash = clashes_.find(key);
        if (clash == clashes_.end() || !program_.functionByKey.count(key))
          return;
        StringId best = key;
        std::size_t most = nearness(facts.range, key), equals = 1;
        for (StringId other : clash->second) {
          if (!program_.functionByKey.count(other))
            continue;
          const std::size_t near = nearness(facts.range, other);
          equals = near > most ? 1 : equals + (near == most);
          if (near > most) {
            most = near;
            best = other;
          }
        }
        if (equals > 1)
          program_.guessedCalls.emplace(id, program_.functionByKey.at(best));
        key = best;
      };
      for (Value &value : facts.values)
        pick(value.function);
      for (Block &block : facts.blocks)
        for (Event &event : block.events)
          pick(event.callee);
    }
  }

  void linkOverriders() {
    std::unordered_map<StringId, std::vector<StringId>> direct;
    for (const RecordFacts &record : program_.records)
      for (std::size_t i = 0; i + 1 < record.overriders.size(); i += 2)
        direct[record.overriders[i + 1]].push_back(record.overriders[i]);
    for (const auto &[method, unused] : direct) {
      std::set<StringId> seen{method};
      std::vector<StringId> work{method};
      while (!work.empty()) {
        StringId current = work.back();
        work.pop_back();
        if (auto it = direct.find(current); it != direct.end())
          for (StringId next : it->second)
            if (seen.insert(next).second)
              work.push_back(next);
      }
      std::vector<FunctionId> &targets = program_.overriders[method];
      for (StringId key : seen)
        if (auto it = program_.functionByKey.find(key); it != program_.functionByKey.end())
          targets.push_back(it->second);
      std::sort(targets.begin(), targets.end());
    }
  }

  void countCallers() {
    for (const Function &function : program_.functions)
      for (const Block &block : function.facts.blocks)
        for (const Event &event : block.events) {
          if (event.kind != EventKind::Call || event.callee == 0)
            continue;
          auto target = program_.functionByKey.find(event.callee);
          auto overrides = program_.overriders.find(event.callee);
          if ((event.flags & Flag::Virtual) && overrides != program_.overriders.end()) {
            for (FunctionId id : overrides->second)
              ++program_.functions[id].callers;
          } else if (target != program_.functionByKey.end()) {
            ++program_.functions[target->second].callers;
          }
        }
  }

  void noteAtomicStore(const FunctionFacts &facts, const Event &event) {
    if (!(event.flags & Flag::Atomic) || (event.flags & Flag::Initialization))
      return;
    const Path &path = facts.paths[event.path];
    Program::AtomicStores *stores = nullptr;
    if (path.steps.empty() && path.base == BaseKind::Var)
      stores = &program_.atomicVars[path.id];
    else if (!path.steps.empty() && path.steps.back().kind == StepKind::Field)
      stores = &program_.atomicFields[path.steps.back().field];
    else if (!path.steps.empty() && path.steps.back().kind == StepKind::Deref)
      stores = &program_.atomicPointees;
    if (!stores)
      return;
    bool isConstant = event.value != kNone && facts.values[event.value].kind == ValueKind::Int;
    bool isSet = isConstant && facts.values[event.value].number != 0;
    if (event.order == Order::Relaxed || !isConstant || (event.kind == EventKind::Write && isSet) ||
        (event.kind == EventKind::ReadWrite && isSet && event.result == kNone))
      stores->isOther = true;
    else
      (isSet ? stores->isTaken : stores->isCleared) = true;
    if (event.kind == EventKind::Write && isConstant)
      stores->constants.push_back(facts.values[event.value].number);
    else
      stores->isOpen = true;
  }

  void noteSemaphore(const FunctionFacts &facts, const Event &event) {
    program_.hasBinarySemaphore |= event.number == 1;
    if (event.args.empty() || event.args[0] == kNone ||
        facts.values[event.args[0]].kind != ValueKind::Address)
      return;
    const Path &path = facts.paths[facts.values[event.args[0]].path];
    auto note = [&](auto &counts, std::uint32_t id) {
      auto [it, isNew] = counts.try_emplace(id, event.number);
      if (it->second != event.number)
        it->second = -1;
    };
    const PathStep *step = lastOutsideArrays(path, path.steps.size());
    if (step && step->kind == StepKind::Field)
      note(program_.semaphoreFields, step->field);
    else if (!step && path.base == BaseKind::Var)
      note(program_.semaphoreVars, path.id);
  }

  void noteFlagStore(const FunctionFacts &facts, const Event &event) {
    const Path &path = facts.paths[event.path];
    const bool isVar = path.steps.empty() && path.base == BaseKind::Var;
    if (!isVar && (path.steps.empty() || path.steps.back().kind != StepKind::Field))
      return;
    Program::RaisedFlag &flag =
        isVar ? program_.flagVars[path.id] : program_.flagFields[path.steps.back().field];
    const bool isConstant = event.kind == EventKind::Write && event.value != kNone &&
                            facts.values[event.value].kind == ValueKind::Int &&
                            !(event.flags & Flag::Atomic);
    if (!isConstant)
      flag.isOpen = true;
    else if (facts.values[event.value].number != 0 && ++flag.places)
      flag.raised = facts.values[event.value].number;
  }

  /// A global that is only ever given one constant is that constant; a field or variable never written after its
  /// initialisation cannot race.
  void findConstants() {
    program_.constantGlobal.assign(program_.vars.size(), 0);
    program_.isConstantGlobal.assign(program_.vars.size(), false);
    program_.fieldWritten.assign(program_.fields.size(), false);
    program_.varWritten.assign(program_.vars.size(), false);
    std::vector<std::uint8_t> stores(program_.vars.size(), 0);
    for (const Function &function : program_.functions) {
      bool isInit = function.hasFlag(FunctionFlag::GlobalInit);
      for (const Value &value : function.facts.values) // written through a pointer, for all we know
        if (value.kind == ValueKind::Address && value.path != kNone) {
          const Path &path = function.facts.paths[value.path];
          if (!path.steps.empty() && path.steps.back().kind == StepKind::Field) {
            program_.fieldWritten[path.steps.back().field] = true;
            program_.atomicFields[path.steps.back().field].isOpen = true;
            program_.flagFields[path.steps.back().field].isOpen = true;
          }
        }
      for (const Block &block : function.facts.blocks)
        for (const Event &event : block.events) {
          if (event.kind == EventKind::SemInit)
            noteSemaphore(function.facts, event);
          bool writes = event.kind == EventKind::Write || event.kind == EventKind::ReadWrite;
          if (!writes || event.path == kNone)
            continue;
          const Path &path = function.facts.paths[event.path];
          noteAtomicStore(function.facts, event);
          noteFlagStore(function.facts, event);
          bool initializes = isInit || (event.flags & Flag::Initialization) != 0;
          for (const PathStep &step : path.steps)
            if (step.kind == StepKind::Field && !initializes)
              program_.fieldWritten[step.field] = true;
          if (path.base == BaseKind::Var) {
            if (!initializes)
              program_.varWritten[path.id] = true;
            bool isConstantInit = isInit && path.steps.empty() && event.value != kNone &&
                                  function.facts.values[event.value].kind == ValueKind::Int;
            if (isConstantInit && stores[path.id] == 0) {
              stores[path.id] = 1;
              program_.constantGlobal[path.id] = function.facts.values[event.value].number;
            } else {
              stores[path.id] = 2;
            }
          }
        }
    }
    std::map<std::pair<StringId, std::uint32_t>, FieldId> words;
    for (FieldId id = 0; id < program_.fields.size(); ++id)
      if (const FieldFacts &field = program_.fields[id]; field.storageUnit != 0)
        program_.firstBitField[id] =
            words.try_emplace({field.record, field.storageUnit}, id).first->second;
    auto isNoFlag = [](const auto &entry) {
      return entry.second.isOpen || entry.second.places != 1 || entry.second.raised != 1;
    };
    std::erase_if(program_.flagFields, isNoFlag);
    std::erase_if(program_.flagVars, isNoFlag);
    for (VarId var = 0; var < program_.vars.size(); ++var) {
      const VarFacts &facts = program_.vars[var];
      bool isGlobal = facts.kind == VarKind::Global || facts.kind == VarKind::StaticLocal;
      bool scalar = facts.type.cls == TypeClass::Integer || facts.type.cls == TypeClass::Bool ||
                    facts.type.cls == TypeClass::Enum;
      program_.isConstantGlobal[var] =
          isGlobal && stores[var] == 1 && !facts.addressTaken && scalar && facts.isDefinition &&
          (!facts.external || facts.type.isConst || !program_.mains.empty());
    }
  }
};

} // namespace

bool Program::isSpinLock(const Path &path) const {
  auto serves = [](const AtomicStores &stores) {
    return stores.isTaken && stores.isCleared && !stores.isOther;
  };
  if (path.steps.empty()) {
    auto it = atomicVars.find(path.id);
    return path.base == BaseKind::Var && it != atomicVars.end() && serves(it->second);
  }
  if (path.steps.back().kind == StepKind::Field) {
    auto it = atomicFields.find(path.steps.back().field);
    return it != atomicFields.end() && serves(it->second);
  }
  return path.steps.back().kind == StepKind::Deref && atomicPointees.isTaken &&
         atomicPointees.isCleared;
}

Program link(std::vector<TuFacts> tus) { return Linker().run(std::move(tus)); }

} // namespace threadlint
