// Suppressions: every comment, or pair of comments, becomes a span of lines.
#include "analyzer/report/Suppressions.h"

#include "analyzer/facts/TuFacts.h"
#include "analyzer/report/Glob.h"

#include <algorithm>

namespace threadlint {
namespace {

bool covers(const std::vector<std::string> &globs, const std::string &check) {
  return globs.empty() || std::any_of(globs.begin(), globs.end(), [&](const std::string &glob) {
           return !glob.starts_with('-') && matchesCheck(glob, check);
         });
}

} // namespace

Suppressions::Suppressions(std::vector<SuppressionReport> comments) {
  // In source order, so that ends meet their begins. Several TUs may report the same comment of a header.
  std::sort(comments.begin(), comments.end(), [](const auto &a, const auto &b) {
    return std::tie(a.file, a.line, a.kind, a.globs) < std::tie(b.file, b.line, b.kind, b.globs);
  });
  comments.erase(std::unique(comments.begin(), comments.end(),
                             [](const auto &a, const auto &b) { return (a <=> b) == 0; }),
                 comments.end());

  auto add = [this](const SuppressionReport &comment, std::uint32_t first, std::uint32_t last) {
    spans_.push_back({comment.file, first, last, comment.line, comment.globs});
  };
  auto leave = [this](const SuppressionReport &comment) {
    const bool isBegin = static_cast<SuppressionKind>(comment.kind) == SuppressionKind::Begin;
    unmatched_.push_back({comment.file, comment.line, isBegin, comment.globs});
  };
  std::vector<const SuppressionReport *> open;
  for (const SuppressionReport &comment : comments)
    switch (static_cast<SuppressionKind>(comment.kind)) {
    case SuppressionKind::Line:
      add(comment, comment.line, comment.line);
      break;
    case SuppressionKind::NextLine:
      add(comment, comment.line + 1, comment.line + 1);
      break;
    case SuppressionKind::Begin:
      open.push_back(&comment);
      break;
    case SuppressionKind::End:
      if (!open.empty() && open.back()->file == comment.file &&
          open.back()->globs == comment.globs) {
        add(*open.back(), open.back()->line, comment.line);
        open.pop_back();
      } else {
        leave(comment);
      }
      break;
    }
  for (const SuppressionReport *begin : open)
    leave(*begin);
  std::sort(unmatched_.begin(), unmatched_.end(), [](const Unmatched &a, const Unmatched &b) {
    return std::tie(a.file, a.line, a.isBegin, a.globs) <
           std::tie(b.file, b.line, b.isBegin, b.globs);
  });
  std::sort(spans_.begin(), spans_.end(), [](const Span &a, const Span &b) {
    return std::tie(a.file, a.comment, a.first) < std::tie(b.file, b.comment, b.first);
  });
  for (std::size_t i = 0; i < spans_.size(); ++i)
    spansOfFile_[spans_[i].file].push_back(i);
}

std::vector<std::size_t> Suppressions::covering(const std::string &check, const std::string &file,
                                                std::uint32_t line) const {
  std::vector<std::size_t> found;
  if (auto place = spansOfFile_.find(file); place != spansOfFile_.end())
    for (std::size_t i : place->second)
      if (spans_[i].first <= line && line <= spans_[i].last && covers(spans_[i].globs, check))
        found.push_back(i);
  return found;
}

std::string reasonOf(std::string_view line) {
  std::size_t at = line.find("NOLINT");
  if (at == std::string_view::npos)
    return {};
  at += std::string_view("NOLINT").size();
  while (at < line.size() && line[at] >= 'A' && line[at] <= 'Z')
    ++at;
  if (at < line.size() && line[at] == '(')
    at = std::min(line.find(')', at), line.size() - 1) + 1;
  std::string_view rest = line.substr(at);
  if (std::size_t end = rest.find("*/"); end != std::string_view::npos)
    rest = rest.substr(0, end);
  constexpr std::string_view kMarks = " \t\r:-";
  std::size_t first = rest.find_first_not_of(kMarks);
  if (first == std::string_view::npos)
    return {};
  return std::string(rest.substr(first, rest.find_last_not_of(" \t\r") + 1 - first));
}

} // namespace threadlint
