// Instance: one call under interpretation; shared by the parts of Frame that read a callee's summary.
#pragma once

#include "analyzer/analysis/Frame.h"
#include "analyzer/analysis/Substitution.h"

namespace threadlint {

/// One application of a summary to one state.
struct Frame::Instance {
  const State &before;
  Substitution terms;
  std::vector<Term> released; ///< locks the callee gives back at some time, for good or not
  std::unordered_map<ContextId, ContextId> contexts;
  std::unordered_map<WitnessId, WitnessId> witnesses;
};

} // namespace threadlint
