// FactsJson: one small function per kind of record; members with their default value are left out.
#include "analyzer/facts/FactsJson.h"

#include "analyzer/facts/FactsFormat.h"
#include "analyzer/facts/FactsText.h"

#include <nlohmann/json.hpp>

namespace threadlint {
namespace {

using Json = nlohmann::ordered_json;

class Dump {
public:
  explicit Dump(const TuFacts &facts) : facts_(facts) {}

  Json run() const {
    Json json;
    json["factsVersion"] = kFactsVersion;
    json["mainFile"] = facts_.mainFile;
    json["files"] = std::vector<std::string>(facts_.files.begin() + 1, facts_.files.end());
    json["variables"] = list(facts_.vars, [this](const VarFacts &var) { return variable(var); });
    json["records"] =
        list(facts_.records, [this](const RecordFacts &record) { return this->record(record); });
    json["functions"] = list(facts_.functions, [this](const FunctionFacts &function) {
      return this->function(function);
    });
    json["suppressions"] =
        list(facts_.suppressions, [this](const Suppression &entry) { return suppression(entry); });
    json["limitations"] =
        list(facts_.limitations, [this](const Limitation &entry) { return limitation(entry); });
    return json;
  }

private:
  const std::string &text(StringId id) const { return facts_.strings[id]; }

  template <class T, class F> static Json list(const std::vector<T> &elements, F convert) {
    Json json = Json::array();
    for (const T &element : elements)
      json.push_back(convert(element));
    return json;
  }

  void put(Json &json, const char *name, StringId id) const {
    if (id != 0)
      json[name] = text(id);
  }
  static void put(Json &json, const char *name, bool value) {
    if (value)
      json[name] = true;
  }
  void put(Json &json, const char *name, const std::vector<StringId> &ids) const {
    if (!ids.empty())
      json[name] = list(ids, [this](StringId id) { return Json(text(id)); });
  }
  static void putText(Json &json, const char *name, std::string_view value) {
    if (!value.empty())
      json[name] = value;
  }

  std::string place(const SourceRange &range) const {
    return facts_.files[range.file] + ":" + std::to_string(range.line) + ":" +
           std::to_string(range.column);
  }

  Json type(const TypeInfo &type) const {
    Json json;
    json["class"] = nameOf(type.cls);
    put(json, "name", type.name);
    put(json, "record", type.record);
    if (type.lockKind != LockKind::Normal)
      json["lockKind"] = nameOf(type.lockKind);
    put(json, "atomic", type.isAtomic);
    put(json, "const", type.isConst);
    put(json, "volatile", type.isVolatile);
    put(json, "reference", type.isReference);
    return json;
  }

  Json variable(const VarFacts &var) const {
    Json json;
    json["name"] = text(var.name);
    json["key"] = text(var.key);
    json["kind"] = nameOf(var.kind);
    json["type"] = type(var.type);
    json["at"] = place(var.range);
    put(json, "addressTaken", var.addressTaken);
    put(json, "external", var.external);
    put(json, "declaration", !var.isDefinition);
    if (var.staticLockKind != LockKind::Normal)
      json["staticLockKind"] = nameOf(var.staticLockKind);
    return json;
  }

  Json record(const RecordFacts &record) const {
    Json json;
    json["name"] = text(record.name);
    json["key"] = text(record.key);
    put(json, "union", record.isUnion);
    put(json, "polymorphic", record.isPolymorphic);
    put(json, "lambda", record.isLambda);
    put(json, "bases", record.bases);
    put(json, "destructor", record.destructor);
    put(json, "overriders", record.overriders);
    json["fields"] = list(record.fields, [this](FieldId id) {
      const FieldFacts &field = facts_.fields[id];
      Json json;
      json["name"] = text(field.name);
      json["key"] = text(field.key);
      json["type"] = type(field.type);
      put(json, "mutable", field.isMutable);
      if (field.isBitField)
        json["bitFieldUnit"] = field.storageUnit;
      return json;
    });
    return json;
  }

