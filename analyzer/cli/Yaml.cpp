// Yaml: one recursive walk over llvm::yaml nodes.
#include "analyzer/cli/Yaml.h"

#include "analyzer/cli/Errors.h"
#include "analyzer/cli/InputFile.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/Support/SourceMgr.h>
#include <llvm/Support/YAMLParser.h>

#include <algorithm>
#include <optional>
#include <set>

namespace threadlint {
namespace {

namespace yaml = llvm::yaml;

class YamlReader {
public:
  explicit YamlReader(const std::string &content)
      : content_(content), stream_(llvm::StringRef(content), sources_, /*ShowColors=*/false) {
    sources_.setDiagHandler(
        [](const llvm::SMDiagnostic &diagnostic, void *self) {
          static_cast<YamlReader *>(self)->fail(
              static_cast<unsigned>(std::max(diagnostic.getLineNo(), 1)),
              diagnostic.getMessage().str());
        },
        this);
  }

  YamlValue run() {
    YamlValue value;
    auto document = stream_.begin();
    if (document == stream_.end() || stream_.failed())
      return value;
    if (yaml::Node *root = document->getRoot())
      value = convert(*root, 0);
    else
      fail(1, "not valid YAML");
    if (error_.empty() && !stream_.failed() && ++document != stream_.end() && error_.empty())
      fail(value.line, "more than one document");
    if (stream_.failed())
      fail(1, "not valid YAML");
    return value;
  }

  const std::string &error() const { return error_; }

private:
  static constexpr unsigned kDeepest = 64;

  void fail(unsigned line, const std::string &message) {
    if (error_.empty())
      error_ = "line " + std::to_string(line) + ": " + message;
  }

  /// Nodes come in the order of the file, so the lines before the last one are not counted again.
  unsigned lineOf(yaml::Node &node) {
    const char *at = node.getSourceRange().Start.getPointer();
    const char *begin = content_.data();
    if (at < begin || at > begin + content_.size())
      return 1;
    const char *last = begin + countedTo_;
    if (at < last) {
      last = begin;
      lines_ = 0;
    }
    lines_ += static_cast<unsigned>(std::count(last, at, '\n'));
    countedTo_ = static_cast<std::size_t>(at - begin);
    return 1 + lines_;
  }

  YamlValue convert(yaml::Node &node, unsigned depth) {
    YamlValue value;
    value.line = lineOf(node);
    if (depth > kDeepest)
      return fail(value.line, "nested too deeply"), value;
    if (!node.getAnchor().empty() || llvm::isa<yaml::AliasNode>(node))
      return fail(value.line, "anchors and aliases are not supported"), value;
    if (!node.getRawTag().empty())
      return fail(value.line, "tags are not supported"), value;
    if (auto *scalar = llvm::dyn_cast<yaml::ScalarNode>(&node)) {
      llvm::SmallString<64> storage;
      value.kind = YamlValue::Kind::Scalar;
      value.scalar = scalar->getValue(storage).str();
      if (scalar->getRawValue() == "~" || scalar->getRawValue() == "null")
        value.kind = YamlValue::Kind::Null;
    } else if (auto *block = llvm::dyn_cast<yaml::BlockScalarNode>(&node)) {
      value.kind = YamlValue::Kind::Scalar;
      value.scalar = block->getValue().str();
    } else if (auto *list = llvm::dyn_cast<yaml::SequenceNode>(&node)) {
      value.kind = YamlValue::Kind::List;
      for (yaml::Node &item : *list)
        value.items.push_back(convert(item, depth + 1));
    } else if (auto *map = llvm::dyn_cast<yaml::MappingNode>(&node)) {
      value.kind = YamlValue::Kind::Map;
      std::set<std::string> keys;
      for (yaml::KeyValueNode &member : *map)
        addMember(member, value, keys, depth);
    }
    return value;
  }

  void addMember(yaml::KeyValueNode &member, YamlValue &map, std::set<std::string> &keys,
                 unsigned depth) {
    yaml::Node *key = member.getKey();
    auto *name = llvm::dyn_cast_or_null<yaml::ScalarNode>(key);
    if (!name)
      return fail(key ? lineOf(*key) : map.line, "a key is not plain text");
    llvm::SmallString<64> storage;
    YamlValue::Member result;
    result.key = name->getValue(storage).str();
    result.line = lineOf(*name);
    if (yaml::Node *value = member.getValue())
      result.value = convert(*value, depth + 1);
    if (result.value.kind == YamlValue::Kind::Null)
      result.value.line = result.line; // nothing is nowhere
    if (!keys.insert(result.key).second)
      fail(result.line, "'" + result.key + "' is there twice");
    map.members.push_back(std::move(result));
  }

  const std::string &content_;
  llvm::SourceMgr sources_;
  yaml::Stream stream_;
  std::string error_;
  std::size_t countedTo_ = 0; ///< `lines_` lines end before it
  unsigned lines_ = 0;
};

} // namespace

namespace {

/// What a text that is no YAML is instead, or nothing.
std::string betterName(const std::string &content) {
  unsigned number = 0;
  for (llvm::StringRef rest = content; !rest.empty();) {
    auto [line, after] = rest.split('\n');
    rest = after;
    ++number;
    if (line.starts_with("<<<<<<<") || line.starts_with(">>>>>>>"))
      return "line " + std::to_string(number) + ": it is a merge conflict marker";
  }
  return {};
}

} // namespace

llvm::Expected<YamlValue> parseYaml(const std::string &content, const std::string &path) {
  if (std::optional<unsigned> line = lineOfBinary(content))
    return failure("cannot read '" + path + "': line " + std::to_string(*line) +
                   ": it is not text in UTF-8");
  YamlReader reader(content);
  YamlValue value = reader.run();
  if (!reader.error().empty()) {
    std::string better = betterName(content);
    return failure("cannot read '" + path + "': " + (better.empty() ? reader.error() : better));
  }
  return value;
}

llvm::Expected<YamlValue> readYaml(const std::string &path) {
  llvm::Expected<std::string> content = readInputFile(path);
  return content ? parseYaml(*content, path) : content.takeError();
}

std::string quoteYaml(const std::string &text) {
  bool isPlain =
      !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                              "0123456789_./") == std::string::npos;
  if (isPlain)
    return text;
  std::string result = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\')
      result += '\\';
    result += c;
  }
  return result + "\"";
}

} // namespace threadlint
