// HandedOut: results of public functions, and handles inside what their users pass back.
#include "analyzer/analysis/HandedOut.h"

#include <algorithm>

namespace threadlint {

void HandedOut::addObjects(Term value, std::set<Term> &objects, unsigned depth) const {
  constexpr unsigned kMaxDepth = 3;
  const Terms &terms = engine_.terms;
  if (value == kUnknownTerm || depth > kMaxDepth)
    return;
  if (terms[value].kind == TermKind::Address && terms[terms[value].a].kind == TermKind::Object)
    objects.insert(terms[value].a);
  else if (terms[value].kind == TermKind::Phi)
    for (Term input : terms.inputs(value))
      addObjects(input, objects, depth + 1);
}

const std::set<Term> &HandedOut::objectsOf(const ThreadInstance &root) {
  auto [known, isNew] = objects_.try_emplace(root.entry);
  if (!isNew || root.summary == nullptr)
    return known->second;
  const Terms &terms = engine_.terms;
  for (const Exit &exit : root.summary->exits) {
    if (exit.kind != ExitKind::Return)
      continue;
    addObjects(exit.result, known->second);
    for (const auto &[key, stored] : exit.memory)
      if (const TermNode &at = terms[key];
          at.kind == TermKind::Deref && terms[at.a].kind == TermKind::Param)
        addObjects(stored, known->second);
  }
  return known->second;
}

bool HandedOut::mayBe(ThreadId user, Term object, ThreadId caller, Term pointee) {
  const Terms &terms = engine_.terms;
  const ThreadInstance &root = model_.rootOf(user), &other = model_.threads[caller];
  if (model_.threads[user].kind != RootKind::Spawned || root.kind != RootKind::Interface ||
      !root.isExported || other.kind != RootKind::Interface || !other.isExported ||
      terms[object].kind != TermKind::Object)
    return false;
  // The object in the terms of its thread has a longer call string than in those of the function that made it.
  auto isMadeAt = [&](Term made) { return terms[made].a == terms[object].a; };
  const std::set<Term> &objects = objectsOf(root);
  if (terms[pointee].kind != TermKind::Deref)
    return false;
  const TermNode &pointer = terms[terms[pointee].a];
  if (pointer.kind != TermKind::Fresh)
    return false;
  const Site &site = engine_.siteInfo(pointer.a);
  return site.isGivenFromOutside() && std::any_of(objects.begin(), objects.end(), isMadeAt);
}

bool HandedOut::isAmong(const std::vector<Term> &joined, ThreadId thread, const Bases &bases,
                        bool isFirst) {
  Terms &terms = engine_.terms;
  if (joined.empty())
    return false;
  for (ThreadId up = thread; up != kNoThread && model_.threads[up].kind == RootKind::Spawned;
       up = model_.threads[up].parent) {
    std::vector<Term> handles{model_.threads[up].handle};
    if (model_.threads[up].parent != kNoThread) // moved there
      for (ContextId exit : model_.threads[model_.threads[up].parent].exitContexts)
        for (const LiveThread &live : engine_.context(exit).live)
          if (live.thread == model_.threads[up].thread)
            handles.push_back(live.handle);
    for (Term handle : handles)
      for (const auto &[first, second] : bases) {
        const Term mine = isFirst ? first : second, theirs = isFirst ? second : first;
        if (handle == kUnknownTerm || !terms.contains(handle, mine))
          continue;
        const Term there = terms.replace(handle, mine, theirs);
        for (Term term : {terms.address(there), terms.init(there)})
          if (std::find(joined.begin(), joined.end(), term) != joined.end())
            return true;
      }
  }
  return false;
}

bool HandedOut::hasJoined(const Context &context, ThreadId thread, const Bases &bases,
                          bool isFirst) {
  return isAmong(context.joined, thread, bases, isFirst);
}

bool HandedOut::joins(ThreadId caller, ThreadId thread, const Bases &bases, bool isFirst) {
  return isAmong(model_.threads[caller].joins, thread, bases, isFirst);
}

} // namespace threadlint
