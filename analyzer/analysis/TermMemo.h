// TermMemo: a map from terms to terms for one walk, over a dense array that walks take turns to use.
//
// Thousands of walks each ask for hundreds of terms; an array that is never cleared, only counted on, costs no allocation.
#pragma once

#include "analyzer/analysis/Terms.h"

namespace threadlint {

/// The arrays, one per walk that is under way at the same time.
class TermMemoPool {
  friend class TermMemo;
  struct Array {
    struct Cell {
      std::uint32_t walk = 0;
      Term value = kUnknownTerm;
    };
    std::vector<Cell> cells;
    std::uint32_t walk = 0; ///< the number of the walk that uses it
  };
  std::vector<std::unique_ptr<Array>> free_;
};

class TermMemo {
public:
  explicit TermMemo(TermMemoPool &pool) : pool_(pool) {
    if (pool.free_.empty())
      pool.free_.push_back(std::make_unique<TermMemoPool::Array>());
    array_ = std::move(pool.free_.back());
    pool.free_.pop_back();
    if (++array_->walk == 0) { // the count ran over: old cells would look new
      array_->cells.clear();
      array_->walk = 1;
    }
  }
  ~TermMemo() { pool_.free_.push_back(std::move(array_)); }
  TermMemo(const TermMemo &) = delete;
  TermMemo &operator=(const TermMemo &) = delete;

  /// Null when the walk has not set it. The pointer is good until the next set().
  const Term *find(Term term) const {
    return term < array_->cells.size() && array_->cells[term].walk == array_->walk
               ? &array_->cells[term].value
               : nullptr;
  }
  void set(Term term, Term value) {
    if (term >= array_->cells.size())
      array_->cells.resize(std::max<std::size_t>(term + 1, array_->cells.size() * 2));
    array_->cells[term] = {array_->walk, value};
  }

private:
  TermMemoPool &pool_;
  std::unique_ptr<TermMemoPool::Array> array_;
};

} // namespace threadlint
