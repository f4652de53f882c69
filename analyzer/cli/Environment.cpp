// Environment: variables, terminals, descriptors.
#include "analyzer/cli/Environment.h"

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sched.h>
#include <string_view>
#include <unistd.h>

namespace threadlint {
namespace {

std::string_view variable(const char *name) {
  const char *value = std::getenv(name);
  return value ? value : "";
}

bool isOpen(int descriptor) { return fcntl(descriptor, F_GETFD) != -1; }

/// open() takes the lowest free descriptor, which is the closed one when they are visited in order.
void plugClosedDescriptors() {
  for (int descriptor = 0; descriptor <= 2; ++descriptor)
    if (!isOpen(descriptor))
      (void)open("/dev/null", descriptor == 2 ? O_WRONLY : O_RDONLY);
}

unsigned usableProcessors() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0)
    return static_cast<unsigned>(CPU_COUNT(&set));
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? static_cast<unsigned>(count) : 1;
}

} // namespace

Environment readEnvironment() {
  Environment environment;
  environment.stdoutIsClosed = !isOpen(1);
  plugClosedDescriptors();
  environment.isCi = !variable("CI").empty();
  environment.noColor = !variable("NO_COLOR").empty();
  std::string_view force = variable("CLICOLOR_FORCE");
  environment.forceColor = !force.empty() && force != "0";
  bool isDumb = variable("TERM") == "dumb";
  environment.stdoutIsTerminal = isatty(1) && !isDumb;
  environment.stderrIsTerminal = isatty(2) && !isDumb;
  std::error_code error;
  environment.workingFolder = std::filesystem::current_path(error).string();
  environment.processors = usableProcessors();
  return environment;
}

} // namespace threadlint
