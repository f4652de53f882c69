// Slots: which element of an array leads to an object.
//
//   pointer stores of all threads  =>  object -> the index under which it is kept  =>  `locks[i]` guards what hangs on `slots[i]`
//
// An object has an index when every pointer to it that others can load stands in an element with this index, or in objects that
// have it themselves: a list whose head is kept in the element. Moving it about inside such a structure changes nothing.
// Left out: pointers in variables of a function, which are its own; objects with more than a few stores are given up.
#pragma once

#include "analyzer/analysis/PointsTo.h"

#include <map>

namespace threadlint {

class Slots {
public:
  Slots(Engine &engine, PointsTo &points) : engine_(engine), points_(points) {}
  /// The index that leads to a location, or to the object that it is a part of; kUnknownTerm when there is none, or several.
  Term indexOf(Term location);
  /// Whether an index leads to what is accessed: by its name, or because the object is kept in such an element alone.
  bool leadsTo(Term index, Term name, Term location) {
    return engine_.terms.contains(name, index) || indexOf(name) == index ||
           indexOf(location) == index;
  }

private:
  Engine &engine_;
  PointsTo &points_;
  std::map<Term, std::vector<Term>> keptIn_; ///< object -> places of pointers to it
  bool isCollected_ = false;
  std::map<Term, Term> known_; ///< object -> index; kUnknownTerm while it is looked for
  void collect();
  Term indexOfObject(Term object);
};

} // namespace threadlint
