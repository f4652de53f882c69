// FactsFormatTest: what is written comes back; what was tampered with does not.
#include "analyzer/facts/FactsFormat.h"

#include "analyzer/facts/FactsValidation.h"
#include "tests/support/RandomFacts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace threadlint {
namespace {

using testing::HasSubstr;

TEST(FactsFormat, RoundTripsRandomFacts) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    TuFacts facts = randomFacts(seed, seed % 12);
    ASSERT_EQ(validateFacts(facts), "") << "seed " << seed;
    std::string bytes = writeFacts(facts);
    FactsReadResult result = readFacts(bytes);
    ASSERT_EQ(result.error, "") << "seed " << seed;
    ASSERT_TRUE(result.facts == facts) << "seed " << seed;
    ASSERT_TRUE(writeFacts(result.facts) == bytes) << "seed " << seed;
  }
}

TEST(FactsFormat, RoundTripsEmptyFacts) {
  FactsReadResult result = readFacts(writeFacts(TuFacts{}));
  EXPECT_EQ(result.error, "");
  EXPECT_TRUE(result.facts == TuFacts{});
}

TEST(FactsFormat, RejectsEveryTruncation) {
  std::string bytes = writeFacts(randomFacts(7, 3));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    ASSERT_EQ(readFacts(std::string_view(bytes).substr(0, size)).error, "truncated facts file")
        << "size " << size;
}

TEST(FactsFormat, RejectsEverySingleByteChange) {
  std::string bytes = writeFacts(randomFacts(7, 2));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (unsigned char flip : {0x01, 0x80, 0xff}) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ flip);
      ASSERT_NE(readFacts(changed).error, "") << "byte " << at;
    }
  }
}

/// Changes that the checksum does not show: the reader's own checks have to hold.
TEST(FactsFormat, SurvivesHostilePayloads) {
  constexpr std::size_t kChecksumAt = 20, kHeaderSize = 28;
  std::string bytes = writeFacts(randomFacts(11, 3));
  std::size_t accepted = 0;
  for (std::size_t at = kHeaderSize; at < bytes.size(); ++at) {
    for (unsigned char flip : {0x01, 0x02, 0x10, 0x7f, 0x80, 0xff}) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ flip);
      std::uint64_t sum = factsChecksum(std::string_view(changed).substr(kHeaderSize));
      for (std::size_t i = 0; i < 8; ++i)
        changed[kChecksumAt + i] = static_cast<char>(sum >> (8 * i));
      FactsReadResult result = readFacts(changed);
      if (result.error.empty()) {
        ++accepted; // another, equally sound TuFacts
        ASSERT_EQ(validateFacts(result.facts), "") << "byte " << at;
      }
    }
  }
  EXPECT_GT(accepted, 0u);
}

TEST(FactsFormat, NamesTheCause) {
  std::string bytes = writeFacts(TuFacts{});
  EXPECT_EQ(readFacts("int main() {}").error, "not a threadlint facts file");
  EXPECT_EQ(readFacts("").error, "truncated facts file");
  EXPECT_EQ(readFacts(bytes + "x").error, "corrupted facts file: bytes after its end");
  std::string other = bytes;
  other[8] = 99;
  EXPECT_EQ(readFacts(other).error,
            "facts format version 99 is not supported, this threadlint reads version " +
                std::to_string(kFactsVersion));
  other = bytes;
  other.back() ^= 1;
  EXPECT_THAT(readFacts(other).error, HasSubstr("checksum"));
}

struct Damage {
  const char *name;
  void (*apply)(TuFacts &);
  const char *error;
};

TuFacts sound() {
  TuFacts facts;
  facts.strings.push_back("f");
  facts.vars.emplace_back();
  facts.fields.emplace_back();
  facts.records.emplace_back();
  facts.suppressions.emplace_back();
  facts.limitations.emplace_back();
  FunctionFacts function;
  function.key = 1;
  function.tempCount = 1;
  function.paths.emplace_back();
  function.values.emplace_back();
  function.blocks.emplace_back();
  function.blocks[0].events.emplace_back();
  facts.functions.push_back(function);
  return facts;
}

