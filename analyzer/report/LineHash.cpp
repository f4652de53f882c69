// LineHash: units first, then prefix sums of the polynomial from the back; a line's hash covers its first 100 units.
#include "analyzer/report/LineHash.h"

#include "analyzer/report/Utf8.h"

#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>

namespace threadlint {
namespace {

constexpr std::size_t kBlock = 100;
constexpr std::uint64_t kBase = 37;
constexpr std::uint16_t kEnd = 65535;

struct Units {
  std::vector<std::uint16_t> units;
  std::vector<std::size_t> lineStarts; ///< positions in `units`
};

/// What is hashed: no blanks, CR and CRLF as LF, the end marker, zeros to fill the last block.
std::optional<Units> unitsOf(std::string_view content) {
  Units result;
  bool startsLine = true, afterReturn = false;
  auto add = [&](std::uint16_t unit) {
    if (startsLine)
      result.lineStarts.push_back(result.units.size());
    startsLine = unit == '\n';
    result.units.push_back(unit);
  };
  for (std::size_t at = 0; at < content.size();) {
    Character character = decodeUtf8(content, at);
    if (!character.isValid)
      return std::nullopt;
    at += character.size;
    std::uint32_t code = character.code;
    if (code == ' ' || code == '\t' || (afterReturn && code == '\n')) {
      afterReturn = false;
      continue;
    }
    afterReturn = code == '\r';
    if (code > 0xffff) {
      add(static_cast<std::uint16_t>(0xd800 + ((code - 0x10000) >> 10)));
      add(static_cast<std::uint16_t>(0xdc00 + ((code - 0x10000) & 0x3ff)));
    } else {
      add(afterReturn ? '\n' : static_cast<std::uint16_t>(code));
    }
  }
  add(kEnd);
  result.units.resize(result.units.size() + kBlock, 0);
  return result;
}

std::string hexDigits(std::uint64_t value) {
  char text[32];
  std::snprintf(text, sizeof text, "%llx", static_cast<unsigned long long>(value));
  return text;
}

} // namespace

std::vector<std::string> lineHashes(std::string_view content) {
  std::optional<Units> units = unitsOf(content);
  if (!units)
    return {};
  std::vector<std::string> hashes;
  std::map<std::string, unsigned> seen;
  for (std::size_t start : units->lineStarts) {
    std::uint64_t hash = 0;
    for (std::size_t i = 0; i < kBlock; ++i)
      hash = hash * kBase + units->units[start + i];
    std::string text = hexDigits(hash);
    unsigned count = ++seen[text];
    hashes.push_back(text + ":" + std::to_string(count));
  }
  return hashes;
}

} // namespace threadlint
