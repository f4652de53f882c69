// BadInputTest: one clear error or a Limitation for every kind of input that cannot be analysed, and the exit codes.
#include "tests/support/Shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <unistd.h>

namespace threadlint {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr const char *kRacing =
    "#include <thread>\nint n;\nint main() {\n  std::thread t([] { ++n; });\n"
    "  ++n;\n  t.join();\n}\n";
constexpr const char *kClean = "int main() { return 0; }\n";
constexpr const char *kLeak = "#include <mutex>\nstd::mutex m;\nint counter;\nvoid add(bool b) {\n "
                              " m.lock();\n  if (b)\n    return;\n"
                              "  counter++;\n  m.unlock();\n}\nint main() { add(true); }\n";
constexpr const char *kBroken = "int f() { return missing_name; }\n";

std::string database(const std::string &file) {
  return R"([{"directory":".","file":")" + file + R"(","arguments":["clang++","-std=c++20",")" +
         file + "\"]}]";
}

class BadInput : public testing::Test {
protected:
  ShellResult run(const std::string &command) { return runShell(command, folder_.path()); }
  void expectError(const std::string &arguments, const std::string &error) {
    ShellResult result = run("$THREADLINT " + arguments);
    EXPECT_EQ(result.exitCode, 2) << arguments;
    EXPECT_EQ(result.errors, "threadlint: error: " + error + "\n") << arguments;
    EXPECT_THAT(result.output, IsEmpty()) << arguments;
  }
  TemporaryFolder folder_;
};

TEST_F(BadInput, NoDatabase) {
  expectError("", "no compile_commands.json found in '" + folder_.path() +
                      "', its build/ or above: pass '-p DIR', or 'FILE... -- FLAGS'");
  expectError("-p build", "cannot read 'build/compile_commands.json': No such file or directory");
  expectError("-p x.json", "cannot read 'x.json': No such file or directory");
}

TEST_F(BadInput, EmptyOrMalformedDatabase) {
  folder_.write("empty/compile_commands.json", "[]");
  folder_.write("malformed/compile_commands.json", "[{");
  expectError("-p empty", "the compile database 'empty/compile_commands.json' is empty");
  expectError("-p malformed",
              "cannot read 'malformed/compile_commands.json': not valid JSON from line 1 on");
}

TEST_F(BadInput, FilesThatAreNotThere) {
  expectError("missing.cpp -- -std=c++20", "cannot read 'missing.cpp': No such file or directory");
  expectError("missing.cpp", "cannot read 'missing.cpp': No such file or directory");
  folder_.write("compile_commands.json", database("a.cpp"));
  folder_.write("a.cpp", kClean);
  folder_.write("other.cpp", kClean);
  expectError("missing.cpp", "cannot read 'missing.cpp': No such file or directory");
  expectError("other.cpp", "'other.cpp' is not in '" + folder_.path() +
                               "/compile_commands.json': pass its flags after '--'");
  expectError("'*.cc'", "no file of '" + folder_.path() + "/compile_commands.json' matches '*.cc'");
  expectError("--exclude='*.cpp'",
              "'--exclude' leaves no file of '" + folder_.path() + "/compile_commands.json'");
  expectError(". -- -DX", "cannot read '.': Is a directory");
}

TEST_F(BadInput, UnreadableFile) {
  if (geteuid() == 0)
    GTEST_SKIP() << "the superuser can read everything";
  folder_.write("secret.cpp", kClean);
  run("chmod 000 secret.cpp");
  expectError("secret.cpp --", "cannot read 'secret.cpp': Permission denied");
}

TEST_F(BadInput, FactsFiles) {
  folder_.write("foreign.tlf", kClean);
  folder_.write("empty.tlf", "");
  expectError("link missing.tlf", "cannot read 'missing.tlf': No such file or directory");
  expectError("link foreign.tlf", "cannot read 'foreign.tlf': not a threadlint facts file");
  expectError("link empty.tlf", "cannot read 'empty.tlf': truncated facts file");
}

