// OwnLocks: lock classes and lock functions that the project implements itself, with a condition variable, a semaphore or atomics.
//
// `void RwLock::lock()` waits until a flag is clear, sets it and gives its inner mutex back: no lock is held at its end, yet nobody else
// gets past it. Such a class counts as a lock when it offers `lock` and `unlock` as the standard asks of a lockable type, both have a
// body here, and `lock` waits for others without keeping a lock. Readers use `lock_shared` and `unlock_shared`. Calls from other
// classes become Acquire and Release events of the object. A class whose `lock` keeps a known lock is a wrapper: its body says all.
#pragma once

#include "analyzer/program/Program.h"

namespace threadlint {

/// Runs after the atomic stores of the program are known.
void findOwnLocks(Program &program);

} // namespace threadlint
