// Terms: hash-consed symbolic locations and values, the names in which summaries speak.
//
//   path, value of an event  --evaluate-->  Term  --substitute at a call-->  Term of the caller
//
// A location is a variable, a heap or temporary object, a field, an element or the pointee of a value; a value is a constant, an
// address, what a location held when the function was entered (Init), a parameter, a callable, an operation, or something unknown
// but equal to itself (Fresh, Phi). Equal terms denote equal things within one activation, so term equality is the must-alias
// relation and versions of access paths need no counters: `p = p->next` makes p another term.
//
// Objects carry the call string through which they are reached (the outermost four calls).
// A term deeper than kMaxDepth becomes Unknown, which equals nothing.
#pragma once

#include "analyzer/analysis/TermList.h"
#include "analyzer/facts/Types.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace threadlint {

using Term = std::uint32_t;
using SiteId = std::uint32_t;  ///< an event of a function
using ChainId = std::uint32_t; ///< a call string; 0 = the frame itself
inline constexpr Term kUnknownTerm = 0;
inline constexpr ChainId kGlobalChain = 0xffffffffu;
inline constexpr std::int64_t kThisParameter = -1;
inline constexpr std::int64_t kSelf = 14; ///< of an Op: ValueOp::Self

enum class TermKind : std::uint8_t {
  Unknown,
  // locations
  Variable, ///< a = VarId, b = ChainId (kGlobalChain for globals)
  Capture,  ///< a = ordinal, b = ChainId: the closure's own copy
  Object,   ///< a = SiteId of the allocation or temporary, b = ChainId
  Field,    ///< a = location, b = FieldId
  Index,    ///< a = location, n
  Element,  ///< a = location, b = index value or 0
  Deref,    ///< a = value
  // values
  Int,          ///< n
  Address,      ///< a = location
  Init,         ///< a = location: its content on entry
  Param,        ///< n = ordinal, kThisParameter = this
  CaptureValue, ///< n = ordinal
  Function,     ///< a = FunctionId
  Closure,      ///< a = FunctionId, kids = captures
  Bind,         ///< kids[0] = callable, rest arguments
  Op,           ///< n = ValueOp, kids
  Fresh,        ///< a = SiteId, b = ChainId: an unknown result
  Phi, ///< a = SiteId of the join, b = key of what is joined, n = ChainId; what it may be: Terms::inputs
  Result, ///< the place a function's result is kept in
  Thread, ///< a = SiteId of the spawn, b = ChainId
  Project ///< a = record value, b = FieldId
};

struct TermNode {
  TermKind kind = TermKind::Unknown;
  std::uint8_t depth = 0;
  bool isOpen =
      false; ///< mentions Param, CaptureValue, Init or a frame object: substitution may change it
  bool hasPhi = false;
  std::uint32_t a = 0, b = 0;
  std::int64_t n = 0;
  TermList kids;
};

class Terms {
public:
  Terms();
  static constexpr unsigned kMaxDepth = 12, kMaxOperandDepth = 7;
  static constexpr std::size_t kMaxPhiInputs = 8;

  const TermNode &operator[](Term term) const {
    return chunks_[term >> kChunkBits][term & (kChunkSize - 1)];
  }
  std::size_t size() const { return shapes_.size(); }

  /// What walks over a memory ask of a location, kept apart from the nodes so that they touch little.
  struct Shape {
    Term root = 0;               ///< the location without its Field, Index and Element steps
    FieldId field = 0;           ///< of a Field
    bool isPointeeField = false; ///< a Field of something behind a pointer
    std::uint32_t inputs = 0;    ///< of a Phi: where Terms keeps them, 0 = none
  };
  const Shape &shape(Term term) const { return shapes_[term]; }

