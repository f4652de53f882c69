// ConfigFile: YAML values to settings; the table of options says which keys there are.
#include "analyzer/cli/ConfigFile.h"

#include "analyzer/cli/CheckSelection.h"
#include "analyzer/cli/Errors.h"
#include "analyzer/cli/InputFile.h"
#include "analyzer/cli/Paths.h"
#include "analyzer/cli/Suggestion.h"
#include "analyzer/cli/Yaml.h"

#include <nlohmann/json.hpp>

#include <filesystem>

namespace threadlint {
namespace {

namespace fs = std::filesystem;

const OptionRow *findKey(std::string_view key) {
  for (const OptionRow &row : optionTable())
    if (!row.key.empty() && row.key == key)
      return &row;
  return nullptr;
}

class ConfigReader {
public:
  explicit ConfigReader(const std::string &path)
      : path_(path), folder_(fs::path(path).parent_path().string()) {}

  llvm::Error read(const YamlValue &root) {
    if (root.kind == YamlValue::Kind::Null)
      return llvm::Error::success();
    if (root.kind != YamlValue::Kind::Map)
      return wrong(root.line, "the file is not a list of 'key: value'");
    for (const YamlValue::Member &member : root.members)
      if (llvm::Error error = readMember(member))
        return error;
    return llvm::Error::success();
  }

  std::vector<Setting> settings;

private:
  llvm::Error wrong(unsigned line, const std::string &message) const {
    return failure("cannot read '" + path_ + "': line " + std::to_string(line) + ": " + message);
  }

  llvm::Error unknownKey(const YamlValue::Member &member) const {
    std::vector<std::string_view> keys;
    for (const OptionRow &row : optionTable())
      if (!row.key.empty())
        keys.push_back(row.key);
    return wrong(member.line, "unknown key '" + member.key + "'" + didYouMean(member.key, keys));
  }

  llvm::Error readMember(const YamlValue::Member &member) {
    const OptionRow *row = findKey(member.key);
    if (!row)
      return unknownKey(member);
    const YamlValue &value = member.value;
    std::string key = "'" + member.key + "'";
    switch (row->kind) {
    case OptionKind::Switch:
      if (value.kind != YamlValue::Kind::Scalar ||
          (value.scalar != "true" && value.scalar != "false"))
        return wrong(value.line, key + " is neither true nor false");
      if (value.scalar == "true")
        add(row, "", value.line);
      else if (!row->opposite.empty())
        add(findOption(row->opposite), "", value.line);
      return llvm::Error::success();
    case OptionKind::Map:
      if (value.kind != YamlValue::Kind::Map)
        return wrong(value.line, key + " is not a list of 'name: value'");
      for (const YamlValue::Member &entry : value.members) {
        if (entry.value.kind != YamlValue::Kind::Scalar)
          return wrong(entry.line, "'" + entry.key + "' in " + key + " is not plain text");
        add(row, entry.key + "=" + entry.value.scalar, entry.line);
      }
      return llvm::Error::success();
    case OptionKind::List:
      if (value.kind == YamlValue::Kind::List) {
        for (const YamlValue &item : value.items) {
          if (item.kind != YamlValue::Kind::Scalar)
            return wrong(item.line, "an element of " + key + " is not plain text");
          add(row, item.scalar, item.line);
        }
        return llvm::Error::success();
      }
      [[fallthrough]];
    case OptionKind::Value:
      if (value.kind != YamlValue::Kind::Scalar)
        return wrong(value.line, key + " is not plain text");
      add(row, value.scalar, value.line);
      return llvm::Error::success();
    }
    return llvm::Error::success();
  }

  void add(const OptionRow *row, std::string value, unsigned line) {
    if (row->isPath && !value.empty())
      value = absolutePath(value, folder_);
    std::size_t colon = value.find(':');
    if (row->name == "--output" && colon != std::string::npos && value.substr(colon + 1) != "-")
      value = value.substr(0, colon + 1) + absolutePath(value.substr(colon + 1), folder_);
    settings.push_back({row, std::move(value), path_ + ":" + std::to_string(line)});
  }

