// EscapesTest: one line per case and language.
#include "analyzer/report/Escapes.h"
#include "analyzer/report/LineHash.h"

#include <gtest/gtest.h>

namespace threadlint {
namespace {

TEST(Escapes, KeepsTextFromBecomingMarkup) {
  EXPECT_EQ(validUtf8("a\xff\xc3\xa4\xe2\x82"), "a\xef\xbf\xbd\xc3\xa4\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(validUtf8("\xed\xa0\x80\xc0\x80"),
            "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(escapeXml("<a b=\"c\">&'\n\x01"),
            "&lt;a b=&quot;c&quot;&gt;&amp;&#39;&#10;\xef\xbf\xbd");
  EXPECT_EQ(escapeXml("a\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbc"),
            "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbc");
  EXPECT_EQ(escapeCommandMessage("100%\r\n::set-output::"), "100%25%0D%0A::set-output::");
  EXPECT_EQ(escapeCommandProperty("a,b:c%\n"), "a%2Cb%3Ac%25%0A");
  EXPECT_EQ(escapeMarkdown("a|b <i> `x` *y* @me [z](u)\n#"),
            "a\\|b &lt;i&gt; \\`x\\` \\*y\\* &#64;me \\[z\\](u) \\#");
  EXPECT_EQ(quoteDot("a\"b\\c\n"), "\"a\\\"b\\\\c\\n\"");
  EXPECT_EQ(escapeUri("src/a b#c?%.cpp\xc3\xa4"), "src/a%20b%23c%3F%25.cpp%C3%A4");
}

TEST(Escapes, CountsColumnsInCodeUnits) {
  EXPECT_EQ(utf16Column("abc", 1), 1u);
  EXPECT_EQ(utf16Column("abc", 3), 3u);
  EXPECT_EQ(utf16Column("abc", 9), 4u);
  EXPECT_EQ(utf16Column("\xc3\xa4x", 3), 2u);
  EXPECT_EQ(utf16Column("\xf0\x9f\x98\x80x", 5), 3u);
  EXPECT_EQ(utf16Column("\xffx", 2), 2u);
}

TEST(LineHash, GivesTheValuesOfTheUploadAction) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(
      lineHashes("a\r\nb\r\rc\xf0\x9f\x98\x80\n\n\n  x \t y"),
      (Lines{"fa9bd136080aaacb:1", "23a9221c6e5a4df4:1", "7c349bec2b0e1ce0:1", "fb7a631c39e999f6:1",
             "1f3857e246328640:1", "8b048dae262cd4d6:1", "1f885425855a3084:1"}));
  EXPECT_TRUE(lineHashes("\xff").empty());
}

TEST(LineHash, NumbersLinesThatLookTheSame) {
  std::string block(300, 'x');
  std::vector<std::string> hashes = lineHashes(block + "\n" + block + "\n");
  ASSERT_EQ(hashes.size(), 3u);
  EXPECT_EQ(hashes[0].substr(0, hashes[0].find(':')), hashes[1].substr(0, hashes[1].find(':')));
  EXPECT_TRUE(hashes[0].ends_with(":1") && hashes[1].ends_with(":2"));
}

} // namespace
} // namespace threadlint
