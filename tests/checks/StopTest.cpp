// StopTest: an analysis that is asked to stop ends soon, and does not take the rest of the program for idle.
#include "checks/Checks.h"
#include "tests/support/FactsBuilder.h"

#include <gtest/gtest.h>

namespace threadlint {
namespace {

constexpr const char *kProgram =
    "mutex a; mutex b; int x; thread t\n"
    "fn work { lock a; lock b; unlock b; unlock a; write x }\n"
    "fn main { spawn t work(); lock b; lock a; unlock a; unlock b; write x; join t }\n";

AnalysisResult analysed(StopRequest request) {
  StopFlag stop = request;
  std::vector<TuFacts> tus;
  tus.push_back(buildFacts(kProgram));
  return analyzeProgram(std::move(tus), {.withLockGraph = false, .stop = &stop});
}

TEST(Stop, NothingIsLeftOutWithoutARequest) {
  AnalysisResult result = analysed(StopRequest::None);
  EXPECT_TRUE(result.isComplete);
  EXPECT_EQ(result.findings.size(), 2u) << "a race and an inversion";
}

TEST(Stop, EndsAtOnceAndSaysSo) {
  for (StopRequest request : {StopRequest::Threads, StopRequest::All}) {
    AnalysisResult result = analysed(request);
    EXPECT_FALSE(result.isComplete);
    EXPECT_TRUE(result.findings.empty());
  }
}

} // namespace
} // namespace threadlint
