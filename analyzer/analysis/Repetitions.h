// Repetitions: what each of the threads that one spawn starts again and again has of its own.
#pragma once

#include "analyzer/analysis/BestConflicts.h"

namespace threadlint {

/// Whether `a` is a step of a thread whose repetitions were each given an object or index of their own, `location` is a part of that, and
/// `b` is a step of another repetition or of the creator that prepares the next one.
bool isOwnPerRepetition(Engine &engine, ThreadModel &model, const Located &a, const Located &b,
                        Term location);

} // namespace threadlint
