// Worker: fork, pipes, and the child's loop.
#include "analyzer/cli/Worker.h"

#include "analyzer/cli/Errors.h"
#include "analyzer/cli/MemoryLimit.h"
#include "analyzer/facts/FactsFormat.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace threadlint {
namespace {

constexpr int kPipeSize = 1 << 20;
constexpr int kOutOfMemory = 86;

bool readExactly(int descriptor, void *target, std::size_t size) {
  auto *at = static_cast<char *>(target);
  while (size > 0) {
    ssize_t count = read(descriptor, at, size);
    if (count == 0 || (count < 0 && errno != EINTR))
      return false;
    if (count > 0) {
      at += count;
      size -= static_cast<std::size_t>(count);
    }
  }
  return true;
}

bool writeExactly(int descriptor, const void *source, std::size_t size) {
  const auto *at = static_cast<const char *>(source);
  while (size > 0) {
    ssize_t count = write(descriptor, at, size);
    if (count < 0 && errno != EINTR)
      return false;
    if (count > 0) {
      at += count;
      size -= static_cast<std::size_t>(count);
    }
  }
  return true;
}

/// A crash here is expected now and then: it ends this process only, without core file and without our own crash message.
void prepareChild(pid_t parent, unsigned memoryMegabytes) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent)
    _exit(1);
  for (int number : {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE})
    signal(number, SIG_DFL);
  for (int number : {SIGINT, SIGTERM, SIGHUP}) // of the whole process group: the parent decides
    signal(number, SIG_IGN);
  auto end = [] { _exit(kOutOfMemory); };
  limitMemory(memoryMegabytes, {end, end});
  rlimit noCore{0, 0};
  setrlimit(RLIMIT_CORE, &noCore);
  int sink = open("/dev/null", O_WRONLY);
  dup2(sink, 1); // a machine-readable standard output belongs to the parent
}

[[noreturn]] void runChild(int input, int output, std::span<const CompileCommand> commands,
                           const Extractor &extract) {
  std::uint32_t number = 0;
  while (readExactly(input, &number, sizeof number)) {
    std::string bytes = writeFacts(extract(commands[number]));
    std::uint64_t size = bytes.size();
    if (!writeExactly(output, &size, sizeof size) || !writeExactly(output, bytes.data(), size))
      break;
  }
  _exit(0); // no destructors: they belong to the parent
}

} // namespace

bool Worker::ranOutOfMemory(const std::string &cause) {
  return cause == "exit code " + std::to_string(kOutOfMemory);
}

llvm::Expected<Worker> Worker::start(std::span<const CompileCommand> commands,
                                     const Extractor &extract, std::span<const Worker> siblings,
                                     unsigned memoryMegabytes) {
  int toChild[2], fromChild[2];
  if (pipe2(toChild, O_CLOEXEC) != 0)
    return failure(std::string("cannot start a worker: ") + std::strerror(errno));
  if (pipe2(fromChild, O_CLOEXEC) != 0) {
    int error = errno;
    close(toChild[0]), close(toChild[1]);
    return failure(std::string("cannot start a worker: ") + std::strerror(error));
  }
  fcntl(fromChild[1], F_SETPIPE_SZ, kPipeSize);
  pid_t parent = getpid();
  pid_t pid = fork();
  if (pid == 0) {
    prepareChild(parent, memoryMegabytes);
    close(toChild[1]), close(fromChild[0]);
    for (const Worker &sibling : siblings)
      close(sibling.input_), close(sibling.output_);
    runChild(toChild[0], fromChild[1], commands, extract);
  }
  int error = errno;
  close(toChild[0]), close(fromChild[1]);
  if (pid < 0) {
    close(toChild[1]), close(fromChild[0]);
    return failure(std::string("cannot start a worker: ") + std::strerror(error));
  }
  return Worker(pid, toChild[1], fromChild[0]);
}

void Worker::assign(std::size_t command, std::optional<Clock::time_point> deadline) {
  command_ = command;
  deadline_ = deadline;
  auto number = static_cast<std::uint32_t>(command);
  writeExactly(input_, &number, sizeof number);
}

bool Worker::receive() {
  std::size_t used = received_.size();
  received_.resize(used + kPipeSize);
  ssize_t count;
  do
    count = read(output_, received_.data() + used, kPipeSize);
  while (count < 0 && errno == EINTR);
  received_.resize(used + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  if (count > 0)
    deadline_.reset(); // the work is done; the rest is our own speed
  return count > 0;
}

std::optional<std::string> Worker::takeAnswer() {
  std::uint64_t size = 0;
  if (received_.size() < sizeof size)
    return std::nullopt;
  std::memcpy(&size, received_.data(), sizeof size);
  if (received_.size() - sizeof size < size)
    return std::nullopt;
  std::string answer = received_.substr(sizeof size, size);
  received_.clear();
  command_.reset();
  deadline_.reset();
  return answer;
}

std::string Worker::stop() {
  if (command_)
    kill(pid_, SIGKILL); // no effect when it is already dead
  close(input_);
  close(output_);
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR)
    continue;
  if (WIFSIGNALED(status))
    return strsignal(WTERMSIG(status));
  return "exit code " + std::to_string(WEXITSTATUS(status));
}

} // namespace threadlint
