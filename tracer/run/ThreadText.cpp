// ThreadText: see ThreadText.h.
#include "tracer/run/ThreadText.h"

#include <time.h>

namespace threadlint::trace {

namespace {

/// "waits for mutex 'cache', with a time limit".
std::string waitText(Places &places, const LiveTrace &trace, const Waiting &waiting) {
  auto op = static_cast<Op>(waiting.op);
  std::string text = "waits ";
  if (op == Op::Join)
    text += "for the end of " + threadName(trace, waiting.object);
  else
    text += (op == Op::BarrierWait ? "at " : "for ") +
            lockName(places, trace, waiting.object, waiting.address,
                     static_cast<LockKind>(waiting.kind));
  std::uint64_t now = monotonicNs();
  if (waiting.sinceNs && now > waiting.sinceNs && now - waiting.sinceNs >= 1'000'000'000) {
    std::uint64_t tenths = (now - waiting.sinceNs) / 100'000'000;
    text += " for " + std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
  }
  if (waiting.flags & kWaitSelf)
    text += ", which it holds itself";
  if (waiting.flags & kWaitTimed)
    text += ", with a time limit";
  return text;
}

/// The stack, or where there is none the place.
std::string placeText(Places &places, const LiveTrace &trace, std::uint32_t stack, std::uint64_t pc,
                      const std::string &indent) {
  std::string calls = stackText(places, trace, stack, indent);
  return !calls.empty() ? calls
                        : indent + "#0 " + siteText(places, trace, frameWithPc(trace, pc)) + "\n";
}

std::string heldText(Places &places, const LiveTrace &trace, const Held &held,
                     const std::string &indent) {
  std::string text =
      indent + (held.flags & kHeldWaiting ? "has let go of " : "holds ") +
      lockName(places, trace, held.lock, held.address, static_cast<LockKind>(held.kind));
  if (held.mode == static_cast<std::uint8_t>(Mode::Shared))
    text += ", shared";
  if (held.count > 1)
    text += ", " + std::to_string(held.count) + " times";
  const auto *node = trace.get<Node>(TableKind::Nodes, held.node);
  return text + ", taken at\n" +
         placeText(places, trace, node && !(node->flags & kNodeSiteStack) ? node->stack : kNone,
                   held.pc, indent + "  ");
}

} // namespace

std::string threadText(Places &places, const LiveTrace &trace, const LiveThread &thread,
                       const std::string &indent, const std::string &about, const char *otherwise) {
  std::string text = indent + threadName(trace, thread.index) + about + " ";
  if (thread.isWaiting)
    text += waitText(places, trace, thread.waiting) + "\n" +
            placeText(places, trace, waitStack(trace, thread.waiting), thread.waiting.pc,
                      indent + "    ");
  else
    text += std::string(otherwise) + "\n";
  for (const Held &held : thread.held)
    if (!(held.flags & kHeldGone))
      text += heldText(places, trace, held, indent + "  ");
  if (thread.lost)
    text += indent + "  holds " + std::to_string(thread.lost) + " more that are not known\n";
  return text;
}

std::uint32_t waitStack(const LiveTrace &trace, const Waiting &waiting) {
  if (waiting.stack != kNone)
    return waiting.stack;
  auto isHere = [&](std::uint32_t number) {
    const auto *frame = trace.get<Frame>(TableKind::Frames, number);
    return frame && frame->pc == waiting.pc;
  };
  for (std::uint32_t at = 0; at < trace.count(TableKind::Nodes); ++at)
    if (const auto *node = trace.get<Node>(TableKind::Nodes, at);
        node && node->op == waiting.op && isHere(node->site))
      return node->stack;
  for (std::uint32_t at = 0; at < trace.count(TableKind::Sites); ++at)
    if (const auto *site = trace.get<Site>(TableKind::Sites, at); site && isHere(site->frame))
      return site->stack;
  return kNone;
}

std::uint32_t frameWithPc(const LiveTrace &trace, std::uint64_t pc) {
  for (std::uint32_t at = 0; at < trace.count(TableKind::Frames); ++at)
    if (const auto *frame = trace.get<Frame>(TableKind::Frames, at); frame && frame->pc == pc)
      return at;
  return kNone;
}

std::uint64_t monotonicNs() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

} // namespace threadlint::trace
