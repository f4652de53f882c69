// Terms: construction with the simplifications that keep equal things equal.
#include "analyzer/analysis/Terms.h"

#include "analyzer/facts/Event.h"

#include <algorithm>
#include <map>

namespace threadlint {

Terms::Terms() {
  chunks_.push_back(std::make_unique<TermNode[]>(kChunkSize));
  shapes_.push_back(Shape{});
  slots_.resize(kChunkSize);
  chains_.push_back(Chain{0, 0, 0});
}

Term Terms::make(TermKind kind, std::uint32_t a, std::uint32_t b, std::int64_t n,
                 std::span<const Term> kids) {
  std::uint64_t hash = static_cast<std::uint64_t>(kind) * 0x9E3779B97F4A7C15ull;
  auto mix = [&hash](std::uint64_t v) {
    hash = (hash ^ v) * 0xFF51AFD7ED558CCDull, hash ^= hash >> 32;
  };
  mix(a);
  mix(b);
  mix(static_cast<std::uint64_t>(n));
  for (Term kid : kids)
    mix(kid + 1);
  const auto shortHash = static_cast<std::uint32_t>(hash);
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = shortHash & mask;
  for (; slots_[slot].term != kUnknownTerm; slot = (slot + 1) & mask)
    if (slots_[slot].hash == shortHash) {
      const TermNode &o = (*this)[slots_[slot].term];
      if (o.kind == kind && o.a == a && o.b == b && o.n == n &&
          std::equal(o.kids.begin(), o.kids.end(), kids.begin(), kids.end()))
        return slots_[slot].term;
    }
  TermNode node;
  node.kind = kind;
  node.a = a;
  node.b = b;
  node.n = n;
  auto absorb = [this, &node](Term part) {
    const TermNode &p = (*this)[part];
    node.depth = std::max(node.depth, static_cast<std::uint8_t>(p.depth + 1));
    node.isOpen |= p.isOpen;
    node.hasPhi |= p.hasPhi;
  };
  switch (kind) {
  case TermKind::Field:
  case TermKind::Index:
  case TermKind::Deref:
  case TermKind::Address:
  case TermKind::Init:
  case TermKind::Project:
    absorb(a);
    break;
  case TermKind::Element:
    absorb(a);
    if (b)
      absorb(b);
    break;
  case TermKind::Closure:
  case TermKind::Bind:
  case TermKind::Op:
    for (Term kid : kids)
      absorb(kid);
    break;
  case TermKind::Phi:
    node.hasPhi = true;
    node.isOpen = true;
    break;
  case TermKind::Variable:
  case TermKind::Object:
  case TermKind::Capture:
  case TermKind::Fresh:
  case TermKind::Thread:
    node.isOpen = b != kGlobalChain;
    break;
  case TermKind::Param:
  case TermKind::CaptureValue:
    node.isOpen = true;
    break;
  case TermKind::Result:
  case TermKind::Unknown:
  case TermKind::Int:
  case TermKind::Function:
    break;
  }
  if (kind == TermKind::Init || kind == TermKind::Result)
    node.isOpen = true;
  if (node.depth > kMaxDepth)
    return kUnknownTerm;
  auto id = static_cast<Term>(shapes_.size());
  if ((id & (kChunkSize - 1)) == 0)
    chunks_.push_back(std::make_unique<TermNode[]>(kChunkSize));
  Shape shape;
  shape.root = id;
  if (kind == TermKind::Field || kind == TermKind::Index || kind == TermKind::Element)
    shape.root = shapes_[a].root;
  if (kind == TermKind::Field) {
    shape.field = b;
    shape.isPointeeField = (*this)[shape.root].kind == TermKind::Deref;
  }
  shapes_.push_back(shape);
  node.kids = kids_.add(kids);
  chunks_.back()[id & (kChunkSize - 1)] = node;
  slots_[slot] = Slot{shortHash, id};
  if (shapes_.size() * 2 > slots_.size())
    growIndex();
  return id;
}

void Terms::growIndex() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot &entry : old) {
    if (entry.term == kUnknownTerm)
      continue;
    std::size_t slot = entry.hash & mask;
    while (slots_[slot].term != kUnknownTerm)
      slot = (slot + 1) & mask;
    slots_[slot] = entry;
  }
}

Term Terms::field(Term location, FieldId field) {
  return location == kUnknownTerm ? kUnknownTerm : make(TermKind::Field, location, field);
}

