// Evidence: purposes of locks, and steps of a library's own functions.
#include "analyzer/analysis/Evidence.h"

namespace threadlint {

void Evidence::note(const Access &access) {
  if (!access.isWrite || (access.flags & Flag::Initialization))
    return;
  const Terms &terms = engine_.terms;
  for (const HeldLock &held : engine_.context(access.context).held) {
    if (held.may || terms[held.lock].kind != TermKind::Field)
      continue;
    for (Term at = access.location; at != kUnknownTerm; at = terms[at].a) {
      const TermNode &node = terms[at];
      if (node.kind == TermKind::Field && node.a == terms[held.lock].a) {
        writtenUnder_[terms[held.lock].b].insert(node.b);
        break;
      }
      if (node.kind != TermKind::Field && node.kind != TermKind::Index &&
          node.kind != TermKind::Element && node.kind != TermKind::Deref &&
          node.kind != TermKind::Init)
        break;
    }
  }
}

bool Evidence::isMeantFor(Term lock, Term location) const {
  const Terms &terms = engine_.terms;
  const Program &program = engine_.program;
  auto purpose = writtenUnder_.find(terms[lock].b);
  for (Term at = location; terms[at].kind == TermKind::Field || terms[at].kind == TermKind::Index ||
                           terms[at].kind == TermKind::Element;
       at = terms[at].a) {
    if (terms[at].kind != TermKind::Field ||
        program.fields[terms[at].b].record != program.fields[terms[lock].b].record)
      continue;
    if (purpose != writtenUnder_.end())
      return purpose->second.count(terms[at].b) != 0;
    return program.fields[terms[at].b].type.cls != TypeClass::Callable;
  }
  return true;
}

bool Evidence::isHandedOver(const Access &access) const {
  const Terms &terms = engine_.terms;
  const TermNode &root = terms[terms.root(access.location)];
  if (root.kind != TermKind::Deref || terms[root.a].kind != TermKind::Fresh)
    return false;
  const Site &site = engine_.siteInfo(terms[root.a].a);
  return site.kind == SiteKind::Argument && site.block == kNone;
}

bool Evidence::isStep(ThreadId step, ThreadId other, bool onlyStepHolds) {
  const ThreadInstance &callee = model_.threads[step], &caller = model_.threads[other];
  const bool isThread = caller.kind == RootKind::Spawned;
  if (callee.kind != RootKind::Interface ||
      (!isThread && (callee.entry == caller.entry || !onlyStepHolds)))
    return false;
  auto [it, isNew] = reached_.try_emplace(caller.entry);
  if (isNew)
    model_.reach({caller.entry}, it->second);
  return it->second.count(callee.entry) != 0;
}

bool Evidence::isUsedInside(const ThreadInstance &thread) {
  if (thread.kind != RootKind::Interface)
    return false;
  const Program &program = engine_.program;
  if (usedInside_.empty()) {
    usedInside_.assign(program.functions.size(), false);
    for (const Function &function : program.functions)
      for (const Block &block : function.facts.blocks)
        for (const Event &event : block.events)
          if (auto it = program.functionByKey.find(event.callee);
              event.callee && it != program.functionByKey.end() &&
              function.facts.record != program.functions[it->second].facts.record &&
              !function.hasFlag(FunctionFlag::Lambda))
            usedInside_[it->second] = true;
  }
  return usedInside_[thread.entry];
}

} // namespace threadlint
