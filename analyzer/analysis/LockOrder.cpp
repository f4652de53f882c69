// LockOrder: edges of every thread, components, elementary cycles up to length four, pruning.
#include "analyzer/analysis/LockOrder.h"

#include "analyzer/analysis/Frame.h"
#include "analyzer/analysis/InstanceOrder.h"
#include "analyzer/analysis/State.h"
#include "analyzer/analysis/WaitGraph.h"

#include <tuple>

namespace threadlint {
namespace {

constexpr std::size_t kMaxWitnesses = 24; ///< per edge of the graph
constexpr std::size_t kMaxCycleLength = 4;
constexpr std::size_t kMaxWays = 20'000; ///< from one node of the graph

class CycleSearch {
public:
  CycleSearch(Engine &engine, ThreadModel &model)
      : engine_(engine), terms_(engine.terms), model_(model) {}

  std::vector<LockCycle> run() {
    for (std::uint32_t tree = 0; tree < model_.trees.size() && !engine_.isStopped(StopRequest::All);
         ++tree) {
      tree_ = tree;
      graph_.clear();
      collect();
      search();
    }
    return std::move(result_);
  }

private:
  Engine &engine_;
  Terms &terms_;
  ThreadModel &model_;
  std::uint32_t tree_ = 0;
  std::map<Term, std::map<Term, std::vector<LockEdge>>> graph_;
  std::set<Term> opaqueClasses_;
  std::vector<LockCycle> result_;
  std::set<std::vector<Term>> found_;
  std::map<Term, std::vector<Term>> nodes_; ///< of a lock

  const std::vector<Term> &nodesOf(Term lock) {
    auto [known, isNew] = nodes_.try_emplace(lock);
    std::vector<Term> &nodes = known->second;
    if (!isNew)
      return nodes;
    for (Term at : model_.pointsTo().locations(lock)) {
      Term node = model_.pointsTo().normalized(at);
      if (isGuardLock(terms_, node)) {
        Term guarded = terms_[node].a;
        if (!model_.pointsTo().isConcrete(guarded) && terms_[guarded].kind == TermKind::Field)
          node = terms_.make(TermKind::Field, classNode(guarded), kGuardField);
      } else if (!model_.pointsTo().isConcrete(node) && terms_[node].kind == TermKind::Field)
        node = classNode(node);
      else if (!model_.pointsTo().isConcrete(node))
        node = opaqueNode(node);
      else if (terms_[node].kind == TermKind::Field && opaqueClasses_.count(classNode(node)) &&
               !engine_.isGlobal(node))
        node = classNode(node);
      insertSorted(nodes, node);
    }
    if (nodes.size() > 4)
      nodes.clear();
    return nodes;
  }
  /// The class of a lock of an unknown object: its field, and the field of the wrapper that it is in.
  Term classNode(Term lock) {
    const Term outer = terms_.withoutElements(terms_[lock].a);
    const Term wrapper = terms_[outer].kind == TermKind::Field ? classNode(outer) : kUnknownTerm;
    return terms_.make(TermKind::Project, wrapper, terms_[lock].b);
  }
  Term opaqueNode(Term node) {
    // `*q->lock`: the class of what the pointer is loaded from.
    if (terms_[node].kind == TermKind::Element || terms_[node].kind == TermKind::Index)
      return opaqueNode(terms_[node].a);
    if (terms_[node].kind == TermKind::Deref && terms_[terms_[node].a].kind == TermKind::Init) {
      Term from = terms_[terms_[node].a].a;
      if (terms_[from].kind == TermKind::Field)
        return terms_.make(TermKind::Project, 1, terms_[from].b);
    }
    return node;
  }

