// JsonSchema: a recursive walk over schema and value.
#include "tests/support/JsonSchema.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <regex>

namespace threadlint {
namespace {

using Json = nlohmann::json;

class Validator {
public:
  Validator(const Json &schema, SchemaMode mode) : root_(schema), mode_(mode) {}

  void check(const Json &value, const Json &schema, const std::string &where) {
    if (schema.contains("$ref")) {
      std::string name = schema["$ref"].get<std::string>().substr(std::string("#/$defs/").size());
      check(value, root_["$defs"][name], where);
      return;
    }
    if (schema.contains("const") && value != schema["const"])
      problem(where, "is not " + schema["const"].dump());
    if (schema.contains("enum") &&
        std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end())
      problem(where, "is " + value.dump() + ", not one of " + schema["enum"].dump());
    if (schema.contains("type") && !hasType(value, schema["type"]))
      problem(where, std::string("is ") + value.type_name());
    if (schema.contains("pattern") && value.is_string() &&
        !std::regex_search(value.get<std::string>(),
                           std::regex(schema["pattern"].get<std::string>())))
      problem(where, "is " + value.dump());
    if (schema.contains("minimum") && value.is_number() && value < schema["minimum"])
      problem(where, "is too small");
    if (value.is_array() && schema.contains("items"))
      for (std::size_t i = 0; i < value.size(); ++i)
        check(value[i], schema["items"], where + "[" + std::to_string(i) + "]");
    if (value.is_object() && (schema.contains("properties") || mode_ == SchemaMode::Exact))
      checkMembers(value, schema, where);
  }

  std::string problems;

private:
  void problem(const std::string &where, const std::string &what) {
    problems += where + " " + what + "\n";
  }

  static bool hasType(const Json &value, const Json &type) {
    if (type.is_array())
      return std::any_of(type.begin(), type.end(),
                         [&](const Json &each) { return hasType(value, each); });
    return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
           (type == "string" && value.is_string()) || (type == "null" && value.is_null()) ||
           (type == "integer" && value.is_number_integer()) ||
           (type == "number" && value.is_number()) || (type == "boolean" && value.is_boolean());
  }

  void checkMembers(const Json &value, const Json &schema, const std::string &where) {
    const Json required = schema.value("required", Json::array());
    for (const Json &name : required)
      if (!value.contains(name.get<std::string>()))
        problem(where, "lacks " + name.dump());
    for (const auto &[name, member] : value.items()) {
      if (schema.contains("additionalProperties") && schema["additionalProperties"].is_object()) {
        check(member, schema["additionalProperties"], where + "." + name);
        continue;
      }
      if (!schema.contains("properties") || !schema["properties"].contains(name)) {
        problem(where + "." + name, "is not in the schema");
        continue;
      }
      if (mode_ == SchemaMode::Exact &&
          std::find(required.begin(), required.end(), name) == required.end())
        problem(where + "." + name, "is always written, so the schema can require it");
      check(member, schema["properties"][name], where + "." + name);
    }
  }

  const Json &root_;
  SchemaMode mode_;
};

} // namespace

std::string schemaProblems(const std::string &document, const std::string &schema,
                           SchemaMode mode) {
  Json value = Json::parse(document, nullptr, false), rules = Json::parse(schema, nullptr, false);
  if (value.is_discarded())
    return "the document is not JSON\n";
  if (rules.is_discarded())
    return "the schema is not JSON\n";
  Validator validator(rules, mode);
  validator.check(value, rules, "$");
  return validator.problems;
}

} // namespace threadlint
