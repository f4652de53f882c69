// SchemaTest: docs/reference/report.schema.json says exactly what JsonWriter writes.
#include "analyzer/report/JsonWriter.h"
#include "tests/report/SampleReport.h"
#include "tests/support/AnnotatedSources.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace threadlint {
namespace {

using Json = nlohmann::json;

/// The part of JSON Schema that our schema uses, and strict: unknown members are errors.
class Validator {
public:
  explicit Validator(const Json &schema) : root_(schema) {}

  void check(const Json &value, const Json &schema, const std::string &where) {
    if (schema.contains("$ref")) {
      std::string name = schema["$ref"].get<std::string>().substr(std::string("#/$defs/").size());
      check(value, root_["$defs"][name], where);
      return;
    }
    if (schema.contains("const"))
      EXPECT_EQ(value, schema["const"]) << where;
    if (schema.contains("enum"))
      EXPECT_NE(std::find(schema["enum"].begin(), schema["enum"].end(), value),
                schema["enum"].end())
          << where;
    if (schema.contains("type"))
      EXPECT_TRUE(hasType(value, schema["type"])) << where << " is " << value.type_name();
    if (value.is_array() && schema.contains("items"))
      for (const Json &element : value)
        check(element, schema["items"], where + "[]");
    if (value.is_object())
      checkMembers(value, schema, where);
  }

private:
  static bool hasType(const Json &value, const std::string &type) {
    return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
           (type == "string" && value.is_string()) ||
           (type == "integer" && value.is_number_integer()) ||
           (type == "boolean" && value.is_boolean());
  }

  void checkMembers(const Json &value, const Json &schema, const std::string &where) {
    const Json required = schema.value("required", Json::array());
    for (const Json &name : required)
      EXPECT_TRUE(value.contains(name.get<std::string>())) << where << " lacks " << name;
    for (const auto &[name, member] : value.items()) {
      if (schema.contains("additionalProperties")) {
        check(member, schema["additionalProperties"], where + "." + name);
        continue;
      }
      ASSERT_TRUE(schema["properties"].contains(name))
          << where << "." << name << " is not in the schema";
      EXPECT_NE(std::find(required.begin(), required.end(), name), required.end())
          << where << "." << name << " is always written, so the schema can require it";
      check(member, schema["properties"][name], where + "." + name);
    }
  }

  const Json &root_;
};

TEST(Schema, DescribesTheReport) {
  Json schema = Json::parse(
      readTestFile(THREADLINT_SOURCE_DIR "/docs/reference/report.schema.json"), nullptr, false);
  ASSERT_FALSE(schema.is_discarded());
  EXPECT_EQ(schema["properties"]["schemaVersion"]["const"], kReportSchemaVersion);
  for (const Report &report : {sampleReport("/project"), Report{}})
    Validator(schema).check(Json::parse(writeJson(report), nullptr, false), schema, "report");
}

} // namespace
} // namespace threadlint