  void collect() {
    opaqueClasses_.clear();
    nodes_.clear();
    for (ThreadId id : model_.trees[tree_].threads)
      for (const Acquisition &a : model_.threads[id].acquisitions)
        for (Term at : model_.pointsTo().locations(a.lock))
          if (!model_.pointsTo().isConcrete(at) && terms_[at].kind == TermKind::Field &&
              !isGuardLock(terms_, at))
            opaqueClasses_.insert(classNode(at));
    for (ThreadId id : model_.trees[tree_].threads)
      for (const Acquisition &a : model_.threads[id].acquisitions) {
        if (a.isTry)
          continue;
        const std::vector<Term> &to = nodesOf(a.lock);
        for (const HeldLock &held : engine_.context(a.context).held) {
          if (engine_.areTakenTogether(held, a))
            continue;
          const std::vector<Term> &from = nodesOf(held.lock);
          // Two pointers to the same few locks: nobody knows which is which, or whether they were sorted.
          std::vector<Term> common;
          std::set_intersection(from.begin(), from.end(), to.begin(), to.end(),
                                std::back_inserter(common));
          HeldLock outer = held;
          outer.may |= common.size() > 1;
          bool again = isHeldOutside(held, a.context, to);
          if (again && to.size() == 1 && model_.pointsTo().isConcrete(to[0]))
            continue; // held already: it does not wait, or it waits for itself
          for (Term first : from)
            for (Term node : to)
              if (first != node)
                addEdge(LockEdge{first, node, id, a, outer, again});
              else if (auto pair = instanceNodes(terms_, held.lock, a.lock, node);
                       pair && from.size() == 1 && to.size() == 1)
                addEdge(LockEdge{pair->first, pair->second, id, a, outer, again});
          if (a.isWrap)
            noteRing(id, a, held);
        }
      }
    for (LockEdge &edge :
         waitEdges(engine_, model_, tree_, [this](Term at) { return nodesOf(at); }))
      addEdge(std::move(edge));
  }

  /// Every thread takes one element of an array and then the next, the last one the first: a ring of any length.
  void noteRing(ThreadId id, const Acquisition &a, const HeldLock &held) {
    std::vector<Term> nodes;
    for (Term lock : {held.lock, a.lock})
      for (Term node : nodesOf(lock))
        insertSorted(nodes, node);
    if (!model_.threads[id].parallelWithItself || held.may || nodes.size() != 1 ||
        hasOther(a, nodes[0]) || !found_.insert(nodes).second)
      return;
    LockCycle cycle;
    if (!model_.threads[id].surelyRepeats)
      cycle.confidence = Confidence::Medium;
    LockEdge edge{nodes[0], nodes[0], id, a, held};
    cycle.edges = {edge, edge};
    result_.push_back(std::move(cycle));
  }

  /// A lock outside the array is held, exclusively: the threads go through the ring one at a time.
  bool hasOther(const Acquisition &a, Term ring) {
    const std::vector<HeldLock> &held = engine_.context(a.context).held;
    return std::any_of(held.begin(), held.end(), [&](const HeldLock &h) {
      const std::vector<Term> &nodes = nodesOf(h.lock);
      return !h.may && h.mode == LockMode::Exclusive && nodes.size() == 1 && nodes[0] != ring &&
             model_.pointsTo().isConcrete(nodes[0]);
    });
  }

  void addEdge(LockEdge edge) {
    edge.held.may |= engine_.isGuessed(edge.acquisition.witness, edge.held.witness);
    std::vector<LockEdge> &edges = graph_[edge.from][edge.to];
    bool known = std::any_of(edges.begin(), edges.end(), [&](const LockEdge &e) {
      return e.thread == edge.thread && e.acquisition.context == edge.acquisition.context &&
             e.acquisition.mode == edge.acquisition.mode;
    });
    if (!known && edges.size() < kMaxWitnesses)
      edges.push_back(std::move(edge));
  }

  bool isWait(Term node) const {
    return isGuardLock(terms_, node) || waitNodeOf(terms_, node).has_value();
  }

  /// Whether one of `nodes` was taken before `inner` and is still held.
  bool isHeldOutside(const HeldLock &inner, ContextId context, const std::vector<Term> &nodes) {
    for (const HeldLock &outer : engine_.context(context).held) {
      if (outer.lock == inner.lock)
        return false;
      if (!outer.may && nodesOf(outer.lock) == nodes)
        return true;
    }
    return false;
  }

  void search() {
    const std::map<Term, unsigned> component = components();
    for (const auto &[start, unused] : graph_) {
      if (engine_.isStopped(StopRequest::All))
        return;
      maxLength_ = maxLengthFrom(start, component);
      std::vector<Term> path{start};
      extend(start, path, component);
    }
  }

  std::size_t maxLength_ = kMaxCycleLength;
  /// Where there are too many ways through a component, only shorter cycles are looked for: who knows that all locks of a long one are
  /// those of one deadlock?
  std::size_t maxLengthFrom(Term start, const std::map<Term, unsigned> &component) {
    for (std::size_t length = kMaxCycleLength; length > 2; --length) {
      std::size_t ways = 0;
      countWays(start, start, length, component, ways);
      if (ways <= kMaxWays)
        return length;
      engine_.noteCut(Cut::Cycles);
    }
    return 2;
  }

