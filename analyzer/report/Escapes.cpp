// Escapes: one pass each over the bytes.
#include "analyzer/report/Escapes.h"

#include "analyzer/report/Utf8.h"

#include <algorithm>

namespace threadlint {
namespace {

/// `text` with each character replaced by what `replace` says, when it says something.
template <class F> std::string replaced(std::string_view text, F replace) {
  std::string result;
  result.reserve(text.size());
  for (char c : text) {
    std::string_view other = replace(c);
    if (other.data())
      result += other;
    else
      result += c;
  }
  return result;
}

constexpr std::string_view kKeep{};

bool isControl(char c) { return (c >= 0 && c < ' ') || c == 0x7f; }

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

std::string escapeXml(std::string_view text) {
  return replaced(validUtf8(text), [](char c) -> std::string_view {
    switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    case '\n':
      return "&#10;";
    case '\t':
      return "&#9;";
    case '\r':
      return "&#13;";
    default:
      return isControl(c) ? "\xef\xbf\xbd" : kKeep;
    }
  });
}

std::string escapeCommandMessage(std::string_view text) {
  return replaced(validUtf8(text), [](char c) -> std::string_view {
    switch (c) {
    case '%':
      return "%25";
    case '\r':
      return "%0D";
    case '\n':
      return "%0A";
    default:
      return kKeep;
    }
  });
}

std::string escapeCommandProperty(std::string_view text) {
  return replaced(escapeCommandMessage(text), [](char c) -> std::string_view {
    switch (c) {
    case ':':
      return "%3A";
    case ',':
      return "%2C";
    default:
      return kKeep;
    }
  });
}

std::string escapeMarkdown(std::string_view text) {
  return replaced(validUtf8(text), [](char c) -> std::string_view {
    switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '|':
      return "\\|";
    case '\\':
      return "\\\\";
    case '`':
      return "\\`";
    case '*':
      return "\\*";
    case '_':
      return "\\_";
    case '[':
      return "\\[";
    case ']':
      return "\\]";
    case '#':
      return "\\#";
    case '~':
      return "\\~";
    case '@':
      return "&#64;";
    default:
      return isControl(c) ? " " : kKeep;
    }
  });
}

std::string quoteDot(std::string_view text) {
  return "\"" +
         replaced(validUtf8(text),
                  [](char c) -> std::string_view {
                    switch (c) {
                    case '"':
                      return "\\\"";
                    case '\\':
                      return "\\\\";
                    case '\n':
                      return "\\n";
                    default:
                      return isControl(c) ? "?" : kKeep;
                    }
                  }) +
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
