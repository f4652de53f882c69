// LockWords: what the locks of one finding are called in its sentences.
//
// As Describer::name, but two objects of one class are told apart: by the object when it is known ("A::m of x", "locks[1]"), else
// as "A::m of another object" or "another element of locks". A lock alone of its name keeps that name. Only words: fingerprints and fields that list locks use
// the name of the class.
#pragma once

#include "checks/Describe.h"

#include <map>

namespace threadlint {

class LockWords {
public:
  /// `locks` in the order in which the finding speaks of them.
  LockWords(const Analysis &analysis, const Describer &describer, const std::vector<Term> &locks);

  /// Of one of the locks given.
  const std::string &operator()(Term lock) const { return words_.at(object(lock)); }
  /// One term for all that lead to one known object.
  Term object(Term lock) const;

private:
  std::string objectName(Term object) const;
  std::string knownName(Term lock) const;
  std::string other(Term lock, std::size_t i) const;

  const Analysis &analysis_;
  const Describer &describer_;
  std::map<Term, std::string> words_; ///< by object
};

} // namespace threadlint
