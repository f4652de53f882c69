// CompileDatabaseTest: what is read from compile_commands.json, and every way it can be wrong.
#include "analyzer/cli/CompileDatabase.h"

#include "tests/support/Shell.h"

#include <gtest/gtest.h>

namespace threadlint {
namespace {

/// "file|argument argument..." per command, or the error without the path of the folder.
std::string readDatabase(const std::string &content) {
  TemporaryFolder folder;
  folder.write("compile_commands.json", content);
  auto commands = readCompileDatabase(folder.path() + "/compile_commands.json");
  std::string text;
  if (!commands) {
    text = llvm::toString(commands.takeError());
  } else {
    for (const CompileCommand &command : *commands) {
      text += command.file + "|" + command.directory + "|";
      for (const std::string &argument : command.arguments)
        text += "<" + argument + ">";
      text += "\n";
    }
  }
  for (std::size_t at; (at = text.find(folder.path())) != std::string::npos;)
    text.replace(at, folder.path().size(), "DB");
  return text;
}

TEST(CompileDatabase, ReadsBothForms) {
  EXPECT_EQ(readDatabase(R"([{"directory":"/b","file":"a.cpp","arguments":["c++","-c","a.cpp"]}])"),
            "/b/a.cpp|/b|<c++><-c><a.cpp>\n");
  EXPECT_EQ(
      readDatabase(
          R"([{"directory":"/b","file":"../s/a.c","command":"cc -DX=\"a b\" '-Iq r' -c x\\ y.c"}])"),
      "/s/a.c|/b|<cc><-DX=a b><-Iq r><-c><x y.c>\n");
  EXPECT_EQ(readDatabase(R"([{"directory":"obj","file":"a.cc","arguments":["c++"]}])"),
            "DB/obj/a.cc|DB/obj|<c++>\n");
  EXPECT_EQ(readDatabase(R"([{"file":"a.cc","arguments":["c++"]}])"), "DB/a.cc|DB|<c++>\n");
}

TEST(CompileDatabase, SortsAndDropsRepeatedCommands) {
  EXPECT_EQ(readDatabase(R"([
    {"directory":"/b","file":"b.cpp","arguments":["c++","-c","b.cpp"]},
    {"directory":"/b","file":"a.cpp","arguments":["c++","-c","a.cpp","-o","x.o"]},
    {"directory":"/b","file":"a.cpp","arguments":["c++","-c","a.cpp","-o","y.o","-MF","y.d"]},
    {"directory":"/b","file":"a.cpp","arguments":["c++","-DX","a.cpp"]}])"),
            "/b/a.cpp|/b|<c++><-DX><a.cpp>\n"
            "/b/a.cpp|/b|<c++><-c><a.cpp><-o><x.o>\n"
            "/b/b.cpp|/b|<c++><-c><b.cpp>\n");
}

TEST(CompileDatabase, LeavesOutWhatIsNoSource) {
  EXPECT_EQ(readDatabase(R"([
    {"directory":"/b","file":"a.S","arguments":["cc"]},
    {"directory":"/b","file":"k.cu","arguments":["nvcc"]},
    {"directory":"/b","file":"pch.hxx.cxx","arguments":["c++","-x","c++-header"]},
    {"directory":"/b","file":"a.c","arguments":["cc"]}])"),
            "/b/a.c|/b|<cc>\n");
}

TEST(CompileDatabase, ExplainsWhatIsWrong) {
  struct Row {
    const char *content, *error;
  };
  const Row rows[] = {
      {"", "cannot read 'DB/compile_commands.json': not valid JSON from line 1 on"},
      {"[\n{},\n}", "cannot read 'DB/compile_commands.json': not valid JSON from line 3 on"},
      {"[\n{\"file\": \"caf\xe9.cpp\"}]",
       "cannot read 'DB/compile_commands.json': line 2: it is not text in UTF-8"},
      {"{}", "cannot read 'DB/compile_commands.json': not an array of compile commands"},
      {"[]", "the compile database 'DB/compile_commands.json' is empty"},
      {"[1]", "cannot read 'DB/compile_commands.json': entry 1 is not an object"},
      {R"([{"directory":"/b","command":"cc"}])",
       "cannot read 'DB/compile_commands.json': entry 1 has no 'file'"},
      {R"([{"file":7,"command":"cc"}])",
       "cannot read 'DB/compile_commands.json': entry 1 has a 'file' that is not a string"},
      {R"([{"file":"a.c","command":"cc"},{"file":"a.c"}])",
       "cannot read 'DB/compile_commands.json': entry 2 has neither 'arguments' nor 'command'"},
      {R"([{"file":"a.c","arguments":"cc"}])",
       "cannot read 'DB/compile_commands.json': entry 1 has 'arguments' that are not an array"},
      {R"([{"file":"a.c","arguments":[1]}])",
       "cannot read 'DB/compile_commands.json': entry 1 has 'arguments' that are not strings"},
      {R"([{"file":"a.c","arguments":[]}])",
       "cannot read 'DB/compile_commands.json': entry 1 has neither 'arguments' nor 'command'"},
      {R"([{"file":"a.S","command":"cc"}])",
       "the compile database 'DB/compile_commands.json' has no C or C++ files"},
  };
  for (const Row &row : rows)
    EXPECT_EQ(readDatabase(row.content), row.error) << row.content;
}

} // namespace
} // namespace threadlint
