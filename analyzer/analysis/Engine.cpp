// Engine: the tables behind summaries, and call resolution.
#include "analyzer/analysis/Engine.h"

#include <algorithm>
#include <span>
#include <utility>

namespace threadlint {
namespace {

constexpr std::size_t kMaxTargets = 12;

std::uint64_t mix(std::uint64_t hash, std::uint64_t v) {
  hash = (hash ^ v) * 0xFF51AFD7ED558CCDull;
  return hash ^ (hash >> 29);
}

} // namespace

Engine::Engine(const Program &p, const StopFlag *stop) : program(p), origins(p), stop_(stop) {
  sites_.push_back(Site{});
  contexts_.push_back(Context{});
  contextIndex_[0].push_back(0);
  witnesses_.push_back(Witness{});
  for (const RecordFacts &record : program.records)
    baseRecords_.insert(record.bases.begin(), record.bases.end());
  findStoredCallables();
}

SiteId Engine::site(FunctionId function, SiteKind kind, std::uint32_t block, std::uint32_t index) {
  auto [it, isNew] = siteIndex_.try_emplace(Site{function, kind, block, index},
                                            static_cast<SiteId>(sites_.size()));
  if (isNew)
    sites_.push_back(it->first);
  return it->second;
}

ContextId Engine::intern(Context c) {
  std::uint64_t hash = 0;
  for (const HeldLock &h : c.held)
    hash = mix(hash, h.lock * 8ull + static_cast<unsigned>(h.mode) * 4 + h.may * 2 + 1);
  for (Term t : c.released)
    hash = mix(hash, t * 3ull + 7);
  for (const LiveThread &l : c.live)
    hash = mix(hash, l.thread * 5ull + 11);
  for (Term t : c.joined)
    hash = mix(hash, t * 7ull + 13);
  for (Term t : c.order)
    hash = mix(hash, t * 9ull + 17);
  for (Term t : c.ended)
    hash = mix(hash, t * 11ull + 19);
  for (Term t : c.past)
    hash = mix(hash, t * 13ull + 23);
  auto same = [&c](const Context &o) {
    if (o.held.size() != c.held.size() || o.released != c.released || !(o.live == c.live) ||
        o.joined != c.joined || o.order != c.order || o.ended != c.ended || o.past != c.past)
      return false;
    for (std::size_t i = 0; i < c.held.size(); ++i)
      if (o.held[i].lock != c.held[i].lock || o.held[i].mode != c.held[i].mode ||
          o.held[i].may != c.held[i].may || (o.held[i].depth == 0) != (c.held[i].depth == 0))
        return false;
    return true;
  };
  for (ContextId id : contextIndex_[hash])
    if (same(contexts_[id])) {
      // A lock that an earlier user only assumed has a place now.
      for (std::size_t i = 0; i < c.held.size(); ++i)
        if (contexts_[id].held[i].witness == kNoWitness)
          contexts_[id].held[i].witness = c.held[i].witness;
      return id;
    }
  auto id = static_cast<ContextId>(contexts_.size());
  contexts_.push_back(std::move(c));
  contextIndex_[hash].push_back(id);
  return id;
}

WitnessId Engine::witness(FunctionId function, const SourceRange &range, WitnessId next,
                          std::span<const Term> held) {
  witnesses_.push_back(Witness{function, range, next, heldLists_.intern(held)});
  return static_cast<WitnessId>(witnesses_.size() - 1);
}

const Witness *Engine::stepIn(WitnessId id, FunctionId function) const {
  for (; id != kNoWitness; id = witnesses_[id].next)
    if (witnesses_[id].function == function)
      return &witnesses_[id];
  return nullptr;
}

WitnessId Engine::behind(WitnessId way, WitnessId outer) const {
  while (outer != kNoWitness && witnesses_[way].next != kNoWitness &&
         witnesses_[way].function == witnesses_[outer].function &&
         witnesses_[way].range == witnesses_[outer].range) {
    way = witnesses_[way].next;
    outer = witnesses_[outer].next;
  }
  return way;
}

bool Engine::areTakenTogether(const HeldLock &held, const Acquisition &acquisition) const {
  if (acquisition.group == 0 || held.witness == kNoWitness || acquisition.witness == kNoWitness)
    return false;
  const Witness *x = &witnesses_[held.witness], *y = &witnesses_[acquisition.witness];
  while (x->next && y->next) {
    x = &witnesses_[x->next];
    y = &witnesses_[y->next];
  }
  return !x->next && !y->next && x->function == y->function && x->range == y->range;
}

const Witness &Engine::leaf(WitnessId id) const {
  const Witness *witness = &witnesses_[id];
  while (witness->next)
    witness = &witnesses_[witness->next];
  return *witness;
}

bool Engine::endsProcess(FunctionId function) const {
  const FunctionFacts &facts = program.functions[function].facts;
  if (!(facts.flags & FunctionFlag::NoReturn))
    return false;
  for (const Block &block : facts.blocks)
    for (const Event &event : block.events)
      if (event.kind == EventKind::NoReturn && event.number != 1)
        return true;
  return false;
}

bool Engine::isGlobal(Term location) const {
  const TermNode &root = terms[terms.root(location)];
  return root.kind == TermKind::Variable && root.b == kGlobalChain;
}

std::uint64_t Engine::lockClass(Term lock) const {
  const TermNode &node = terms[terms.withoutElements(lock)];
  if (node.kind == TermKind::Field) {
    const TermNode &outer = terms[terms.withoutElements(node.a)]; // a wrapper class
    return fieldClass(node.b, outer.kind == TermKind::Field ? outer.b : kNone);
  }
  return node.kind == TermKind::Variable ? variableClass(node.a) : 0;
}

bool Engine::isMadeRepeatedly(Term object) {
  const TermNode node = terms[object];
  if (node.kind != TermKind::Object)
    return false;
  std::vector<SiteId> made = terms.sitesOf(node.b);
  made.push_back(node.a);
  return std::any_of(made.begin(), made.end(), [&](SiteId id) {
    const Site site = siteInfo(id);
    return site.kind != SiteKind::Temporary && loops(site.function).isInLoop(site.block);
  });
}

std::uint64_t Engine::classOf(const Path &path) {
  if (path.steps.empty())
    return path.base == BaseKind::Var ? variableClass(path.id) : 0;
  if (path.steps.back().kind != StepKind::Field)
    return 0;
  const PathStep *outer = lastOutsideArrays(path, path.steps.size() - 1);
  const bool isWrapped = outer && outer->kind == StepKind::Field;
  return fieldClass(path.steps.back().field, isWrapped ? outer->field : kNone);
}

StringId Engine::recordAround(Term location) const {
  StringId record = 0;
  for (; terms[location].kind == TermKind::Field; location = terms[location].a)
    record =
        terms[location].b < program.fields.size() ? program.fields[terms[location].b].record : 0;
  return record;
}

StringId Engine::recordOf(Term location) const {
  const TermNode &node = terms[location];
  switch (node.kind) {
  case TermKind::Variable:
    return program.vars[node.a].type.record;
  case TermKind::Field:
    return program.fields[node.b].type.record;
  case TermKind::Index:
  case TermKind::Element:
    return recordOf(node.a);
  case TermKind::Object: {
    const Site &s = sites_[node.a];
    const FunctionFacts &f = program.functions[s.function].facts;
    if (s.kind == SiteKind::Event && s.block < f.blocks.size() &&
        s.index < f.blocks[s.block].events.size())
      return f.blocks[s.block].events[s.index].type.record;
    return 0;
  }
  case TermKind::Deref: {
    const TermNode &value = terms[node.a];
    if (value.kind == TermKind::Init)
      return recordOf(value.a);
    return 0;
  }
  default:
    return 0;
  }
}

std::vector<Target> Engine::targets(Term callable, const std::vector<Term> &args) {
  std::vector<Target> result;
  if (callable == kUnknownTerm)
    return result;
  const TermNode node = terms[callable];
  auto addFunction = [&](FunctionId id, std::vector<Term> captures) {
    Target target;
    target.function = id;
    const FunctionFacts &facts = program.functions[id].facts;
    target.binding.captures = std::move(captures);
    bool isMethod = (facts.flags & FunctionFlag::Method) &&
                    !(facts.flags & (FunctionFlag::Static | FunctionFlag::Lambda));
    std::size_t first = 0;
    if (isMethod && !args.empty()) {
      target.binding.thisValue = args[0];
      first = 1;
    }
    for (std::size_t i = first; i < args.size(); ++i)
      target.binding.params.push_back(args[i]);
    result.push_back(std::move(target));
  };
  switch (node.kind) {
  case TermKind::Function: {
    const FunctionFacts &facts = program.functions[node.a].facts;
    if ((facts.flags & FunctionFlag::Virtual) && !args.empty()) {
      for (FunctionId id : virtualTargets(facts.key, args[0]))
        addFunction(id, {});
      break;
    }
    addFunction(node.a, {});
    break;
  }
  case TermKind::Closure:
    addFunction(node.a, node.kids);
    break;
  case TermKind::Bind: {
    std::vector<Term> all;
    std::size_t next = 0;
    for (std::size_t i = 1; i < node.kids.size(); ++i)
      all.push_back(node.kids[i] != kUnknownTerm ? node.kids[i]
                    : next < args.size()         ? args[next++]
                                                 : kUnknownTerm);
    for (; next < args.size(); ++next)
      all.push_back(args[next]);
    return targets(node.kids[0], all);
  }
  case TermKind::Phi:
    for (Term input : std::vector<Term>(terms.inputs(callable)))
      if (terms[input].kind != TermKind::Phi)
        for (Target &t : targets(input, args))
          result.push_back(std::move(t));
    break;
  case TermKind::Address: {
    // A functor object: its call operator.
    StringId record = recordOf(node.a);
    if (record == 0)
      break;
    for (FunctionId id = 0; id < program.functions.size(); ++id) {
      const FunctionFacts &facts = program.functions[id].facts;
      if (facts.record == record && program.text(facts.name).ends_with("operator()") &&
          !(facts.flags & FunctionFlag::Lambda)) {
        Target target;
        target.function = id;
        target.binding.thisValue = callable;
        target.binding.params.assign(args.begin(), args.end());
        result.push_back(std::move(target));
        break;
      }
    }
    break;
  }
  case TermKind::Init:
  case TermKind::Project: {
    const Term location = terms.withoutElements(node.a);
    FieldId field = node.kind == TermKind::Project ? node.b : kNone;
    if (node.kind == TermKind::Init && terms[location].kind == TermKind::Field)
      field = terms[location].b;
    std::span<const FunctionId> stored;
    if (field != kNone)
      stored = fieldTargets_[field];
    else if (terms[location].kind == TermKind::Variable)
      stored = varTargets_[terms[location].a];
    if (stored.size() > kMaxTargets) {
      noteCut(Cut::Targets);
      break;
    }
    for (FunctionId id : stored)
      addFunction(id, terms.capturesOf(callable));
    break;
  }
  case TermKind::Deref:
  default:
    break;
  }
  return result;
}

std::optional<std::int64_t> Engine::loopBound(FunctionId function, BlockId header) const {
  const FunctionFacts &facts = program.functions[function].facts;
  if (header >= facts.blocks.size())
    return std::nullopt;
  for (const Edge &edge : facts.blocks[header].edges) {
    if (edge.condition == kNone)
      continue;
    const Value &test = facts.values[edge.condition];
    if (test.kind != ValueKind::Op || test.operands.size() != 2 || test.operands[0] == kNone ||
        test.operands[1] == kNone || facts.values[test.operands[0]].kind != ValueKind::Load ||
        facts.values[test.operands[1]].kind != ValueKind::Int)
      continue;
    std::int64_t bound = facts.values[test.operands[1]].number;
    if (test.op == ValueOp::Lt || test.op == ValueOp::Ne)
      return bound;
    if (test.op == ValueOp::Le)
      return bound + 1;
  }
  return std::nullopt;
}

const Engine::DeadLocations &Engine::deadLocations(FunctionId function) {
  auto [it, isNew] = deadLocations_.try_emplace(function);
  if (!isNew)
    return it->second;
  for (auto &[edge, slots] : findDeaths(program, program.functions[function].facts)) {
    std::vector<Term> &dead = it->second[edge];
    for (const Slot &slot : slots)
      dead.push_back(slot.isTemporary
                         ? terms.object(site(function, SiteKind::Temporary, 0, slot.id), 0)
                         : terms.variable(slot.id, 0));
    std::sort(dead.begin(), dead.end());
  }
  return it->second;
}

const Lightswitches &Engine::lightswitches(FunctionId function) {
  auto [it, isNew] = lightswitches_.try_emplace(function);
  if (isNew)
    it->second = findLightswitches(program.functions[function].facts);
  return it->second;
}

const Engine::Loops &Engine::loops(FunctionId function) {
  auto [it, isNew] = loops_.try_emplace(function);
  Loops &loops = it->second;
  if (!isNew)
    return loops;
  const FunctionFacts &facts = program.functions[function].facts;
  const std::size_t n = facts.blocks.size();
  loops.rank.assign(n, kNone);
  loops.innermost.assign(n, kNone);
  std::vector<std::pair<BlockId, BlockId>> back;
  std::vector<std::vector<BlockId>> predecessors(n);
  auto successors = [&](BlockId b) {
    std::vector<BlockId> out;
    for (const Edge &edge : facts.blocks[b].edges)
      if (edge.target < n)
        out.push_back(edge.target);
    for (const Event &event : facts.blocks[b].events)
      if (event.unwind != kNone && event.unwind < n)
        out.push_back(event.unwind);
    return out;
  };
  if (facts.entry >= n)
    return loops;
  std::vector<std::vector<BlockId>> next(n);
  for (BlockId b = 0; b < n; ++b)
    next[b] = successors(b);
  // Depth first from the entry; each edge is shown, and whether it leads back to a block on the way.
  auto walk = [&](auto &&visitEdge) {
    std::vector<BlockId> post;
    std::vector<std::uint8_t> color(n, 0);
    std::vector<std::pair<BlockId, std::size_t>> stack{{facts.entry, 0}};
    color[facts.entry] = 1;
    while (!stack.empty()) {
      auto &[b, i] = stack.back();
      if (i == next[b].size()) {
        color[b] = 2;
        post.push_back(b);
        stack.pop_back();
        continue;
      }
      BlockId s = next[b][i++];
      visitEdge(b, s, color[s] == 1);
      if (color[s] == 0) {
        color[s] = 1;
        stack.emplace_back(s, 0);
      }
    }
    loops.order.assign(post.rbegin(), post.rend());
  };
  walk([&](BlockId from, BlockId to, bool isBack) {
    predecessors[to].push_back(from);
    if (isBack)
      back.emplace_back(from, to);
  });
  for (auto [from, header] : back) {
    std::vector<bool> &body =
        loops.body.try_emplace(header, std::vector<bool>(n, false)).first->second;
    body[header] = true;
    std::vector<BlockId> work;
    if (!body[from]) {
      body[from] = true;
      work.push_back(from);
    }
    while (!work.empty()) {
      BlockId b = work.back();
      work.pop_back();
      for (BlockId p : predecessors[b])
        if (!body[p]) {
          body[p] = true;
          work.push_back(p);
        }
    }
  }
  // The smallest body that contains a block is its innermost loop.
  std::map<BlockId, std::size_t> sizes;
  for (const auto &[header, body] : loops.body)
    sizes[header] = static_cast<std::size_t>(std::count(body.begin(), body.end(), true));
  for (BlockId b = 0; b < n; ++b)
    for (const auto &[header, body] : loops.body)
      if (body[b] && (loops.innermost[b] == kNone || sizes[header] < sizes[loops.innermost[b]]))
        loops.innermost[b] = header;
  // What leaves most loops is walked first and so comes last: the body of a loop settles before what follows the loop is looked at.
  for (BlockId b = 0; b < n; ++b) {
    if (loops.innermost[b] == kNone)
      continue;
    std::vector<std::tuple<std::ptrdiff_t, std::size_t, BlockId>> ranked;
    for (BlockId to : next[b]) {
      const auto stays = std::count_if(loops.body.begin(), loops.body.end(), [&](const auto &loop) {
        return loop.second[b] && loop.second[to];
      });
      ranked.emplace_back(stays, ranked.size(), to);
    }
    std::sort(ranked.begin(), ranked.end());
    std::size_t at = 0;
    for (const auto &[stays, position, to] : ranked)
      next[b][at++] = to;
  }
  walk([](BlockId, BlockId, bool) {});
  for (std::uint32_t r = 0; r < loops.order.size(); ++r)
    loops.rank[loops.order[r]] = r;
  return loops;
}

} // namespace threadlint