const Damage kDamages[] = {
    {"string", [](TuFacts &f) { f.vars[0].name = 2; }, "string"},
    {"file", [](TuFacts &f) { f.vars[0].range.file = 1; }, "file of a source range"},
    {"strings", [](TuFacts &f) { f.strings.clear(); }, "string table"},
    {"parameter", [](TuFacts &f) { f.functions[0].params = {1}; }, "parameter"},
    {"capture", [](TuFacts &f) { f.functions[0].captureCount = 1; }, "capture list"},
    {"entry", [](TuFacts &f) { f.functions[0].entry = 1; }, "entry block"},
    {"exit", [](TuFacts &f) { f.functions[0].exit = 1; }, "block"},
    {"field", [](TuFacts &f) { f.records[0].fields = {1}; }, "field of a record"},
    {"overriders", [](TuFacts &f) { f.records[0].overriders = {0}; }, "overrider list"},
    {"globs", [](TuFacts &f) { f.suppressions[0].globs = {9}; }, "string"},
    {"suppression", [](TuFacts &f) { f.suppressions[0].file = 9; }, "file of a suppression"},
    {"limitation", [](TuFacts &f) { f.limitations[0].message = 9; }, "string"},
    {"variable",
     [](TuFacts &f) {
       f.functions[0].paths[0].base = BaseKind::Var, f.functions[0].paths[0].id = 1;
     },
     "variable of a path"},
    {"temporary",
     [](TuFacts &f) {
       f.functions[0].paths[0].base = BaseKind::Temp, f.functions[0].paths[0].id = 1;
     },
     "temporary of a path"},
    {"step",
     [](TuFacts &f) { f.functions[0].paths[0].steps = {{StepKind::Field, kNone, 0, kNone}}; },
     "field of a path"},
    {"load", [](TuFacts &f) { f.functions[0].values[0].kind = ValueKind::Load; },
     "path of a value"},
    {"operand", [](TuFacts &f) { f.functions[0].values[0].operands = {1}; }, "value"},
    {"own operand", [](TuFacts &f) { f.functions[0].values[0].operands = {0}; },
     "value or path that contains itself"},
    {"own index",
     [](TuFacts &f) {
       f.functions[0].values[0] = {ValueKind::Load, 0, 0, 0, ValueOp::Other, {}};
       f.functions[0].paths[0].steps = {{StepKind::AnyIndex, kNone, 0, 0}};
     },
     "value or path that contains itself"},
    {"event path", [](TuFacts &f) { f.functions[0].blocks[0].events[0].path = 1; }, "path"},
    {"event value", [](TuFacts &f) { f.functions[0].blocks[0].events[0].value = 1; }, "value"},
    {"event result", [](TuFacts &f) { f.functions[0].blocks[0].events[0].result = 1; },
     "result temporary"},
    {"event unwind", [](TuFacts &f) { f.functions[0].blocks[0].events[0].unwind = 1; }, "block"},
    {"event kind", [](TuFacts &f) { f.functions[0].blocks[0].events[0].kind = EventKind(200); },
     "event kind"},
    {"edge", [](TuFacts &f) { f.functions[0].blocks[0].edges.emplace_back(); }, "edge target"},
};

TEST(FactsValidation, AcceptsSoundFacts) { EXPECT_EQ(validateFacts(sound()), ""); }

TEST(FactsValidation, FindsEveryKindOfDamage) {
  for (const Damage &damage : kDamages) {
    TuFacts facts = sound();
    damage.apply(facts);
    EXPECT_EQ(validateFacts(facts), std::string("invalid ") + damage.error) << damage.name;
  }
}

} // namespace
} // namespace threadlint
