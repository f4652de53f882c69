// PointsTo: rounds over all stores until nothing is added; every round evaluates each term once.
#include "analyzer/analysis/PointsTo.h"

#include "analyzer/analysis/Overlap.h"
#include "analyzer/analysis/State.h"

namespace threadlint {
namespace {
constexpr std::size_t kMaxValues = 1024, kMaxCallables = 4096;
constexpr unsigned kMaxCopyDepth = 4;

/// An object that was made as one of several classes behind a pointer has no fields of the others.
bool isOfOtherClass(const Engine &engine, Term object, FieldId field) {
  const TermKind kind = engine.terms[object].kind;
  return (kind == TermKind::Object || kind == TermKind::Variable) &&
         field < engine.program.fields.size() &&
         areUnrelated(engine.program, engine.recordOf(object), engine.program.fields[field].record);
}
} // namespace

Term PointsTo::normalized(Term location) {
  Terms &terms = engine_.terms;
  const TermNode node = terms[location];
  switch (node.kind) {
  case TermKind::Field: {
    Term base = normalized(node.a);
    return base == node.a ? location : terms.field(base, node.b);
  }
  case TermKind::Index: {
    if (terms.isElement(node.a)) // rows are not told apart
      return terms.element(normalized(terms.withoutElements(location)), kUnknownTerm);
    Term base = normalized(node.a);
    return base == node.a ? location : terms.index(base, node.n);
  }
  case TermKind::Element:
    return terms.element(normalized(terms.withoutElements(location)), kUnknownTerm);
  default:
    return location;
  }
}

void PointsTo::add(Term location, Term value) {
  if (!seen_.emplace(location, value).second)
    return;
  stores_.emplace_back(location, value);
  isSolved_ = false;
}

void PointsTo::solve() {
  if (isSolved_)
    return;
  constexpr int kMaxRounds = 12;
  stored_.clear();
  indexed_.clear();
  for (int round = 0; round < kMaxRounds; ++round) {
    locations_.clear();
    values_.clear();
    bool changed = false;
    std::unordered_map<Term, std::vector<Term>> next = content_;
    for (const auto &[location, value] : stores_)
      for (Term at : resolve(location)) {
        Term key = normalized(at);
        if (round == 0) {
          const TermNode &node = engine_.terms[key];
          Term one = node.kind == TermKind::Field ? node.a : key;
          if (engine_.terms[one].kind == TermKind::Index)
            insertSorted(indexed_[engine_.terms[one].a], one);
        }
        std::vector<Term> &values = stored_[key];
        const bool isCode = engine_.terms.isCallable(value);
        if (values.size() < (isCode ? kMaxCallables : kMaxValues))
          insertSorted(values, value);
        std::vector<Term> &objects = next[key];
        for (Term object : pointees(value))
          if (objects.size() <= kMaxTargets)
            changed |= insertSorted(objects, object);
      }
    std::vector<Term> phis; // pointees() adds to phis_
    for (const auto &[phi, objects] : phis_)
      phis.push_back(phi);
    std::sort(phis.begin(), phis.end());
    for (Term phi : phis)
      for (Term object : pointees(phi))
        if (std::vector<Term> &objects = phis_[phi]; objects.size() <= kMaxTargets)
          changed |= insertSorted(objects, object);
    content_ = std::move(next);
    if (!changed)
      break;
  }
  locations_.clear();
  values_.clear();
  isSolved_ = true;
}

bool PointsTo::isConcrete(Term location) const {
  const TermNode &root = engine_.terms[engine_.terms.root(location)];
  return root.kind == TermKind::Variable || root.kind == TermKind::Object;
}

const std::vector<Term> &PointsTo::locations(Term location) {
  static const std::vector<Term> kNothing;
  if (location == kUnknownTerm)
    return kNothing;
  solve();
  if (auto it = locations_.find(location); it != locations_.end())
    return it->second;
  resolve(location);
  return locations_[location];
}

std::vector<Term> PointsTo::resolve(Term location) {
  if (auto it = locations_.find(location); it != locations_.end())
    return it->second;
  Terms &terms = engine_.terms;
  const TermNode node = terms[location];
  std::vector<Term> result;
  bool isNothing = false; // a part of what cannot be there
  switch (node.kind) {
  case TermKind::Field:
    isNothing = true;
    for (Term base : resolve(node.a))
      if (Term element = elementAround(base, node.b); element != kUnknownTerm) {
        isNothing = false;
        Term t =
            isOfOtherClass(engine_, element, node.b) ? kUnknownTerm : terms.field(element, node.b);
        if (t != kUnknownTerm && !engine_.isImpossible(t))
          insertSorted(result, t);
      }
    break;
  case TermKind::Index:
    isNothing = resolve(node.a).empty();
    for (Term base : resolve(node.a))
      if (Term t = terms.sameStep(node, base, kUnknownTerm))
        insertSorted(result, t);
    break;
  case TermKind::Element:
    isNothing = resolve(node.a).empty();
    for (Term base : resolve(node.a))
      if (Term t = terms.sameStep(node, base, node.b))
        insertSorted(result, t);
    break;
  case TermKind::Deref:
    result = pointees(node.a);
    if (result.size() > kMaxTargets)
      result.clear();
    break;
  default:
    break;
  }
  isNothing =
      isNothing || (node.kind == TermKind::Field && isOfOtherClass(engine_, node.a, node.b)) ||
      ((node.kind == TermKind::Field || terms.isElement(location)) && resolve(node.a).empty());
  if (result.empty() && !isNothing)
    result.push_back(location);
  locations_[location] = result;
  return result;
}

bool PointsTo::hasPart(StringId record, const TypeInfo &part) {
  if (part.isReference || (part.cls != TypeClass::Record && part.cls != TypeClass::Array))
    return false;
  const std::tuple key{record, part.cls, part.record, part.name};
  auto [known, isNew] = hasPart_.try_emplace(key, false);
  const Program &program = engine_.program;
  auto it = program.recordByKey.find(record);
  if (!isNew || it == program.recordByKey.end())
    return known->second;
  const RecordFacts &facts = program.records[it->second];
  if (facts.isUnion || (part.cls == TypeClass::Array && facts.fields.size() < 2))
    return false; // as large as the part
  const bool isTypedef = program.text(part.name).find('[') == std::string_view::npos;
  auto isOne = [&](FieldId id) {
    const TypeInfo &type = program.fields[id].type;
    if (type.cls == TypeClass::Record && type.record != record && hasPart(type.record, part))
      return true;
    return type.cls == part.cls && type.record == part.record &&
           (part.cls == TypeClass::Record || type.name == part.name || isTypedef);
  };
  return hasPart_[key] = std::any_of(facts.fields.begin(), facts.fields.end(), isOne);
}

Term PointsTo::elementAround(Term location, FieldId field) {
  const Program &program = engine_.program;
  if (field >= program.fields.size())
    return location; // of an attribute object
  const StringId record = program.fields[field].record;
  for (Term at = location;;) {
    const TermNode &node = engine_.terms[at];
    if (node.kind == TermKind::Variable)
      return hasPart(record, program.vars[node.a].type) ? kUnknownTerm : location;
    if (node.kind == TermKind::Index || node.kind == TermKind::Element) {
      const TermNode &array = engine_.terms[node.a];
      const TypeInfo *type = array.kind == TermKind::Variable ? &program.vars[array.a].type
                             : array.kind == TermKind::Field && array.b < program.fields.size()
                                 ? &program.fields[array.b].type
                                 : nullptr;
      if (!type || (type->cls == TypeClass::Array && type->record != 0))
        return location;
      at = node.a; // the arithmetic went around it
      continue;
    }
    if (node.kind != TermKind::Field || node.b >= program.fields.size() ||
        !hasPart(record, program.fields[node.b].type))
      return location;
    if (program.fields[node.b].record == record)
      return node.a;
    at = node.a;
    const TermKind outer = engine_.terms[at].kind;
    if (outer != TermKind::Field && outer != TermKind::Variable) {
      TypeInfo type; // of whatever the node is a part of
      type.cls = TypeClass::Record;
      type.record = program.fields[node.b].record;
      return hasPart(record, type) ? location : kUnknownTerm;
    }
  }
}

std::vector<Term> PointsTo::pointees(Term value) {
  if (value == kUnknownTerm)
    return {};
  if (auto it = values_.find(value); it != values_.end())
    return it->second;
  Terms &terms = engine_.terms;
  const TermNode node = terms[value];
  std::vector<Term> result;
  auto add = [&](const std::vector<Term> &objects) {
    for (Term object : objects)
      if (result.size() <= kMaxTargets)
        insertSorted(result, object);
  };
  auto contentOf = [&](Term key) {
    if (auto it = content_.find(key); it != content_.end())
      add(it->second);
  };
  switch (node.kind) {
  case TermKind::Address:
    result = resolve(node.a);
    break;
  case TermKind::Init:
    for (Term at : resolve(node.a)) {
      Term key = normalized(at);
      contentOf(key);
      if (copyDepth_ < kMaxCopyDepth) { // records may be copied in a circle
        ++copyDepth_;
        for (Term source : copiedFrom(at))
          add(pointees(source));
        --copyDepth_;
      }
      if (terms[key].kind == TermKind::Index)
        contentOf(terms.element(terms[key].a, kUnknownTerm));
      else if (terms[key].kind == TermKind::Element)
        for (std::int64_t i = 0; i < 8; ++i)
          contentOf(terms.index(terms[key].a, i));
    }
    break;
  case TermKind::Phi: {
    auto [known, isNew] = phis_.try_emplace(value);
    result = known->second;
    values_[value] = result; // its inputs may mention it
    for (Term input : std::vector<Term>(terms.inputs(value)))
      add(pointees(input));
    phis_[value] = result;
    break;
  }
  case TermKind::Op: // pointer arithmetic stays in the object
    for (Term kid : node.kids)
      add(pointees(kid));
    break;
  default:
    break;
  }
  values_[value] = result;
  return result;
}

/// What a part of a record may hold because the record was copied: the same part of the sources.
std::vector<Term> PointsTo::copiedFrom(Term location) {
  std::vector<Term> result;
  Terms &terms = engine_.terms;
  std::vector<Term> parts;
  for (Term whole = location; terms[whole].kind == TermKind::Field;) {
    parts.push_back(terms[whole].b);
    whole = terms[whole].a;
    auto it = stored_.find(normalized(whole));
    if (it == stored_.end())
      continue;
    for (Term stored : std::vector<Term>(it->second)) {
      if (terms[stored].kind != TermKind::Init)
        continue;
      Term source = terms[stored].a;
      for (auto part = parts.rbegin(); part != parts.rend() && source != kUnknownTerm; ++part)
        source = terms.field(source, *part);
      if (source != kUnknownTerm && source != location)
        insertSorted(result, terms.init(source));
    }
  }
  return result;
}

bool PointsTo::mayBeOne(Term a, Term b) {
  const Terms &terms = engine_.terms;
  for (Term x : locations(a))
    for (Term y : locations(b)) {
      bool areConcrete = isConcrete(x) && isConcrete(y);
      if (normalized(x) == normalized(y) ||
          (!areConcrete && terms[x].kind == TermKind::Field && terms[y].kind == TermKind::Field &&
           terms.mayBeOneField(x, y)))
        return true;
    }
  return false;
}

std::vector<Term> PointsTo::callables(Term value) {
  solve();
  std::vector<Term> result, seen;
  collectCallables(value, result, seen);
  std::sort(result.begin(), result.end());
  return result;
}

void PointsTo::collectCallables(Term value, std::vector<Term> &result, std::vector<Term> &seen) {
  constexpr std::size_t kMaxSeen = 6000;
  Terms &terms = engine_.terms;
  if (value == kUnknownTerm || seen.size() > kMaxSeen || !insertSorted(seen, value))
    return;
  const TermNode node = terms[value];
  switch (node.kind) {
  case TermKind::Function:
  case TermKind::Closure:
    result.push_back(value);
    break;
  case TermKind::Bind: {
    if (node.kids[0] == kUnknownTerm)
      break;
    std::vector<Term> inner, innerSeen;
    collectCallables(node.kids[0], inner, innerSeen);
    for (Term callable : inner) {
      std::vector<Term> kids = node.kids;
      kids[0] = callable;
      if (Term bound = terms.bind(std::move(kids)))
        result.push_back(bound);
    }
    break;
  }
  case TermKind::Phi:
    for (Term input : std::vector<Term>(terms.inputs(value)))
      collectCallables(input, result, seen);
    break;
  case TermKind::Init:
    if (terms[node.a].kind == TermKind::Deref)
      collectCallables(terms[node.a].a, result, seen); // `*f` is `f`
    for (Term at : std::vector<Term>(locations(node.a))) {
      Term key = normalized(at);
      auto visit = [&](Term place) {
        if (auto it = stored_.find(place); it != stored_.end())
          for (Term stored : std::vector<Term>(it->second))
            collectCallables(stored, result, seen);
      };
      visit(key);
      if (terms[key].kind == TermKind::Index)
        visit(terms.element(terms[key].a, kUnknownTerm));
      const bool isPart = terms[key].kind == TermKind::Field;
      const Term element = isPart ? terms[key].a : key;
      if (terms[element].kind == TermKind::Element)
        if (auto it = indexed_.find(terms[element].a); it != indexed_.end())
          for (Term one : it->second)
            visit(isPart ? terms.field(one, terms[key].b) : one);
      for (Term source : copiedFrom(at))
        collectCallables(source, result, seen);
    }
    break;
  default:
    break;
  }
}

} // namespace threadlint
