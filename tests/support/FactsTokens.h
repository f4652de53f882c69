// FactsTokens: the words of a FactsBuilder text and a cursor over them.
#pragma once

#include <cctype>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace threadlint {

struct Token {
  std::string text;
  std::uint32_t line = 0, column = 0;
};

inline std::vector<Token> tokenize(std::string_view text) {
  std::vector<Token> tokens;
  std::uint32_t line = 1, column = 1;
  auto isWord = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
  for (std::size_t i = 0; i < text.size();) {
    std::size_t length = 1;
    if (text[i] == '\n') {
      tokens.push_back({";", line, column});
      ++line, column = 1, ++i;
      continue;
    }
    if (isWord(text[i]))
      while (i + length < text.size() &&
             (isWord(text[i + length]) || (text.substr(i + length, 2) == "::" && ++length)))
        ++length;
    else if (std::string_view two = text.substr(i, 2); two == "->" || two == "==" || two == "!=")
      length = 2;
    if (text[i] != ' ')
      tokens.push_back({std::string(text.substr(i, length)), line, column});
    i += length;
    column += static_cast<std::uint32_t>(length);
  }
  tokens.push_back({";", line, column});
  return tokens;
}

/// A wrong text ends the program: it is a mistake in a test.
class TokenReader {
protected:
  explicit TokenReader(std::string_view text) : tokens_(tokenize(text)) {}

  std::vector<Token> tokens_;
  std::size_t next_ = 0;

  [[noreturn]] void fail(const std::string &problem) const {
    const Token &at = next_ < tokens_.size() ? tokens_[next_] : tokens_.back();
    std::fprintf(stderr, "facts text %u:%u: %s at '%s'\n", at.line, at.column, problem.c_str(),
                 at.text.c_str());
    std::abort();
  }
  const std::string &peek(std::size_t ahead = 0) const {
    static const std::string kEnd;
    return next_ + ahead < tokens_.size() ? tokens_[next_ + ahead].text : kEnd;
  }
  bool accept(std::string_view text) { return peek() == text ? ++next_, true : false; }
  void expect(std::string_view text) {
    if (!accept(text))
      fail("expected '" + std::string(text) + "'");
  }
  bool isWord(std::size_t ahead = 0) const {
    const std::string &t = peek(ahead);
    return !t.empty() && (std::isalpha(static_cast<unsigned char>(t[0])) || t[0] == '_');
  }
  std::string word() {
    return isWord() ? tokens_[next_++].text : (fail("expected a name"), std::string());
  }
  void skipSeparators() {
    while (next_ < tokens_.size() && peek() == ";")
      ++next_;
  }
  bool atEnd() const { return peek() == ";" || peek() == "}" || peek().empty(); }
};

} // namespace threadlint
