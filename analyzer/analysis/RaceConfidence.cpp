// RaceConfidence: polled flags, and locks that callers can take.
#include "analyzer/analysis/RaceConfidence.h"

#include <algorithm>

namespace threadlint {
namespace {

const Event *writeOf(const Engine &engine, const Access &access) {
  const Witness &leaf = engine.leaf(access.witness);
  for (const Block &block : engine.program.functions[leaf.function].facts.blocks)
    for (const Event &event : block.events)
      if (event.range == leaf.range &&
          (event.kind == EventKind::Write || event.kind == EventKind::ReadWrite))
        return &event;
  return nullptr;
}

} // namespace

bool isPickedInLoop(Engine &engine, Term lock, WitnessId at) {
  const Terms &terms = engine.terms;
  lock = terms.withoutFields(lock);
  if (terms[lock].kind != TermKind::Index && terms[lock].kind != TermKind::Element)
    return false;
  const Witness &leaf = engine.leaf(at);
  const std::vector<Block> &blocks = engine.program.functions[leaf.function].facts.blocks;
  const Engine::Loops &loops = engine.loops(leaf.function);
  for (BlockId block = 0; block < blocks.size(); ++block)
    if (loops.isInLoop(block))
      for (const Event &event : blocks[block].events)
        if (event.range == leaf.range)
          return true;
  return false;
}

bool isPolledFlag(const Engine &engine, const Access &a, const Access &b) {
  auto isSimple = [&](const Access &access) {
    if (!(access.flags & Flag::Volatile))
      return false;
    if (!access.isWrite)
      return true;
    const std::vector<HeldLock> &held = engine.context(access.context).held;
    if (std::all_of(held.begin(), held.end(), [](const HeldLock &h) { return h.may; }))
      return false;
    const Event *event = writeOf(engine, access);
    if (!event || event->kind != EventKind::Write || event->value == kNone)
      return false;
    return engine.program.functions[engine.leaf(access.witness).function]
               .facts.values[event->value]
               .kind == ValueKind::Int;
  };
  return isSimple(a) && isSimple(b);
}

bool mayBeLockedOutside(const Engine &engine, const ThreadInstance &outside,
                        const Access &outsideAccess, const Access &inside,
                        const std::function<bool(Term)> &isAside) {
  if (outside.kind != RootKind::Interface || !outside.isExported)
    return false;
  for (const HeldLock &held : engine.context(outsideAccess.context).held)
    if (!held.may && !isAside(held.lock))
      return false;
  const Terms &terms = engine.terms;
  const Witness &leaf = engine.leaf(outsideAccess.witness), &other = engine.leaf(inside.witness);
  const bool isOneStep = leaf.function == other.function && leaf.range == other.range;
  for (const HeldLock &held : engine.context(inside.context).held) {
    const TermNode &root = terms[terms.root(held.lock)];
    if (held.may || root.kind != TermKind::Variable || !engine.program.vars[root.a].external)
      continue;
    auto takes = [&](const Acquisition &a) { return a.lock == held.lock; };
    if (isOneStep || std::none_of(outside.acquisitions.begin(), outside.acquisitions.end(), takes))
      return true;
  }
  return false;
}

} // namespace threadlint
