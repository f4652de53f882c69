// Escapes: text made safe for the languages that reports are written in.
//
// None of them fails: bytes that are not UTF-8 become U+FFFD, characters a language cannot hold at all become '?' or U+FFFD.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace threadlint {

/// Every malformed sequence replaced by U+FFFD.
std::string validUtf8(std::string_view text);

/// Text that neither ends its line nor speaks to the terminal.
std::string onOneLine(std::string text);

/// For XML and HTML, in element content and in attributes quoted with ".
std::string escapeXml(std::string_view text);

/// The message of a GitHub workflow command, and one of its properties.
std::string escapeCommandMessage(std::string_view text);
std::string escapeCommandProperty(std::string_view text);

/// Plain text inside Markdown: nothing in it becomes markup or HTML, and it stays on its line.
std::string escapeMarkdown(std::string_view text);

/// A double-quoted string of the DOT language, with its quotes.
std::string quoteDot(std::string_view text);

/// A path as the path part of a URI.
std::string escapeUri(std::string_view path);

/// A column in UTF-16 code units for a byte column of `line`; both 1-based. Columns past the end of the line are clamped to it.
std::uint32_t utf16Column(std::string_view line, std::uint32_t byteColumn);

} // namespace threadlint
