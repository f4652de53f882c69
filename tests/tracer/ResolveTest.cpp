// ResolveTest: functions that lock for their callers are told by the stacks.
#include "tracer/report/Resolve.h"

#include <gtest/gtest.h>

namespace threadlint::tracing {
namespace {

/// Calls of a stack, innermost first: "lock:1 f:10 main:3".
std::vector<SiteFrame> calls(std::initializer_list<std::pair<const char *, std::uint32_t>> list) {
  std::vector<SiteFrame> frames;
  for (const auto &[function, line] : list)
    frames.push_back({{"a.c", line, 1, 0, 0}, function});
  return frames;
}

/// One thread takes lock 0, then lock 1, at these calls.
TraceResult resolved(const std::vector<SiteFrame> &outer, const std::vector<SiteFrame> &inner,
                     bool mayBeAnother = false) {
  Trace trace;
  trace.threads.emplace_back();
  trace.locks.resize(2);
  trace.code.resize(2);
  trace.stacks = {{{0}}, {{1}}};
  if (mayBeAnother) {
    trace.stacks[0].frames.push_back(2);
    trace.stacks[0].mayBeAnother = true;
    trace.code.emplace_back();
  }
  Acquisition acquisition;
  acquisition.thread = 0;
  acquisition.lock = 1;
  acquisition.stack = 1;
  acquisition.held = {{0, LockMode::Exclusive, 0}};
  trace.acquisitions = {acquisition};
  ResolveOptions options;
  options.frames = [&](std::uint32_t code) {
    if (!mayBeAnother || code == 1)
      return code == 1 ? inner : outer;
    return code == 0 ? std::vector<SiteFrame>{outer[0]}
                     : std::vector<SiteFrame>{outer.begin() + 1, outer.end()};
  };
  return resolveTrace(trace, options);
}

TEST(Resolve, FunctionsThatReturnWithTheLockLockForTheirCaller) {
  TraceResult result = resolved(calls({{"lock", 1}, {"f", 10}, {"main", 3}}),
                                calls({{"lock", 1}, {"f", 11}, {"main", 3}}));
  ASSERT_EQ(result.edges.size(), 1u);
  EXPECT_EQ(result.sites[result.edges[0].heldSite].place().place.line, 10u);
  EXPECT_EQ(result.sites[result.edges[0].site].place().place.line, 11u);
  EXPECT_EQ(result.locks[0].name, "mutex a.c:10");
}

TEST(Resolve, CallersOfAnotherTimeAreNoEvidence) {
  TraceResult result = resolved(calls({{"lock", 1}, {"f", 10}, {"main", 3}}),
                                calls({{"lock", 1}, {"f", 11}, {"main", 3}}), true);
  const Site &held = result.sites[result.edges[0].heldSite];
  EXPECT_EQ(held.certain, 1u);
  EXPECT_EQ(held.place().place.line, 1u);
}

TEST(Resolve, FunctionsThatStillRunDoNot) {
  TraceResult result =
      resolved(calls({{"f", 10}, {"main", 3}}), calls({{"g", 20}, {"f", 11}, {"main", 3}}));
  EXPECT_EQ(result.sites[result.edges[0].heldSite].place().place.line, 10u);
  EXPECT_EQ(result.sites[result.edges[0].site].place().place.line, 20u);
}

TEST(Resolve, CallsOfTheStandardLibraryAreNoPlaces) {
  EXPECT_TRUE(
      isForeign({{"/usr/include/c++/12/bits/std_mutex.h", 1, 1, 0, 0}, "std::mutex::lock"}));
  EXPECT_TRUE(isForeign({{"/opt/llvm/include/c++/v1/mutex", 1, 1, 0, 0}, "lock"}));
  EXPECT_TRUE(isForeign({{}, "std::lock"}));
  EXPECT_FALSE(isForeign({{"/home/u/src/std_mutex.h", 1, 1, 0, 0}, "mine::lock"}));
}

} // namespace
} // namespace threadlint::tracing