Term Terms::index(Term location, std::int64_t index) {
  if (location == kUnknownTerm)
    return kUnknownTerm;
  // `p[i]` with p = &a[0], and array-to-pointer decay: the address of the array is the address of its first element.
  if ((*this)[location].kind == TermKind::Index)
    return make(TermKind::Index, (*this)[location].a, 0, (*this)[location].n + index);
  if ((*this)[location].kind == TermKind::Element)
    return location;
  return make(TermKind::Index, location, 0, index);
}

Term Terms::element(Term location, Term index) {
  if (location == kUnknownTerm)
    return kUnknownTerm;
  if (index && (*this)[index].kind == TermKind::Int)
    return this->index(location, (*this)[index].n);
  const TermNode &node = (*this)[location];
  if (node.kind == TermKind::Index)
    return make(TermKind::Element, node.a, node.n == 0 ? index : 0);
  if (node.kind == TermKind::Element && index == 0)
    return location;
  return make(TermKind::Element, location, index);
}

Term Terms::nested(Term location, Term index) {
  if (location == kUnknownTerm)
    return kUnknownTerm;
  if (index && (*this)[index].kind == TermKind::Int)
    return make(TermKind::Index, location, 0, (*this)[index].n);
  return make(TermKind::Element, location, index);
}

Term Terms::sameStep(const TermNode &step, Term location, Term index) {
  const bool isConstant = step.kind == TermKind::Index;
  if (isElement(step.a) && isElement(location))
    return nested(location, isConstant ? integer(step.n) : index);
  return isConstant ? this->index(location, step.n) : element(location, index);
}

Term Terms::deref(Term value) {
  if (value == kUnknownTerm)
    return kUnknownTerm;
  if ((*this)[value].kind == TermKind::Address)
    return (*this)[value].a;
  if ((*this)[value].kind == TermKind::Int)
    return kUnknownTerm;
  return make(TermKind::Deref, value, 0);
}

Term Terms::address(Term location) {
  if (location == kUnknownTerm)
    return kUnknownTerm;
  if ((*this)[location].kind == TermKind::Deref)
    return (*this)[location].a;
  return make(TermKind::Address, location, 0);
}

Term Terms::init(Term location) {
  return location == kUnknownTerm ? kUnknownTerm : make(TermKind::Init, location, 0);
}

Term Terms::closure(std::uint32_t function, std::vector<Term> captures) {
  return make(TermKind::Closure, function, 0, 0, captures);
}

Term Terms::bind(std::vector<Term> kids) { return make(TermKind::Bind, 0, 0, 0, kids); }

