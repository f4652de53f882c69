// WaitGraph: who waits for what while holding what, and what those who provide it need first.
#include "analyzer/analysis/WaitGraph.h"

#include "analyzer/analysis/Frame.h"

namespace threadlint {
namespace {

constexpr std::int64_t kWaitNode = 200; ///< beside the tokens of Frame.h

class WaitEdges {
public:
  WaitEdges(Engine &engine, ThreadModel &model, std::uint32_t tree,
            const std::function<std::vector<Term>(Term)> &nodesOf)
      : engine_(engine), terms_(engine.terms), model_(model), tree_(model.trees[tree]),
        nodesOf_(nodesOf) {}

  std::vector<LockEdge> run() {
    bool anyWait = false;
    for (ThreadId id : tree_.threads)
      anyWait |= !model_.threads[id].waits.empty();
    if (!anyWait)
      return {};
    collectSignals();
    collectHandles();
    for (ThreadId id : tree_.threads)
      for (const Wait &wait : model_.threads[id].waits)
        for (Term node : targets(id, wait)) {
          for (const HeldLock &held : engine_.context(wait.context).held)
            for (Term from : nodesOf_(held.lock))
              add(from, node, id, wait.context, wait.witness, held);
          provide(node);
        }
    return std::move(edges_);
  }

private:
  Engine &engine_;
  Terms &terms_;
  ThreadModel &model_;
  const ThreadTree &tree_;
  const std::function<std::vector<Term>(Term)> &nodesOf_;
  std::vector<LockEdge> edges_;
  std::set<Term> provided_;
  struct Provider {
    ThreadId thread;
    const Signal *signal;
  };
  using Object = std::pair<WaitKind, Term>;
  std::map<Object, std::vector<Provider>> providers_;
  std::set<WaitKind> wild_; ///< kinds with a signal that may be for any object
  std::map<Term, std::int64_t> permits_;
  std::unordered_map<Term, std::vector<ThreadId>>
      joinable_; ///< by name, and by where the handle is or ends up

  Term make(WaitKind kind, Term object, ThreadId thread) {
    return terms_.make(TermKind::Op, static_cast<std::uint32_t>(kind), thread, kWaitNode,
                       object == kUnknownTerm ? std::vector<Term>{} : std::vector<Term>{object});
  }

  bool meetsItself(ThreadId id) const {
    return model_.threads[id].parallelWithItself || model_.threads[id].kind == RootKind::Interface;
  }

  /// A pointee of something unknown: any object at all.
  bool isNameless(Term node) const {
    return terms_[terms_.withoutElements(node)].kind == TermKind::Deref;
  }

  void collectSignals() {
    if (engine_.cuts.count(Cut::Signals)) // a lost signal may be the one that comes
      for (WaitKind kind : {WaitKind::Condition, WaitKind::Semaphore, WaitKind::Barrier,
                            WaitKind::Latch, WaitKind::Future})
        wild_.insert(kind);
    for (ThreadId id : tree_.threads) {
      for (const Signal &signal : model_.threads[id].signals) {
        std::vector<Term> nodes = nodesOf_(signal.object);
        if (nodes.empty() ||
            std::any_of(nodes.begin(), nodes.end(), [this](Term node) { return isNameless(node); }))
          wild_.insert(signal.kind);
        for (Term node : nodes)
          providers_[{signal.kind, node}].push_back(Provider{id, &signal});
      }
      notePermits(model_.threads[id].permits);
    }
    for (FunctionId init : engine_.program.initializers)
      notePermits(engine_.summary(init, {}).permits);
  }
  void notePermits(const std::vector<std::pair<Term, std::int64_t>> &permits) {
    for (const auto &[semaphore, count] : permits)
      for (Term node : nodesOf_(semaphore)) {
        auto [it, isNew] = permits_.try_emplace(node, count);
        if (!isNew && it->second != count)
          it->second = -1;
      }
  }

