// FindingCheck: one row of Checks.def as a clang-tidy check.
//
//   findings of the TU  =>  a warning at the primary location, a note for each step of both threads
//
// clang-tidy applies NOLINT to the warning; a NOLINT on the line of a note would drop that note and all after it, so such notes are
// left out here.
#pragma once

#include "checks/tidy/TuCache.h"

#include "clang-tidy/ClangTidyCheck.h"

#include <memory>
#include <string>

namespace threadlint::tidy {

class FindingCheck : public clang::tidy::ClangTidyCheck {
public:
  /// `id` is the bare id of the row.
  FindingCheck(llvm::StringRef name, clang::tidy::ClangTidyContext *context, std::string id,
               std::shared_ptr<TuCache> cache)
      : ClangTidyCheck(name, context), id_(std::move(id)), cache_(std::move(cache)) {}

  void registerMatchers(clang::ast_matchers::MatchFinder *finder) override;
  void check(const clang::ast_matchers::MatchFinder::MatchResult &result) override;
  void onEndOfTranslationUnit() override { cache_->clear(); }

private:
  std::string id_;
  std::shared_ptr<TuCache> cache_;
};

} // namespace threadlint::tidy
