// Repetitions: threads that one spawn starts again and again.
#include "analyzer/analysis/Repetitions.h"

#include <algorithm>

namespace threadlint {

bool isOwnPerRepetition(Engine &engine, ThreadModel &model, const Located &a, const Located &b,
                        Term location) {
  Terms &terms = engine.terms;
  PointsTo &points = model.pointsTo();
  // Two repetitions of one spawn: what each was given is its own.
  for (ThreadId up = a.thread; up != kNoThread; up = model.threads[up].parent) {
    const ThreadInstance &t = model.threads[up];
    if (t.variant.empty())
      continue;
    bool bothBelow = false;
    bool parentBefore = false;
    for (ThreadId v = b.thread; v != kNoThread;
         v = model.threads[v].parent) // repetitions may differ in what they were given
      bothBelow |= v == up || (model.threads[v].parent == t.parent &&
                               model.threads[v].thread == t.thread && t.parent != kNoThread);
    if (!bothBelow && t.parent == b.thread) {
      // The creator prepares what it hands over; earlier repetitions have their own.
      for (const LiveThread &live : engine.context(b.access->context).live)
        parentBefore |= live.thread == t.thread && live.aged;
    }
    if (!bothBelow && !parentBefore)
      continue;
    for (Term v : t.variant) {
      Term part = terms[v].kind == TermKind::Address ? terms[v].a : terms.deref(v);
      if (part == kUnknownTerm)
        continue;
      auto isInside = [&](Term at, Term whole) { return terms.contains(at, whole); };
      if (isInside(location, part) || isInside(a.access->location, part) ||
          isInside(b.access->location, part))
        return true;
      for (Term p : points.locations(part))
        if (isInside(points.normalized(location), points.normalized(p)))
          return true;
      if (terms[v].kind != TermKind::Address && isInside(location, v))
        return true; // an index that is its own
    }
  }
  return false;
}

} // namespace threadlint