TEST_F(BadInput, PipesSocketsFoldersAndDevicesEndInOneErrorAndNeverHang) {
  folder_.write("a.cpp", kLeak);
  folder_.write("folder/x", "");
  run("mkfifo pipe pipe.cpp pipe.tlf pipe.json; python3 -c 'import socket\n"
      "socket.socket(socket.AF_UNIX).bind(\"socket\")'");
  const std::pair<const char *, const char *> inputs[] = {
      {"pipe", "is a pipe, not a file"},
      {"socket", "is a socket, not a file"},
      {"folder", "Is a directory"},
      {"/dev/zero", "is a device, not a file"},
  };
  for (const char *arguments :
       {"a.cpp --config=INPUT --", "a.cpp --baseline=INPUT --", "a.cpp --suppressions=INPUT --",
        "INPUT -- -x c++", "INPUT a.cpp --", "facts INPUT --", "link INPUT",
        "diff --previous=INPUT --current=INPUT", "baseline show INPUT",
        "baseline update INPUT a.cpp --", "config verify INPUT", "merge INPUT INPUT",
        "a.cpp --trace=INPUT --"})
    for (const auto &[input, error] : inputs) {
      std::string command = arguments;
      for (std::size_t at = 0; (at = command.find("INPUT", at)) != std::string::npos;)
        command.replace(at, 5, input);
      ShellResult result = run("timeout 20 $THREADLINT " + command);
      if (command.find("--trace=folder") != std::string::npos)
        continue; // which traces may be in
      EXPECT_EQ(result.exitCode, 2) << command;
      EXPECT_THAT(result.errors, StartsWith("threadlint: error: cannot read '")) << command;
      EXPECT_THAT(result.errors, EndsWith(std::string("': ") + error + "\n")) << command;
      EXPECT_EQ(std::count(result.errors.begin(), result.errors.end(), '\n'), 1) << command;
      EXPECT_THAT(result.output, IsEmpty()) << command;
    }
  EXPECT_THAT(run("timeout 20 $THREADLINT -p pipe.json").errors,
              HasSubstr("is a pipe, not a file"));
  // What a database, a command or facts name.
  folder_.write("named/compile_commands.json", database("../pipe.cpp"));
  folder_.write("flags/compile_commands.json",
                R"([{"directory":"..","file":"a.cpp","arguments":["clang++","@pipe","a.cpp"]}])");
  for (const char *name : {"named", "flags"}) {
    ShellResult result = run("timeout 20 $THREADLINT --quiet -p " + std::string(name));
    EXPECT_EQ(result.exitCode, 3) << name << result.errors;
    EXPECT_THAT(result.output, HasSubstr("is not a regular file")) << name;
  }
  run("$THREADLINT facts --quiet a.cpp --; rm a.cpp; mkfifo a.cpp");
  EXPECT_EQ(run("timeout 20 $THREADLINT link a.tlf --quiet --output=sarif").exitCode, 1);
}

TEST_F(BadInput, WhatAShellPutsInAPipeIsReadUpToASize) {
  folder_.write("a.cpp", kLeak);
  folder_.write("rules.yaml", "- check: lock-leak\n");
  run("$THREADLINT baseline create known a.cpp --");
  EXPECT_EQ(run("cat known | $THREADLINT --quiet --baseline=/dev/stdin a.cpp --").exitCode, 0);
  EXPECT_EQ(run("bash -c '$THREADLINT --quiet --suppressions=<(cat rules.yaml) a.cpp --'").exitCode,
            0);
  EXPECT_EQ(
      run("$THREADLINT --quiet --config=/dev/null --suppressions=/dev/null a.cpp --").exitCode, 1);
  ShellResult endless = run("yes | timeout 60 $THREADLINT --baseline=/dev/stdin a.cpp --");
  EXPECT_EQ(endless.exitCode, 2);
  EXPECT_EQ(endless.errors,
            "threadlint: error: cannot read '/dev/stdin': it has more than 64 MB\n");
  run("truncate -s 5G huge");
  ShellResult huge = run("timeout 100 $THREADLINT --baseline=huge a.cpp --");
  EXPECT_EQ(huge.exitCode, 2);
  EXPECT_EQ(huge.errors, "threadlint: error: cannot read 'huge': it has more than 2048 MB\n");
}

