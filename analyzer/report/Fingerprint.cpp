// Fingerprint: MurmurHash3 x64 128, written for any byte order.
#include "analyzer/report/Fingerprint.h"

#include <bit>
#include <cstdint>

namespace threadlint {
namespace {

constexpr std::uint64_t kC1 = 0x87c37b91114253d5u, kC2 = 0x4cf5ad432745937fu;

std::uint64_t load(const std::string &bytes, std::size_t at, std::size_t count) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < count; ++i)
    word |= std::uint64_t(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  return word;
}

std::uint64_t scrambleFirst(std::uint64_t word) { return std::rotl(word * kC1, 31) * kC2; }
std::uint64_t scrambleSecond(std::uint64_t word) { return std::rotl(word * kC2, 33) * kC1; }

std::uint64_t finish(std::uint64_t hash) {
  hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccdu;
  hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53u;
  return hash ^ hash >> 33;
}

std::string hexDigits(std::uint64_t first, std::uint64_t second) {
  std::string text;
  for (std::uint64_t word : {first, second})
    for (int shift = 60; shift >= 0; shift -= 4)
      text.push_back("0123456789abcdef"[word >> shift & 15]);
  return text;
}

} // namespace

std::string fingerprint(std::span<const std::string> parts) {
  std::string bytes;
  for (const std::string &part : parts)
    bytes.append(std::to_string(part.size())).append(":").append(part);

  std::uint64_t first = 0, second = 0;
  std::size_t at = 0;
  for (; at + 16 <= bytes.size(); at += 16) {
    first = std::rotl(first ^ scrambleFirst(load(bytes, at, 8)), 27);
    first = (first + second) * 5 + 0x52dce729;
    second = std::rotl(second ^ scrambleSecond(load(bytes, at + 8, 8)), 31);
    second = (second + first) * 5 + 0x38495ab5;
  }
  std::size_t rest = bytes.size() - at;
  if (rest > 8)
    second ^= scrambleSecond(load(bytes, at + 8, rest - 8));
  if (rest > 0)
    first ^= scrambleFirst(load(bytes, at, rest < 8 ? rest : 8));

  first ^= bytes.size(), second ^= bytes.size();
  first += second, second += first;
  first = finish(first), second = finish(second);
  first += second, second += first;
  return hexDigits(first, second);
}

} // namespace threadlint