  Term variable(VarId var, ChainId chain) { return make(TermKind::Variable, var, chain); }
  Term capture(std::uint32_t ordinal) { return make(TermKind::Capture, ordinal, 0); }
  Term object(SiteId site, ChainId chain) { return make(TermKind::Object, site, chain); }
  Term field(Term location, FieldId field);
  Term index(Term location, std::int64_t index);
  Term element(Term location, Term index);
  /// An element of an array that is an element itself. Of any other location that is an element, index() and element() give its
  /// neighbours, because pointers walk so.
  Term nested(Term location, Term index);
  /// The step from a location to an element, from another location.
  Term sameStep(const TermNode &step, Term location, Term index);
  bool isElement(Term location) const {
    TermKind kind = (*this)[location].kind;
    return kind == TermKind::Index || kind == TermKind::Element;
  }
  Term deref(Term value);
  Term integer(std::int64_t n) { return make(TermKind::Int, 0, 0, n); }
  Term address(Term location);
  Term init(Term location);
  Term param(std::int64_t ordinal) { return make(TermKind::Param, 0, 0, ordinal); }
  Term captureValue(std::int64_t ordinal) { return make(TermKind::CaptureValue, 0, 0, ordinal); }
  Term function(std::uint32_t id) { return make(TermKind::Function, id, 0); }
  Term closure(std::uint32_t function, std::vector<Term> captures);
  Term bind(std::vector<Term> kids);
  Term operation(std::int64_t op, std::vector<Term> kids);
  /// What a callable that is not known yet carries: its captures once it is.
  std::vector<Term> capturesOf(Term callable);
  /// The function a callable runs, as a number once it is known.
  Term functionOf(Term callable) { return operation(kFunctionOf, {callable}); }
  /// The class an object was made as: the key of its record.
  Term classOf(Term object) { return operation(kClassOf, {object}); }
  /// Of the address of a static local: that a call of the function that returns it has come back.
  Term initialised(Term address) { return operation(kInitialised, {address}); }
  static constexpr std::int64_t kCaptureOf = 106, kFunctionOf = 107, kClassOf = 150,
                                kInitialised = 151; ///< operations
  /// The handle of the running thread; with a number, of that thread of the model.
  Term self() { return operation(kSelf, {}); }
  Term selfOf(std::int64_t thread) { return operation(kSelf, {integer(thread)}); }
  Term fresh(SiteId site, ChainId chain) { return make(TermKind::Fresh, site, chain); }
  Term phi(SiteId site, Term key, ChainId chain = 0) {
    return make(TermKind::Phi, site, key, chain);
  }
  /// Notes that `phi` may be `input`. True when that is news. More than kMaxPhiInputs make it unknown (no inputs).
  bool addInput(Term phi, Term input);
  TermList inputs(Term phi) const;
  Term result() { return make(TermKind::Result, 0, 0); }
  Term thread(SiteId site, ChainId chain) { return make(TermKind::Thread, site, chain); }
  Term project(Term value, FieldId field);
  Term make(TermKind kind, std::uint32_t a, std::uint32_t b, std::int64_t n = 0,
            std::span<const Term> kids = {});
  Term make(TermKind kind, std::uint32_t a, std::uint32_t b, std::int64_t n,
            std::initializer_list<Term> kids) {
    return make(kind, a, b, n, std::span(kids.begin(), kids.size()));
  }

  /// The call string `site` followed by `chain`.
  ChainId extend(SiteId site, ChainId chain);
  static constexpr std::uint32_t kMaxChain = 4;
  /// The calls of a string, outermost first.
  std::vector<SiteId> sitesOf(ChainId chain) const;

