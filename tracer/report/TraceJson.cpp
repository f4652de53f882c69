// TraceJson: one function per object and direction.
#include "tracer/report/TraceJson.h"

#include "analyzer/report/Writers.h"
#include "tracer/report/TraceReport.h"

#include <nlohmann/json.hpp>

#include <array>

namespace threadlint::tracing {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array kLockKinds{
    LockKind::Mutex,        LockKind::RecursiveMutex, LockKind::ErrorCheckMutex,
    LockKind::ReaderRwlock, LockKind::WriterRwlock,   LockKind::Spinlock,
    LockKind::Thread,       LockKind::Once,           LockKind::Other};
constexpr std::array kWays{Way::Block, Way::Timed, Way::Try, Way::Reacquire, Way::Join};
constexpr std::array kReasons{PruneReason::SingleThread, PruneReason::Ordered, PruneReason::Guarded,
                              PruneReason::Readers, PruneReason::BoundedWait};

Json index(std::uint32_t number) { return number == kNone ? Json(nullptr) : Json(number); }

const char *modeName(LockMode mode) { return mode == LockMode::Shared ? "shared" : "exclusive"; }

template <class T, class F> Json list(const std::vector<T> &elements, F convert) {
  Json json = Json::array();
  for (const T &element : elements)
    json.push_back(convert(element));
  return json;
}

Json processJson(const TracedProcess &process) {
  return {{"program", process.program},
          {"command", process.command},
          {"pid", process.processId},
          {"end", process.end}};
}

Json siteJson(const Site &site) {
  Json json;
  json["frames"] = list(site.frames, [](const SiteFrame &frame) {
    return Json{{"file", frame.place.file},
                {"line", frame.place.line},
                {"column", frame.place.column},
                {"function", frame.function}};
  });
  json["taking"] = site.taking;
  json["certain"] = site.certain;
  return json;
}

Json lockJson(const ResolvedLock &lock) {
  return {{"name", lock.name},
          {"kind", nameOf(lock.kind)},
          {"named", lock.isNamed},
          {"address", lock.address},
          {"thread", index(lock.thread)},
          {"contended", lock.contended},
          {"acquisitions", lock.acquisitions},
          {"holdNs", lock.holdNs},
          {"holdMaxNs", lock.holdMaxNs},
          {"waitNs", lock.waitNs},
          {"waitMaxNs", lock.waitMaxNs}};
}

Json threadJson(const ResolvedThread &thread) {
  return {{"name", thread.name},
          {"entry", thread.entry},
          {"nativeId", thread.nativeId},
          {"parent", index(thread.parent)}};
}

Json edgeJson(const ObservedEdge &edge) {
  return {{"from", edge.from},
          {"to", edge.to},
          {"heldSite", index(edge.heldSite)},
          {"site", index(edge.site)},
          {"thread", index(edge.thread)},
          {"heldMode", modeName(edge.heldMode)},
          {"mode", modeName(edge.mode)},
          {"way", nameOf(edge.way)},
          {"held", edge.held}};
}

Json cycleJson(const ObservedCycle &cycle) {
  return {{"edges", cycle.edges},
          {"pruned", cycle.pruned ? Json(nameOf(*cycle.pruned)) : Json(nullptr)},
          {"hang", cycle.isHang},
          {"count", cycle.count}};
}

Json hangJson(const ObservedHang &hang) {
  return {{"kind", hang.kind == IncidentKind::Stall ? "stall" : "self-deadlock"},
          {"thread", index(hang.thread)},
          {"lock", index(hang.lock)},
          {"heldSite", index(hang.heldSite)},
          {"site", index(hang.site)},
          {"owner", index(hang.owner)},
          {"ownerSite", index(hang.ownerSite)},
          {"sleep", hang.sleep}};
}

/// A pruned cycle in the shape of a finding.
Json prunedJson(const TraceResult &result) {
  Report report;
  Json pruned = Json::array();
  std::vector<PruneReason> reasons;
  for (const ObservedCycle &cycle : result.cycles)
    if (cycle.pruned) {
      report.findings.emplace_back(describeCycle(result, cycle));
      reasons.push_back(*cycle.pruned);
    }
  Json written = Json::parse(writeJson(report), nullptr, false);
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    Json finding = std::move(written["findings"][i]);
    finding["reason"] = nameOf(reasons[i]);
    pruned.push_back(std::move(finding));
  }
  return pruned;
}