  void collectHandles() {
    for (ThreadId id : tree_.threads) {
      const ThreadInstance &thread = model_.threads[id];
      if (thread.kind != RootKind::Spawned || thread.detached)
        continue;
      joinable_[thread.thread].push_back(id);
      auto note = [&](Term handle) {
        if (handle != kUnknownTerm)
          for (Term node : nodesOf_(handle))
            joinable_[node].push_back(id);
      };
      note(thread.handle);
      for (const LiveThread &live : model_.threads[thread.parent].leftOver)
        if (live.thread == thread.thread)
          note(live.handle);
    }
  }

  std::vector<Term> targets(ThreadId waiter, const Wait &wait) {
    std::vector<Term> result;
    if (wait.kind != WaitKind::Join) {
      std::vector<Term> nodes = nodesOf_(wait.object);
      if (nodes.size() == 1 && !isNameless(nodes[0]))
        result.push_back(make(wait.kind, nodes[0], meetsItself(waiter) ? kNoThread : waiter));
      return result;
    }
    std::vector<Term> handles; // the nodes of the one it may be
    if (terms_[wait.object].kind == TermKind::Address || terms_[wait.object].kind == TermKind::Init)
      handles = nodesOf_(terms_[wait.object].a);
    auto add = [&](Term name) {
      if (auto known = joinable_.find(name); known != joinable_.end())
        for (ThreadId id : known->second)
          insertSorted(result, make(WaitKind::Join, kUnknownTerm, id));
    };
    add(wait.object);
    if (handles.size() == 1 && !isNameless(handles[0]))
      add(handles[0]);
    return result;
  }

  void add(Term from, Term to, ThreadId thread, const Acquisition &a, const HeldLock &held) {
    if (from != to)
      edges_.push_back(LockEdge{from, to, thread, a, held});
  }
  void add(Term from, Term to, ThreadId thread, ContextId context, WitnessId witness,
           const HeldLock &held) {
    Acquisition wait;
    wait.context = context;
    wait.witness = witness;
    add(from, to, thread, wait, held);
  }

  /// The edges from a wait node to what its providers need.
  void provide(Term node) {
    if (!provided_.insert(node).second)
      return;
    WaitNode wait = *waitNodeOf(terms_, node);
    if (wait.kind == WaitKind::Join) {
      HeldLock start;
      start.witness = model_.threads[wait.thread].spawnWitness;
      needsOfThread(node, wait.thread, start, [](const Context &) { return true; });
      return;
    }
    auto found = providers_.find({wait.kind, wait.object});
    if (found == providers_.end() || wild_.count(wait.kind))
      return;
    std::vector<Provider> others;
    for (const Provider &provider : found->second)
      if (provider.thread != wait.thread)
        others.push_back(provider);
    if (others.empty())
      return;
    auto isBefore = [&](const Context &context) { return !hasToken(context, kPostedToken, wait); };
    if (wait.kind == WaitKind::Barrier) {
      for (const Provider &provider : others)
        for (Term need : needsOf(*provider.signal, provider.thread))
          needOf(node, need, provider, isBefore);
      return;
    }
    if (wait.kind == WaitKind::Semaphore) {
      auto count = permits_.find(wait.object);
      if (count == permits_.end() || count->second < 0 || count->second > 1)
        return;
      if (count->second == 1) {
        for (const Provider &provider : others) {
          HeldLock permit;
          permit.witness = provider.signal->witness;
          needsOfThread(node, provider.thread, permit, [&](const Context &context) {
            return hasToken(context, kWaitedToken, wait) && isBefore(context);
          });
        }
        return;
      }
    }
    // Everybody who could signal needs it.
    std::set<Term> common = needsOf(*others[0].signal, others[0].thread);
    for (const Provider &provider : others) {
      std::set<Term> needs = needsOf(*provider.signal, provider.thread);
      std::erase_if(common, [&](Term need) { return !needs.count(need); });
    }
    for (Term need : common)
      for (const Provider &provider : others)
        needOf(node, need, provider, isBefore);
  }

