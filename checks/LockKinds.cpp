// LockKinds: collects the set-ups of all threads.
#include "checks/LockKinds.h"

#include <algorithm>

namespace threadlint {
namespace {

LockAttribute attributeOf(LockKind kind) {
  switch (kind) {
  case LockKind::Recursive:
    return LockAttribute::Recursive;
  case LockKind::ErrorCheck:
    return LockAttribute::ErrorCheck;
  case LockKind::Unknown:
    return LockAttribute::Unknown;
  case LockKind::Normal:
  case LockKind::Shared:
  case LockKind::Spin:
    return LockAttribute::Normal;
  }
  return LockAttribute::Normal;
}

} // namespace

LockKinds::LockKinds(const Analysis &analysis) : analysis_(analysis) {
  const Terms &terms = analysis.engine->terms;
  PointsTo &points = analysis.model->pointsTo();
  // Recursive wins over what else is said, unknown over normal.
  auto strength = [](LockAttribute a) {
    return a == LockAttribute::Recursive    ? 3
           : a == LockAttribute::ErrorCheck ? 2
           : a == LockAttribute::Unknown    ? 1
                                            : 0;
  };
  for (const ThreadInstance &thread : analysis.model->threads)
    for (const LockSetup &setup : thread.setups) {
      if (setup.isEnd)
        continue;
      anyUnusual_ |= setup.attribute != LockAttribute::Normal;
      for (Term at : points.locations(setup.lock)) {
        auto [it, isNew] = byLocation_.try_emplace(points.normalized(at), setup.attribute);
        if (!isNew && strength(setup.attribute) > strength(it->second))
          it->second = setup.attribute;
        if (terms[at].kind == TermKind::Field) {
          auto [f, first] = byField_.try_emplace(terms[at].b, setup.attribute);
          if (!first && strength(setup.attribute) > strength(f->second))
            f->second = setup.attribute;
        }
      }
    }
}

LockAttribute LockKinds::of(Term lock) const {
  const Terms &terms = analysis_.engine->terms;
  const Program &program = *analysis_.program;
  PointsTo &points = analysis_.model->pointsTo();
  LockAttribute result = LockAttribute::Normal;
  for (Term at : std::vector<Term>(points.locations(lock))) {
    at = points.normalized(at);
    if (auto it = byLocation_.find(at); it != byLocation_.end()) {
      if (it->second != LockAttribute::Normal)
        return it->second;
      continue;
    }
    const TermNode *node = &terms[terms.withoutElements(at)];
    if (node->kind == TermKind::Field && node->b < program.fields.size()) {
      if (auto it = byField_.find(node->b);
          it != byField_.end() && it->second != LockAttribute::Normal)
        return it->second;
      LockAttribute own = attributeOf(program.fields[node->b].type.lockKind);
      if (own != LockAttribute::Normal)
        return own;
    } else if (node->kind == TermKind::Variable) {
      const VarFacts &var = program.vars[node->a];
      LockAttribute own = attributeOf(var.type.lockKind);
      if (own == LockAttribute::Normal)
        own = attributeOf(var.staticLockKind);
      if (own != LockAttribute::Normal)
        return own;
    } else if (node->kind == TermKind::Deref || node->kind == TermKind::Object) {
      if (anyUnusual_ && node->kind == TermKind::Deref)
        result = LockAttribute::Unknown;
    }
  }
  return result;
}

bool LockKinds::isOwnClass(Term lock) const {
  const Program &program = *analysis_.program;
  const Terms &terms = analysis_.engine->terms;
  const TermNode &node = terms[terms.withoutElements(lock)];
  StringId record = 0;
  if (node.kind == TermKind::Field && node.b < program.fields.size())
    record = program.fields[node.b].type.record;
  else if (node.kind == TermKind::Variable)
    record = program.vars[node.a].type.record;
  auto known = program.recordByKey.find(record);
  if (record == 0 || known == program.recordByKey.end())
    return false;
  // A record around a lock of the library and nothing else has nothing to count with.
  const std::vector<FieldId> &fields = program.records[known->second].fields;
  return fields.size() != 1 || program.fields[fields[0]].type.cls != TypeClass::Lock;
}

} // namespace threadlint
