// Interpreter: one function's event graph -> its Summary.
//
//   blocks of events  --at most 8 disjuncts a block, equal lock states merged-->  exits and effects
//
// Source: property simulation (ESP, Das et al. 2002): states with equal lockset, guards and threads merge, their values become phis;
// so correlated branches stay exact and the number of states stays small.
#pragma once

#include "analyzer/analysis/Engine.h"

namespace threadlint {

Summary interpret(Engine &engine, FunctionId function, const Specialization &constants);

} // namespace threadlint