/// Checked access; the first thing that is wrong ends the reading.
class Reader {
public:
  std::string error;

  TraceResult result(const Json &json) {
    TraceResult result;
    root_ = string(json, "root");
    for (const Json &process : array(json, "processes"))
      result.processes.push_back({string(process, "program"), string(process, "command"),
                                  string(process, "end"), number(process, "pid")});
    for (const Json &each : array(json, "sites"))
      result.sites.push_back(site(each));
    for (const Json &each : array(json, "threads"))
      result.threads.push_back({string(each, "name"), string(each, "entry"),
                                static_cast<std::uint32_t>(number(each, "nativeId")),
                                index(each, "parent", array(json, "threads").size())});
    for (const Json &each : array(json, "locks"))
      result.locks.push_back(lock(each, result.threads.size()));
    for (const Json &each : array(json, "edges"))
      result.edges.push_back(edge(each, result));
    for (const Json &each : array(json, "cycles"))
      result.cycles.push_back(cycle(each, result.edges.size()));
    for (const Json &each : array(json, "hangs"))
      result.hangs.push_back(hang(each, result));
    for (const Json &each : array(json, "observations"))
      if (std::string kind = string(each, "kind"); kind != "pruned" && kind != "lock-times")
        result.observations.push_back(
            {kind, place(each), string(each, "function"), string(each, "message")});
    for (const Json &each : array(json, "limitations"))
      result.limitations.push_back(
          {string(each, "kind"), string(each, "message"), place(each), false});
    return result;
  }

private:
  std::string root_;

  void fail(const std::string &what) {
    if (error.empty())
      error = what;
  }
  const Json *find(const Json &json, const char *name) {
    auto member = json.is_object() ? json.find(name) : json.end();
    if (json.is_object() && member != json.end())
      return &*member;
    fail(std::string("there is no '") + name + "'");
    return nullptr;
  }
  const Json &array(const Json &json, const char *name) {
    static const Json kEmpty = Json::array();
    const Json *member = find(json, name);
    if (member && !member->is_array())
      fail(std::string("'") + name + "' is not an array");
    return member && member->is_array() ? *member : kEmpty;
  }
  std::string string(const Json &json, const char *name) {
    const Json *member = find(json, name);
    if (member && !member->is_string())
      fail(std::string("'") + name + "' is not a string");
    return member && member->is_string() ? member->get<std::string>() : "";
  }
  std::uint64_t number(const Json &json, const char *name) {
    const Json *member = find(json, name);
    if (member && !member->is_number_unsigned())
      fail(std::string("'") + name + "' is not a number");
    return member && member->is_number_unsigned() ? member->get<std::uint64_t>() : 0;
  }
  bool boolean(const Json &json, const char *name) {
    const Json *member = find(json, name);
    if (member && !member->is_boolean())
      fail(std::string("'") + name + "' is not true or false");
    return member && member->is_boolean() && member->get<bool>();
  }
  /// null, or a number below `size`.
  std::uint32_t index(const Json &json, const char *name, std::size_t size) {
    const Json *member = find(json, name);
    if (!member || member->is_null())
      return kNone;
    return checked(*member, name, size);
  }
  std::uint32_t checked(const Json &json, const char *name, std::size_t size) {
    if (json.is_number_unsigned() && json.get<std::uint64_t>() < size)
      return json.get<std::uint32_t>();
    fail(std::string("'") + name + "' leads nowhere");
    return kNone;
  }
  template <class T, std::size_t N>
  T named(const Json &json, const char *name, const std::array<T, N> &values) {
    std::string text = string(json, name);
    for (T value : values)
      if (text == nameOf(value))
        return value;
    fail(std::string("unknown ") + name + " '" + text + "'");
    return values[0];
  }
  LockMode mode(const Json &json, const char *name) {
    return string(json, name) == "shared" ? LockMode::Shared : LockMode::Exclusive;
  }
  /// Paths are relative to the report's root.
  std::string file(const Json &json) {
    std::string name = string(json, "file");
    return name.empty() || name.starts_with('/') || root_.empty() ? name : root_ + "/" + name;
  }
  Place place(const Json &json) {
    return {file(json), static_cast<std::uint32_t>(number(json, "line")),
            static_cast<std::uint32_t>(number(json, "column")), 0, 0};
  }

