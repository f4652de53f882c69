// Origins: which allocations the pointers kept in a field or global variable come from.
//
//   stores of the whole program  =>  field -> calls that made what is stored there  =>  two fields never lead to one object
//
// `queue->items = pool_create(); worker->buffers = pool_create();`: a pool behind `items` is none behind `buffers`, whatever the
// queue and the worker are. Read off the facts, without contexts: every store into the field, in any function, must be null or
// a fresh object, made right there or by a function that returns nothing else.
// Left out: pointers copied from one field to another, parameters, results of unknown code: nothing is known of such a field.
#pragma once

#include "analyzer/analysis/Terms.h"
#include "analyzer/program/Program.h"

#include <map>
#include <optional>
#include <set>

namespace threadlint {

class Origins {
public:
  explicit Origins(const Program &program) : program_(program) {}
  /// Whether two locations hang on pointers from two places that never lead to one object.
  bool areApart(const Terms &terms, Term x, Term y);

private:
  using Place = std::pair<bool, std::uint32_t>; ///< a field, or else a global variable
  using Makers =
      std::set<std::pair<FunctionId, const Event *>>; ///< the steps that make the objects
  const Program &program_;
  struct Stores {
    std::vector<std::pair<FunctionId, ValueId>> values;
    bool isOpen = false; ///< stored to in another way
  };
  std::map<Place, Stores> stores_;
  bool isCollected_ = false;
  std::map<Place, std::optional<Makers>> makers_;
  std::map<FunctionId, bool> returnsFresh_;

  void collect();
  std::optional<Place> placeOf(const Terms &terms, Term location) const;
  const std::optional<Makers> &makersOf(const Place &place);
  bool addMakers(FunctionId function, ValueId value, Makers &makers, unsigned depth);
  bool returnsFresh(FunctionId function, unsigned depth);
};

} // namespace threadlint