Term Terms::operation(std::int64_t opNumber, std::vector<Term> kids) {
  auto op = static_cast<ValueOp>(opNumber);
  for (Term kid : kids)
    if (kid == kUnknownTerm)
      return kUnknownTerm;
  const TermNode &first = (*this)[kids.empty() ? kUnknownTerm : kids[0]];
  if (opNumber == kCaptureOf && first.kind == TermKind::Closure) {
    auto ordinal = static_cast<std::size_t>((*this)[kids[1]].n);
    return ordinal < first.kids.size() ? first.kids[ordinal] : kUnknownTerm;
  }
  if (opNumber == kFunctionOf &&
      (first.kind == TermKind::Closure || first.kind == TermKind::Function))
    return integer(first.a);
  if (opNumber == kCaptureOf || opNumber == kFunctionOf || opNumber == kClassOf ||
      opNumber == kInitialised)
    return make(TermKind::Op, 0, 0, opNumber, kids);
  auto isInt = [this](Term t) { return (*this)[t].kind == TermKind::Int; };
  auto isAddress = [this](Term t) {
    TermKind k = (*this)[t].kind;
    return k == TermKind::Address || k == TermKind::Function || k == TermKind::Closure;
  };
  if (op == ValueOp::Not && kids.size() == 1) {
    if (isInt(kids[0]))
      return integer((*this)[kids[0]].n == 0);
    if (isAddress(kids[0]))
      return integer(0);
    const TermNode &inner = (*this)[kids[0]];
    if (inner.kind == TermKind::Op && inner.n == static_cast<std::int64_t>(ValueOp::Eq))
      return operation(static_cast<std::int64_t>(ValueOp::Ne), inner.kids);
    if (inner.kind == TermKind::Op && inner.n == static_cast<std::int64_t>(ValueOp::Ne))
      return operation(static_cast<std::int64_t>(ValueOp::Eq), inner.kids);
    return operation(static_cast<std::int64_t>(ValueOp::Eq), {kids[0], integer(0)});
  }
  if (kids.size() == 2 && isInt(kids[0]) && isInt(kids[1])) {
    std::int64_t x = (*this)[kids[0]].n, y = (*this)[kids[1]].n;
    auto u = [](std::int64_t v) { return static_cast<std::uint64_t>(v); };
    switch (op) {
    case ValueOp::Eq:
      return integer(x == y);
    case ValueOp::Ne:
      return integer(x != y);
    case ValueOp::Lt:
      return integer(x < y);
    case ValueOp::Le:
      return integer(x <= y);
    case ValueOp::Gt:
      return integer(x > y);
    case ValueOp::Ge:
      return integer(x >= y);
    case ValueOp::And:
      return integer(x && y);
    case ValueOp::Or:
      return integer(x || y);
    case ValueOp::Add:
      return integer(static_cast<std::int64_t>(u(x) + u(y)));
    case ValueOp::Sub:
      return integer(static_cast<std::int64_t>(u(x) - u(y)));
    case ValueOp::Mul:
      return integer(static_cast<std::int64_t>(u(x) * u(y)));
    case ValueOp::Rem:
      if (y > 0)
        return integer(x % y);
      break;
    case ValueOp::BitAnd:
      return integer(x & y);
    case ValueOp::BitXor:
      return integer(x ^ y);
    case ValueOp::Not:
    case ValueOp::Other:
    case ValueOp::Self:
      break;
    }
  }
  if (kids.size() == 2 && (op == ValueOp::Eq || op == ValueOp::Ne)) {
    if (isInt(kids[0]) && !isInt(kids[1]))
      std::swap(kids[0], kids[1]);
    else if (!isInt(kids[1]) && kids[1] < kids[0])
      std::swap(kids[0], kids[1]);
    if (kids[0] == kids[1])
      return integer(op == ValueOp::Eq);
    if (isAddress(kids[0]) && isInt(kids[1]) && (*this)[kids[1]].n == 0)
      return integer(op == ValueOp::Ne);
    // (x == c) != 0 is x == c; (x == c) == 0 is x != c.
    const TermNode &inner = (*this)[kids[0]];
    bool isZero = isInt(kids[1]) && (*this)[kids[1]].n == 0;
    if (isZero && inner.kind == TermKind::Op && inner.n <= static_cast<std::int64_t>(ValueOp::Ge)) {
      if (op == ValueOp::Ne)
        return kids[0];
      static constexpr ValueOp kInverse[] = {ValueOp::Ne, ValueOp::Eq, ValueOp::Ge,
                                             ValueOp::Gt, ValueOp::Le, ValueOp::Lt};
      return operation(static_cast<std::int64_t>(kInverse[inner.n]), inner.kids);
    }
  }
  if (kids.size() == 2 && (op == ValueOp::Rem || op == ValueOp::BitAnd) && isInt(kids[1]) &&
      (*this)[kids[0]].hasPhi) {
    std::int64_t modulus = (*this)[kids[1]].n;
    if (op == ValueOp::BitAnd)
      modulus = modulus == 1 ? 2 : 0;
    if (auto rest = remainder(kids[0], modulus))
      return integer(*rest);
  }
  if (kids.size() <= 2) // arithmetic on arithmetic decides nothing
    for (Term kid : kids)
      if ((*this)[kid].depth > kMaxOperandDepth)
        return kUnknownTerm;
  if (op == ValueOp::Sub && kids.size() == 2 && isInt(kids[1]))
    return operation(static_cast<std::int64_t>(ValueOp::Add),
                     {kids[0], integer(static_cast<std::int64_t>(
                                   0 - static_cast<std::uint64_t>((*this)[kids[1]].n)))});
  if (op == ValueOp::Add && kids.size() == 2 && isInt(kids[1])) {
    if ((*this)[kids[1]].n == 0)
      return kids[0];
    const TermNode &inner = (*this)[kids[0]];
    if (inner.kind == TermKind::Op && inner.n == static_cast<std::int64_t>(ValueOp::Add) &&
        isInt(inner.kids[1]))
      return operation(opNumber,
                       {inner.kids[0], integer(static_cast<std::int64_t>(
                                           static_cast<std::uint64_t>((*this)[inner.kids[1]].n) +
                                           static_cast<std::uint64_t>((*this)[kids[1]].n)))});
  }
  return make(TermKind::Op, 0, 0, opNumber, kids);
}

