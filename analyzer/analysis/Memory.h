// Memory: what a state knows about the contents of locations, as a flat map sorted by location.
//
// States are copied at every branch and joined at every meet, far more often than a key is added: one block of memory that is
// copied whole and walked in order beats a tree of nodes. Iterators are invalid after any change.
#pragma once

#include "analyzer/analysis/Terms.h"

#include <algorithm>
#include <utility>

namespace threadlint {

class Memory {
public:
  using Entry = std::pair<Term, Term>; ///< location, value
  using iterator = std::vector<Entry>::iterator;
  using const_iterator = std::vector<Entry>::const_iterator;

  iterator begin() { return entries_.begin(); }
  iterator end() { return entries_.end(); }
  const_iterator begin() const { return entries_.begin(); }
  const_iterator end() const { return entries_.end(); }
  std::size_t size() const { return entries_.size(); }

  const_iterator find(Term key) const {
    auto it = lowerBound(key);
    return it != entries_.end() && it->first == key ? it : entries_.end();
  }
  bool contains(Term key) const { return find(key) != entries_.end(); }

  Term &operator[](Term key) {
    auto it = entries_.begin() + (lowerBound(key) - entries_.cbegin());
    if (it == entries_.end() || it->first != key)
      it = entries_.insert(it, Entry{key, kUnknownTerm});
    return it->second;
  }

  void erase(Term key) {
    if (auto it = find(key); it != entries_.end())
      entries_.erase(it);
  }
  template <class Predicate> void eraseIf(Predicate predicate) {
    std::erase_if(entries_, predicate);
  }
  /// Takes over entries that are sorted by location.
  void assign(std::vector<Entry> sorted) { entries_ = std::move(sorted); }

private:
  const_iterator lowerBound(Term key) const {
    return std::lower_bound(entries_.begin(), entries_.end(), key,
                            [](const Entry &entry, Term k) { return entry.first < k; });
  }
  std::vector<Entry> entries_;
};

} // namespace threadlint