  bool hasToken(const Context &context, std::int64_t token, const WaitNode &wait) {
    for (Term t : context.order)
      if (terms_[t].kind == TermKind::Op && terms_[t].n == token) {
        Term address = terms_[t].kids[0];
        if (terms_[address].kind == TermKind::Bind) // a phase of a barrier
          address = terms_[address].kids[0];
        if (address != kUnknownTerm && terms_[address].kind == TermKind::Address &&
            nodesOf_(terms_[address].a) == std::vector<Term>{wait.object})
          return true;
      }
    return false;
  }

  /// Lock nodes, and the wait nodes of one-shot signals, that surely lie behind this thread when it signals.
  std::set<Term> needsOf(const Signal &signal, ThreadId thread) {
    std::set<Term> result;
    for (Term need : signal.needs) {
      if (terms_[need].kind == TermKind::Thread) {
        for (ThreadId id : tree_.threads)
          if (model_.threads[id].kind == RootKind::Spawned && model_.threads[id].thread == need)
            result.insert(make(WaitKind::Join, kUnknownTerm, id));
      } else if (std::vector<Term> nodes = nodesOf_(need); nodes.size() == 1) {
        result.insert(nodes[0]);
      }
    }
    for (const Wait &wait : model_.threads[thread].waits)
      if (wait.kind == WaitKind::Future || wait.kind == WaitKind::Semaphore)
        for (Term node : targets(thread, wait))
          if (hasToken(engine_.context(signal.context), kWaitedToken, *waitNodeOf(terms_, node)))
            result.insert(node);
    return result;
  }

  /// The places where a provider gets what it needs.
  void needOf(Term node, Term need, const Provider &provider,
              const std::function<bool(const Context &)> &counts) {
    const ThreadInstance &thread = model_.threads[provider.thread];
    HeldLock signal;
    signal.witness = provider.signal->witness;
    for (const Acquisition &a : thread.acquisitions)
      if (!a.isTry && counts(engine_.context(a.context)) &&
          nodesOf_(a.lock) == std::vector<Term>{need})
        add(node, need, provider.thread, a, signal);
    if (waitNodeOf(terms_, need))
      for (const Wait &wait : thread.waits)
        for (Term target : targets(provider.thread, wait))
          if (target == need && counts(engine_.context(wait.context))) {
            add(node, need, provider.thread, wait.context, wait.witness, signal);
            provide(need);
          }
  }
  /// Everything that a thread blocks on, where `counts` holds.
  void needsOfThread(Term node, ThreadId id, const HeldLock &since,
                     const std::function<bool(const Context &)> &counts) {
    const ThreadInstance &thread = model_.threads[id];
    for (const Acquisition &a : thread.acquisitions)
      if (!a.isTry && counts(engine_.context(a.context)))
        for (Term need : nodesOf_(a.lock))
          add(node, need, id, a, since);
    for (const Wait &wait : thread.waits)
      if (counts(engine_.context(wait.context)))
        for (Term need : targets(id, wait)) {
          add(node, need, id, wait.context, wait.witness, since);
          provide(need);
        }
  }
};

} // namespace

std::optional<WaitNode> waitNodeOf(const Terms &terms, Term node) {
  const TermNode &n = terms[node];
  if (n.kind != TermKind::Op || n.n != kWaitNode)
    return std::nullopt;
  return WaitNode{static_cast<WaitKind>(n.a), n.kids.empty() ? kUnknownTerm : n.kids[0], n.b};
}

std::vector<LockEdge> waitEdges(Engine &engine, ThreadModel &model, std::uint32_t tree,
                                const std::function<std::vector<Term>(Term)> &nodesOf) {
  return WaitEdges(engine, model, tree, nodesOf).run();
}

} // namespace threadlint
