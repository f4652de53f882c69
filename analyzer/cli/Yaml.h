// Yaml: a YAML document as plain values with line numbers, read with LLVM's parser.
//
// Scalars stay text. Anchors, aliases, tags, several documents and repeated keys are errors: no configuration needs them.
#pragma once

#include <llvm/Support/Error.h>

#include <string>
#include <utility>
#include <vector>

namespace threadlint {

struct YamlValue {
  enum class Kind : std::uint8_t { Null, Scalar, List, Map };
  struct Member;
  Kind kind = Kind::Null;
  std::string scalar;
  std::vector<YamlValue> items;
  std::vector<Member> members; ///< in the order of the file
  unsigned line = 0;           ///< 1-based
};

struct YamlValue::Member {
  std::string key;
  unsigned line = 0;
  YamlValue value;
};

/// Errors read "cannot read 'path': line 3: ...". An empty document is Null.
llvm::Expected<YamlValue> parseYaml(const std::string &content, const std::string &path);
llvm::Expected<YamlValue> readYaml(const std::string &path);

/// A scalar in quotes when it needs them.
std::string quoteYaml(const std::string &text);

} // namespace threadlint
