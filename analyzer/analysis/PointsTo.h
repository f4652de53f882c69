// PointsTo: which objects a term may denote, from every pointer that any thread stores.
//
// Inclusion-based and field-sensitive over terms, flow-insensitive across threads, solved by rounds to a fixpoint. Objects are named by
// allocation site and call string. What cannot be resolved stays itself ("opaque"): a pointee whose fields have a class but no
// identity. A set larger than kMaxTargets is opaque too.
#pragma once

#include "analyzer/analysis/Engine.h"

#include <map>
#include <set>
#include <tuple>

namespace threadlint {

class PointsTo {
public:
  explicit PointsTo(Engine &engine) : engine_(engine) {}
  static constexpr std::size_t kMaxTargets = 12;

  void add(Term location, Term value);
  /// Every place that a pointer was stored in, with the pointer.
  const std::vector<std::pair<Term, Term>> &stores() const { return stores_; }
  /// The locations `location` may be: concrete ones, or opaque ones where nothing is known. Sorted, never empty unless it is
  /// kUnknownTerm or a part that its object is too small to have.
  const std::vector<Term> &locations(Term location);
  /// Whether a location is a variable or object, or a part of one.
  bool isConcrete(Term location) const;
  /// One term for all elements of an array with unknown index.
  Term normalized(Term location);
  /// Whether two terms can be the same variable, or the same field of objects that can be one.
  bool mayBeOne(Term a, Term b);
  /// Callables stored at the locations a value is loaded from.
  std::vector<Term> callables(Term value);

private:
  Engine &engine_;
  std::vector<std::pair<Term, Term>> stores_;
  std::set<std::pair<Term, Term>> seen_;
  bool isSolved_ = true;
  std::unordered_map<Term, std::vector<Term>> stored_; ///< normalized location -> values
  std::unordered_map<Term, std::vector<Term>>
      indexed_; ///< array -> its elements of constant index that something is stored in
  std::unordered_map<Term, std::vector<Term>>
      content_; ///< normalized location -> objects, of the last round
  std::unordered_map<Term, std::vector<Term>> phis_; ///< phi -> objects, of the last round
  std::unordered_map<Term, std::vector<Term>> locations_, values_; ///< memo of this round
  void solve();
  std::vector<Term> pointees(Term value);
  unsigned copyDepth_ = 0;
  std::vector<Term> copiedFrom(Term location);
  void collectCallables(Term value, std::vector<Term> &result, std::vector<Term> &seen);
  std::vector<Term> resolve(Term location);
  /// Whether a record has a part of this type, so that what was declared with the type alone is none of the record.
  bool hasPart(StringId record, const TypeInfo &part);
  std::map<std::tuple<StringId, TypeClass, StringId, StringId>, bool> hasPart_;
  /// A node of a list stands for the element around it (`container_of`): where a field of a record that has such nodes is looked for
  /// at one, the record that it is a part of; unknown, when it is a list head of its own.
  Term elementAround(Term location, FieldId field);
};

} // namespace threadlint