std::optional<std::int64_t> Terms::remainder(Term value, std::int64_t modulus) const {
  if (modulus < 2 || modulus > kMaxModulus)
    return std::nullopt;
  unsigned budget = 100;
  std::map<Term, std::optional<std::int64_t>>
      assumed; ///< of phis; nothing yet inside the first look at one
  std::function<std::optional<std::int64_t>(Term)> of =
      [&](Term term) -> std::optional<std::int64_t> {
    if (budget == 0 || term == kUnknownTerm)
      return std::nullopt;
    --budget;
    const TermNode &node = (*this)[term];
    if (node.kind == TermKind::Int)
      return ((node.n % modulus) + modulus) % modulus;
    if (node.kind == TermKind::Phi) {
      auto [it, isNew] = assumed.try_emplace(term);
      if (!isNew)
        return it->second;
      for (Term input : inputs(term))
        if (!it->second)
          it->second = of(input);
      for (Term input : inputs(term))
        if (it->second && of(input) != it->second)
          it->second.reset();
      return it->second;
    }
    if (node.kind != TermKind::Op || node.kids.size() != 2)
      return std::nullopt;
    auto op = static_cast<ValueOp>(node.n);
    if (op != ValueOp::Add && op != ValueOp::Sub && op != ValueOp::Mul)
      return std::nullopt;
    auto x = of(node.kids[0]), y = of(node.kids[1]);
    if (!x || !y)
      return std::nullopt;
    std::int64_t result = op == ValueOp::Add ? *x + *y : op == ValueOp::Sub ? *x - *y : *x * *y;
    return ((result % modulus) + modulus) % modulus;
  };
  auto rest = of(value);
  // What was assumed of one phi may have been dropped after another had used it.
  for (const auto &[phi, known] : assumed)
    if (rest && !known)
      return std::nullopt;
  return rest;
}

std::vector<Term> Terms::capturesOf(Term callable) {
  constexpr std::int64_t kMaxCaptures = 6;
  std::vector<Term> captures;
  for (std::int64_t ordinal = 0; ordinal < kMaxCaptures; ++ordinal)
    captures.push_back(operation(kCaptureOf, {callable, integer(ordinal)}));
  return captures;
}

bool Terms::addInput(Term phi, Term input) {
  if (input == phi)
    return false;
  std::uint32_t &slot = shapes_[phi].inputs;
  if (slot == 0)
    slot = newInputBlock(kFewInputs);
  std::uint32_t *block = inputBlock(slot);
  const std::size_t count = block[0];
  const std::uint32_t *at = std::lower_bound(block + 1, block + 1 + count, input);
  if ((at != block + 1 + count && *at == input) || count > kMaxPhiInputs)
    return false;
  if (count == kFewInputs) {
    slot = newInputBlock(kMaxPhiInputs + 1);
    std::uint32_t *larger = inputBlock(slot);
    std::copy(block, block + 1 + count, larger);
    at = larger + (at - block);
    block = larger;
  }
  std::uint32_t *place = block + (at - block);
  std::copy_backward(place, block + 1 + count, block + 2 + count);
  *place = input;
  ++block[0];
  return true;
}

std::uint32_t Terms::newInputBlock(std::size_t terms) {
  const std::size_t kSize = std::size_t{1} << kBlockBits;
  const std::size_t used = nextBlock_ & (kSize - 1);
  if (used == 0 || used + terms + 1 > kSize) {
    nextBlock_ = static_cast<std::uint32_t>(blocks_.size() << kBlockBits) + 1;
    blocks_.push_back(std::make_unique<std::uint32_t[]>(kSize));
  }
  const std::uint32_t at = nextBlock_;
  nextBlock_ += static_cast<std::uint32_t>(terms + 1);
  return at;
}

TermList Terms::inputs(Term phi) const {
  TermList list;
  if (const std::uint32_t at = shapes_[phi].inputs; at != 0)
    if (const std::uint32_t *block = inputBlock(at); block[0] <= kMaxPhiInputs)
      list.data_ = block + 1;
  return list;
}

Term Terms::project(Term value, FieldId field) {
  return value == kUnknownTerm ? kUnknownTerm : make(TermKind::Project, value, field);
}

