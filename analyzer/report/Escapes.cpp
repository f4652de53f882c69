// Escapes: one pass each over the bytes.
#include "analyzer/report/Escapes.h"

#include "analyzer/report/Utf8.h"

#include <algorithm>

namespace threadlint {
namespace {

/// What stands for a character in another language.
struct Escape {
  char from;
  std::string_view to;
};

bool isControl(char c) { return (c >= 0 && c < ' ') || c == 0x7f; }

/// `text` with the characters of the table replaced, and other control characters by `control` where that says something.
std::string escaped(std::string_view text, std::initializer_list<Escape> escapes,
                    std::string_view control = {}) {
  std::string result;
  result.reserve(text.size());
  for (char c : text) {
    auto escape =
        std::find_if(escapes.begin(), escapes.end(), [c](const Escape &e) { return e.from == c; });
    if (escape != escapes.end())
      result += escape->to;
    else if (!control.empty() && isControl(c))
      result += control;
    else
      result += c;
  }
  return result;
}

} // namespace

std::string validUtf8(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    Character character = decodeUtf8(text, at);
    result += character.isValid ? text.substr(at, character.size) : "\xef\xbf\xbd";
    at += character.size;
  }
  return result;
}

std::string onOneLine(std::string text) {
  std::replace_if(text.begin(), text.end(), isControl, '?');
  return text;
}

std::string escapeXml(std::string_view text) {
  std::string valid = validUtf8(text);
  // XML has no U+FFFE and U+FFFF, which begin with these bytes.
  for (std::size_t at = 0; (at = valid.find("\xef\xbf", at)) != std::string::npos; at += 3)
    if (valid[at + 2] == '\xbe' || valid[at + 2] == '\xbf')
      valid[at + 2] = '\xbd';
  return escaped(valid,
                 {{'&', "&amp;"},
                  {'<', "&lt;"},
                  {'>', "&gt;"},
                  {'"', "&quot;"},
                  {'\'', "&#39;"},
                  {'\n', "&#10;"},
                  {'\t', "&#9;"},
                  {'\r', "&#13;"}},
                 "\xef\xbf\xbd");
}

std::string escapeCommandMessage(std::string_view text) {
  return escaped(validUtf8(text), {{'%', "%25"}, {'\r', "%0D"}, {'\n', "%0A"}});
}

std::string escapeCommandProperty(std::string_view text) {
  return escaped(escapeCommandMessage(text), {{':', "%3A"}, {',', "%2C"}});
}

std::string escapeMarkdown(std::string_view text) {
  return escaped(validUtf8(text),
                 {{'&', "&amp;"},
                  {'<', "&lt;"},
                  {'>', "&gt;"},
                  {'|', "\\|"},
                  {'\\', "\\\\"},
                  {'`', "\\`"},
                  {'*', "\\*"},
                  {'_', "\\_"},
                  {'[', "\\["},
                  {']', "\\]"},
                  {'#', "\\#"},
                  {'~', "\\~"},
                  {'@', "&#64;"}},
                 " ");
}

std::string quoteDot(std::string_view text) {
  return "\"" + escaped(validUtf8(text), {{'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"}}, "?") +
         "\"";
}

std::string escapeUri(std::string_view path) {
  constexpr std::string_view kPlain = "-._~/!$&'()*+,;=@";
  std::string result;
  for (char c : path) {
    auto byte = static_cast<unsigned char>(c);
    bool isPlain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   kPlain.find(c) != std::string_view::npos;
    if (isPlain) {
      result += c;
    } else {
      result += '%';
      result += "0123456789ABCDEF"[byte >> 4];
      result += "0123456789ABCDEF"[byte & 15];
    }
  }
  return result;
}

std::uint32_t utf16Column(std::string_view line, std::uint32_t byteColumn) {
  std::uint32_t column = 1;
  for (std::size_t at = 0; at < line.size() && at + 1 < byteColumn;) {
    Character character = decodeUtf8(line, at);
    column += character.code > 0xffff ? 2 : 1;
    at += character.size;
  }
  return column;
}

} // namespace threadlint
