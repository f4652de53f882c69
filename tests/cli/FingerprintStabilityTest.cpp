// FingerprintStabilityTest: fingerprints stay the same under edits that do not touch the bug, and change when it does.
#include "tests/support/Shell.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>
#include <regex>
#include <set>
#include <sstream>

namespace threadlint {
namespace {

/// Functions in an order that edits may change; the first piece stays first.
const std::vector<std::string> kPieces = {
    "#include <mutex>\n#include <thread>\n",
    "static std::mutex first, second;\nstatic int counter;\nnamespace { int hidden; }\n"
    "struct Box {\n  std::mutex mu;\n  int value = 0;\n  void set(int v) { value = v; }\n"
    "  int get() {\n    std::lock_guard g(mu);\n    return value;\n  }\n};\nstatic Box box;\n",
    "static void up() {\n  std::lock_guard a(first);\n  std::lock_guard b(second);\n}\n",
    "static void down() {\n  std::lock_guard b(second);\n  std::lock_guard a(first);\n}\n",
    "static void leak(bool early) {\n  first.lock();\n  if (early)\n    return;\n  "
    "first.unlock();\n}\n",
    "static void work() {\n  ++counter;\n  auto add = [] { ++hidden; };\n  add();\n  "
    "auto sub = [] { --counter; };\n  sub();\n  box.set(1);\n}\n",
};
const std::string kMain = "int main(int argc, char **) {\n  std::thread t([] { work(); up(); });\n"
                          "  ++counter;\n  ++hidden;\n  box.set(box.get());\n  down();\n"
                          "  t.join();\n  leak(argc > 1);\n}\n";

std::string joined(const std::vector<std::string> &pieces) {
  std::string text;
  for (const std::string &piece : pieces)
    text += piece;
  return text + kMain;
}

std::multiset<std::string> fingerprints(const std::string &source,
                                        const std::string &file = "a.cpp",
                                        const std::string &options = "") {
  TemporaryFolder folder;
  folder.write(file, source);
  ShellResult result = runShell("$THREADLINT --quiet --exit-zero --project-root=. --output=json " +
                                    options + " '" + file + "' -- -std=c++20",
                                folder.path());
  std::multiset<std::string> found;
  auto report = nlohmann::json::parse(result.output, nullptr, false);
  if (report.is_discarded())
    return {"no report: " + result.errors};
  for (const nlohmann::json &finding : report["findings"])
    found.insert(finding["check"].get<std::string>() + " " +
                 finding["fingerprint"].get<std::string>());
  return found;
}

std::string replaced(std::string text, const std::string &from, const std::string &to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

TEST(FingerprintStability, SurvivesWhatDoesNotTouchTheBug) {
  const std::string source = joined(kPieces);
  const std::multiset<std::string> expected = fingerprints(source);
  ASSERT_GE(expected.size(), 5u) << "the example has bugs of several checks";
  std::vector<std::string> reordered = kPieces;
  std::swap(reordered[2], reordered[5]);
  EXPECT_EQ(fingerprints("// a\n\n/* b */\n" + source), expected) << "inserted lines";
  EXPECT_EQ(fingerprints(replaced(source, "\n  ", "\n\t    ")), expected) << "reindented";
  EXPECT_EQ(fingerprints(replaced(source, "\n", "\r\n")), expected) << "CRLF";
  EXPECT_EQ(fingerprints(joined(reordered)), expected) << "reordered functions";
  EXPECT_EQ(fingerprints(source, "sub folder/renamed.cc"), expected) << "renamed file";
  EXPECT_EQ(fingerprints(source, "a.cpp", "-j7"), expected) << "more workers";
  EXPECT_EQ(
      fingerprints(source +
                   "static int unrelated() { return 3; }\nint other() { return unrelated(); }\n"),
      expected)
      << "unrelated code";
}

TEST(FingerprintStability, ChangesWithTheBug) {
  const std::string source = joined(kPieces);
  const std::multiset<std::string> before = fingerprints(source);
  std::multiset<std::string> after = fingerprints(replaced(source, "counter", "total"));
  EXPECT_EQ(after.size(), before.size());
  EXPECT_NE(after, before) << "another variable races";
  after = fingerprints(replaced(source, "first", "zeroth"));
  EXPECT_NE(after, before) << "another lock";
}

/// Edits that keep the meaning, in random places.
std::string edited(std::mt19937 &random) {
  std::vector<std::string> pieces = kPieces;
  std::shuffle(pieces.begin() + 2, pieces.end(), random);
  std::istringstream lines(joined(pieces));
  std::string text;
  unsigned number = 0;
  for (std::string line; std::getline(lines, line);) {
    switch (random() % 6) {
    case 0:
      text += "\n";
      break;
    case 1:
      text += "// comment " + std::to_string(random()) + "\n";
      break;
    case 2:
      line = std::string(random() % 9, ' ') + line;
      break;
    case 3:
      line += "  /* x */";
      break;
    default:
      break;
    }
    if (line.starts_with("static void") && random() % 2)
      text += "static inline int filler" + std::to_string(number++) + "() { return 1; }\n";
    text += line + "\n";
  }
  return text;
}

/// Names that carry a bug of the example, and other ones for them.
const std::pair<const char *, const char *> kRenamings[] = {
    {"counter", "total"}, {"first", "zeroth"}, {"second", "third"},
    {"hidden", "buried"}, {"value", "amount"}, {"leak", "spill"},
};

TEST(FingerprintStability, SurvivesRandomEditsAndChangesWithTheBug) {
  const std::multiset<std::string> expected = fingerprints(joined(kPieces));
  for (unsigned seed = 1; seed <= 12; ++seed) {
    std::mt19937 random(seed);
    std::string source = edited(random);
    const auto &[name, other] = kRenamings[random() % std::size(kRenamings)];
    std::string changed = replaced(source, name, other);
    if (random() % 2) {
      source = replaced(source, "\n", "\r\n");
      changed = replaced(changed, "\n", "\r\n");
    }
    static constexpr const char *kFiles[] = {"a.cpp", "renamed.cc", "deep/er/sub folder/b.cxx",
                                             "\xc3\xbc%20#@.cpp", "a@b::c$.cpp"};
    const std::string file = kFiles[random() % std::size(kFiles)];
    const std::string options = "-j" + std::to_string(1 + random() % 8);
    EXPECT_EQ(fingerprints(source, file, options), expected)
        << "seed " << seed << " " << file << "\n"
        << source;
    const std::multiset<std::string> after = fingerprints(changed, file, options);
    EXPECT_EQ(after.size(), expected.size()) << "seed " << seed << ", " << name;
    EXPECT_NE(after, expected) << "seed " << seed << ", " << name;
  }
}

} // namespace
} // namespace threadlint
