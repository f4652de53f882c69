// ThreadlintModule: every row of Checks.def under its id `threadlint-<id>` in clang-tidy (-load=libthreadlint-tidy-22.so).
//
// The host clang-tidy provides every symbol of LLVM and Clang.
#include "checks/Checks.h"
#include "checks/tidy/FindingCheck.h"

#include "clang-tidy/ClangTidyModule.h"

namespace threadlint::tidy {
namespace {

class ThreadlintModule : public clang::tidy::ClangTidyModule {
public:
  void addCheckFactories(clang::tidy::ClangTidyCheckFactories &factories) override {
    auto cache = std::make_shared<TuCache>();
    for (const CheckInfo &info : allChecks()) {
      std::string id(info.id);
      factories.registerCheckFactory(
          "threadlint-" + id,
          [id, cache](llvm::StringRef name, clang::tidy::ClangTidyContext *context) {
            return std::make_unique<FindingCheck>(name, context, id, cache);
          });
    }
  }
};

// The registration that clang-tidy's plugin interface asks for.
const clang::tidy::ClangTidyModuleRegistry::Add<ThreadlintModule>
    kRegistration("threadlint-module", "Data races, deadlocks and thread-lifetime bugs.");

} // namespace
} // namespace threadlint::tidy
