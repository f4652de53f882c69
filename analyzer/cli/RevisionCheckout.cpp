// RevisionCheckout: read-tree and checkout-index with an index of our own, once for each repository.
#include "analyzer/cli/RevisionCheckout.h"

#include "analyzer/cli/Git.h"
#include "analyzer/cli/Interruption.h"
#include "analyzer/cli/Paths.h"

#include <llvm/ADT/StringRef.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace threadlint {
namespace {

namespace fs = std::filesystem;
using llvm::Error;
using llvm::StringRef;

llvm::SmallVector<StringRef> fieldsOf(StringRef text) {
  llvm::SmallVector<StringRef> fields;
  text.split(fields, '\0', -1, /*KeepEmpty=*/false);
  return fields;
}

bool hasCheckout(const std::string &folder) { return isPresent(folder + "/.git"); }

bool isEmptyOrAbsent(const std::string &folder) {
  std::error_code error;
  return fs::is_empty(folder, error) || error;
}

/// A repository whose files are being checked out.
struct Repository {
  std::string prefix;                  ///< of its files, from the top; empty, or with a final slash
  std::vector<std::string> gitFolders; ///< under whose modules/ those of its submodules are
};

struct Submodule {
  std::string path; ///< from the top of the outermost repository
  std::string name; ///< may be empty
  std::string commit;
};

class Checkout {
public:
  Checkout(const Git &git, std::string top, const std::string &scratch)
      : git_(git), top_(std::move(top)), tree_(scratch + "/tree"), index_(scratch + "/index") {}

  Error run(const std::string &commit) {
    const std::string what = "check out '" + commit + "'";
    GitPlaces places{index_, {}, {}};
    if (Error error = make({}, top_, commit, {"--prefix=" + tree_ + "/"}, places, what))
      return error;
    Repository repository{"", {}};
    for (const char *which : {"--git-dir", "--git-common-dir"})
      repository.gitFolders.push_back(absolutePath(git_.ask(top_, {"rev-parse", which}), top_));
    noteRenames("", commit);
    return addSubmodules(repository, submodules_);
  }

  RevisionCheckout result;

private:
  /// Writes the files of a commit and collects its submodules.
  Error make(const std::string &prefix, const std::string &folder, const std::string &commit,
             const std::vector<std::string> &target, const GitPlaces &places,
             const std::string &what) {
    std::vector<std::string> checkOut{"checkout-index", "--all", "--force", "--quiet"};
    checkOut.insert(checkOut.end(), target.begin(), target.end());
    std::string entries;
    for (const std::vector<std::string> &arguments :
         {std::vector<std::string>{"read-tree", "--no-recurse-submodules", commit}, checkOut,
          std::vector<std::string>{"ls-files", "--stage", "-z"}}) {
      llvm::Expected<std::string> output = git_.run(folder, arguments, what, places);
      if (!output)
        return output.takeError();
      entries = std::move(*output);
    }
    std::error_code ignored;
    fs::remove(index_, ignored);
    submodules_.clear();
    const std::map<std::string, std::string> names = namesOfSubmodules(prefix);
    for (StringRef entry : fieldsOf(entries)) // "160000 <commit> 0\t<path>"
      if (entry.consume_front("160000 ")) {
        std::string path = entry.split('\t').second.str();
        auto name = names.find(path);
        submodules_.push_back(
            {prefix + path, name == names.end() ? "" : name->second, entry.split(' ').first.str()});
      }
    return Error::success();
  }

  /// Path to name, as .gitmodules says.
  std::map<std::string, std::string> namesOfSubmodules(const std::string &prefix) const {
    std::map<std::string, std::string> names;
    std::string file = tree_ + "/" + prefix + ".gitmodules";
    std::error_code error;
    if (!fs::is_regular_file(fs::symlink_status(file, error)))
      return names;
    // "submodule.<name>.path\n<path>"
    std::string output = git_.ask(tree_, {"config", "-z", "--file", file, "--no-includes",
                                          "--get-regexp", "^submodule\\..*\\.path$"});
    for (StringRef entry : fieldsOf(output)) {
      auto [key, path] = entry.split('\n');
      key.consume_front("submodule.");
      key.consume_back(".path");
      names[path.str()] = key.str();
    }
    return names;
  }

