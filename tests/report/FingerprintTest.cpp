// FingerprintTest: stored baselines rely on these exact values.
#include "analyzer/report/Fingerprint.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace threadlint {
namespace {

std::string of(std::vector<std::string> parts) { return fingerprint(parts); }

TEST(Fingerprint, NeverChanges) {
  EXPECT_EQ(of({}), "00000000000000000000000000000000");
  EXPECT_EQ(of({"data-race", "c:@counter", "write", "write"}), "2bfa88422529fe005b4ba17c0dbbe02f");
  EXPECT_EQ(of({"lock-order-inversion", "c:@S@Account@FI@mu", "c:@log_mutex"}),
            "9b5000efdb1d4adc4b51aae48a91c82b");
}

TEST(Fingerprint, SeparatesParts) {
  std::set<std::string> all{of({"a", "bc"}), of({"ab", "c"}), of({"abc"}),
                            of({"abc", ""}), of({"", "abc"}), of({"c", "ab"})};
  EXPECT_EQ(all.size(), 6u);
}

TEST(Fingerprint, ReachesEveryLengthOfTail) {
  std::set<std::string> all;
  for (std::size_t size = 0; size < 64; ++size)
    all.insert(of({std::string(size, 'x')}));
  EXPECT_EQ(all.size(), 64u);
}

} // namespace
} // namespace threadlint