TEST_F(BadInput, FilesThatGrowTooLargeLeaveWhatWasThere) {
  folder_.write("a.cpp", kLeak);
  folder_.write("old.json", "what was there");
  ShellResult result = run("ulimit -f 1; $THREADLINT --quiet --output=html:old.json a.cpp --");
  EXPECT_EQ(result.exitCode, 2);
  EXPECT_EQ(result.errors, "threadlint: error: cannot write 'old.json': File too large\n");
  EXPECT_EQ(run("cat old.json; ls -A | tr '\\n' ' '").output, "what was therea.cpp old.json ");
  run("chmod 640 old.json; $THREADLINT --quiet --output=json:old.json a.cpp --");
  EXPECT_EQ(run("stat -c %a old.json").output, "640\n");
}

TEST_F(BadInput, FewOpenFilesMakeFewWorkersNotAnotherReport) {
  std::string entries;
  for (int i = 0; i < 24; ++i) {
    std::string name = "a" + std::to_string(i) + ".cpp";
    folder_.write(name, kLeak);
    entries += (i ? "," : "") + database(name).substr(1);
    entries.pop_back();
  }
  folder_.write("compile_commands.json", "[" + entries + "]");
  ShellResult few = run("ulimit -n 24; $THREADLINT -j 24 --output=json");
  EXPECT_EQ(few.exitCode, 1) << few.errors;
  EXPECT_THAT(few.errors, HasSubstr("threadlint: note: going on with "));
  EXPECT_EQ(few.output, run("$THREADLINT --quiet -j 1 --output=json").output);
  ShellResult none = run("ulimit -n 5; $THREADLINT -j 24 --output=json");
  EXPECT_EQ(none.exitCode, 2);
  EXPECT_THAT(none.errors, HasSubstr("Too many open files"));
}

TEST_F(BadInput, NamesThatSpeakToTheTerminal) {
  const std::string name = "a\x1b[31m\n::error::b.cpp";
  folder_.write(name, kClean);
  folder_.write("compile_commands.json", database("a\\u001b[31m\\n::error::b.cpp"));
  ShellResult listed = run("$THREADLINT");
  EXPECT_EQ(listed.exitCode, 0) << listed.output;
  EXPECT_THAT(listed.errors, StartsWith("[1/1] a?[31m?::error::b.cpp\n0 findings"));
  ShellResult missing = run("$THREADLINT \"$(printf 'x\\n::error::y.cpp')\" --");
  EXPECT_EQ(missing.errors,
            "threadlint: error: cannot read 'x?::error::y.cpp': No such file or directory\n");
}

TEST_F(BadInput, OutputsThatCannotBeWritten) {
  folder_.write("a.cpp", kLeak);
  expectError("--output=json:missing/x.json a.cpp --",
              "cannot write 'missing/x.json': No such file or directory");
  expectError("--output=json:. a.cpp --", "cannot write '.': Is a directory");
  expectError("--quiet --output=json:/dev/full a.cpp --",
              "cannot write '/dev/full': No space left on device");
  expectError("--quiet a.cpp -- >/dev/full",
              "cannot write to standard output: No space left on device");
  expectError("--quiet --output=json a.cpp -- >&-",
              "cannot write to standard output: Bad file descriptor");
  expectError("--quiet --output=json a.cpp -- | head -c 0; exit 2",
              "cannot write to standard output: Broken pipe");
  expectError("facts --quiet a.cpp -o missing/a.tlf --",
              "cannot write 'missing/a.tlf': No such file or directory");
}

