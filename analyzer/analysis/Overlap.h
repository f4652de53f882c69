// Overlap: whether the locations that two steps access can be one.
//
// Objects that are surely different never are; two unknown pointees may be, and then it is said what is assumed to be one.
#pragma once

#include "analyzer/analysis/Engine.h"

#include <functional>
#include <utility>
#include <vector>

namespace threadlint {

/// Two polymorphic classes, neither of which derives from the other: no object is of both.
bool areUnrelated(const Program &program, StringId first, StringId second);

class Overlap {
public:
  explicit Overlap(Engine &engine) : engine_(engine), terms_(engine.terms) {}

  /// A record as a whole: copied or overwritten with all its parts.
  bool isWhole(Term location) const;
  /// Whether two locations lead through elements that are surely not one.
  bool areDrawnApart(Term x, Term y) const;
  /// Whether they are elements whose indexes start from what each thread was given for itself (`own`), or loops of one function that
  /// start from different values: slices of an array, which nobody here can tell from overlapping ones.
  bool maybeSlices(Term x, Term y, const std::vector<Term> &own) const;
  /// Locations that are surely different elements or objects do not conflict. `base` pairs are what is assumed to be one.
  bool sameLocation(Term a, Term b, std::vector<std::pair<Term, Term>> &bases, bool &assumed) const;
  /// Asked in `sameLocation` about an object and an unknown pointee, if set: whether the pointee may be the object. Says whether the object
  /// is the first of the two.
  std::function<bool(Term object, Term pointee, bool isFirst)> mayBe;

  /// Whether a location is one place in memory: not one of the objects that a loop makes, nor an element nobody knows.
  bool isUnique(Term location) const;
  /// Whether a location hangs on a pointer that is an element of a container: any of the objects kept there.
  bool isThroughElement(Term location) const;

private:
  Engine &engine_;
  const Terms &terms_;

  /// What a getter without body leads to: an object that code elsewhere keeps, known by its type alone.
  bool isFromGetter(Term location) const;
  /// A global record, or a part of one, whose address such code can know.
  bool isKnownOutside(Term location) const;
  /// The draw of an atomic counter that gave an index: every draw gives another one. 0 for anything else.
  Term drawOf(Term index, unsigned depth = 0) const;
  /// Whether a value is made from one of `own`, round a loop or not.
  bool isMadeFrom(Term value, const std::vector<Term> &own) const;
  /// Whether two indexes are one loop variable, in two threads.
  bool isSameLoop(Term i, Term j) const;
  /// Whether a loop variable starts from several constants. The phi at the head of a loop collects them over all calls of its function.
  bool startsDiffer(Term index) const;
  /// Two elements whose indexes two threads drew from one atomic counter.
  bool areDrawn(Term x, Term y) const;
};

/// Lock arrays: each side takes the element whose index also leads to what it accesses, which `leads` tells of the first or second.
bool isOneIndex(const Terms &terms, Term lockA, Term lockB,
                const std::function<bool(Term index, bool isFirst)> &leads);

/// Locks of one class whose objects are unknown on both sides: taken for one.
bool sameShape(const Terms &terms, Term a, Term b);

} // namespace threadlint