  /// The variable, object, capture or pointer value a location is part of: strips Field, Index and Element.
  Term root(Term location) const { return shapes_[location].root; }
  /// The array or container that an element is of, however deep: strips Index and Element.
  Term withoutElements(Term location) const {
    while ((*this)[location].kind == TermKind::Index || (*this)[location].kind == TermKind::Element)
      location = (*this)[location].a;
    return location;
  }
  /// The object that a field is of, however deep: strips Field.
  Term withoutFields(Term location) const {
    while ((*this)[location].kind == TermKind::Field)
      location = (*this)[location].a;
    return location;
  }
  /// Whether two fields can be the same one of unknown objects: their names agree as far as both are known. A lock in a wrapper class
  /// is told apart by the members that have the type of the wrapper.
  bool mayBeOneField(Term a, Term b) const {
    while ((*this)[a].kind == TermKind::Field && (*this)[b].kind == TermKind::Field) {
      if ((*this)[a].b != (*this)[b].b)
        return false;
      a = withoutElements((*this)[a].a);
      b = withoutElements((*this)[b].a);
    }
    return true;
  }
  /// Whether equal terms surely denote one location: no loop value, no unknown element, no result of unknown code inside.
  bool isDefinite(Term location) const;
  /// The same, an element counting as one lock whatever its index.
  bool isDefiniteClass(Term location) const;
  bool contains(Term term, Term part) const;
  /// What is left of a number after division, when it is the same for all that its phis may be: of a counter that goes in steps.
  std::optional<std::int64_t> remainder(Term value, std::int64_t modulus) const;
  static constexpr std::int64_t kMaxModulus = 64;
  /// Calls `visit` with each term that `term` is made of directly; what a phi may be is not a part of it.
  template <class F> void forEachPart(Term term, F visit) const {
    const TermNode &node = (*this)[term];
    if (hasLocationPart(node.kind))
      visit(node.a);
    if (node.kind == TermKind::Element && node.b)
      visit(node.b);
    for (Term kid : node.kids)
      visit(kid);
  }
  /// Replaces every occurrence of `from`.
  Term replace(Term term, Term from, Term to);
  /// A function, a closure, or one of them with arguments bound.
  bool isCallable(Term term) const {
    TermKind kind = (*this)[term].kind;
    return kind == TermKind::Function || kind == TermKind::Closure || kind == TermKind::Bind;
  }
  /// Both locations without the fields that they have in common at their ends.
  std::pair<Term, Term> withoutCommonFields(Term a, Term b) const;
  bool isLocation(Term term) const {
    TermKind kind = (*this)[term].kind;
    return kind >= TermKind::Variable && kind <= TermKind::Deref;
  }

private:
  static bool hasLocationPart(TermKind kind) {
    return (kind >= TermKind::Field && kind <= TermKind::Deref) || kind == TermKind::Address ||
           kind == TermKind::Init || kind == TermKind::Project;
  }
  Term replaceIn(Term term, Term from, Term to, std::unordered_map<Term, Term> &memo);
  ChainId withoutInnermost(ChainId chain);
  static constexpr unsigned kChunkBits = 12;
  static constexpr Term kChunkSize = 1u << kChunkBits;
  struct Slot {
    std::uint32_t hash = 0;
    Term term = kUnknownTerm; ///< kUnknownTerm: free
  };
  void growIndex();
  std::vector<std::unique_ptr<TermNode[]>> chunks_; ///< nodes never move
  TermListPool kids_;
  std::vector<Shape> shapes_;
  std::vector<Slot> slots_; ///< open addressing, a power of two
  struct Chain {
    SiteId site;
    ChainId inner;
    std::uint32_t length;
  };
  // What phis may be: a number and that many sorted terms, in blocks for a few or for as many as are kept. A block never moves; a
  // phi that outgrows its own gets another one.
  static constexpr unsigned kBlockBits = 16;
  static constexpr std::size_t kFewInputs = 3;
  std::uint32_t *inputBlock(std::uint32_t at) const {
    return blocks_[at >> kBlockBits].get() + (at & ((1u << kBlockBits) - 1));
  }
  std::uint32_t newInputBlock(std::size_t terms);
  std::vector<std::unique_ptr<std::uint32_t[]>> blocks_;
  std::uint32_t nextBlock_ = 0; ///< 0 is no block's place
  std::vector<Chain> chains_;
  std::unordered_map<std::uint64_t, ChainId> chainIndex_;
};

} // namespace threadlint