TEST_F(BadInput, OutputsThatWouldOverwriteInputs) {
  const std::string source = "#include \"a.h\"\n" + std::string(kLeak);
  folder_.write("a.cpp", source);
  folder_.write("a.h", "inline int f() { return 1; }\n");
  folder_.write("c.yaml", "checks: lock-leak\n");
  folder_.write("s.yaml", "- check: data-race\n");
  folder_.write("db/compile_commands.json", database("../a.cpp"));
  run("$THREADLINT --quiet --output=json:r.json a.cpp -- ; $THREADLINT baseline create b1 a.cpp -- "
      ";"
      " $THREADLINT facts --quiet a.cpp -- ; ln -s a.cpp link.cpp");
  const std::string before = run("cat *.* b1 db/*").output;
  struct Row {
    const char *arguments, *output, *input;
  };
  const Row rows[] = {
      {"a.cpp --output=json:a.cpp", "a.cpp", "a.cpp"},
      {"a.cpp --output=json:../$(basename $PWD)/a.cpp --", nullptr, "a.cpp"},
      {"a.cpp --output=json:link.cpp --", "link.cpp", "a.cpp"},
      {"facts a.cpp -o ./a.cpp --", "./a.cpp", "a.cpp"},
      {"facts a.tlf", "a.tlf", "a.tlf"},
      {"-p db --output=json:db/compile_commands.json", "db/compile_commands.json", nullptr},
      {"-p db --output=json:a.cpp", "a.cpp", nullptr},
      {"--baseline=b1 --output=text:b1 a.cpp --", "b1", "b1"},
      {"--config=c.yaml --output=text:c.yaml a.cpp --", "c.yaml", nullptr},
      {"--suppressions=s.yaml --output=text:s.yaml a.cpp --", "s.yaml", "s.yaml"},
      {"link a.tlf --output=text:a.tlf", "a.tlf", "a.tlf"},
      {"link a.tlf --output=text:a.h", "a.h", nullptr},
      {"--quiet --output=json:a.h a.cpp --", "a.h", nullptr},
      {"baseline update b1 link a.tlf --config=b1", nullptr, nullptr},
      {"diff --previous=r.json --current=r.json --output=json:r.json", "r.json", "r.json"},
  };
  for (const Row &row : rows) {
    ShellResult result = run("$THREADLINT " + std::string(row.arguments));
    EXPECT_EQ(result.exitCode, 2) << row.arguments;
    EXPECT_THAT(result.errors, StartsWith("threadlint: error: ")) << row.arguments;
    if (row.output)
      EXPECT_THAT(result.errors,
                  HasSubstr("the output '" + std::string(row.output) +
                            "' would overwrite the input '" + (row.input ? row.input : "")))
          << row.arguments;
    EXPECT_THAT(result.output, IsEmpty()) << row.arguments;
  }
  EXPECT_EQ(run("cat *.* b1 db/*").output, before);
  expectError("--output=json:x --output=sarif:./x a.cpp --",
              "the outputs 'x' and './x' are one file");
  EXPECT_EQ(run("$THREADLINT --quiet --output=json:x --output=sarif:y a.cpp --").exitCode, 1);
  EXPECT_EQ(run("$THREADLINT --quiet --output=json:x --output=sarif:y a.cpp --").exitCode, 1)
      << "reports of an earlier run are replaced";
  EXPECT_EQ(run("$THREADLINT --quiet --baseline=/dev/stdin --output=text:/dev/stdout a.cpp -- <b1")
                .exitCode,
            0);
}

TEST_F(BadInput, FileThatDoesNotParse) {
  folder_.write("a.cpp", kBroken);
  ShellResult text = run("$THREADLINT a.cpp --");
  EXPECT_EQ(text.exitCode, 3) << "no file is whole";
  EXPECT_THAT(text.output, StartsWith("a.cpp:1:18: warning: not fully analysed: "));
  EXPECT_THAT(text.output, HasSubstr("missing_name"));
  EXPECT_THAT(text.errors, HasSubstr(" in 1 TU, 1 incomplete, "));

  ShellResult json = run("$THREADLINT --output=json --quiet a.cpp --");
  auto report = nlohmann::json::parse(json.output, nullptr, false);
  ASSERT_FALSE(report.is_discarded());
  ASSERT_GE(report["limitations"].size(), 1u);
  EXPECT_EQ(report["limitations"][0]["kind"], "parse-error");
  EXPECT_EQ(report["limitations"][0]["incomplete"], true);
  EXPECT_EQ(report["summary"]["incomplete"], 1);
  EXPECT_THAT(json.errors, IsEmpty());

  // Nothing was found, so the file is named for what is missing in it.
  for (const char *format : {"text", "full", "json", "jsonl", "sarif", "gitlab", "github", "junit",
                             "html", "dot", "markdown", "checkstyle", "rdjsonl"})
    EXPECT_THAT(run("$THREADLINT --quiet --output=" + std::string(format) + " a.cpp --").output,
                HasSubstr("a.cpp"))
        << format;
}

