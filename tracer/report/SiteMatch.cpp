// SiteMatch: by base name and line first, then by path, then by column.
#include "tracer/report/SiteMatch.h"

#include <algorithm>

namespace threadlint::tracing {
namespace {

/// The same file: equal, or one is the end of the other at a folder.
bool isSameFile(const std::string &a, const std::string &b) {
  const std::string &longer = a.size() >= b.size() ? a : b, &shorter = a.size() >= b.size() ? b : a;
  if (longer.size() == shorter.size())
    return longer == shorter;
  return !shorter.starts_with('/') && longer.ends_with("/" + shorter);
}

} // namespace

SiteMatch::SiteMatch(const std::vector<Site> &sites, const std::set<Place> &places) {
  for (std::uint32_t site = 0; site < sites.size(); ++site)
    for (std::size_t i = 0; i < sites[site].frames.size() && i < sites[site].certain; ++i)
      if (const Place &place = sites[site].frames[i].place; place.line != 0)
        frames_[{baseName(place.file), place.line}].push_back(
            {place.file, place.column, site, i <= sites[site].taking});
  for (const Place &place : places)
    places_[{baseName(place.file), place.line}].insert(
        Place{place.file, place.line, place.column, 0, 0});
}

const std::vector<std::uint32_t> &SiteMatch::sitesAt(const Place &place) {
  Place key{place.file, place.line, place.column, 0, 0};
  auto [known, isNew] = known_.try_emplace(key);
  if (isNew)
    known->second = find(key);
  return known->second;
}

std::vector<std::uint32_t> SiteMatch::find(const Place &place) const {
  auto line = frames_.find({baseName(place.file), place.line});
  if (line == frames_.end())
    return {};
  std::vector<const Frame *> candidates;
  for (bool innermost : {true, false}) {
    for (const Frame &frame : line->second)
      if (frame.isInnermost == innermost && isSameFile(frame.file, place.file))
        candidates.push_back(&frame);
    if (!candidates.empty())
      break;
  }
  std::set<std::uint32_t> columns, others; // of the trace, of the static places
  for (const Frame *frame : candidates)
    columns.insert(frame->column);
  if (auto statics = places_.find(line->first); statics != places_.end())
    for (const Place &other : statics->second)
      if (other.file == place.file)
        others.insert(other.column);
  others.insert(place.column);
  auto keep = [&](std::uint32_t column) {
    std::erase_if(candidates, [&](const Frame *frame) { return frame->column != column; });
  };
  if (columns.contains(place.column)) {
    keep(place.column);
  } else if (!columns.contains(0) && others.size() > 1) {
    // Another compiler's columns. Those that agree belong to other places of the line.
    bool someAgree = false;
    for (std::uint32_t column : others)
      someAgree |= columns.erase(column) > 0;
    auto position = std::distance(others.begin(), others.find(place.column));
    if (!someAgree && columns.size() == others.size())
      keep(*std::next(columns.begin(), position));
    else if (someAgree)
      std::erase_if(candidates,
                    [&](const Frame *frame) { return !columns.contains(frame->column); });
  }
  std::set<std::uint32_t> sites;
  for (const Frame *frame : candidates)
    sites.insert(frame->site);
  return {sites.begin(), sites.end()};
}

} // namespace threadlint::tracing
