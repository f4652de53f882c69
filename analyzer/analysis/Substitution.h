// Substitution: a callee's terms in the terms of whoever calls or spawns it.
//
// Parameters and captures become the actual values, Init(l) becomes what `load` finds at the substituted location, objects of the
// callee's frame get the call site in front of their call string. Memoised; one instance serves one call in one state.
#pragma once

#include "analyzer/analysis/Engine.h"

namespace threadlint {

class Substitution {
public:
  /// `site` is the calling event; `load` reads the caller's memory.
  Substitution(Engine &engine, const Binding &binding, SiteId site, std::function<Term(Term)> load)
      : engine_(engine), binding_(binding), site_(site), load_(std::move(load)),
        memo_(engine.memos) {}
  /// Never kUnknownTerm for a location: what cannot be named is the pointee of something fresh.
  Term operator()(Term term);
  /// Phis of the callee keep their identity but not what they may be: for callees with many effects.
  bool forgetsInputs = false;

private:
  Engine &engine_;
  const Binding &binding_;
  SiteId site_;
  std::function<Term(Term)> load_;
  TermMemo memo_;
  Term unknownPointer(std::uint32_t extra);
  Term actualOf(std::int64_t ordinal);
  ChainId extend(ChainId chain);
};

} // namespace threadlint