TEST_F(BadInput, ParallelRegionOfOpenMp) {
  folder_.write("a.c",
                "int sum;\nint main(void) {\n#pragma omp parallel for\n  for (int i = 0; i < 9; "
                "i++)\n    sum += i;\n#pragma omp parallel\n  sum++;\n  return 0;\n}\n");
  folder_.write("b.c", "int main(void) {\n#pragma omp simd\n  for (int i = 0; i < 9; i++)\n    ;\n"
                       "  return 0;\n}\n");
  ShellResult region = run("$THREADLINT --quiet --strict a.c -- -fopenmp");
  EXPECT_EQ(region.exitCode, 0) << region.errors;
  EXPECT_THAT(region.output, StartsWith("a.c:3:"));
  EXPECT_THAT(region.output, HasSubstr("the threads of OpenMP are not understood"));
  EXPECT_EQ(std::count(region.output.begin(), region.output.end(), '\n'), 1) << "one for a file";
  for (const char *sequential : {"a.c --", "b.c -- -fopenmp"})
    EXPECT_THAT(run(std::string("$THREADLINT --quiet ") + sequential).output, IsEmpty())
        << sequential;
}

TEST_F(BadInput, DatabaseEntryWithoutItsFile) {
  folder_.write("compile_commands.json", database("generated.cpp"));
  ShellResult result = run("$THREADLINT --strict");
  EXPECT_EQ(result.exitCode, 3);
  EXPECT_THAT(result.output, HasSubstr("generated.cpp"));
}

TEST_F(BadInput, SourceWithNulBytes) {
  folder_.write("a.cpp", std::string("int x\0;\nint main() { return 0; }\n", 33));
  ShellResult result = run("$THREADLINT a.cpp --");
  EXPECT_EQ(result.exitCode, 0) << result.output << result.errors;
}

TEST_F(BadInput, FileThatIsEmptyOrNoSource) {
  folder_.write("empty.cpp", "");
  folder_.write("noise.cpp", std::string("\x7f"
                                         "ELF\x02\x01\x01\0\xff\xfe",
                                         10));
  EXPECT_EQ(run("$THREADLINT empty.cpp --").exitCode, 0);
  EXPECT_EQ(run("$THREADLINT --strict noise.cpp --").exitCode, 3);
}

TEST_F(BadInput, FlagsThatNoCompilerTakes) {
  folder_.write("a.cpp", kClean);
  folder_.write("good.rsp", "-std=c++20 @inner.rsp");
  folder_.write("inner.rsp", "-DX=1");
  folder_.write("loop.rsp", "@loop.rsp");
  const std::pair<const char *, const char *> rows[] = {
      {"@nosuch.rsp", "cannot read the response file 'nosuch.rsp': No such file or directory"},
      {"@loop.rsp", "cannot read the response file 'loop.rsp': it contains itself"},
      {"-nosuchflag", "unknown argument: '-nosuchflag'"},
      {"-fnosuchflag", "unknown argument: '-fnosuchflag'"},
      {"-std=c++99999", "invalid value 'c++99999' in '-std=c++99999'"},
      {"-x nolanguage", "language not recognized: 'nolanguage'"},
      {"@good.rsp", ""},
      {"-fconserve-stack -fno-gcse -fno-tree-vectorize -fipa-pta --param=max-inline-insns=5", ""},
      {"-mpreferred-stack-boundary=4 -mindirect-branch=thunk-extern -Wnosuch -O9", ""},
  };
  for (const auto &[flags, problem] : rows) {
    ShellResult result = run(std::string("$THREADLINT --quiet --strict a.cpp -- ") + flags);
    EXPECT_EQ(result.exitCode, *problem ? 3 : 0) << flags;
    EXPECT_EQ(result.output, *problem
                                 ? "a.cpp:1:1: warning: not fully analysed: compile command: " +
                                       std::string(problem) + " [parse-error]\n"
                                 : "")
        << flags;
  }
}

TEST_F(BadInput, FlagsOfADatabase) {
  folder_.write("a.cpp", kClean);
  auto strict = [&](const std::string &compiler, const std::string &flag) {
    folder_.write("compile_commands.json", R"([{"directory":".","file":"a.cpp","arguments":[")" +
                                               compiler + "\",\"" + flag + "\",\"a.cpp\"]}]");
    return run("$THREADLINT --quiet --strict").exitCode;
  };
  EXPECT_EQ(strict("/usr/bin/clang++", "@gone.rsp"), 3);
  EXPECT_EQ(strict("/usr/bin/c++", "@gone.rsp"), 3);
  EXPECT_EQ(strict("/usr/bin/c++", "-nosuchflag"), 3);
  EXPECT_EQ(strict("/usr/bin/c++", "-std=c++99999"), 3);
  EXPECT_EQ(strict("/usr/bin/clang++", "-fnew-in-gcc-99"), 3);
  EXPECT_EQ(strict("/usr/bin/g++", "-fnew-in-gcc-99"), 0); // another GCC may well have it
  EXPECT_EQ(strict("/opt/arm/bin/arm-none-eabi-g++-14", "-mnew-in-gcc-99"), 0);
}