ChainId Terms::extend(SiteId site, ChainId chain) {
  if (chain == kGlobalChain)
    return chain;
  if (chains_[chain].length >= kMaxChain)
    chain = withoutInnermost(chain);
  std::uint64_t key = (static_cast<std::uint64_t>(site) << 32) | chain;
  auto [it, isNew] = chainIndex_.try_emplace(key, static_cast<ChainId>(chains_.size()));
  if (isNew)
    chains_.push_back(Chain{site, chain, chains_[chain].length + 1});
  return it->second;
}

std::vector<SiteId> Terms::sitesOf(ChainId chain) const {
  std::vector<SiteId> result;
  for (; chain != 0 && chain != kGlobalChain; chain = chains_[chain].inner)
    result.push_back(chains_[chain].site);
  return result;
}

/// The outer calls tell threads apart, so a long string loses its innermost call.
ChainId Terms::withoutInnermost(ChainId chain) {
  const Chain c = chains_[chain];
  if (c.length <= 1)
    return 0;
  return extend(c.site, withoutInnermost(c.inner));
}

bool Terms::isDefiniteClass(Term term) const { return isDefinite(withoutElements(term)); }

bool Terms::isDefinite(Term term) const {
  const TermNode &node = (*this)[term];
  switch (node.kind) {
  case TermKind::Unknown:
  case TermKind::Phi:
  case TermKind::Project:
  case TermKind::Op:
    return false;
  case TermKind::Fresh:
    return node.b == kGlobalChain && node.a != 0;
  case TermKind::Element:
    return node.b != kUnknownTerm && isDefinite(node.a) && isDefinite(node.b);
  case TermKind::Field:
  case TermKind::Index:
  case TermKind::Deref:
  case TermKind::Address:
  case TermKind::Init:
    return isDefinite(node.a);
  default:
    return true;
  }
}

bool Terms::contains(Term term, Term part) const {
  // A part is older than what is made of it.
  if (term <= part)
    return term == part;
  std::vector<Term> work{term}, seen;
  bool isFound = false;
  while (!work.empty() && !isFound) {
    const Term next = work.back();
    work.pop_back();
    forEachPart(next, [&](Term t) {
      isFound |= t == part;
      if (t > part && (*this)[t].depth > 0 &&
          std::find(seen.begin(), seen.end(), t) == seen.end()) {
        seen.push_back(t);
        work.push_back(t);
      }
    });
  }
  return isFound;
}

Term Terms::replace(Term term, Term from, Term to) {
  std::unordered_map<Term, Term> memo;
  return replaceIn(term, from, to, memo);
}

Term Terms::replaceIn(Term term, Term from, Term to, std::unordered_map<Term, Term> &memo) {
  if (term == from)
    return to;
  if (term < from || (*this)[term].depth == 0)
    return term;
  if (auto it = memo.find(term); it != memo.end())
    return it->second;
  TermNode node = (*this)[term];
  auto sub = [&](Term t) { return replaceIn(t, from, to, memo); };
  Term result = term;
  switch (node.kind) {
  case TermKind::Field:
    result = field(sub(node.a), node.b);
    break;
  case TermKind::Index:
    result = sameStep(node, sub(node.a), kUnknownTerm);
    break;
  case TermKind::Element:
    result = sameStep(node, sub(node.a), node.b ? sub(node.b) : 0);
    break;
  case TermKind::Deref:
    result = deref(sub(node.a));
    break;
  case TermKind::Address:
    result = address(sub(node.a));
    break;
  case TermKind::Init:
    result = init(sub(node.a));
    break;
  case TermKind::Project:
    result = project(sub(node.a), node.b);
    break;
  case TermKind::Closure:
  case TermKind::Bind:
  case TermKind::Op: {
    bool changed = false;
    std::vector<Term> kids = node.kids;
    for (Term &kid : kids) {
      Term next = sub(kid);
      changed |= next != kid;
      kid = next;
    }
    if (changed)
      result = node.kind == TermKind::Op ? operation(node.n, kids)
                                         : make(node.kind, node.a, node.b, node.n, kids);
    break;
  }
  default:
    break;
  }
  memo.emplace(term, result);
  return result;
}

std::pair<Term, Term> Terms::withoutCommonFields(Term a, Term b) const {
  while ((*this)[a].kind == TermKind::Field && (*this)[b].kind == TermKind::Field &&
         (*this)[a].b == (*this)[b].b) {
    a = (*this)[a].a;
    b = (*this)[b].a;
  }
  return {a, b};
}

} // namespace threadlint
