// MergeTest: what traces say of static findings, on hand-written traces. Step i of a trace is line 10 * (i + 1) of src/f.c.
#include "tracer/report/Merge.h"
#include "tests/tracer/TracePlaces.h"
#include "tracer/report/SiteMatch.h"
#include "tracer/report/TraceReport.h"

#include <gtest/gtest.h>

namespace threadlint::tracing {
namespace {

Place at(std::uint32_t line, std::uint32_t column = 5) { return {"src/f.c", line, column, 0, 0}; }

struct StaticEdge {
  std::uint32_t heldLine, line;
};

/// A static finding whose threads take A and B, B and A, ... at these lines.
Finding inversion(const std::vector<StaticEdge> &edges, Confidence confidence = Confidence::High) {
  Finding finding;
  finding.check = "lock-order-inversion";
  finding.confidence = confidence;
  finding.place = at(edges[0].line);
  finding.message = "static";
  const char *names[] = {"A", "B", "C"};
  for (std::size_t i = 0; i < edges.size(); ++i) {
    std::string from = names[i], to = names[(i + 1) % edges.size()];
    finding.threads.push_back(
        {"main",
         {{at(edges[i].heldLine), "f", "takes '" + from + "'", {}},
          {at(edges[i].line), "f", "takes '" + to + "' while holding '" + from + "'", {from}}}});
  }
  return finding;
}

AnalysisResult analysisOf(std::vector<Finding> findings, std::vector<LockSite> sites = {}) {
  AnalysisResult analysis;
  analysis.findings = std::move(findings);
  analysis.lockSites = std::move(sites);
  return analysis;
}

/// "confirmed high", one finding a line.
std::string evidence(const AnalysisResult &analysis) {
  std::string text;
  for (const Finding &finding : analysis.findings) {
    text += text.empty() ? "" : "\n";
    text += finding.evidence ? std::string(nameOf(finding.evidence->verdict)) : "none";
    text += " " + std::string(nameOf(finding.confidence));
    if (finding.evidence && finding.evidence->isHang)
      text += " hang";
    if (finding.evidence && finding.evidence->isRuntimeOnly)
      text += " runtime-only";
  }
  return text;
}

constexpr const char *kAbba = "T1 lock A;T1 lock B;T1 unlock B;T1 unlock A;"     // 10, 20
                              "T2 lock B;T2 lock A;T2 unlock A;T2 unlock B";     // 50, 60
constexpr const char *kOneOrder = "T1 lock A;T1 lock B;T1 unlock B;T1 unlock A;" // 10, 20
                                  "T2 lock A;T2 unlock A;T2 lock B;T2 unlock B"; // 50, 70

TEST(Merge, Verdicts) {
  struct Row {
    const char *name, *steps;
    Finding finding;
    const char *expected;
  };
  for (const Row &row : {
           Row{"cycle", kAbba, inversion({{10, 20}, {50, 60}}), "confirmed high"},
           Row{"medium becomes high", kAbba, inversion({{10, 20}, {50, 60}}, Confidence::Medium),
               "confirmed high"},
           Row{"other places: the trace's cycle is a finding of its own", kAbba,
               inversion({{110, 120}, {150, 160}}),
               "confirmed high runtime-only\nnever-executed high"},
           Row{"hang", "T1 lock A;T2 lock B;T1 wants B;T2 wants A;hang T1 T2",
               inversion({{10, 30}, {20, 40}}), "confirmed high hang"},
           Row{"one order", kOneOrder, inversion({{10, 20}, {150, 160}}), "order-observed high"},
           Row{"both orders, but no cycle",
               "T1 lock A;T1 lock B;T1 unlock B;T1 unlock A;T2 lock D;T2 lock C",
               inversion({{10, 20}, {50, 60}}), "order-observed high"},
           Row{"places, but no order", "T1 lock A;T1 unlock A;T1 lock B;T1 unlock B",
               inversion({{10, 30}, {30, 10}}), "contradicted medium"},
           Row{"low stays low", "T1 lock A;T1 unlock A;T1 lock B;T1 unlock B",
               inversion({{10, 30}, {30, 10}}, Confidence::Low), "contradicted low"},
           Row{"pruned",
               "T1 lock G;T1 lock A;T1 lock B;T1 unlock B;T1 unlock A;T1 unlock G;"
               "T2 lock G;T2 lock B;T2 lock A",
               inversion({{20, 30}, {80, 90}}), "contradicted medium"},
           Row{"three",
               "T1 lock A;T1 lock B;T1 unlock B;T1 unlock A;T2 lock B;T2 lock C;T2 unlock C;T2 "
               "unlock B;"
               "T3 lock C;T3 lock A",
               inversion({{10, 20}, {50, 60}, {90, 100}}), "confirmed high"},
           Row{"nothing executed", "T1 lock A", inversion({{110, 120}, {150, 160}}),
               "never-executed high"},
       }) {
    AnalysisResult analysis = analysisOf({row.finding});
    TraceResult trace = resolveSteps(row.steps);
    mergeTrace(analysis, trace);
    EXPECT_EQ(evidence(analysis), row.expected) << row.name;
  }
}

TEST(Merge, OnlyLockFindingsHaveEvidence) {
  Finding race = inversion({{10, 20}, {50, 60}});
  race.check = "data-race";
  AnalysisResult analysis = analysisOf({race});
  TraceResult trace = resolveSteps("T1 lock A");
  mergeTrace(analysis, trace);
  EXPECT_EQ(evidence(analysis), "none high");
}

TEST(Merge, SelfDeadlocks) {
  Finding finding = inversion({{10, 20}});
  finding.check = "self-deadlock";
  struct Row {
    const char *steps, *expected;
  };
  for (const Row &row : {
           Row{"T1 lock A;T1 wants A;self T1", "confirmed high hang"},
           Row{"T1 lock A", "never-executed high"},
           Row{"T1 lock A;T1 lock B", "order-observed high"},
           Row{"T2 lock C;T1 lock A", "contradicted medium"},
       }) {
    AnalysisResult analysis = analysisOf({finding});
    TraceResult trace = resolveSteps(row.steps);
    mergeTrace(analysis, trace);
    EXPECT_EQ(evidence(analysis), row.expected) << row.steps;
  }
}

TEST(Merge, LocksGetTheStaticNames) {
  AnalysisResult analysis = analysisOf(
      {},
      {{at(10), "Account::mu_", "f"}, {at(20), "Bank::mu", "f"}, {at(60), "Account::mu_", "g"}});
  analysis.lockOrder = {{"Account::mu_", "Bank::mu", at(20), "f", true, EdgeOrigin::Static},
                        {"Account::mu_", "Other::mu", at(90), "h", false, EdgeOrigin::Static}};
  TraceResult trace = resolveSteps(kAbba);
  mergeTrace(analysis, trace);
  ASSERT_EQ(analysis.findings.size(), 1u);
  EXPECT_EQ(
      analysis.findings[0].message,
      "lock order inversion Account::mu_ -> Bank::mu -> Account::mu_: 'Bank::mu' is taken here "
      "while 'Account::mu_' is held, and elsewhere the other way round");
  std::string edges;
  for (const LockOrderEdge &edge : analysis.lockOrder)
    edges += edge.from + " " + edge.to + " " + std::string(nameOf(edge.origin)) + "\n";
  EXPECT_EQ(edges, "Account::mu_ Bank::mu both\nAccount::mu_ Other::mu static\n"
                   "Bank::mu Account::mu_ runtime\n");
}

TEST(Merge, ObjectsOfOneNameKeepApart) {
  const std::string one = "Account::mu (bank, b.cpp:1)", two = one + " #2";
  AnalysisResult analysis = analysisOf(
      {}, {{at(10), one, "f"}, {at(10), two, "f"}, {at(20), one, "f"}, {at(20), two, "f"}});
  analysis.lockOrder = {{one, two, at(20), "f", true, EdgeOrigin::Static},
                        {two, one, at(20), "f", true, EdgeOrigin::Static}};
  TraceResult trace = resolveSteps(kAbba);
  mergeTrace(analysis, trace);
  ASSERT_EQ(analysis.lockOrder.size(), 2u) << "the locks of the trace stand beside them";
  for (const LockOrderEdge &edge : analysis.lockOrder)
    EXPECT_EQ(edge.origin, EdgeOrigin::Both) << edge.from << " -> " << edge.to;
}

TEST(Merge, WhatTheAnalysisKnowsToBeOrderedIsNotConfirmed) {
  for (bool isInCycle : {false, true}) {
    AnalysisResult analysis =
        analysisOf({}, {{at(10), "a", "f"}, {at(20), "b", "f"}, {at(50), "b", "g"}});
    analysis.lockOrder = {{"a", "b", at(20), "f", isInCycle, EdgeOrigin::Static},
                          {"b", "a", at(60), "g", isInCycle, EdgeOrigin::Static}};
    TraceResult trace = resolveSteps(kAbba);
    mergeTrace(analysis, trace);
    EXPECT_EQ(evidence(analysis),
              isInCycle ? "confirmed high runtime-only" : "order-observed high runtime-only");
  }
  // A hang is a fact.
  AnalysisResult analysis = analysisOf(
      {}, {{at(10), "a", "f"}, {at(20), "b", "g"}, {at(30), "b", "f"}, {at(40), "a", "g"}});
  analysis.lockOrder = {{"a", "b", at(30), "f", false, EdgeOrigin::Static},
                        {"b", "a", at(40), "g", false, EdgeOrigin::Static}};
  TraceResult trace = resolveSteps("T1 lock A;T2 lock B;T1 wants B;T2 wants A;hang T1 T2");
  mergeTrace(analysis, trace);
  EXPECT_EQ(evidence(analysis), "confirmed high hang runtime-only");
}

TEST(Merge, WorksWithoutColumnsAndWithOtherFolders) {
  for (const char *folder : {"src/", "/elsewhere/build/../project/src/", "/x/src/"})
    for (std::uint32_t column : {0u, 5u, 31u}) {
      AnalysisResult analysis = analysisOf({inversion({{10, 20}, {50, 60}})});
      TraceResult trace = resolveSteps(kAbba, folder, column);
      mergeTrace(analysis, trace);
      EXPECT_EQ(evidence(analysis), "confirmed high") << folder << " " << column;
    }
  AnalysisResult analysis = analysisOf({inversion({{10, 20}, {50, 60}})});
  TraceResult trace = resolveSteps(kAbba, "/x/other/");
  mergeTrace(analysis, trace);
  EXPECT_EQ(evidence(analysis), "confirmed high runtime-only\nnever-executed high")
      << "another folder's f.c";
}

TEST(Merge, AFindingTellsOneWayOfMany) {
  AnalysisResult analysis =
      analysisOf({inversion({{110, 120}, {150, 160}})}, {{at(10), "A", "f"},
                                                         {at(20), "B", "f"},
                                                         {at(50), "B", "g"},
                                                         {at(60), "A", "g"},
                                                         {at(110), "A", "h"}});
  TraceResult trace = resolveSteps(kAbba);
  mergeTrace(analysis, trace);
  EXPECT_EQ(evidence(analysis), "confirmed high") << "the locks have the finding's names";
  ASSERT_EQ(analysis.findings[0].related.size(), 2u);
  EXPECT_EQ(analysis.findings[0].related[0].message,
            "seen at run time: 'B' is taken here while 'A' is held, by thread 0 'T1'");
  EXPECT_EQ(analysis.findings[0].related[0].place, at(20));
}

TEST(SiteMatch, PlacesOfOneLine) {
  struct Row {
    const char *name;
    std::vector<std::uint32_t> traced; ///< columns of the sites, all innermost
    std::vector<std::uint32_t> known;  ///< columns that the static side knows
    std::uint32_t asked;
    std::vector<std::uint32_t> expected; ///< sites
  };
  for (const Row &row : std::vector<Row>{
           {"same column", {10, 30}, {10, 30}, 30, {1}},
           {"no columns", {0}, {10, 30}, 30, {0}},
           {"one of each, columns differ", {14}, {10}, 10, {0}},
           {"by their order", {14, 44}, {10, 40}, 40, {1}},
           {"one of them agrees", {10, 44}, {10, 40}, 40, {1}},
           {"more places than columns: all", {14, 24, 44}, {10, 40}, 40, {0, 1, 2}},
           {"only the other was executed", {10}, {10, 40}, 40, {}},
       }) {
    std::vector<Site> sites;
    for (std::uint32_t column : row.traced)
      sites.push_back({{{at(1, column), "f"}}, 0, 1});
    std::set<Place> places;
    for (std::uint32_t column : row.known)
      places.insert(at(1, column));
    SiteMatch match(sites, places);
    EXPECT_EQ(match.sitesAt(at(1, row.asked)), row.expected) << row.name;
  }
}

TEST(SiteMatch, CallersCountOnlyWhenThePlaceItselfWasNotExecuted) {
  std::vector<Site> sites{{{{at(1), "lock"}, {at(9), "f"}}, 0, 2},
                          {{{at(9), "f"}, {at(20), "main"}}, 0, 2}};
  SiteMatch match(sites, {});
  EXPECT_EQ(match.sitesAt(at(1)), std::vector<std::uint32_t>{0});
  EXPECT_EQ(match.sitesAt(at(9)), std::vector<std::uint32_t>{1});
  EXPECT_EQ(match.sitesAt(at(20)), std::vector<std::uint32_t>{1});
  EXPECT_EQ(match.sitesAt(at(2)), std::vector<std::uint32_t>{});
  sites[0].taking = 1; // f takes it by a function that locks for it
  EXPECT_EQ(SiteMatch(sites, {}).sitesAt(at(9)), (std::vector<std::uint32_t>{0, 1}));
}

} // namespace
} // namespace threadlint::tracing