TEST_F(BadInput, GivenFilesThatAreNoSources) {
  folder_.write("CMakeLists.txt", "project(p)\n");
  folder_.write("program", "\x7f"
                           "ELF");
  folder_.write("a.h", "int f();\n");
  folder_.write("a.cpp", kClean);
  for (const char *name : {"CMakeLists.txt", "program"})
    expectError(std::string(name) + " --", "'" + std::string(name) +
                                               "' is not named like a C or C++ source: pass '-x "
                                               "c++' after '--' if it is one");
  EXPECT_EQ(run("$THREADLINT --quiet --strict a.h --").exitCode, 0);
  EXPECT_THAT(run("$THREADLINT a.h --").errors, HasSubstr("note: 'a.h' is a header: "));
  folder_.write("compile_commands.json", database("a.cpp"));
  expectError("a.h", "'a.h' is a header and not in '" + folder_.path() +
                         "/compile_commands.json': give a source file that includes it");
}

TEST_F(BadInput, FiltersThatMatchNothing) {
  folder_.write("src/a.cpp", "#include \"lib/a.h\"\n#include \"macros.h\"\nint main() {}\n");
  folder_.write("src/b.cpp", "int b() { return 2; }\n");
  folder_.write("src/lib/a.h", "inline int f() { return 1; }\n");
  folder_.write("src/macros.h", "#define M 1\n");
  folder_.write("build/compile_commands.json",
                R"([{"directory":"..","file":"src/a.cpp","arguments":["c++","src/a.cpp"]},)"
                R"({"directory":"..","file":"src/b.cpp","arguments":["c++","src/b.cpp"]}])");
  run("$THREADLINT facts --quiet src/a.cpp");
  // `what` is said as an error (2) or a note (0), or nothing is said.
  struct Row {
    const char *arguments, *config;
    int exitCode;
    const char *what;
  };
  const Row rows[] = {
      // Typed for the whole program: an error, whichever filter it is.
      {"--exclude='lbi/**'", "", 2, "--exclude=lbi/**"},
      {"--include=scr --include=src", "", 2, "--include=scr"},
      {"--header-filter=lbi", "", 2, "--header-filter=lbi"},
      {"--exclude=lib", "", 0, ""},
      {"--exclude=macros.h", "", 0, ""}, // a header without code
      {"link a.tlf --exclude=lbi", "", 2, "--exclude=lbi"},
      // For some files: what does not concern them may concern others.
      {"src/b.cpp --exclude=third_party", "", 0, "--exclude=third_party"},
      {"src/b.cpp --include=src/a.cpp --include=src/b.cpp", "", 0, ""},
      {"src/b.cpp --include=src/a.cpp", "", 2, "'--include' leaves none of the given files"},
      {"src/b.cpp --header-filter=lib", "", 2, "--header-filter=lib"},
      // In a file that many runs share.
      {"", "exclude: [third_party]", 0, "--exclude=third_party"},
      {"", "include: [scr]", 2, "--include=scr"},
      {"", "header-filter: [lbi]", 2, "--header-filter=lbi"},
      {"src/b.cpp", "exclude: [third_party]\nheader-filter: [lib]\ninclude: [src]", 0, ""},
      {"src/b.cpp --", "exclude: [third_party]\nheader-filter: [lib]\ninclude: [src, tools]", 0,
       ""},
      {"src/b.cpp --", "include: [tools]", 2, "'--include' leaves none of the given files"},
  };
  for (const Row &row : rows) {
    folder_.write(".threadlint.yaml", row.config);
    ShellResult result = run(std::string("$THREADLINT ") + row.arguments);
    EXPECT_EQ(result.exitCode, row.exitCode) << row.arguments << row.config << result.errors;
    EXPECT_THAT(result.errors, HasSubstr(row.what)) << row.arguments << row.config;
    EXPECT_EQ(result.errors.find("note: no file") != std::string::npos,
              *row.what && row.exitCode == 0)
        << row.arguments << row.config << result.errors;
  }
}