  Error addSubmodules(const Repository &parent, std::vector<Submodule> submodules) {
    for (const Submodule &submodule : submodules)
      if (Error error = addSubmodule(parent, submodule))
        return error;
    return Error::success();
  }

  Error addSubmodule(const Repository &parent, const Submodule &submodule) {
    const std::string folder = tree_ + "/" + submodule.path, now = top_ + "/" + submodule.path;
    std::error_code ignored;
    fs::create_directories(folder, ignored);
    for (const std::string &gitFolder : candidates(parent, submodule)) {
      GitPlaces places{index_, gitFolder, folder};
      if (git_.ask(folder, {"rev-parse", "--verify", "--quiet", submodule.commit + "^{tree}"},
                   places)
              .empty())
        continue;
      if (Error error = make(submodule.path + "/", folder, submodule.commit, {}, places,
                             "check out the submodule '" + submodule.path + "'")) {
        if (isInterrupted())
          return error;
        llvm::consumeError(std::move(error)); // of a partial clone, which may not fetch the files
        fs::remove_all(folder, ignored);
        fs::create_directories(folder, ignored);
        continue;
      }
      noteRenames(submodule.path + "/", submodule.commit);
      return addSubmodules({submodule.path + "/", {gitFolder}}, submodules_);
    }
    // What is there now instead, perhaps the same sources as a part of the repository, would hide what is new in them.
    if (!isSubmoduleNow(parent, submodule)) {
      result.missing.push_back({submodule.path, submodule.commit, true});
      return Error::success();
    }
    if (isEmptyOrAbsent(now)) // then nothing is analysed with it
      return Error::success();
    fs::remove(folder, ignored);
    fs::create_directory_symlink(now, folder, ignored);
    result.missing.push_back({submodule.path, submodule.commit});
    return Error::success();
  }

  /// Whether the index of today has a submodule there, checked out or not.
  bool isSubmoduleNow(const Repository &parent, const Submodule &submodule) const {
    const std::string folder = parent.prefix.empty() ? top_ : top_ + "/" + parent.prefix;
    return hasCheckout(folder) &&
           StringRef(git_.ask(folder, {"ls-files", "--stage", "--",
                                       submodule.path.substr(parent.prefix.size())}))
               .starts_with("160000 ");
  }

  /// Where the repository of a submodule may be.
  std::vector<std::string> candidates(const Repository &parent, const Submodule &submodule) const {
    std::vector<std::string> folders;
    const std::string now = top_ + "/" + submodule.path;
    if (hasCheckout(now))
      folders.push_back(git_.ask(now, {"rev-parse", "--absolute-git-dir"}));
    // A name that leads out of modules/ could make git take orders from a configuration in the sources.
    const fs::path name = submodule.name;
    bool isInside = !name.empty() && name.is_relative() &&
                    std::find(name.begin(), name.end(), "..") == name.end();
    for (const std::string &gitFolder : parent.gitFolders)
      if (isInside)
        folders.push_back(gitFolder + "/modules/" + submodule.name);
    std::erase_if(folders, [](const std::string &path) { return !isPresent(path + "/HEAD"); });
    return folders;
  }

  void noteRenames(const std::string &prefix, const std::string &commit) {
    const std::string folder = prefix.empty() ? top_ : top_ + "/" + prefix;
    if (!prefix.empty() && !hasCheckout(folder))
      return;
    std::string output =
        git_.ask(folder, {"diff", "--name-status", "--find-renames", "--diff-filter=R",
                          "--ignore-submodules", "-z", "--no-relative", commit});
    const llvm::SmallVector<StringRef> fields = fieldsOf(output); // "R087", old, new
    for (std::size_t i = 0; i + 2 < fields.size(); i += 3)
      result.oldNames[prefix + fields[i + 2].str()] = prefix + fields[i + 1].str();
  }

  const Git &git_;
  std::string top_, tree_, index_;
  std::vector<Submodule> submodules_; ///< of the commit that was checked out last
};

} // namespace

llvm::Expected<RevisionCheckout> checkOutRevision(const Git &git, const std::string &top,
                                                  const std::string &commit,
                                                  const std::string &scratch) {
  Checkout checkout(git, top, scratch);
  if (Error error = checkout.run(commit))
    return std::move(error);
  return std::move(checkout.result);
}

} // namespace threadlint
