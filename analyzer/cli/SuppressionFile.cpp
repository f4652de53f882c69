// SuppressionFile: a list of maps with known keys.
#include "analyzer/cli/SuppressionFile.h"

#include "analyzer/cli/CheckSelection.h"
#include "analyzer/cli/Errors.h"
#include "analyzer/cli/InputFile.h"
#include "analyzer/cli/Suggestion.h"
#include "analyzer/cli/Yaml.h"

namespace threadlint {
namespace {

llvm::Error wrong(const std::string &path, unsigned line, const std::string &message) {
  return failure("cannot read '" + path + "': line " + std::to_string(line) + ": " + message);
}

llvm::Expected<SuppressionRule> readRule(const YamlValue &value, const std::string &path) {
  SuppressionRule rule;
  rule.origin = path + ":" + std::to_string(value.line);
  if (value.kind != YamlValue::Kind::Map)
    return wrong(path, value.line, "a rule is not a list of 'key: value'");
  static constexpr std::string_view kKeys[] = {"check", "file", "function", "lock", "reason"};
  std::string *const targets[] = {&rule.check, &rule.file, &rule.function, &rule.lock,
                                  &rule.reason};
  for (const YamlValue::Member &member : value.members) {
    std::size_t i = 0;
    while (i < std::size(kKeys) && kKeys[i] != member.key)
      ++i;
    if (i == std::size(kKeys))
      return wrong(path, member.line,
                   "unknown key '" + member.key + "'" + didYouMean(member.key, kKeys));
    if (member.value.kind != YamlValue::Kind::Scalar || member.value.scalar.empty())
      return wrong(path, member.line, "'" + member.key + "' is not plain text");
    *targets[i] = member.value.scalar;
  }
  if (rule.check.empty() && rule.file.empty() && rule.function.empty() && rule.lock.empty())
    return wrong(path, value.line, "a rule names neither check, file, function nor lock");
  if (rule.check.starts_with('-'))
    return wrong(path, value.line, "a rule says which checks it hides, not which it leaves");
  if (!rule.check.empty())
    if (auto checks = selectChecks(rule.check); !checks)
      return wrong(path, value.line, llvm::toString(checks.takeError()));
  return rule;
}

} // namespace

llvm::Expected<std::vector<SuppressionRule>> readSuppressionFile(const std::string &path) {
  llvm::Expected<YamlValue> root = readYaml(path);
  if (!root)
    return root.takeError();
  std::vector<SuppressionRule> rules;
  if (root->kind == YamlValue::Kind::Null)
    return rules;
  if (root->kind != YamlValue::Kind::List)
    return wrong(path, root->line, "the file is not a list of rules");
  for (const YamlValue &value : root->items) {
    llvm::Expected<SuppressionRule> rule = readRule(value, path);
    if (!rule)
      return rule.takeError();
    rules.push_back(std::move(*rule));
  }
  return rules;
}

} // namespace threadlint
