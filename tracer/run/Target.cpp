// Target: see Target.h.
#include "tracer/run/Target.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <elf.h>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace threadlint::trace {

namespace {

std::string lookUp(const std::string &command) {
  if (command.find('/') != std::string::npos)
    return command;
  const char *path = std::getenv("PATH");
  std::istringstream folders(path ? path : "/usr/bin:/bin");
  std::string folder, found;
  while (std::getline(folders, folder, ':')) {
    std::string candidate = (folder.empty() ? "." : folder) + "/" + command;
    struct stat status{};
    if (stat(candidate.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
      continue;
    if (access(candidate.c_str(), X_OK) == 0)
      return candidate;
    if (found.empty())
      found = candidate;
  }
  return found.empty() ? command : found;
}

bool isPrivileged(const std::string &path) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0)
    return false;
  if ((status.st_mode & S_ISUID && status.st_uid != geteuid()) ||
      (status.st_mode & S_ISGID && status.st_gid != getegid()))
    return true;
  return geteuid() != 0 && getxattr(path.c_str(), "security.capability", nullptr, 0) > 0;
}

Target problem(Target target, TargetProblem kind, const std::string &message) {
  target.problem = kind;
  target.message = message;
  return target;
}

/// Whether the tracer was linked into the program: it has the section of the archive's code.
bool hasTracer(const std::string &content, const Elf64_Ehdr &header) {
  if (header.e_shoff + std::uint64_t{header.e_shnum} * sizeof(Elf64_Shdr) <= content.size())
    return content.find("threadlint_text") != std::string::npos;
  return false;
}

Target examine(Target target, int scripts) {
  const std::string &path = target.path;
  std::string name = "'" + path + "'";
  struct stat status{};
  if (stat(path.c_str(), &status) != 0)
    return problem(target, TargetProblem::NotFound,
                   "cannot run " + name + ": " + std::strerror(errno));
  if (S_ISDIR(status.st_mode) || access(path.c_str(), X_OK) != 0)
    return problem(target, TargetProblem::NotExecutable,
                   "cannot run " + name + ": " +
                       std::strerror(S_ISDIR(status.st_mode) ? EISDIR : errno));
  if (isPrivileged(path))
    return problem(target, TargetProblem::Privileged,
                   name + " is setuid, setgid or has capabilities, which keeps the tracer out: it "
                          "runs untraced; trace a copy without them as a user who has the rights");
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return target; // executable but not readable: may still work
  std::string start(256, '\0');
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(file.gcount()));
  if (start.starts_with("#!") && scripts < 4) {
    std::istringstream line(start.substr(2, start.find('\n') - 2));
    std::string interpreter;
    line >> interpreter;
    Target inner = examine({lookUp(interpreter), TargetProblem::None, ""}, scripts + 1);
    inner.path = target.path;
    return inner;
  }
  if (start.size() < sizeof(Elf64_Ehdr) || !start.starts_with("\x7f"
                                                              "ELF"))
    return target; // the shell runs it, or execve says what is wrong
  Elf64_Ehdr header;
  std::memcpy(&header, start.data(), sizeof header);
#if defined(__x86_64__)
  constexpr unsigned kMachine = EM_X86_64;
#else
  constexpr unsigned kMachine = EM_AARCH64;
#endif
  if (header.e_ident[EI_CLASS] != ELFCLASS64)
    return problem(target, TargetProblem::OtherMachine,
                   name + " is a 32-bit program: it runs untraced");
  if (header.e_machine != kMachine)
    return problem(target, TargetProblem::OtherMachine,
                   name + " is for another processor: it runs untraced");
  file.clear();
  bool isDynamic = false;
  for (unsigned at = 0; at < header.e_phnum && !isDynamic; ++at) {
    Elf64_Phdr segment;
    file.seekg(static_cast<std::streamoff>(header.e_phoff + at * sizeof segment));
    if (!file.read(reinterpret_cast<char *>(&segment), sizeof segment))
      return target;
    isDynamic = segment.p_type == PT_INTERP;
  }
  if (isDynamic)
    return target;
  file.clear();
  file.seekg(0);
  std::ostringstream content;
  content << file.rdbuf();
  if (hasTracer(content.str(), header))
    return target;
  return problem(target, TargetProblem::Static,
                 name + " is statically linked, so the tracer cannot be loaded: it runs untraced; "
                        "link libthreadlint-trace.a");
}

} // namespace

Target examineTarget(const std::string &command) {
  return examine({lookUp(command), TargetProblem::None, ""}, 0);
}

} // namespace threadlint::trace
