// SampleReport: a report that uses every member, for the writers' tests.
#pragma once

#include "analyzer/report/Report.h"

namespace threadlint {

inline Report sampleReport(const std::string &root) {
  Finding race;
  race.check = "data-race";
  race.severity = Severity::Error;
  race.cwe = {362};
  race.place = {"src/counter.cpp", 5, 3, 5, 10};
  race.function = "Counter::add";
  race.message = "data race on 'counter'";
  race.fingerprint = "0123456789abcdef0123456789abcdef";
  race.threads = {
      {"main",
       {{{"src/counter.cpp", 9, 3, 9, 8}, "main", "calls 'add'", {}},
        {{"src/counter.cpp", 5, 3, 5, 10}, "Counter::add", "writes 'counter'", {}}}},
      {"worker", {{{"src/counter.cpp", 6, 3, 6, 10}, "worker", "reads 'counter'", {"mu", "log"}}}}};
  race.related = {{{"src/other.cpp", 7, 1, 7, 2}, "also written here"}};
  race.notes = {"'worker' starts at line 8 and is not joined before", "take 'mu' around the write"};

  Finding inversion;
  inversion.check = "lock-order-inversion";
  inversion.confidence = Confidence::Medium;
  inversion.cwe = {833, 667};
  inversion.place = {"/usr/include/thing.h", 1, 1, 1, 1};
  inversion.fingerprint = "fedcba9876543210fedcba9876543210";
  inversion.evidence = RuntimeEvidence{EvidenceVerdict::OrderObserved, Confidence::Low, true, true,
                                       "seen in 2 runs"};
  inversion.message = "bytes \xff and \"quotes\"";

  Report report;
  report.toolVersion = "1.2.3";
  report.root = root;
  report.findings = {race, inversion};
  report.limitations = {
      {"parse-error", "unknown type name 'foo'", {"src/broken.cpp", 3, 1, 3, 4}, true},
      {"unsupported", "inline assembly", {"src/counter.cpp", 8, 1, 8, 2}, false}};
  ReportedFinding suppressed = race;
  suppressed.place = {"src/counter.cpp", 6, 3, 6, 10};
  suppressed.function = "add";
  suppressed.suppression = SuppressionNote{true, "<benign> & old"};
  ReportedFinding baselined = race;
  baselined.place = {"src/a b%.cpp", 2, 0, 0, 0};
  baselined.baseline = BaselineState::Unchanged;
  report.setAside = {suppressed, baselined};
  report.rules = {{"data-race", Severity::Error, 362, false, "two threads race", "# data-race\n"},
                  {"lock-order-inversion", Severity::Error, 833, true, "two orders", ""}};
  report.observations = {
      {"held-at-exit", {"src/counter.cpp", 9, 3, 0, 0}, "main", "'mu' is held at the end"}};
  report.lockOrder = {{"a", "b", {"src/counter.cpp", 6, 3, 6, 10}, "worker", true},
                      {"b", "a \"x\"", {"src/counter.cpp", 5, 3, 5, 10}, "main", false}};
  report.suppressed = 1;
  report.baselined = 1;
  report.lowConfidence = 2;
  report.tuCount = 39;
  report.incompleteCount = 1;
  return report;
}

inline constexpr const char *kSampleSource =
    "#include <mutex>\nint counter;\nstd::mutex mu;\nvoid add() {\n\tcounter += 1;\n"
    "  counter == 1;\n}\nint main() {\n  add();\n}\n";

} // namespace threadlint
