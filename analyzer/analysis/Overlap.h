// Overlap: whether the locations that two steps access can be one.
//
// Objects that are surely different never are; two unknown pointees may be, and then it is said what is assumed to be one.
#pragma once

#include "analyzer/analysis/Engine.h"

#include <utility>
#include <vector>

namespace threadlint {

class Overlap {
public:
  explicit Overlap(const Engine &engine) : engine_(engine), terms_(engine.terms) {}

  /// A record as a whole: copied or overwritten with all its parts.
  bool isWhole(Term location) const;
  /// Whether two locations lead through elements that are surely not one.
  bool areDrawnApart(Term x, Term y) const;
  /// Locations that are surely different elements or objects do not conflict. `base` pairs are what is assumed to be one.
  bool sameLocation(Term a, Term b, std::vector<std::pair<Term, Term>> &bases, bool &assumed) const;

private:
  const Engine &engine_;
  const Terms &terms_;

  /// What a getter without body leads to: an object that code elsewhere keeps, known by its type alone.
  bool isFromGetter(Term location) const;
  /// A global record, or a part of one, whose address such code can know.
  bool isKnownOutside(Term location) const;
  /// The draw of an atomic counter that gave an index: every draw gives another one. 0 for anything else.
  Term drawOf(Term index, unsigned depth = 0) const;
  /// Two elements whose indexes two threads drew from one atomic counter.
  bool areDrawn(Term x, Term y) const;
};

} // namespace threadlint
