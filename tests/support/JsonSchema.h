// JsonSchema: validates against the part of JSON Schema that our schemas use.
#pragma once

#include <string>

namespace threadlint {

/// What is wrong with the document, one problem a line; empty when it is valid. Members that the schema does not name are problems,
/// and so are members that are not required in `exact` schemas.
enum class SchemaMode { Exact, Lenient };
std::string schemaProblems(const std::string &document, const std::string &schema, SchemaMode mode);

} // namespace threadlint
