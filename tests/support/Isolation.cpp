// Isolation: fork and one pipe. The caller has no threads.
#include "tests/support/Isolation.h"

#include <csignal>
#include <cstdio>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

namespace threadlint {
namespace {

constexpr unsigned kSeconds = 60;

} // namespace

std::string runIsolated(const std::function<std::string()> &body) {
  int ends[2];
  if (pipe(ends) != 0)
    return "cannot make a pipe\n";
  std::fflush(nullptr); // or the child would write the parent's buffers again
  pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    alarm(kSeconds);
    std::string text = body();
    for (std::string_view rest = text; !rest.empty();) {
      ssize_t count = write(ends[1], rest.data(), rest.size());
      if (count <= 0)
        _exit(1);
      rest.remove_prefix(static_cast<std::size_t>(count));
    }
    _exit(0);
  }
  close(ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t count; (count = read(ends[0], buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(count));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status))
    text += WTERMSIG(status) == SIGALRM
                ? "the analysis took longer than a minute\n"
                : std::string("the analysis crashed: ") + strsignal(WTERMSIG(status)) + "\n";
  else if (WEXITSTATUS(status) != 0)
    text += "the analysis ended with exit code " + std::to_string(WEXITSTATUS(status)) + "\n";
  return text;
}

} // namespace threadlint