  const std::string &path_;
  std::string folder_;
};

} // namespace

llvm::Expected<ConfigFile> readConfig(const std::string &path) {
  llvm::Expected<YamlValue> root = readYaml(path);
  if (!root)
    return root.takeError();
  ConfigReader reader(path);
  if (llvm::Error error = reader.read(*root))
    return std::move(error);
  // Values are checked here, so that `config verify` and every command say the same.
  Options scratch;
  for (const Setting &setting : reader.settings) {
    llvm::Error error = applyOption(*setting.row, setting.value, scratch);
    if (!error && (setting.row->name == "--checks" || setting.row->name == "--warnings-as-errors"))
      error = checkNames(setting.value);
    if (error)
      return failure("cannot read '" + path + "': line " +
                     setting.origin.substr(setting.origin.rfind(':') + 1) + ": " +
                     llvm::toString(std::move(error)));
  }
  if (auto selected = selectChecks(scratch.checks); !selected)
    return failure("cannot read '" + path + "': " + llvm::toString(selected.takeError()));
  return ConfigFile{path, std::move(reader.settings)};
}

llvm::Expected<ConfigFile> findConfig(const CommandLine &line, const std::string &workingFolder) {
  const Setting *chosen = line.find("--config");
  if (chosen && line.find("--no-config"))
    return failure("options '--config' and '--no-config' exclude each other");
  if (line.find("--no-config"))
    return ConfigFile{};
  if (chosen)
    return readConfig(absolutePath(chosen->value, workingFolder));
  for (fs::path folder = workingFolder; !folder.empty(); folder = folder.parent_path()) {
    std::error_code error;
    if (fs::exists(folder / kConfigName, error))
      return readConfig((folder / kConfigName).string());
    if (!folder.has_relative_path())
      break;
  }
  return ConfigFile{};
}

std::string configSchema() {
  nlohmann::ordered_json schema;
  schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  schema["$id"] = "config.schema.json";
  schema["title"] = ".threadlint.yaml";
  schema["type"] = "object";
  schema["additionalProperties"] = false;
  auto &properties = schema["properties"];
  for (const OptionRow &row : optionTable()) {
    if (row.key.empty())
      continue;
    nlohmann::ordered_json text = {{"type", "string"}};
    if (!row.values.empty())
      text["enum"] = std::vector<std::string>(row.values.begin(), row.values.end());
    if (row.argument == "N" || row.argument == "SECONDS" || row.argument == "MB")
      text = {{"type", "integer"}, {"minimum", 0}};
    nlohmann::ordered_json &property = properties[std::string(row.key)];
    property["description"] = row.help;
    if (row.kind == OptionKind::Switch)
      property["type"] = "boolean";
    else if (row.kind == OptionKind::Map)
      property.update({{"type", "object"}, {"additionalProperties", text}});
    else if (row.kind == OptionKind::List)
      property["oneOf"] = {text, {{"type", "array"}, {"items", text}}};
    else
      property.update(text);
  }
  return schema.dump(2) + "\n";
}

std::string formatConfig(const std::vector<Setting> &settings, ConfigComments comments) {
  std::string text;
  for (const OptionRow &row : optionTable()) {
    std::vector<const Setting *> own;
    for (const Setting &setting : settings)
      if (setting.row == &row)
        own.push_back(&setting);
    bool isNegated = row.name.starts_with("--no-") && row.name == "--no-strict";
    if (own.empty() || (row.key.empty() && !isNegated))
      continue;
    auto comment = [&](const Setting &setting) {
      return comments == ConfigComments::Origins ? "  # " + setting.origin + "\n" : "\n";
    };
    std::string key(isNegated ? "strict" : row.key);
    if (row.kind == OptionKind::Switch) {
      text += key + (isNegated ? ": false" : ": true") + comment(*own.back());
    } else if (row.kind == OptionKind::Value) {
      text += key + ": " + quoteYaml(own.back()->value) + comment(*own.back());
    } else {
      text += key + ":\n";
      for (const Setting *setting : own) {
        std::size_t equals = setting->value.find('=');
        if (row.kind == OptionKind::Map)
          text += "  " + setting->value.substr(0, equals) + ": " +
                  setting->value.substr(equals + 1) + comment(*setting);
        else
          text += "  - " + quoteYaml(setting->value) + comment(*setting);
      }
    }
  }
  return text;
}

std::string configTemplate() {
  std::string text =
      "# threadlint reads the nearest .threadlint.yaml. The command line goes before "
      "it.\n# 'threadlint config explain' shows what counts and why.\n";
  for (const OptionRow &row : optionTable()) {
    if (row.key.empty())
      continue;
    text += "\n# " + std::string(row.help) + "\n# " + std::string(row.key);
    switch (row.kind) {
    case OptionKind::Switch:
      text += ": true\n";
      break;
    case OptionKind::Value:
      text += ": " + std::string(row.argument) + "\n";
      break;
    case OptionKind::List:
      text += ": [" + std::string(row.argument) + "]\n";
      break;
    case OptionKind::Map:
      text += ": {data-race: error}\n";
      break;
    }
  }
  return text;
}

} // namespace threadlint
