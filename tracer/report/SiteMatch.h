// SiteMatch: which executed sites of a trace are a place that the static analysis speaks of.
#pragma once

#include "tracer/report/TraceResult.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace threadlint::tracing {

class SiteMatch {
public:
  /// `places` are all acquisition places that the static analysis knows: they tell places of one line apart.
  SiteMatch(const std::vector<Site> &sites, const std::set<Place> &places);

  /// Sites that are the place, or calls there; those that are the place itself when there are any. Sorted.
  const std::vector<std::uint32_t> &sitesAt(const Place &place);

private:
  struct Frame {
    std::string file;
    std::uint32_t column;
    std::uint32_t site;
    bool isInnermost; ///< not further out than the call that takes the lock for its author
  };
  using LineKey = std::pair<std::string, std::uint32_t>; ///< base name, line
  std::vector<std::uint32_t> find(const Place &place) const;

  std::map<LineKey, std::vector<Frame>> frames_;
  std::map<LineKey, std::set<Place>> places_;
  std::map<Place, std::vector<std::uint32_t>> known_;
};

} // namespace threadlint::tracing
