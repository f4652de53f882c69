// Overlap: pairs of location terms, compared step by step.
#include "analyzer/analysis/Overlap.h"

#include <algorithm>
#include <set>

namespace threadlint {

namespace {

bool isPart(const TermNode &node) {
  return node.kind == TermKind::Field || node.kind == TermKind::Index ||
         node.kind == TermKind::Element;
}

} // namespace

bool Overlap::isWhole(Term location) const {
  const TermNode &node = terms_[location];
  if (node.kind == TermKind::Variable)
    return engine_.program.vars[node.a].type.cls == TypeClass::Record;
  return node.kind == TermKind::Field &&
         engine_.program.fields[node.b].type.cls == TypeClass::Record;
}

bool Overlap::isFromGetter(Term location) const {
  const TermNode &node = terms_[location];
  return node.kind == TermKind::Deref && terms_[node.a].kind == TermKind::Fresh &&
         engine_.siteInfo(terms_[node.a].a).kind == SiteKind::Getter;
}

bool Overlap::isKnownOutside(Term location) const {
  const Term root = terms_.root(location);
  if (isFromGetter(root))
    return isWhole(location);
  return isWhole(location) && terms_[root].kind == TermKind::Variable && engine_.isGlobal(root) &&
         engine_.program.vars[terms_[root].a].external;
}

Term Overlap::drawOf(Term index, unsigned depth) const {
  constexpr unsigned kMaxDepth = 4;
  if (index == kUnknownTerm || depth > kMaxDepth)
    return kUnknownTerm;
  const TermNode &node = terms_[index];
  if (node.kind == TermKind::Fresh) {
    const Site &site = engine_.siteInfo(node.a);
    const FunctionFacts &facts = engine_.program.functions[site.function].facts;
    if (site.kind != SiteKind::Argument || site.block >= facts.blocks.size() ||
        site.index / 64 >= facts.blocks[site.block].events.size())
      return kUnknownTerm;
    const Event &event = facts.blocks[site.block].events[site.index / 64];
    return event.kind == EventKind::ReadWrite && (event.flags & Flag::Atomic) ? index
                                                                              : kUnknownTerm;
  }
  if (node.kind == TermKind::Op && node.n == static_cast<std::int64_t>(ValueOp::Add) &&
      terms_[node.kids[1]].kind == TermKind::Int)
    return drawOf(node.kids[0], depth + 1);
  Term draw = kUnknownTerm;
  if (node.kind == TermKind::Phi)
    for (Term input : terms_.inputs(index)) {
      Term one = drawOf(input, depth + 1);
      if (one == kUnknownTerm || (draw != kUnknownTerm && draw != one))
        return kUnknownTerm;
      draw = one;
    }
  return draw;
}

bool Overlap::areDrawn(Term x, Term y) const {
  if (terms_[x].kind != TermKind::Element || terms_[y].kind != TermKind::Element)
    return false;
  Term a = drawOf(terms_[x].b), b = drawOf(terms_[y].b);
  if (a == kUnknownTerm || b == kUnknownTerm || terms_[a].a != terms_[b].a)
    return false;
  std::vector<SiteId> callsA = terms_.sitesOf(terms_[a].b), callsB = terms_.sitesOf(terms_[b].b);
  if (callsA.empty() || callsA.size() != callsB.size())
    return callsA.size() == callsB.size();
  return std::equal(callsA.begin() + 1, callsA.end(), callsB.begin() + 1); // but for the threads
}

bool Overlap::areDrawnApart(Term x, Term y) const {
  for (;;) {
    if (areDrawn(x, y))
      return true;
    const TermNode &a = terms_[x], &b = terms_[y];
    if (a.kind != b.kind || !isPart(a))
      return false;
    x = a.a;
    y = b.a;
  }
}

bool Overlap::isMadeFrom(Term value, const std::vector<Term> &own) const {
  constexpr std::size_t kMaxSeen = 100;
  std::vector<Term> seen{value};
  for (std::size_t i = 0; i < seen.size() && seen.size() < kMaxSeen; ++i) {
    const Term term = seen[i];
    if (term == kUnknownTerm)
      continue;
    if (std::find(own.begin(), own.end(), term) != own.end())
      return true;
    auto push = [&](Term part) {
      if (std::find(seen.begin(), seen.end(), part) == seen.end())
        seen.push_back(part);
    };
    const TermNode &node = terms_[term];
    if ((node.kind >= TermKind::Field && node.kind <= TermKind::Deref) ||
        node.kind == TermKind::Address || node.kind == TermKind::Init ||
        node.kind == TermKind::Project)
      push(node.a);
    for (Term kid : node.kids)
      push(kid);
    if (node.kind == TermKind::Phi)
      for (Term input : terms_.inputs(term))
        push(input);
  }
  return false;
}

bool Overlap::isSameLoop(Term i, Term j) const {
  const TermNode &a = terms_[i], &b = terms_[j];
  return a.kind == TermKind::Phi && b.kind == TermKind::Phi && a.a == b.a && a.b == b.b;
}

bool Overlap::startsDiffer(Term index) const {
  const TermList inputs = terms_.inputs(index);
  std::set<std::int64_t> constants;
  bool isLoop = false;
  for (Term input : inputs) {
    if (terms_[input].kind == TermKind::Int)
      constants.insert(terms_[input].n);
    isLoop |= terms_[input].hasPhi;
  }
  return isLoop && constants.size() > 1;
}

bool Overlap::maybeSlices(Term x, Term y, const std::vector<Term> &own) const {
  for (;;) {
    const TermNode &a = terms_[x], &b = terms_[y];
    if (a.kind == TermKind::Element && b.kind == TermKind::Element && a.b && b.b &&
        ((isSameLoop(a.b, b.b) && startsDiffer(a.b)) ||
         (!own.empty() && isMadeFrom(a.b, own) && isMadeFrom(b.b, own))))
      return true;
    if (!isPart(a) || !isPart(b))
      return false;
    x = a.a;
    y = b.a;
  }
}

bool Overlap::sameLocation(Term a, Term b, std::vector<std::pair<Term, Term>> &bases,
                           bool &assumed) const {
  if (a == b) {
    bases.emplace_back(a, b);
    return true;
  }
  const TermNode &x = terms_[a], &y = terms_[b];
  auto isArray = [](TermKind k) { return k == TermKind::Index || k == TermKind::Element; };
  if (isArray(x.kind) && isArray(y.kind)) {
    if (x.kind == TermKind::Index && y.kind == TermKind::Index && x.n != y.n)
      return false;
    if (!sameLocation(x.a, y.a, bases, assumed))
      return false;
    bases.emplace_back(a, b);
    return true;
  }
  if (x.kind == TermKind::Field && y.kind == TermKind::Field) {
    const Program &program = engine_.program;
    if (program.wordOf(x.b) != program.wordOf(y.b) || !sameLocation(x.a, y.a, bases, assumed))
      return false;
    bases.emplace_back(a, b);
    return true;
  }
  bool opaqueA = x.kind == TermKind::Deref, opaqueB = y.kind == TermKind::Deref;
  if (opaqueA || opaqueB) {
    if (isFromGetter(a) ? isFromGetter(b) || isKnownOutside(b)
                        : isFromGetter(b) && isKnownOutside(a)) {
      bases.emplace_back(a, b);
      return true;
    }
    // An unknown pointee may be the other; but not a variable of another type, nor an element of an unknown array only by chance.
    if (!(opaqueA && opaqueB) && !(mayBe && mayBe(opaqueB ? a : b, opaqueB ? b : a, opaqueB)))
      return false;
    assumed = true;
    bases.emplace_back(a, b);
    if (opaqueA && opaqueB && terms_[x.a].kind == TermKind::Init &&
        terms_[y.a].kind == TermKind::Init) {
      std::vector<std::pair<Term, Term>> outer;
      bool outerAssumed = false;
      if (sameLocation(terms_[x.a].a, terms_[y.a].a, outer, outerAssumed))
        bases.insert(bases.end(), outer.begin(), outer.end());
    }
    return true;
  }
  return false;
}

bool Overlap::isUnique(Term location) const {
  for (;;) {
    const TermNode &node = terms_[location];
    if (node.kind == TermKind::Element)
      return false;
    if (node.kind != TermKind::Field && node.kind != TermKind::Index)
      break;
    location = node.a;
  }
  const TermNode &root = terms_[location];
  if (root.kind == TermKind::Variable)
    return root.b == kGlobalChain;
  return root.kind == TermKind::Object && !engine_.isMadeRepeatedly(location);
}

bool Overlap::isThroughElement(Term location) const {
  constexpr int kMaxPointers = 6;
  const TermNode *node = &terms_[terms_.root(location)];
  for (int depth = 0; depth < kMaxPointers && node->kind == TermKind::Deref; ++depth) {
    const TermNode &pointer = terms_[node->a];
    if (pointer.kind != TermKind::Init)
      return false;
    for (Term at = pointer.a;; at = terms_[at].a) {
      TermKind kind = terms_[at].kind;
      if (kind == TermKind::Element || kind == TermKind::Index)
        return true;
      if (kind != TermKind::Field)
        break;
    }
    node = &terms_[terms_.root(pointer.a)];
  }
  return false;
}

bool isOneIndex(const Terms &terms, Term lockA, Term lockB,
                const std::function<bool(Term index, bool isFirst)> &leads) {
  Term x = terms.withoutFields(lockA), y = terms.withoutFields(lockB);
  if (terms[x].kind != TermKind::Element || terms[y].kind != TermKind::Element ||
      terms[x].a != terms[y].a)
    return false;
  return terms[x].b != kUnknownTerm && terms[y].b != kUnknownTerm && leads(terms[x].b, true) &&
         leads(terms[y].b, false);
}

bool sameShape(const Terms &terms, Term a, Term b) {
  if (a == b)
    return true;
  const TermNode &x = terms[a], &y = terms[b];
  if (x.kind == TermKind::Field && y.kind == TermKind::Field)
    return x.b == y.b && sameShape(terms, x.a, y.a);
  return x.kind == TermKind::Deref && y.kind == TermKind::Deref;
}

bool areUnrelated(const Program &program, StringId first, StringId second) {
  auto recordOf = [&](StringId key) -> const RecordFacts * {
    auto it = program.recordByKey.find(key);
    return it == program.recordByKey.end() ? nullptr : &program.records[it->second];
  };
  auto derives = [&](const RecordFacts &from, StringId base) {
    std::vector<const RecordFacts *> work{&from};
    for (std::size_t i = 0; i < work.size() && i < 64; ++i) {
      if (work[i]->key == base)
        return true;
      for (StringId next : work[i]->bases)
        if (const RecordFacts *record = recordOf(next))
          work.push_back(record);
        else if (next == base)
          return true;
    }
    return false;
  };
  const RecordFacts *a = recordOf(first), *b = recordOf(second);
  return a && b && a->isPolymorphic && b->isPolymorphic && !derives(*a, second) &&
         !derives(*b, first);
}

} // namespace threadlint
