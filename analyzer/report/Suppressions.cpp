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

  std::vector<const SuppressionReport *> open;
  for (const SuppressionReport &comment : comments) {
    std::vector<Span> &spans = spansOfFile_[comment.file];
    switch (static_cast<SuppressionKind>(comment.kind)) {
    case SuppressionKind::Line:
      spans.push_back({comment.line, comment.line, comment.globs});
      break;
    case SuppressionKind::NextLine:
      spans.push_back({comment.line + 1, comment.line + 1, comment.globs});
      break;
    case SuppressionKind::Begin:
      open.push_back(&comment);
      break;
    case SuppressionKind::End:
      if (!open.empty() && open.back()->file == comment.file &&
          open.back()->globs == comment.globs) {
        spans.push_back({open.back()->line, comment.line, comment.globs});
        open.pop_back();
      }
      break;
    }
  }
}

bool Suppressions::cover(const std::string &check, const std::string &file,
                         std::uint32_t line) const {
  auto place = spansOfFile_.find(file);
  return place != spansOfFile_.end() &&
         std::any_of(place->second.begin(), place->second.end(), [&](const Span &span) {
           return span.first <= line && line <= span.last && covers(span.globs, check);
         });
}

} // namespace threadlint