TEST_F(BadInput, ADatabaseMayHaveAnyName) {
  folder_.write("a.cpp", kRacing);
  const std::string commands = R"([{"directory":")" + folder_.path() +
                               R"(","file":"a.cpp","arguments":["c++","-std=c++20","a.cpp"]}])";
  folder_.write("commands", commands);
  folder_.write("dir.json/compile_commands.json", commands);
  for (const char *path : {"commands", "./commands", "dir.json", "/dev/stdin <commands"})
    EXPECT_EQ(run(std::string("$THREADLINT --quiet -p ") + path).exitCode, 1) << path;
  EXPECT_EQ(run("bash -c '$THREADLINT --quiet -p <(cat commands)'").exitCode, 1);
  EXPECT_THAT(run("$THREADLINT -p nowhere").errors,
              HasSubstr("cannot read 'nowhere/compile_commands.json'"));
  EXPECT_THAT(run("$THREADLINT -p nowhere.json").errors, HasSubstr("cannot read 'nowhere.json'"));
}

TEST_F(BadInput, InputsAreReadOnce) {
  folder_.write("a.cpp", kRacing);
  folder_.write("s.yaml", "- check: data-race\n");
  EXPECT_EQ(run("$THREADLINT a.cpp -- -std=c++20").exitCode, 1);
  ShellResult hidden =
      run("cat s.yaml | $THREADLINT --suppressions=/dev/stdin a.cpp -- -std=c++20");
  EXPECT_EQ(hidden.exitCode, 0) << hidden.output << hidden.errors;
  run("$THREADLINT --quiet --output=json:a.json a.cpp -- -std=c++20");
  ShellResult same = run("cat a.json | $THREADLINT diff --previous=/dev/stdin --current=a.json");
  EXPECT_EQ(same.exitCode, 0) << same.errors;
  EXPECT_THAT(same.errors, HasSubstr("0 introduced, 0 fixed, 1 preexisting"));
  run("$THREADLINT baseline create a.base a.cpp -- -std=c++20");
  EXPECT_EQ(run("cat a.base | $THREADLINT --baseline=/dev/stdin a.cpp -- -std=c++20").exitCode, 0);
}

TEST_F(BadInput, MemoryThatIsExhausted) {
  folder_.write("a.cpp", "#include <vector>\n#include <mutex>\n" + std::string(kClean));
  for (const char *megabytes : {"1", "200", "250", "300", "350"}) {
    ShellResult result =
        run(std::string("$THREADLINT --quiet --strict a.cpp --memory-limit=") + megabytes + " --");
    EXPECT_TRUE(result.exitCode == 0 || result.exitCode == 3) << megabytes;
    EXPECT_THAT(result.errors, IsEmpty()) << megabytes;
  }
}

std::string repeated(const std::string &text, std::size_t count) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i)
    result += text;
  return result;
}

TEST_F(BadInput, DeepNesting) {
  folder_.write("parens.cpp", "int x = " + repeated("(", 10000) + "1" + repeated(")", 10000) +
                                  ";\nint main() {}\n");
  folder_.write("blocks.cpp", "int main() {" + repeated("{", 10000) + repeated("}", 10000) + "}\n");
  folder_.write("binary.cpp",
                "int y = 1; int x = 1" + repeated(" + y", 10000) + ";\nint main() {}\n");
  folder_.write("ifs.cpp", "int f(int y) {" + repeated(" if (y) y++; else", 10000) +
                               " y--; return y; }\nint main() {}\n");
  folder_.write("members.cpp", "struct S { S *n; int v; };\nint f(S *s) { return s" +
                                   repeated("->n", 10000) + "->v; }\nint main() {}\n");
  for (const char *file : {"parens.cpp", "blocks.cpp", "binary.cpp", "ifs.cpp", "members.cpp"}) {
    ShellResult result = run(std::string("$THREADLINT --strict --quiet ") + file + " --");
    bool limited = result.exitCode == 3 && !result.output.empty();
    EXPECT_TRUE(result.exitCode == 0 || limited)
        << file << ": " << result.exitCode << result.output << result.errors;
    EXPECT_THAT(result.errors, IsEmpty()) << file;
  }
}

