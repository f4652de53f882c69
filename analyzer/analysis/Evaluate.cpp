// Evaluate: paths and values to terms, and the memory of a state.
#include "analyzer/analysis/Frame.h"

namespace threadlint {
namespace {

constexpr unsigned kMaxCopies = 4;

bool isFrameKind(TermKind kind) {
  return kind == TermKind::Variable || kind == TermKind::Object || kind == TermKind::Capture;
}

bool isPartOf(const Terms &terms, Term location, Term whole) {
  for (;;) {
    if (location == whole)
      return true;
    const TermNode &node = terms[location];
    if (node.kind != TermKind::Field && node.kind != TermKind::Index &&
        node.kind != TermKind::Element)
      return false;
    location = node.a;
  }
}

} // namespace

SiteId Frame::siteHere(std::uint32_t extra) {
  return engine_.site(id_, extra ? SiteKind::Argument : SiteKind::Event, block_,
                      extra ? index_ * 64 + extra : index_);
}

Term Frame::freshHere(std::uint32_t extra) { return terms_.fresh(siteHere(extra), 0); }

Term Frame::temporary(std::uint32_t temp) {
  return terms_.object(engine_.site(id_, SiteKind::Temporary, 0, temp), 0);
}

bool Frame::isFrameObject(Term root) const {
  const TermNode &node = terms_[root];
  return isFrameKind(node.kind) && node.b != kGlobalChain;
}

/// What `this` points to.
bool Frame::isThisObject(Term root) const {
  return root == terms_.deref(terms_.param(kThisParameter));
}

bool Frame::isOwned(const State &state, Term location) {
  Term root = terms_.root(location);
  if (ownsThis_ && isThisObject(root))
    return !containsSorted(state.escaped, root);
  if (isFrameObject(root))
    return !containsSorted(state.escaped, root);
  if (terms_[root].kind != TermKind::Deref || terms_[terms_[root].a].kind != TermKind::Phi)
    return false;
  // Allocated here or by an allocator of the user's, called through a pointer.
  bool isMade = false;
  for (Term input : terms_.inputs(terms_[root].a)) {
    const TermNode &node = terms_[input];
    if (node.kind == TermKind::Address && terms_[node.a].kind == TermKind::Object &&
        isFrameObject(node.a) && !containsSorted(state.escaped, node.a))
      isMade = true;
    else if (node.kind != TermKind::Int && !(node.kind == TermKind::Fresh && isCalledThrough(node)))
      return false;
  }
  return isMade;
}

/// A result of code that is called through a pointer.
bool Frame::isCalledThrough(const TermNode &fresh) const {
  const Site &site = engine_.siteInfo(fresh.a);
  const FunctionFacts &facts = program_.functions[site.function].facts;
  if (fresh.b == kGlobalChain || site.kind != SiteKind::Event ||
      site.block >= facts.blocks.size() || site.index >= facts.blocks[site.block].events.size())
    return false;
  const Event &event = facts.blocks[site.block].events[site.index];
  return event.kind == EventKind::Call && event.callee == 0;
}

Term Frame::location(State &state, PathId pathId) {
  if (pathId == kNone)
    return kUnknownTerm;
  const Path &path = facts_.paths[pathId];
  Term at = kUnknownTerm;
  std::size_t i = 0;
  switch (path.base) {
  case BaseKind::Var: {
    VarKind kind = program_.vars[path.id].kind;
    bool isLocal = kind == VarKind::Local || kind == VarKind::Param;
    at = terms_.variable(path.id, isLocal ? 0 : kGlobalChain);
    break;
  }
  case BaseKind::This:
    at = terms_.deref(terms_.param(kThisParameter));
    if (!path.steps.empty() && path.steps[0].kind == StepKind::Deref)
      i = 1;
    break;
  case BaseKind::Capture:
    at = terms_.capture(path.id);
    break;
  case BaseKind::Temp:
    at = temporary(path.id);
    break;
  case BaseKind::Unknown:
    at = terms_.deref(terms_.fresh(engine_.site(id_, SiteKind::Path, 0, pathId), 0));
    break;
  }
  for (; i < path.steps.size(); ++i) {
    const PathStep &step = path.steps[i];
    switch (step.kind) {
    case StepKind::Field:
      at = terms_.field(at, step.field);
      break;
    case StepKind::Index:
    case StepKind::AnyIndex: {
      Term index = step.kind == StepKind::Index ? terms_.integer(step.index)
                   : step.indexValue == kNone   ? kUnknownTerm
                                                : value(state, step.indexValue);
      auto isIndex = [](StepKind kind) {
        return kind == StepKind::Index || kind == StepKind::AnyIndex;
      };
      const bool isRow = i > 0 && isIndex(path.steps[i - 1].kind) && terms_.isElement(at);
      at = isRow ? terms_.nested(at, index) : terms_.element(at, index);
      break;
    }
    case StepKind::Deref: {
      Term pointer = load(state, at);
      throughNull_ |= pointer != kUnknownTerm && pointer == terms_.integer(0);
      at = terms_.deref(pointer);
      break;
    }
    }
    if (at ==
        kUnknownTerm) // too deep or through nothing known: a pointee of its own, so the fields after it keep their class
      at = terms_.deref(terms_.fresh(
          engine_.site(id_, SiteKind::Path, static_cast<std::uint32_t>(i) + 1, pathId), 0));
  }
  return at;
}

Term Frame::value(State &state, ValueId valueId) {
  if (valueId == kNone)
    return kUnknownTerm;
  const Value &v = facts_.values[valueId];
  auto functionTerm = [&](StringId key) -> Term {
    auto it = program_.functionByKey.find(key);
    return it == program_.functionByKey.end() ? kUnknownTerm : terms_.function(it->second);
  };
  switch (v.kind) {
  case ValueKind::Unknown:
  case ValueKind::String:
    return kUnknownTerm;
  case ValueKind::Int:
    return terms_.integer(v.number);
  case ValueKind::Load:
    if (const Path &path = facts_.paths[v.path]; path.base == BaseKind::This && path.steps.empty())
      return terms_.param(kThisParameter);
    return load(state, location(state, v.path));
  case ValueKind::Address: {
    Term at = location(state, v.path);
    const Path &path = facts_.paths[v.path];
    // A row of an array: walking over it stays in it.
    const bool isRow =
        path.type.cls == TypeClass::Array && !path.steps.empty() &&
        (path.steps.back().kind == StepKind::Index || path.steps.back().kind == StepKind::AnyIndex);
    return terms_.address(isRow ? terms_.nested(at, terms_.integer(0)) : at);
  }
  case ValueKind::Function:
    return functionTerm(v.function);
  case ValueKind::Closure: {
    auto it = program_.functionByKey.find(v.function);
    if (it == program_.functionByKey.end())
      return kUnknownTerm;
    std::vector<Term> captures;
    for (ValueId operand : v.operands)
      captures.push_back(value(state, operand));
    return terms_.closure(it->second, std::move(captures));
  }
  case ValueKind::Bind: {
    std::vector<Term> kids;
    for (ValueId operand : v.operands)
      kids.push_back(value(state, operand));
    return kids.empty() || kids[0] == kUnknownTerm ? kUnknownTerm : terms_.bind(std::move(kids));
  }
  case ValueKind::Op: {
    std::vector<Term> kids;
    for (ValueId operand : v.operands)
      kids.push_back(value(state, operand));
    return decided(state, terms_.operation(static_cast<std::int64_t>(v.op), std::move(kids)));
  }
  }
  return kUnknownTerm;
}

/// A comparison of what a step of this function gave with a constant, where the outcome is known: `trylock(&m) == 0`.
Term Frame::decided(const State &state, Term result) {
  const TermNode &node = terms_[result];
  if (node.kind != TermKind::Op || node.kids.empty() || state.facts.empty() ||
      node.kids[0] == kUnknownTerm || terms_[node.kids[0]].kind != TermKind::Fresh)
    return result;
  auto op = static_cast<ValueOp>(node.n);
  std::int64_t constant = 0;
  if (op == ValueOp::Eq || op == ValueOp::Ne) {
    if (node.kids[1] == kUnknownTerm || terms_[node.kids[1]].kind != TermKind::Int)
      return result;
    constant = terms_[node.kids[1]].n;
  } else if (op != ValueOp::Not) {
    return result;
  }
  std::optional<bool> known = isKnown(state.facts, Fact{node.kids[0], op != ValueOp::Ne, constant});
  return known ? terms_.integer(*known) : result;
}

Term Frame::project(const State &state, Term whole, FieldId field, unsigned depth) {
  if (whole == kUnknownTerm)
    return kUnknownTerm;
  // Records copied in a circle lead nowhere.
  if (terms_[whole].kind == TermKind::Init && depth < kMaxCopies)
    return load(state, terms_.field(terms_[whole].a, field), depth + 1);
  return terms_.project(whole, field);
}

Term Frame::load(const State &state, Term at, unsigned depth) {
  if (at == kUnknownTerm)
    return kUnknownTerm;
  if (auto it = state.memory.find(at); it != state.memory.end())
    return it->second;
  const TermNode node = terms_[at];
  switch (node.kind) {
  case TermKind::Variable:
    if (node.b == kGlobalChain && program_.isConstantGlobal[node.a])
      return terms_.integer(program_.constantGlobal[node.a]);
    break;
  case TermKind::Capture:
    return terms_.captureValue(node.a);
  case TermKind::Field: {
    auto whole = state.memory.find(node.a);
    if (whole != state.memory.end())
      return project(state, whole->second, node.b, depth);
    if (terms_[node.a].kind == TermKind::Capture)
      return terms_.project(terms_.captureValue(terms_[node.a].a), node.b);
    break;
  }
  case TermKind::Index:
  case TermKind::Element: {
    // An array is read where only an unknown element was stored, and the other way round.
    auto any = state.memory.find(terms_.isElement(node.a) ? terms_.nested(node.a, kUnknownTerm)
                                                          : terms_.element(node.a, kUnknownTerm));
    if (any != state.memory.end())
      return any->second;
    break;
  }
  default:
    break;
  }
  if (const std::optional<Term> first = firstElement(state, at))
    return *first;
  return terms_.init(at);
}

void Frame::store(State &state, Term at, Term stored) {
  if (at == kUnknownTerm)
    return;
  const TermNode node = terms_[at];
  // Parts of what is overwritten are gone; other objects' equal field may be the same location.
  Term root = terms_.root(at);
  // A constructor's own object is none that others have given it.
  bool isNew = isUnderConstruction_ && isThisObject(root);
  bool mayAlias = node.kind == TermKind::Field && !isFrameObject(root) && !isNew;
  state.memory.eraseIf([&](const Memory::Entry &entry) {
    const Terms::Shape &shape = terms_.shape(entry.first);
    return (shape.root == root && isPartOf(terms_, entry.first, at)) ||
           (mayAlias && shape.isPointeeField && shape.field == node.b &&
            !(isUnderConstruction_ && isThisObject(shape.root)));
  });
  if (node.kind == TermKind::Index || node.kind == TermKind::Element) {
    Term any = terms_.isElement(node.a) ? terms_.nested(node.a, kUnknownTerm)
                                        : terms_.element(node.a, kUnknownTerm);
    if (stored != kUnknownTerm && any != at)
      state.memory[any] = anyElement(state, node, any, stored);
  }
  state.memory[at] = stored != kUnknownTerm ? stored : freshHere(63);
}

void Frame::copyRecord(State &state, Term to, Term from) {
  std::vector<std::pair<Term, Term>> parts;
  for (const auto &[key, stored] : state.memory)
    if (key != from && isPartOf(terms_, key, from))
      parts.emplace_back(terms_.replace(key, from, to), stored);
  for (auto &[key, stored] : parts)
    if (key != kUnknownTerm) {
      state.memory[key] = stored;
      recordStore(key, stored);
    }
}

/// A container takes one more element; what it holds already stays.
void Frame::insertElement(State &state, Term element, Term inserted) {
  if (element == kUnknownTerm || inserted == kUnknownTerm)
    return;
  recordStore(element, inserted);
  Term root = terms_.root(element);
  if (!isFrameObject(root) || containsSorted(state.escaped, root))
    escape(state, inserted);
  findThrough(state, element, inserted);
  if (!terms_.isCallable(inserted))
    return;
  Term any = terms_.phi(siteHere(), element);
  terms_.addInput(any, load(state, element));
  terms_.addInput(any, inserted);
  state.memory[element] = any;
}

bool Frame::addFact(State &state, Term subject, bool equal, std::int64_t constant) {
  for (const Fact &fact : state.facts) {
    if (fact.value != subject)
      continue;
    if (fact.equal && (equal ? fact.constant != constant : fact.constant == constant))
      return false;
    if (!fact.equal && equal && fact.constant == constant)
      return false;
  }
  return !insertSorted(state.facts, Fact{subject, equal, constant}) || state.either.empty() ||
         conclude(state);
}

/// Whether what was seen in an atomic object can be what somebody stored there later, not its first value.
bool Frame::mayBeStored(Term location, const Fact &seen) const {
  const TermNode &node = terms_[location];
  const Program::AtomicStores *stores = nullptr;
  if (node.kind == TermKind::Field) {
    if (auto it = program_.atomicFields.find(node.b); it != program_.atomicFields.end())
      stores = &it->second;
  } else if (node.kind == TermKind::Variable && !program_.vars[node.a].addressTaken) {
    if (auto it = program_.atomicVars.find(node.a); it != program_.atomicVars.end())
      stores = &it->second;
  }
  if (!stores || stores->isOpen ||
      std::any_of(stores->constants.begin(), stores->constants.end(),
                  [&](std::int64_t n) { return (n == seen.constant) == seen.equal; }))
    return true;
  // Whoever finds the flag unset and sets it is the first: what follows is ordered by that.
  auto isThis = [&](const Path &path) {
    return node.kind == TermKind::Field
               ? !path.steps.empty() && path.steps.back().kind == StepKind::Field &&
                     path.steps.back().field == node.b
               : path.steps.empty() && path.base == BaseKind::Var && path.id == node.a;
  };
  for (const Block &block : facts_.blocks)
    for (const Event &event : block.events)
      if ((event.flags & Flag::Atomic) && event.kind == EventKind::Write && event.path != kNone &&
          isThis(facts_.paths[event.path]))
        return true;
  return false;
}

/// A loop that polls a flag ends because it is no longer zero: what came before the one place that raises it is done. Whether a lock
/// guards the flag, ThreadModel asks when all accesses are known.
void Frame::noteRaisedFlag(State &state, const Fact &seen) {
  if (!leavesLoop_)
    return;
  auto fits = [&](std::int64_t n) { return (n == seen.constant) == seen.equal; };
  Term read = seen.value;
  if (terms_[read].kind == TermKind::Phi) { // `bool seen = false; while (!seen) seen = flag;`
    Term only = kUnknownTerm;
    for (Term input : terms_.inputs(read)) {
      if (terms_[input].kind == TermKind::Int ? !fits(terms_[input].n) : input == read)
        continue;
      if (only != kUnknownTerm && only != input)
        return;
      only = input;
    }
    read = only;
  }
  if (read == kUnknownTerm || terms_[read].kind != TermKind::Init)
    return;
  std::int64_t raised = engine_.raisedIn(terms_[read].a);
  if (raised != 0 && fits(raised) && !fits(0))
    order(state, terms_[read].a, true, false);
}

/// `if (--refs == 0)`: the one who drops the last reference has the object to itself, until it is gone. The count may be
/// the old one or the new one: zero and one are both taken for the last.
void Frame::noteLastReference(State &state, Term condition, bool truth) {
  TermNode node = terms_[condition];
  Term count = condition;
  bool isLast = !truth;
  if (node.kind == TermKind::Op && node.kids.size() == 2 && node.n != kCountdownToken) {
    auto op = static_cast<ValueOp>(node.n);
    count = node.kids[0];
    if (count == kUnknownTerm || node.kids[1] == kUnknownTerm ||
        terms_[node.kids[1]].kind != TermKind::Int || terms_[node.kids[1]].n < 0 ||
        terms_[node.kids[1]].n > 1)
      return;
    bool whenTrue = op == ValueOp::Eq || op == ValueOp::Le || op == ValueOp::Lt;
    bool whenFalse = op == ValueOp::Ne || op == ValueOp::Gt || op == ValueOp::Ge;
    if (!whenTrue && !whenFalse)
      return;
    isLast = whenTrue == truth;
  }
  if (!isLast || terms_[count].kind != TermKind::Op || terms_[count].n != kCountdownToken)
    return;
  Term owner = terms_.root(terms_[terms_[count].kids[0]].a);
  if (terms_[owner].kind != TermKind::Variable) {
    insertSorted(state.soleOwner, owner);
    const Term counter = terms_[terms_[count].kids[0]].a;
    notePassed(state, kLastReferenceToken, counter,
               {terms_.integer(id_), terms_.integer(engine_.recordAround(counter))});
  }
}

/// Whoever initialises the lock of an object made it and has not shown it to anybody.
void Frame::noteLockInit(State &state, Term lock) {
  if (lock == kUnknownTerm || terms_[lock].kind != TermKind::Field)
    return;
  Term owner = terms_.root(lock);
  if (terms_[owner].kind == TermKind::Deref)
    insertSorted(state.soleOwner, owner);
}

bool Frame::assume(State &state, Term condition, bool truth) {
  if (condition == kUnknownTerm)
    return true;
  noteLastReference(state, condition, truth);
  const TermNode node = terms_[condition];
  auto atomicFlag = [&](Term t, const Fact *seen = nullptr) {
    // Reading a flag that another thread stores atomically orders what follows after that store.
    if (terms_[t].kind == TermKind::Init && (!seen || mayBeStored(terms_[t].a, *seen)) &&
        containsSorted(state.order, terms_.make(TermKind::Op, 0, 0, kWaitedToken + 2,
                                                {terms_.address(terms_[t].a)})))
      order(state, terms_[t].a, true, false);
  };
  if (node.kind == TermKind::Int)
    return (node.n != 0) == truth;
  if (node.kind == TermKind::Address || node.kind == TermKind::Function ||
      node.kind == TermKind::Closure || node.kind == TermKind::Thread)
    return truth;
  if (node.kind == TermKind::Op) {
    auto op = static_cast<ValueOp>(node.n);
    if (op == ValueOp::And && truth)
      return assume(state, node.kids[0], true) && assume(state, node.kids[1], true);
    if (op == ValueOp::Or && !truth)
      return assume(state, node.kids[0], false) && assume(state, node.kids[1], false);
    if ((op == ValueOp::Eq || op == ValueOp::Ne) && terms_[node.kids[1]].kind == TermKind::Int) {
      Fact seen{node.kids[0], (op == ValueOp::Eq) == truth, terms_[node.kids[1]].n};
      atomicFlag(node.kids[0], &seen);
      noteRaisedFlag(state, seen);
      return addFact(state, seen.value, seen.equal, seen.constant);
    }
    for (Term kid : node.kids)
      atomicFlag(kid);
    // Two unknowns: kept as the opposite of "equal", however they are tested.
    if (op == ValueOp::Ne) {
      condition = terms_.operation(static_cast<std::int64_t>(ValueOp::Eq), node.kids);
      truth = !truth;
    }
  }
  if (auto handle = testedHandles_.find(condition); handle != testedHandles_.end() && !truth)
    removeThreads(state, handle->second, condition,
                  false); // none runs under a handle that is empty
  Fact seen{condition, !truth, 0};
  atomicFlag(condition, &seen);
  noteRaisedFlag(state, seen);
  return addFact(state, condition, !truth, 0);
}

/// `fresh` is about to name a new thing: what it named before (an earlier loop iteration) gets the name of old ones.
void Frame::renew(State &state, Term fresh) {
  if (!loops_.isInLoop(block_))
    return; // happens once
  std::erase_if(state.facts, [&](const Fact &fact) { return terms_.contains(fact.value, fresh); });
  std::erase_if(state.either, [&](Term either) { return terms_.contains(either, fresh); });
  std::erase_if(state.taken, [&](const Taken &t) {
    return terms_.contains(t.value, fresh) || terms_.contains(t.lock, fresh) ||
           terms_.contains(t.rest, fresh);
  });
  const TermNode node = terms_[fresh];
  Term old = terms_.make(node.kind, engine_.site(id_, SiteKind::Old, node.a, 0), node.b);
  std::vector<std::pair<Term, Term>> renamed;
  state.memory.eraseIf([&](const Memory::Entry &entry) {
    bool inKey = terms_.contains(entry.first, fresh);
    if (!inKey && !terms_.contains(entry.second, fresh))
      return false;
    Term key = inKey ? terms_.replace(entry.first, fresh, old) : entry.first;
    if (key != kUnknownTerm)
      renamed.emplace_back(key, terms_.replace(entry.second, fresh, old));
    return true;
  });
  for (auto &[key, stored] : renamed)
    state.memory[key] = stored;
  for (HeldLock &held : state.held)
    if (terms_.contains(held.lock, fresh))
      if (Term renamedLock = terms_.replace(held.lock, fresh, old))
        held.lock = renamedLock;
  for (Term &escaped : state.escaped)
    if (escaped == fresh)
      escaped = old;
  std::sort(state.escaped.begin(), state.escaped.end());
  for (auto *set : {&state.unlocked, &state.released, &state.needs, &state.past})
    std::erase_if(*set, [&](Term t) { return terms_.contains(t, fresh); });
}

/// Other threads may have run: constants in shared memory are no longer known.
void Frame::havocShared(State &state) {
  state.memory.eraseIf([&](const Memory::Entry &entry) {
    if (terms_[entry.second].kind != TermKind::Int)
      return false;
    Term root = terms_.root(entry.first);
    return !isFrameObject(root) || containsSorted(state.escaped, root);
  });
}

/// What `v` leads to can be reached by others from here on.
void Frame::escape(State &state, Term v) {
  if (v != kUnknownTerm && !state.soleOwner.empty())
    if (Term at = terms_.deref(v))
      eraseSorted(state.soleOwner, terms_.root(at));
  std::vector<Term> work{v}, seen{v};
  auto push = [&](Term t) {
    if (t != kUnknownTerm && std::find(seen.begin(), seen.end(), t) == seen.end()) {
      seen.push_back(t);
      work.push_back(t);
    }
  };
  auto pushContent = [&](Term whole) {
    for (const auto &[key, stored] : state.memory)
      if (isPartOf(terms_, key, whole))
        push(stored);
  };
  auto mark = [&](Term root) {
    bool isThis = isThisObject(root);
    if ((isFrameObject(root) || isThis) && insertSorted(state.escaped, root)) {
      everEscaped_.insert(root);
      pushContent(root);
    }
  };
  constexpr std::size_t kMaxSeen = 200;
  while (!work.empty() && seen.size() < kMaxSeen) {
    Term next = work.back();
    work.pop_back();
    const TermNode &node = terms_[next];
    switch (node.kind) {
    case TermKind::Address:
      mark(terms_.root(node.a));
      break;
    case TermKind::Param:
      if (node.n == kThisParameter)
        mark(terms_.deref(next));
      break;
    case TermKind::Init:
      if (isFrameObject(terms_.root(node.a)))
        pushContent(node.a);
      break;
    case TermKind::Phi:
      for (Term input : terms_.inputs(next))
        push(input);
      break;
    case TermKind::Closure:
    case TermKind::Bind:
    case TermKind::Op:
      for (Term kid : node.kids)
        push(kid);
      break;
    default:
      break;
    }
  }
}

std::vector<Term> Frame::heldTerms(const State &state) const {
  std::vector<Term> result;
  for (const HeldLock &held : state.held)
    if (!held.may)
      result.push_back(held.lock);
  return result;
}

} // namespace threadlint