  void countWays(Term start, Term node, std::size_t length,
                 const std::map<Term, unsigned> &component, std::size_t &ways) const {
    auto it = graph_.find(node);
    if (it == graph_.end() || ++ways > kMaxWays || length == 1)
      return;
    for (const auto &[to, edges] : it->second)
      if (to > start && component.at(to) == component.at(start))
        countWays(start, to, length - 1, component, ways);
  }

  std::map<Term, unsigned> components() {
    std::map<Term, unsigned> index, low, component;
    std::vector<Term> stack;
    std::set<Term> onStack;
    unsigned counter = 0, components = 0;
    struct Visit {
      Term node;
      std::vector<Term> next;
      std::size_t i;
    };
    for (const auto &[start, unused] : graph_) {
      if (index.count(start))
        continue;
      std::vector<Visit> work;
      auto enter = [&](Term node) {
        index[node] = low[node] = ++counter;
        stack.push_back(node);
        onStack.insert(node);
        std::vector<Term> next;
        if (auto it = graph_.find(node); it != graph_.end())
          for (const auto &[to, edges] : it->second)
            next.push_back(to);
        work.push_back(Visit{node, std::move(next), 0});
      };
      enter(start);
      while (!work.empty()) {
        Visit &visit = work.back();
        if (visit.i < visit.next.size()) {
          Term to = visit.next[visit.i++];
          if (!index.count(to))
            enter(to);
          else if (onStack.count(to))
            low[visit.node] = std::min(low[visit.node], index[to]);
          continue;
        }
        Term node = visit.node;
        if (low[node] == index[node]) {
          ++components;
          for (;;) {
            Term member = stack.back();
            stack.pop_back();
            onStack.erase(member);
            component[member] = components;
            if (member == node)
              break;
          }
        }
        work.pop_back();
        if (!work.empty())
          low[work.back().node] = std::min(low[work.back().node], low[node]);
      }
    }
    return component;
  }

  /// Extends `path` by every edge to a node not smaller than its start, so each cycle is met once.
  void extend(Term start, std::vector<Term> &path, const std::map<Term, unsigned> &component) {
    auto it = graph_.find(path.back());
    if (it == graph_.end())
      return;
    for (const auto &[to, edges] : it->second) {
      if (component.at(to) != component.at(start))
        continue;
      if (to == start && path.size() >= 2) {
        judge(path);
        continue;
      }
      if (to <= start || path.size() >= maxLength_ ||
          std::find(path.begin(), path.end(), to) != path.end())
        continue;
      path.push_back(to);
      extend(start, path, component);
      path.pop_back();
    }
  }

  void judge(const std::vector<Term> &path) {
    std::vector<Term> key = path;
    std::sort(key.begin(), key.end());
    if (found_.count(key))
      return;
    std::vector<const std::vector<LockEdge> *> choices;
    for (std::size_t i = 0; i < path.size(); ++i)
      choices.push_back(&graph_[path[i]][path[(i + 1) % path.size()]]);
    std::vector<const LockEdge *> chosen;
    std::optional<LockCycle> best;
    unsigned budget = 4000;
    isGuess_ = isGuess(path);
    choose(choices, chosen, best, budget);
    if (!best)
      return;
    found_.insert(key);
    result_.push_back(std::move(*best));
  }

  bool isGuess_ = false; ///< the cycle that is looked at
  /// A longer cycle over lock classes asks for several objects to be the same ones; in a big program that is a guess.
  bool isGuess(const std::vector<Term> &path) {
    return path.size() > 2 && engine_.isThrifty() &&
           std::any_of(path.begin(), path.end(),
                       [&](Term node) { return !model_.pointsTo().isConcrete(node); });
  }
  /// It was not seen for sure that the lock is held, not even the class of the lock is known, or the step needs what hardly happens.
  bool isDoubtful(const LockEdge &edge) const {
    return edge.held.may || edge.again || terms_[edge.from].kind == TermKind::Deref ||
           isPastLastReference(edge);
  }
  /// The last reference to an object is dropped by a function that is called under a lock of its class: it may be the same object, and
  /// whoever holds the lock has a reference of its own.
  bool isPastLastReference(const LockEdge &edge) const {
    const Term owner = terms_.root(edge.held.lock);
    const StringId record = engine_.recordAround(edge.held.lock);
    const std::vector<Term> &past = engine_.context(edge.acquisition.context).past;
    return record && std::any_of(past.begin(), past.end(), [&](Term token) {
             const TermNode &node = terms_[token];
             if (node.kind != TermKind::Op || node.n != kLastReferenceToken ||
                 terms_[node.kids[0]].kind != TermKind::Address)
               return false;
             const Term object = terms_.root(terms_[node.kids[0]].a);
             const auto function = static_cast<FunctionId>(terms_[node.kids[1]].n);
             return terms_[node.kids[2]].n == record &&
                    !engine_.stepIn(edge.held.witness, function) &&
                    (object == owner ||
                     (!terms_.contains(object, owner) && !terms_.contains(owner, object)));
           });
  }