TEST_F(BadInput, HugeGeneratedFunction) {
  std::string body;
  for (int i = 0; i < 50000; ++i)
    body += "  if (n == " + std::to_string(i) +
            ") { std::lock_guard g(m); x += " + std::to_string(i) + "; }\n";
  folder_.write("huge.cpp", "#include <mutex>\nstd::mutex m;\nint x;\nvoid f(int n) {\n" + body +
                                "}\nint main() { f(1); }\n");
  ShellResult result = run("$THREADLINT --strict --timeout=120 huge.cpp --");
  bool limited = result.exitCode == 3 && !result.output.empty();
  EXPECT_TRUE(result.exitCode == 0 || limited) << result.exitCode << result.output << result.errors;
}

/// More accesses than are kept: those that are must still be able to meet.
TEST_F(BadInput, HugeArrayOfCounters) {
  std::string body;
  for (int i = 0; i < 2000; ++i)
    body += "  g[" + std::to_string(i) + "] += 1;\n";
  folder_.write("counters.cpp",
                "#include <thread>\nint g[2000];\nvoid f() {\n" + body +
                    "}\nint main() { std::thread a(f), b(f); a.join(); b.join(); }\n");
  ShellResult result = run("$THREADLINT --no-strict counters.cpp -- -std=c++20");
  EXPECT_EQ(result.exitCode, 1) << result.errors;
  EXPECT_THAT(result.output, HasSubstr("'g[]' is written here"));
}

/// Every lock is taken under every other one: so many cycles that only the short ones are looked for.
TEST_F(BadInput, AllLockOrders) {
  constexpr int kLocks = 60;
  std::string source = "#include <mutex>\n#include <thread>\n";
  for (int i = 0; i < kLocks; ++i)
    source += "std::mutex m" + std::to_string(i) + ";\n";
  std::string threads, joins;
  for (int i = 0; i < kLocks; ++i) {
    const std::string number = std::to_string(i);
    source += "void f" + number + "() {\n  std::lock_guard a(m" + number + ");\n";
    for (int j = 0; j < kLocks; ++j)
      if (i != j)
        source += "  { std::lock_guard b(m" + std::to_string(j) + "); }\n";
    source += "}\n";
    threads += "  std::thread t" + number + "(f" + number + ");\n";
    joins += "  t" + number + ".join();\n";
  }
  folder_.write("orders.cpp", source + "int main() {\n" + threads + joins + "}\n");
  ShellResult result =
      run("$THREADLINT --no-strict --timeout=60 --output=json orders.cpp -- -std=c++20");
  EXPECT_EQ(result.exitCode, 1) << result.errors;
  EXPECT_TRUE(result.output.find("lock order inversion m0 -> m1 -> m0") != std::string::npos);
  EXPECT_TRUE(result.output.find("more lock orders than cycles are searched for in") !=
              std::string::npos);
}

/// Hundreds of ways to one wait and to one notification that may miss it.
TEST_F(BadInput, ManyWaysToOneNotification) {
  constexpr int kMethods = 600;
  std::string source = R"(#include <atomic>
#include <condition_variable>
#include <mutex>
struct Event {
  std::mutex mutex;
  std::condition_variable changed;
  std::atomic<bool> isSet{false};
  void set() { isSet = true; changed.notify_all(); }
  void wait() { std::unique_lock lock(mutex); while (!isSet) changed.wait(lock); }
};
struct Service { Event *event; )";
  for (int i = 0; i < kMethods; ++i)
    source += "  void set" + std::to_string(i) + "(); void wait" + std::to_string(i) + "();\n";
  source += "};\n";
  for (int i = 0; i < kMethods; ++i)
    source += "void Service::set" + std::to_string(i) + "() { event->set(); }\nvoid Service::wait" +
              std::to_string(i) + "() { event->wait(); }\n";
  folder_.write("service.cpp", source);
  ShellResult result =
      run("$THREADLINT --no-strict --min-confidence=low --timeout=60 service.cpp -- -std=c++20");
  EXPECT_EQ(result.exitCode, 1) << result.errors;
  EXPECT_THAT(result.output, HasSubstr("it is lost"));
  EXPECT_THAT(result.output, HasSubstr("than are compared: some lost wake-ups are missed"));
}

} // namespace
} // namespace threadlint
