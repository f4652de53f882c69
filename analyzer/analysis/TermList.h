// TermList: a list of terms that never changes, as one pointer.
//
// Terms and witnesses are made by the million and most have no list at all or share it, so neither pays for a vector.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

namespace threadlint {

class TermList {
  friend class TermListPool;
  friend class Terms;
  const std::uint32_t *data_ = nullptr; ///< behind the number of terms; null = empty

public:
  using value_type = std::uint32_t;
  const std::uint32_t *begin() const { return data_; }
  const std::uint32_t *end() const { return data_ + size(); }
  std::size_t size() const { return data_ ? data_[-1] : 0; }
  bool empty() const { return data_ == nullptr; }
  std::uint32_t operator[](std::size_t i) const { return data_[i]; }
  operator std::vector<std::uint32_t>() const { return {begin(), end()}; }
};

/// Keeps lists for as long as it lives.
class TermListPool {
public:
  TermList add(std::span<const std::uint32_t> terms) {
    TermList list;
    if (terms.empty())
      return list;
    if (terms.size() >= left_) {
      left_ = std::max(kChunkSize, terms.size() + 1);
      chunks_.push_back(std::make_unique<std::uint32_t[]>(left_));
      next_ = chunks_.back().get();
    }
    *next_ = static_cast<std::uint32_t>(terms.size());
    list.data_ = next_ + 1;
    std::copy(terms.begin(), terms.end(), next_ + 1);
    next_ += terms.size() + 1;
    left_ -= terms.size() + 1;
    return list;
  }
  /// The same list for equal terms.
  TermList intern(std::span<const std::uint32_t> terms) {
    if (terms.empty())
      return {};
    std::uint64_t hash = terms.size();
    for (std::uint32_t term : terms)
      hash = (hash ^ term) * 0xFF51AFD7ED558CCDull, hash ^= hash >> 32;
    std::vector<TermList> &known = index_[hash];
    for (TermList list : known)
      if (std::equal(list.begin(), list.end(), terms.begin(), terms.end()))
        return list;
    known.push_back(add(terms));
    return known.back();
  }

private:
  static constexpr std::size_t kChunkSize = 1u << 14;
  std::vector<std::unique_ptr<std::uint32_t[]>> chunks_;
  std::uint32_t *next_ = nullptr;
  std::size_t left_ = 0;
  std::unordered_map<std::uint64_t, std::vector<TermList>> index_;
};

} // namespace threadlint