  void choose(const std::vector<const std::vector<LockEdge> *> &choices,
              std::vector<const LockEdge *> &chosen, std::optional<LockCycle> &best,
              unsigned &budget) {
    if (budget == 0 || (best && (isGuess_ || best->confidence == Confidence::High)))
      return;
    --budget;
    if (chosen.size() == choices.size()) {
      accept(chosen, best);
      return;
    }
    for (const LockEdge &edge : *choices[chosen.size()]) {
      if (best && isDoubtful(edge))
        continue; // makes nothing better
      bool compatible = true;
      for (const LockEdge *other : chosen)
        compatible &= canMeet(*other, edge);
      if (!compatible)
        continue;
      chosen.push_back(&edge);
      choose(choices, chosen, best, budget);
      chosen.pop_back();
    }
  }

  bool canMeet(const LockEdge &a, const LockEdge &b) {
    // A semaphore with permits orders nothing.
    auto isSemaphore = [this](Term node) {
      std::optional<WaitNode> wait = waitNodeOf(terms_, node);
      return wait && wait->kind == WaitKind::Semaphore;
    };
    ContextId inA = a.acquisition.context, inB = b.acquisition.context;
    ThreadModel::Relation relation = isSemaphore(a.from) || isSemaphore(b.from)
                                         ? model_.parallel(a.thread, inA, b.thread, inB)
                                         : model_.meeting(a.thread, inA, b.thread, inB);
    if (relation == ThreadModel::Relation::No)
      return false;
    // The lock one waits for and the other holds: not both shared.
    if (a.to == b.from && a.acquisition.mode == LockMode::Shared && b.held.mode == LockMode::Shared)
      return false;
    if (b.to == a.from && b.acquisition.mode == LockMode::Shared && a.held.mode == LockMode::Shared)
      return false;
    return !hasGate(a, b) && !contradict(a, b);
  }

  /// The two sides compare the same two objects and come to opposite results: locks ordered by address or by an id.
  bool contradict(const LockEdge &a, const LockEdge &b) const {
    auto ordered = [this](Term t, Term &less, Term &greater) {
      const TermNode &node = terms_[t];
      if (node.kind != TermKind::Op || node.kids.size() != 2)
        return false;
      auto op = static_cast<ValueOp>(node.n);
      if (op != ValueOp::Lt && op != ValueOp::Le && op != ValueOp::Gt && op != ValueOp::Ge)
        return false;
      bool isLess = op == ValueOp::Lt || op == ValueOp::Le;
      less = node.kids[isLess ? 0 : 1];
      greater = node.kids[isLess ? 1 : 0];
      return true;
    };
    for (Term x : a.acquisition.compared)
      for (Term y : b.acquisition.compared) {
        Term lessX = 0, greaterX = 0, lessY = 0, greaterY = 0;
        if (ordered(x, lessX, greaterX) && ordered(y, lessY, greaterY) && lessX == greaterY &&
            greaterX == lessY)
          return true;
      }
    return false;
  }

  /// The node that the lock has when it is not told from others of its class.
  Term plainNode(Term node) const {
    std::optional<InstanceNode> instance = instanceNodeOf(terms_, node);
    return instance ? instance->plain : node;
  }

  /// An element of a table of locks, picked by something that the locks of the edge do not depend on: another thread holds
  /// another one, which keeps nobody out.
  bool isOneOfTable(Term lock, const LockEdge &edge) {
    for (Term at : model_.pointsTo().locations(lock))
      for (; terms_[at].kind == TermKind::Field || terms_[at].kind == TermKind::Index ||
             terms_[at].kind == TermKind::Element;
           at = terms_[at].a)
        if (terms_[at].kind == TermKind::Element) {
          Term index = terms_[at].b;
          if (index == kUnknownTerm || (!terms_.contains(edge.held.lock, index) &&
                                        !terms_.contains(edge.acquisition.lock, index)))
            return true;
        }
    return false;
  }

