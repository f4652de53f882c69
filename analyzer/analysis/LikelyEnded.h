// LikelyEnded: what tells that a thread has most likely ended, although nothing makes it certain.
//
// Judgements for the confidence of a conflict, read off the code around the start of the thread, never reasons to drop it.
#pragma once

#include "analyzer/analysis/ThreadModel.h"

namespace threadlint {

/// By block: whether a way of one edge or more leads there from one of `starts` without beginning another round of a loop.
std::vector<bool> reachedLater(const FunctionFacts &facts, const Engine::Loops &loops,
                               const std::vector<BlockId> &starts);

/// A step of a thread.
struct ThreadStep {
  ThreadId thread = 0;
  const Access &access;
};

/// Whether a way that leads to one of the steps joins the thread of the other: on this way it was not joined because of what the program
/// knows about it, most likely that it does not run (`if (p->started) join(p->thread);`).
bool mayHaveJoined(Engine &engine, const ThreadModel &model, const ThreadStep &a,
                   const ThreadStep &b);

/// Whether the creator of a thread waits, each time before it starts another one there, in a loop that looks at something the thread writes:
/// most likely that it has ended.
bool isAwaited(Engine &engine, const ThreadInstance &thread);

} // namespace threadlint
