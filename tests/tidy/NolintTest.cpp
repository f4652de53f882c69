// NolintTest: our NOLINT comments hide exactly the lines that the real clang-tidy's do.
#include "tests/support/Shell.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>

namespace threadlint {
namespace {

/// Before the line, on it, after it; `@` stands for the check's name.
struct Form {
  const char *before, *on, *after;
};

const Form kForms[] = {
    {"", "", ""},
    {"", "// NOLINT", ""},
    {"", "/* NOLINT */", ""},
    {"", "// NOLINT(@)", ""},
    {"", "// NOLINT(other-check)", ""},
    {"", "// NOLINT(other-check,@)", ""},
    {"", "// NOLINT( @ , other-check )", ""},
    {"", "// NOLINT(*)", ""},
    {"", "// NOLINT(@*)", ""},
    {"", "// NOLINT()", ""},
    {"", "// NOLINT( )", ""},
    {"", "// NOLINT (@)", ""},
    {"", "// NOLINT (other-check)", ""},
    {"", "// NOLINT(@", ""},
    {"", "// NOLINT(other-check", ""},
    {"", "// NOLINT: because", ""},
    {"", "// NOLINT(@): because", ""},
    {"", "// NOLINT(-@)", ""},
    {"", "// NOLINT(*,-@)", ""},
    {"", "// NOLINTX", ""},
    {"", "// xNOLINT", ""},
    {"", "// nolint", ""},
    {"", "// NOLINT(other-check) NOLINT(@)", ""},
    {"", "const char *s = \"NOLINT\"; (void)s;", ""},
    {"// NOLINTNEXTLINE", "", ""},
    {"// NOLINTNEXTLINE(@)", "", ""},
    {"// NOLINTNEXTLINE(other-check)", "", ""},
    {"// NOLINTNEXTLINE()", "", ""},
    {"// NOLINTNEXTLINE\n", "", ""},
    {"// NOLINT", "", ""},
    {"", "// NOLINTNEXTLINE", ""},
    {"// NOLINTBEGIN", "", "// NOLINTEND"},
    {"// NOLINTBEGIN(@)", "", "// NOLINTEND(@)"},
    {"// NOLINTBEGIN(other-check)", "", "// NOLINTEND(other-check)"},
    {"// NOLINTBEGIN(@,other-check)", "", "// NOLINTEND(@,other-check)"},
    {"// NOLINTBEGIN(@*)", "", "// NOLINTEND(@*)"},
    {"// NOLINTBEGIN\n// NOLINTBEGIN(other-check)\n// NOLINTEND(other-check)", "", "// NOLINTEND"},
    {"// NOLINTBEGIN(@)\n// NOLINTEND(@)", "", ""},
};

/// Each form around a line with a leaked lock and a cast, in a function of its own.
std::string source(const std::string &check) {
  std::string text = "#include <mutex>\n";
  unsigned number = 0;
  for (const Form &form : kForms) {
    std::string n = std::to_string(number++);
    text += "std::mutex m" + n + ";\nvoid f" + n + "(bool b) {\n" + form.before + "\n" + "m" + n +
            ".lock(); int x" + n + " = (int)1.5; " + form.on + "\n" + form.after +
            "\nif (b) return;\nm" + n + ".unlock(); x" + n + " = 2;\n}\n";
  }
  text += "int main(int argc, char **) {\n";
  for (unsigned i = 0; i < number; ++i)
    text += "f" + std::to_string(i) + "(argc > 1);\n";
  return std::regex_replace(text + "}\n", std::regex("@"), check);
}

/// The numbers of the forms whose lock() line is in the output.
std::set<unsigned> reported(const std::string &output, const std::string &check,
                            const std::string &code) {
  std::set<unsigned> lines;
  std::regex pattern("case.cpp:([0-9]+):[0-9]+: (?:warning|error): .*\\[" + check + "\\]");
  for (std::sregex_iterator match(output.begin(), output.end(), pattern), end; match != end;
       ++match)
    lines.insert(static_cast<unsigned>(std::stoul((*match)[1])));
  std::set<unsigned> forms;
  std::istringstream stream(code);
  unsigned number = 0;
  static const std::regex kLock("^m([0-9]+)\\.lock.*");
  std::smatch found;
  for (std::string line; std::getline(stream, line);)
    if (++number; std::regex_match(line, found, kLock) && lines.contains(number))
      forms.insert(static_cast<unsigned>(std::stoul(found[1])));
  return forms;
}

TEST(Nolint, HidesWhatClangTidyHides) {
  const std::string tidyCheck = "google-readability-casting", ours = "threadlint-lock-leak";
  TemporaryFolder folder;
  std::string code = source(tidyCheck);
  folder.write("case.cpp", code);
  std::string output = runShell("clang-tidy-22 --config='{}' -quiet -checks='-*," + tidyCheck +
                                    "' case.cpp -- -std=c++20",
                                folder.path())
                           .output;
  std::set<unsigned> expected = reported(output, tidyCheck, code);
  ASSERT_TRUE(expected.contains(0)) << output;
  ASSERT_FALSE(expected.contains(1)) << output;

  code = source(ours);
  folder.write("case.cpp", code);
  output = runShell("$THREADLINT --quiet case.cpp -- -std=c++20", folder.path()).output;
  std::set<unsigned> found = reported(output, ours, code);
  for (unsigned i = 0; i < std::size(kForms); ++i)
    EXPECT_EQ(found.contains(i), expected.contains(i))
        << "'" << kForms[i].before << "' '" << kForms[i].on << "' '" << kForms[i].after << "'";
}

} // namespace
} // namespace threadlint
