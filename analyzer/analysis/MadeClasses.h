// MadeClasses: classes of which a program makes no object, so that their methods do not run in it.
//
// A database with several programs has classes that only some of them use. A virtual call reaches the methods of all of them. Constructors
// that nothing calls from `main` on tell; a class without a constructor in view may be made anywhere.
#pragma once

#include "analyzer/analysis/LikelyEnded.h"

#include <map>
#include <optional>
#include <set>

namespace threadlint {

class MadeClasses {
public:
  MadeClasses(const Engine &engine, const ThreadModel &model) : engine_(engine), model_(model) {}

  /// Whether the way to one of the steps leads through a method of a class, no object of which is made in the program of that thread.
  bool isWithoutObject(const ThreadStep &a, const ThreadStep &b) {
    return isWithoutObject(a.thread, a.access) || isWithoutObject(b.thread, b.access);
  }

private:
  const Engine &engine_;
  const ThreadModel &model_;
  std::map<std::uint32_t, std::set<FunctionId>> reached_; ///< by tree
  struct Class {
    std::vector<FunctionId> constructors; ///< its own, and those of all that derive from it
    bool isOpen = false;                  ///< one of these classes has no constructor in view
  };
  std::map<StringId, Class> classes_;
  std::map<StringId, std::vector<FunctionId>> constructors_; ///< by class
  std::map<StringId, std::vector<StringId>> derived_;
  bool isFilled_ = false;
  bool isWithoutObject(ThreadId thread, const Access &access);
  void fill();
  const Class &classOf(StringId record);
};

} // namespace threadlint