  Json function(const FunctionFacts &function) const {
    Json json;
    json["name"] = text(function.name);
    json["key"] = text(function.key);
    putText(json, "flags", functionFlagsText(function.flags));
    put(json, "pattern", function.pattern);
    put(json, "record", function.record);
    put(json, "enclosing", function.enclosing);
    json["at"] = place(function.range);
    json["returns"] = type(function.returnType);
    json["parameters"] =
        list(function.params, [this](VarId id) { return Json(text(facts_.vars[id].name)); });
    if (function.captureCount > 0)
      json["captures"] = captures(function);
    json["bodyHash"] = function.bodyHash;
    json["entry"] = function.entry;
    if (function.exit != kNone)
      json["exit"] = function.exit;
    if (function.exceptionalExit != kNone)
      json["exceptionalExit"] = function.exceptionalExit;
    json["blocks"] = Json::array();
    for (std::size_t id = 0; id < function.blocks.size(); ++id)
      json["blocks"].push_back(block(function, id));
    return json;
  }

  Json captures(const FunctionFacts &function) const {
    Json json = Json::array();
    for (std::size_t i = 0; i < function.captureNames.size(); ++i)
      json.push_back((function.captureByReference[i] ? "&" : "") + text(function.captureNames[i]));
    return json;
  }

  Json block(const FunctionFacts &function, std::size_t id) const {
    const Block &block = function.blocks[id];
    Json json;
    json["id"] = id;
    json["events"] =
        list(block.events, [&](const Event &event) { return this->event(function, event); });
    json["edges"] = list(block.edges, [&](const Edge &edge) {
      Json json;
      json["to"] = edge.target;
      if (edge.kind != EdgeKind::Always)
        json["when"] = nameOf(edge.kind);
      if (edge.condition != kNone)
        json["condition"] = valueText(facts_, function, edge.condition);
      if (edge.kind == EdgeKind::Case)
        json["value"] = edge.caseValue;
      return json;
    });
    return json;
  }

  Json event(const FunctionFacts &function, const Event &event) const {
    Json json;
    json["event"] = nameOf(event.kind);
    json["at"] = place(event.range);
    if (event.path != kNone)
      json["path"] = pathText(facts_, function, event.path);
    if (event.value != kNone)
      json["value"] = valueText(facts_, function, event.value);
    put(json, "callee", event.callee);
    if (!event.args.empty())
      json["arguments"] =
          list(event.args, [&](ValueId id) { return Json(valueText(facts_, function, id)); });
    if (event.result != kNone)
      json["result"] = "$" + std::to_string(event.result);
    putText(json, "flags", eventFlagsText(event.flags));
    if (event.mode != LockMode::Exclusive)
      json["mode"] = nameOf(event.mode);
    if (event.lockKind != LockKind::Normal)
      json["lockKind"] = nameOf(event.lockKind);
    if (event.tag != GuardTag::Lock)
      json["tag"] = nameOf(event.tag);
    if (event.success != Success::Always)
      json["success"] = nameOf(event.success);
    if (event.kind == EventKind::Spawn)
      json["spawnKind"] = nameOf(event.spawnKind);
    if (event.order != Order::None)
      json["order"] = nameOf(event.order);
    if (event.extra != kNone)
      json["attribute"] = valueText(facts_, function, event.extra);
    if (event.number != 0)
      json["number"] = event.number;
    if (event.type != TypeInfo{})
      json["type"] = type(event.type);
    if (event.unwind != kNone)
      json["unwind"] = event.unwind;
    return json;
  }

  Json suppression(const Suppression &suppression) const {
    Json json;
    json["kind"] = nameOf(suppression.kind);
    json["at"] = facts_.files[suppression.file] + ":" + std::to_string(suppression.line);
    put(json, "globs", suppression.globs);
    return json;
  }

  Json limitation(const Limitation &limitation) const {
    Json json;
    json["kind"] = text(limitation.kind);
    json["message"] = text(limitation.message);
    json["at"] = place(limitation.range);
    json["incomplete"] = limitation.incomplete;
    return json;
  }

  const TuFacts &facts_;
};

} // namespace

std::string factsToJson(const TuFacts &facts) {
  return Dump(facts).run().dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace threadlint
