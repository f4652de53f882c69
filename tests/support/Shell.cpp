// Shell: /bin/sh with redirection to files.
#include "tests/support/Shell.h"

#include "tests/support/AnnotatedSources.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

namespace threadlint {
namespace {

std::string threadlintBinary() {
  const char *chosen = std::getenv("THREADLINT");
  return chosen ? chosen : THREADLINT_BINARY_DIR "/bin/threadlint";
}

} // namespace

ShellResult runShell(const std::string &command, const std::string &folder) {
  TemporaryFolder streams;
  std::string script = "unset CI NO_COLOR CLICOLOR_FORCE\nexport THREADLINT='" +
                       threadlintBinary() + "'\ncd '" + folder + "' || exit 99\n" + command + "\n";
  streams.write("script", script);
  std::string base = streams.path();
  int status = std::system(
      ("sh '" + base + "/script' >'" + base + "/output' 2>'" + base + "/errors'").c_str());
  ShellResult result;
  result.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.output = readTestFile(base + "/output");
  result.errors = readTestFile(base + "/errors");
  return result;
}

TemporaryFolder::TemporaryFolder() {
  std::string pattern =
      (std::filesystem::temp_directory_path() / "threadlint-test-XXXXXX").string();
  path_ = mkdtemp(pattern.data()) ? pattern : "";
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code error;
  if (!path_.empty())
    std::filesystem::remove_all(path_, error);
}

void TemporaryFolder::write(const std::string &name, const std::string &content) const {
  std::filesystem::path file = std::filesystem::path(path_) / name;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << content;
}

} // namespace threadlint
