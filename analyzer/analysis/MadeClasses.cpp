// MadeClasses: which constructors a program can reach.
#include "analyzer/analysis/MadeClasses.h"

#include <algorithm>

namespace threadlint {

void MadeClasses::fill() {
  const Program &program = engine_.program;
  for (FunctionId id = 0; id < program.functions.size(); ++id)
    if (program.functions[id].hasFlag(FunctionFlag::Constructor))
      constructors_[program.functions[id].facts.record].push_back(id);
  for (const RecordFacts &record : program.records)
    for (StringId base : record.bases)
      derived_[base].push_back(record.key);
  isFilled_ = true;
}

const MadeClasses::Class &MadeClasses::classOf(StringId record) {
  if (!isFilled_)
    fill();
  auto [known, isNew] = classes_.try_emplace(record);
  if (!isNew)
    return known->second;
  std::vector<StringId> work{record};
  std::set<StringId> seen{record};
  for (std::size_t i = 0; i < work.size(); ++i) {
    auto own = constructors_.find(work[i]);
    if (own == constructors_.end())
      known->second.isOpen = true;
    else
      known->second.constructors.insert(known->second.constructors.end(), own->second.begin(),
                                        own->second.end());
    if (auto more = derived_.find(work[i]); more != derived_.end())
      for (StringId derived : more->second)
        if (seen.insert(derived).second)
          work.push_back(derived);
  }
  return known->second;
}

bool MadeClasses::isWithoutObject(ThreadId thread, const Access &access) {
  const Program &program = engine_.program;
  const std::uint32_t tree = model_.threads[thread].tree;
  if (!model_.trees[tree].hasMain)
    return false;
  auto [reached, isNew] = reached_.try_emplace(tree);
  if (isNew) {
    std::vector<FunctionId> roots = program.initializers;
    for (FunctionId id = 0; id < program.functions.size(); ++id)
      if (program.functions[id].hasFlag(FunctionFlag::Startup))
        roots.push_back(id);
    for (ThreadId id : model_.trees[tree].threads)
      if (model_.threads[id].parent == kNoThread)
        roots.push_back(model_.threads[id].entry);
    model_.reach(roots, reached->second);
  }
  std::vector<FunctionId> way;
  for (WitnessId at = access.witness; at != kNoWitness; at = engine_.witness(at).next) {
    const FunctionId next = engine_.witness(at).function;
    way.erase(std::find(way.begin(), way.end(), next),
              way.end()); // without the rounds of a recursion
    way.push_back(next);
  }
  for (FunctionId id : way) {
    const Function &function = program.functions[id];
    if (!function.hasFlag(FunctionFlag::Method) ||
        function.hasFlag(FunctionFlag::Static | FunctionFlag::Constructor |
                         FunctionFlag::Destructor) ||
        !engine_.isPolymorphic(function.facts.record))
      continue;
    const Class &made = classOf(function.facts.record);
    if (!made.isOpen && std::none_of(made.constructors.begin(), made.constructors.end(),
                                     [&](FunctionId id) { return reached->second.count(id) != 0; }))
      return true;
  }
  return false;
}

} // namespace threadlint
