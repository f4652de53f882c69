// SuppressionRules: findings that a project hides by rules in a file of their own, not by comments.
//
// A rule names any of check, file, function and lock by globs; all that it names must hold. File and function must hold at one place
// of the finding: its primary place, a step of a trace, or a related place. The lock must be held or taken at some step.
#pragma once

#include "analyzer/report/Finding.h"

#include <string>
#include <vector>

namespace threadlint {

struct SuppressionRule {
  std::string check = {}, file = {}, function = {}, lock = {}; ///< globs; empty = any
  std::string reason = {};
  std::string origin = {}; ///< "suppressions.yaml:7"
};

bool covers(const SuppressionRule &rule, const Finding &finding);

} // namespace threadlint
