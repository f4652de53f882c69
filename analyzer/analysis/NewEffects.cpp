// NewEffects: which effects a summary does not have yet, in a way that could make a difference.
#include "analyzer/analysis/Frame.h"

#include <limits>

namespace threadlint {
namespace {
constexpr std::size_t kMaxContexts = 3; ///< of one location in a big summary
constexpr std::size_t kMaxLocksets =
    6; ///< the same, of the function's own steps when each holds other locks
} // namespace

/// `a` protects no better than `b`: fewer locks, no more order, no fewer threads running.
bool Frame::isWeaker(const Context &a, const Context &b) const {
  auto isHeld = [&](const HeldLock &x) {
    return std::any_of(b.held.begin(), b.held.end(),
                       [&](const HeldLock &y) { return x.lock == y.lock && x.mode == y.mode; });
  };
  auto runs = [&](const LiveThread &x) {
    return std::any_of(a.live.begin(), a.live.end(),
                       [&](const LiveThread &y) { return x.thread == y.thread; });
  };
  return a.held.size() <= b.held.size() && std::all_of(a.held.begin(), a.held.end(), isHeld) &&
         std::all_of(b.live.begin(), b.live.end(), runs) &&
         std::includes(b.order.begin(), b.order.end(), a.order.begin(), a.order.end()) &&
         std::includes(b.past.begin(), b.past.end(), a.past.begin(), a.past.end()) &&
         std::includes(b.joined.begin(), b.joined.end(), a.joined.begin(), a.joined.end()) &&
         std::includes(a.released.begin(), a.released.end(), b.released.begin(), b.released.end());
}

/// Whether an acquisition adds an edge that is not known in two ways already.
bool Frame::addsEdge(const Acquisition &acquisition) {
  if (out_.acquisitions.size() < kManyEffects / 4)
    return true;
  const Context &context = engine_.context(acquisition.context);
  bool adds = false;
  auto count = [&](Term held) {
    adds |= ++edges_[{held, acquisition.lock, acquisition.isTry}] <= 2;
  };
  count(kUnknownTerm);
  for (const HeldLock &held : context.held)
    count(held.lock);
  return adds;
}

/// Whether an acquisition is news; notes it. Of one that is known already only the comparisons stay that hold on this way, too.
bool Frame::isNewAcquisition(const Acquisition &acquisition) {
  auto [it, isNew] = seenAcquisition_.try_emplace(
      std::tuple(acquisition.lock, static_cast<int>(acquisition.mode), acquisition.isTry,
                 acquisition.context, event_->range.line, event_->range.file),
      out_.acquisitions.size());
  if (!isNew) {
    if (it->second < out_.acquisitions.size())
      std::erase_if(out_.acquisitions[it->second].compared, [&](Term t) {
        return std::find(acquisition.compared.begin(), acquisition.compared.end(), t) ==
               acquisition.compared.end();
      });
    return false;
  }
  if (hasRoom(out_.acquisitions.size(), limits_.acquisitions, Cut::Acquisitions) &&
      addsEdge(acquisition))
    return true;
  it->second = std::numeric_limits<std::size_t>::max();
  return false;
}

/// Whether an access is news; notes it. `line` tells the frame's own sites apart.
bool Frame::isNewAccess(const Access &access, std::uint32_t line) {
  if (!hasRoom(out_.accesses.size(), limits_.accesses, Cut::Accesses))
    return false;
  if (!seenAccess_.emplace(access.location, access.isWrite, access.flags, access.context, line)
           .second)
    return false;
  std::vector<ContextId> &contexts =
      accessContexts_[{access.location, access.isWrite, access.flags}];
  if (out_.accesses.size() > kManyEffects) {
    for (ContextId known : contexts)
      if (isWeaker(engine_.context(known), engine_.context(access.context)))
        return false; // what conflicts with this one conflicts with that one
    auto hasSameLocks = [&](ContextId known) {
      const std::vector<HeldLock> &a = engine_.context(known).held,
                                  &b = engine_.context(access.context).held;
      return a.size() == b.size() &&
             std::is_permutation(a.begin(), a.end(), b.begin(),
                                 [](const HeldLock &x, const HeldLock &y) {
                                   return x.lock == y.lock && x.mode == y.mode && x.may == y.may;
                                 });
    };
    const bool isOwn = line != 0;
    if (contexts.size() >= (isOwn ? kMaxLocksets : kMaxContexts) ||
        (contexts.size() >= kMaxContexts &&
         std::any_of(contexts.begin(), contexts.end(), hasSameLocks))) {
      auto stronger = std::find_if(contexts.begin(), contexts.end(), [&](ContextId known) {
        return isWeaker(engine_.context(access.context), engine_.context(known));
      });
      if (stronger == contexts.end())
        return false;
      *stronger = access.context;
      return true;
    }
  }
  contexts.push_back(access.context);
  return true;
}

} // namespace threadlint
