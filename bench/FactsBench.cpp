// FactsBench: speed of the binary facts format, the only form facts take between processes.
#include "analyzer/facts/FactsFormat.h"
#include "analyzer/facts/FactsJson.h"
#include "tests/support/RandomFacts.h"

#include <benchmark/benchmark.h>

namespace threadlint {
namespace {

constexpr unsigned kFunctions = 2000;

void writeBinary(benchmark::State &state) {
  TuFacts facts = randomFacts(1, kFunctions);
  std::size_t size = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(size = writeFacts(facts).size());
  state.SetBytesProcessed(static_cast<std::int64_t>(size * state.iterations()));
  state.counters["bytes"] = static_cast<double>(size);
}
BENCHMARK(writeBinary)->Unit(benchmark::kMillisecond);

void readBinary(benchmark::State &state) {
  std::string bytes = writeFacts(randomFacts(1, kFunctions));
  for (auto _ : state)
    benchmark::DoNotOptimize(readFacts(bytes));
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes.size() * state.iterations()));
}
BENCHMARK(readBinary)->Unit(benchmark::kMillisecond);

void writeJsonDump(benchmark::State &state) {
  TuFacts facts = randomFacts(1, kFunctions);
  std::size_t size = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(size = factsToJson(facts).size());
  state.counters["bytes"] = static_cast<double>(size);
}
BENCHMARK(writeJsonDump)->Unit(benchmark::kMillisecond);

} // namespace
} // namespace threadlint
