// Utf8: reads one character at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace threadlint {

struct Character {
  std::uint32_t code = 0xfffd; ///< U+FFFD when malformed
  std::size_t size = 1;        ///< bytes; of a malformed sequence one
  bool isValid = false;
};

/// The character at text[at]; at < text.size(). Overlong forms, surrogates and codes past U+10FFFF are malformed.
Character decodeUtf8(std::string_view text, std::size_t at);

} // namespace threadlint