  Site site(const Json &json) {
    Site site;
    for (const Json &frame : array(json, "frames"))
      site.frames.push_back({place(frame), string(frame, "function")});
    if (site.frames.empty())
      fail("a site without frames");
    if (std::uint64_t taking = number(json, "taking"); taking < site.frames.size())
      site.taking = static_cast<std::uint32_t>(taking);
    else
      fail("'taking' leads nowhere");
    if (std::uint64_t certain = number(json, "certain");
        certain >= 1 && certain <= site.frames.size())
      site.certain = static_cast<std::uint32_t>(certain);
    else
      fail("'certain' leads nowhere");
    return site;
  }
  ResolvedLock lock(const Json &json, std::size_t threads) {
    ResolvedLock lock;
    lock.name = string(json, "name");
    lock.kind = named(json, "kind", kLockKinds);
    lock.isNamed = boolean(json, "named");
    lock.address = number(json, "address");
    lock.thread = index(json, "thread", threads);
    lock.contended = number(json, "contended");
    lock.acquisitions = number(json, "acquisitions");
    lock.holdNs = number(json, "holdNs");
    lock.holdMaxNs = number(json, "holdMaxNs");
    lock.waitNs = number(json, "waitNs");
    lock.waitMaxNs = number(json, "waitMaxNs");
    return lock;
  }
  ObservedEdge edge(const Json &json, const TraceResult &result) {
    ObservedEdge edge;
    std::size_t locks = result.locks.size(), sites = result.sites.size();
    for (auto [name, member] : {std::pair("from", &edge.from), std::pair("to", &edge.to)}) {
      const Json *value = find(json, name);
      *member = value ? checked(*value, name, locks) : 0;
    }
    edge.heldSite = index(json, "heldSite", sites);
    edge.site = index(json, "site", sites);
    edge.thread = index(json, "thread", result.threads.size());
    edge.heldMode = mode(json, "heldMode");
    edge.mode = mode(json, "mode");
    edge.way = named(json, "way", kWays);
    for (const Json &held : array(json, "held"))
      edge.held.push_back(checked(held, "held", locks));
    return edge;
  }
  ObservedCycle cycle(const Json &json, std::size_t edges) {
    ObservedCycle cycle;
    for (const Json &edge : array(json, "edges"))
      cycle.edges.push_back(checked(edge, "edges", edges));
    if (cycle.edges.empty())
      fail("a cycle without edges");
    if (const Json *pruned = find(json, "pruned"); pruned && !pruned->is_null())
      cycle.pruned = named(json, "pruned", kReasons);
    cycle.isHang = boolean(json, "hang");
    cycle.count = number(json, "count");
    return cycle;
  }
  ObservedHang hang(const Json &json, const TraceResult &result) {
    ObservedHang hang;
    std::size_t sites = result.sites.size(), threads = result.threads.size();
    hang.kind = string(json, "kind") == "stall" ? IncidentKind::Stall : IncidentKind::SelfDeadlock;
    hang.thread = index(json, "thread", threads);
    hang.lock = index(json, "lock", result.locks.size());
    hang.heldSite = index(json, "heldSite", sites);
    hang.site = index(json, "site", sites);
    hang.owner = index(json, "owner", threads);
    hang.ownerSite = index(json, "ownerSite", sites);
    hang.sleep = string(json, "sleep");
    return hang;
  }
};

} // namespace

std::string writeTraceJson(const Report &report, const TraceResult &result) {
  Json json = Json::parse(writeJson(report), nullptr, false);
  json["traceSchemaVersion"] = kTraceSchemaVersion;
  json["pruned"] = prunedJson(result);
  json["processes"] = list(result.processes, processJson);
  json["threads"] = list(result.threads, threadJson);
  json["locks"] = list(result.locks, lockJson);
  json["sites"] = list(result.sites, siteJson);
  json["edges"] = list(result.edges, edgeJson);
  json["cycles"] = list(result.cycles, cycleJson);
  json["hangs"] = list(result.hangs, hangJson);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

TraceJsonReadResult readTraceJson(std::string_view text) {
  TraceJsonReadResult result;
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("traceSchemaVersion")) {
    result.error = json.is_object() && json.contains("schemaVersion")
                       ? "a report without a trace: its place is before the traces"
                       : "not a trace of threadlint-trace";
    return result;
  }
  if (json["traceSchemaVersion"] != kTraceSchemaVersion) {
    result.error = "unknown traceSchemaVersion " + json["traceSchemaVersion"].dump();
    return result;
  }
  Reader reader;
  result.result = reader.result(json);
  result.error = reader.error;
  return result;
}

} // namespace threadlint::tracing
