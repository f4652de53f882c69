// CheckSelection: globs against the list of Checks.def.
#include "analyzer/cli/CheckSelection.h"

#include "analyzer/cli/Errors.h"
#include "analyzer/cli/Suggestion.h"
#include "analyzer/report/Glob.h"
#include "checks/Checks.h"
#include "tracer/report/TraceReport.h"

#include <llvm/ADT/SmallVector.h>
#include <llvm/ADT/StringRef.h>

#include <algorithm>

namespace threadlint {
std::vector<std::string_view> knownChecks() {
  static const std::vector<Rule> kTraceRules = tracing::traceRules();
  std::vector<std::string_view> ids;
  for (const CheckInfo &check : allChecks())
    ids.push_back(check.id);
  for (const Rule &rule : kTraceRules)
    ids.push_back(rule.id);
  return ids;
}

namespace {

llvm::Error unknownCheck(llvm::StringRef name) {
  llvm::StringRef bare = name;
  bare.consume_front("threadlint-");
  std::string suggestion = didYouMean(bare, knownChecks());
  return failure("unknown check '" + name.str() + "'" +
                 (suggestion.empty() ? ", see 'threadlint --list-checks'" : suggestion));
}

} // namespace

llvm::Expected<std::set<std::string, std::less<>>> selectChecks(std::string_view globs) {
  std::set<std::string, std::less<>> selected;
  llvm::SmallVector<llvm::StringRef> parts;
  llvm::StringRef(globs).split(parts, ',', -1, /*KeepEmpty=*/false);
  bool startsFromAll = parts.empty() || parts.front().ltrim().starts_with("-");
  if (startsFromAll)
    for (std::string_view id : knownChecks())
      selected.emplace(id);
  for (llvm::StringRef part : parts) {
    llvm::StringRef glob = part.trim();
    if (glob.empty())
      continue;
    bool removes = glob.consume_front("-");
    bool matched = false;
    for (std::string_view id : knownChecks()) {
      if (!matchesCheck(glob, id))
        continue;
      matched = true;
      if (removes)
        selected.erase(std::string(id));
      else
        selected.emplace(id);
    }
    if (!matched)
      return unknownCheck(glob);
  }
  if (selected.empty())
    return failure("the list of checks '" + std::string(globs) + "' selects none");
  return selected;
}

llvm::Error checkNames(std::string_view globs) {
  llvm::SmallVector<llvm::StringRef> parts;
  llvm::StringRef(globs).split(parts, ',', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef part : parts) {
    llvm::StringRef glob = part.trim();
    glob.consume_front("-");
    std::vector<std::string_view> ids = knownChecks();
    if (std::none_of(ids.begin(), ids.end(),
                     [&](std::string_view id) { return matchesCheck(glob, id); }))
      return unknownCheck(glob);
  }
  return llvm::Error::success();
}

llvm::Expected<std::string> findCheck(std::string_view name) {
  llvm::StringRef bare = name;
  bare.consume_front("threadlint-");
  for (std::string_view id : knownChecks())
    if (id == std::string_view(bare))
      return bare.str();
  return unknownCheck(name);
}

} // namespace threadlint
