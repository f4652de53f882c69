// SuppressionRules: cheap tests first.
#include "analyzer/report/SuppressionRules.h"

#include "analyzer/report/Glob.h"

#include <algorithm>

namespace threadlint {
namespace {

bool coversPlace(const SuppressionRule &rule, const std::string &file,
                 const std::string &function) {
  return (rule.file.empty() || matchesPath(rule.file, file)) &&
         (rule.function.empty() || matchesName(rule.function, function));
}

/// 'mu' in "takes 'mu' while holding 'other'".
bool names(const std::string &glob, const std::string &message) {
  for (std::size_t begin = 0; (begin = message.find('\'', begin)) != std::string::npos;) {
    std::size_t end = message.find('\'', begin + 1);
    if (end == std::string::npos)
      return false;
    if (matchesName(glob, message.substr(begin + 1, end - begin - 1)))
      return true;
    begin = end + 1;
  }
  return false;
}

bool coversLock(const std::string &glob, const Finding &finding) {
  for (const ThreadTrace &thread : finding.threads)
    for (const TraceStep &step : thread.path) {
      if (std::any_of(step.locksHeld.begin(), step.locksHeld.end(),
                      [&](const std::string &lock) { return matchesName(glob, lock); }))
        return true;
      if (step.message.starts_with("takes ") && names(glob, step.message))
        return true;
    }
  return false;
}

} // namespace

bool covers(const SuppressionRule &rule, const Finding &finding) {
  if (!rule.check.empty() && !matchesCheck(rule.check, finding.check))
    return false;
  if (!rule.lock.empty() && !coversLock(rule.lock, finding))
    return false;
  if (coversPlace(rule, finding.place.file, finding.function))
    return true;
  for (const ThreadTrace &thread : finding.threads)
    for (const TraceStep &step : thread.path)
      if (coversPlace(rule, step.place.file, step.function))
        return true;
  return std::any_of(finding.related.begin(), finding.related.end(),
                     [&](const RelatedPlace &r) { return coversPlace(rule, r.place.file, ""); });
}

} // namespace threadlint