  bool hasGate(const LockEdge &a, const LockEdge &b) {
    for (const HeldLock &x : engine_.context(a.acquisition.context).held) {
      if (x.may || isOneOfTable(x.lock, a))
        continue;
      const std::vector<Term> &nodesX = nodesOf(x.lock);
      if (nodesX.size() != 1 || nodesX[0] == plainNode(a.from) || nodesX[0] == plainNode(a.to) ||
          nodesX[0] == plainNode(b.from) || nodesX[0] == plainNode(b.to))
        continue;
      for (const HeldLock &y : engine_.context(b.acquisition.context).held) {
        if (y.may || (x.mode == LockMode::Shared && y.mode == LockMode::Shared) ||
            isOneOfTable(y.lock, b))
          continue;
        if (x.lock == y.lock || nodesOf(y.lock) == nodesX)
          return true;
      }
    }
    return false;
  }

  /// A private method that nobody in view calls: the rest of its class, or a friend, does so out of view.
  bool isCalledOutside(const ThreadInstance &root) const {
    const Function &function = engine_.program.functions[root.entry];
    return function.callers == 0 && function.hasFlag(FunctionFlag::External) &&
           function.hasFlag(FunctionFlag::Private | FunctionFlag::Protected) &&
           !function.hasFlag(FunctionFlag::AddressTaken | FunctionFlag::Virtual |
                             FunctionFlag::Constructor | FunctionFlag::Destructor);
  }

  /// A function of a library's table that nobody in view calls, and whose step meets the library's own threads only.
  bool isOfTable(const LockEdge &step, const std::vector<const LockEdge *> &chosen) const {
    const Function &function = engine_.program.functions[model_.rootOf(step.thread).entry];
    return engine_.program.mains.empty() && function.callers == 0 &&
           function.hasFlag(FunctionFlag::AddressTaken) &&
           std::all_of(chosen.begin(), chosen.end(), [&](const LockEdge *edge) {
             return edge == &step || edge->thread == step.thread ||
                    model_.threads[edge->thread].kind == RootKind::Spawned;
           });
  }

  void accept(const std::vector<const LockEdge *> &chosen, std::optional<LockCycle> &best) {
    LockCycle cycle;
    const ThreadTree &tree = model_.trees[tree_];
    std::set<FunctionId> outside;
    for (const LockEdge *edge : chosen) {
      cycle.edges.push_back(*edge);
      if (isDoubtful(*edge))
        cycle.confidence = Confidence::Medium;
      const ThreadInstance &root = model_.rootOf(edge->thread);
      if (!tree.hasMain && !root.isExported && root.kind == RootKind::Interface &&
          model_.threads[edge->thread].kind != RootKind::Spawned) {
        if (isCalledOutside(root))
          outside.insert(root.entry);
        else if (!isOfTable(*edge, chosen))
          cycle.confidence = std::max(cycle.confidence, Confidence::Medium);
      }
    }
    if (outside.size() > 1)
      cycle.confidence = std::max(cycle.confidence, Confidence::Medium);
    for (const LockEdge *a : chosen)
      for (const LockEdge *b : chosen)
        if (a != b && model_.parallel(a->thread, a->acquisition.context, b->thread,
                                      b->acquisition.context) == ThreadModel::Relation::Maybe)
          cycle.confidence = std::max(cycle.confidence, Confidence::Medium);
    if (isGuess_)
      cycle.confidence = std::max(cycle.confidence, Confidence::Medium);
    if (best && best->confidence <= cycle.confidence)
      return;
    auto placeOf = [&](const LockEdge &edge) {
      return engine_.leaf(edge.acquisition.witness).range;
    };
    for (const LockEdge &edge : cycle.edges)
      cycle.hasWait |= isWait(edge.to);
    std::size_t first = 0; // what waits for something else than a lock comes before the rest
    auto rankOf = [&](const LockEdge &edge) {
      std::optional<WaitNode> wait = waitNodeOf(terms_, edge.to);
      int rank = wait ? wait->kind != WaitKind::Join : isWait(edge.to) ? 2 : 3;
      return std::pair(rank, placeOf(edge));
    };
    for (std::size_t i = 1; i < cycle.edges.size(); ++i)
      if (rankOf(cycle.edges[i]) < rankOf(cycle.edges[first]))
        first = i;
    std::rotate(cycle.edges.begin(), cycle.edges.begin() + static_cast<std::ptrdiff_t>(first),
                cycle.edges.end());
    best = std::move(cycle);
  }
};

} // namespace

std::vector<LockCycle> findLockCycles(Engine &engine, ThreadModel &model) {
  return CycleSearch(engine, model).run();
}

} // namespace threadlint
