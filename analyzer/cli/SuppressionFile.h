// SuppressionFile: rules for findings to hide, as YAML.
//
//   - check: data-race
//     file: src/legacy/**
//     function: "Cache::*"
//     lock: "Pool::mu_"
//     reason: replaced in release 3
#pragma once

#include "analyzer/report/SuppressionRules.h"

#include <llvm/Support/Error.h>

#include <string>
#include <vector>

namespace threadlint {

/// Every rule names at least one of check, file, function and lock.
llvm::Expected<std::vector<SuppressionRule>> readSuppressionFile(const std::string &path);

} // namespace threadlint
