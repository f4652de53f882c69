// Symbolizer: code addresses of a trace as places in sources, through debug information.
//
// The file of a module is read when first asked for. Its build id must be that of the module in the trace: a file from another build would
// give wrong places, so it gives none, which `problems` tells once for each module.
#pragma once

#include "tracer/report/TraceResult.h"

#include <memory>
#include <string>
#include <vector>

namespace threadlint::tracing {

class Symbolizer {
public:
  explicit Symbolizer(const Trace &trace);
  ~Symbolizer();
  Symbolizer(const Symbolizer &) = delete;
  Symbolizer &operator=(const Symbolizer &) = delete;

  /// The calls at an address, innermost inlined one first. Never empty.
  const std::vector<SiteFrame> &frames(std::uint32_t code);
  /// The name of static data: "mu", "accounts+40"; empty when unknown.
  std::string data(std::uint32_t module, std::uint64_t address);
  /// Modules whose files are gone, from another build, or without line tables; one sentence each.
  std::vector<std::string> problems() const;

private:
  class Files;
  std::unique_ptr<Files> files_;
};

} // namespace threadlint::tracing
