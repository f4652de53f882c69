// ScratchFolder: a folder for temporary files that does not outlive the run, however the run ends.
//
// A small process of its own, the guardian, removes it when this one is gone without having done so: by a signal, a crash, or _exit(). Before that it ends
// the programs that write there. What an end of both (of the machine, of a container) leaves is removed by a later run, which knows an abandoned folder by
// its lock file that nobody holds any more.
#pragma once

#include <llvm/Support/Error.h>

#include <string>
#include <sys/types.h>

namespace threadlint {

class ScratchFolder {
public:
  /// In the folder for temporary files; `purpose` becomes a part of its name. Removes abandoned ones of the same purpose and user first.
  static llvm::Expected<ScratchFolder> make(const std::string &purpose);

  ScratchFolder(ScratchFolder &&other) noexcept;
  ScratchFolder &operator=(ScratchFolder &&) = delete;
  ~ScratchFolder();

  /// Absolute. Beside what the user of this class puts there, it has a file named `lock`.
  const std::string &path() const { return path_; }

  /// From here until unguard() the guardian also ends this process group when this process is gone.
  void guard(pid_t group) const { tellGuardian(group); }
  /// Before the group's leader has been waited for.
  void unguard(pid_t group) const { tellGuardian(-group); }

private:
  ScratchFolder(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  llvm::Error startGuardian();
  void tellGuardian(pid_t message) const;

  std::string path_;
  int lock_ = -1;     ///< held while the folder is in use
  int lifeline_ = -1; ///< the guardian reads its other end, which ends with this process
  int guardian_ = -1; ///< its process id
};

} // namespace threadlint
