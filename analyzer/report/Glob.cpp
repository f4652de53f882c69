// Glob: backtracking matchers; only the last `*` and the last `**` are ever tried again, so the time is bounded by
// pattern length * text length * depth.
#include "analyzer/report/Glob.h"

#include <algorithm>
#include <string>

namespace threadlint {
namespace {

bool matchesStars(std::string_view glob, std::string_view text) {
  std::size_t g = 0, t = 0, star = std::string_view::npos, retry = 0;
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      retry = t;
    } else if (g < glob.size() && glob[g] == text[t]) {
      ++g, ++t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++retry;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', g) == std::string_view::npos;
}

/// Consumes `[...]` at glob[at] and tells whether it contains `c`; a set without end is the character '['.
bool matchesSet(std::string_view glob, std::size_t &at, char c) {
  std::size_t i = at + 1;
  bool negated = i < glob.size() && (glob[i] == '!' || glob[i] == '^');
  if (negated)
    ++i;
  bool found = false;
  for (bool first = true; i < glob.size() && (first || glob[i] != ']'); first = false, ++i) {
    if (i + 2 < glob.size() && glob[i + 1] == '-' && glob[i + 2] != ']') {
      found |= glob[i] <= c && c <= glob[i + 2];
      i += 2;
    } else {
      found |= glob[i] == c;
    }
  }
  if (i >= glob.size()) {
    ++at;
    return c == '[';
  }
  at = i + 1;
  return found != negated && c != '/';
}

/// Whole-text match of one path pattern.
bool matchesWhole(std::string_view glob, std::string_view text) {
  std::size_t g = 0, t = 0;
  std::size_t star = std::string_view::npos, starRetry = 0;   // last `*`
  std::size_t stars = std::string_view::npos, starsRetry = 0; // last `**`
  while (t < text.size() || g < glob.size()) {
    if (glob.substr(g, 2) == "**") {
      g += 2;
      if (g < glob.size() && glob[g] == '/')
        ++g; // `**/` also matches no folder at all
      stars = g, starsRetry = t;
      star = std::string_view::npos;
      continue;
    }
    if (g < glob.size() && glob[g] == '*') {
      star = ++g, starRetry = t;
      continue;
    }
    if (t < text.size() && g < glob.size()) {
      std::size_t next = g + 1;
      bool matches = glob[g] == '['   ? matchesSet(glob, next = g, text[t])
                     : glob[g] == '?' ? text[t] != '/'
                                      : glob[g] == text[t];
      if (matches) {
        g = next, ++t;
        continue;
      }
    }
    if (star != std::string_view::npos && starRetry < text.size() && text[starRetry] != '/') {
      g = star, t = ++starRetry;
    } else if (stars != std::string_view::npos && starsRetry < text.size()) {
      g = stars, t = ++starsRetry;
      star = std::string_view::npos;
    } else {
      return false;
    }
  }
  return true;
}

} // namespace

bool matchesCheck(std::string_view glob, std::string_view check) {
  return matchesStars(glob, check) || matchesStars(glob, "threadlint-" + std::string(check));
}

bool matchesName(std::string_view glob, std::string_view name) { return matchesStars(glob, name); }

bool matchesPath(std::string_view glob, std::string_view path) {
  while (glob.starts_with("./"))
    glob.remove_prefix(2);
  if (glob.size() > 1 && glob.ends_with('/'))
    glob.remove_suffix(1);
  const bool anyDepth = glob.find('/') == std::string_view::npos;
  if (glob.starts_with('/') && !path.starts_with('/'))
    glob.remove_prefix(1);
  for (std::size_t begin = 0;;) {
    std::size_t end = std::min(path.find('/', begin), path.size());
    std::string_view name = path.substr(begin, end - begin);
    if (!name.empty() && matchesWhole(glob, anyDepth ? name : path.substr(0, end)))
      return true;
    if (end == path.size())
      return false;
    begin = end + 1;
  }
}

bool matchesAnyPath(const std::vector<std::string> &globs, std::string_view path) {
  return std::any_of(globs.begin(), globs.end(),
                     [&](const std::string &glob) { return matchesPath(glob, path); });
}

} // namespace threadlint
