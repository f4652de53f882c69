// HandleWaits: what a call waits for that takes handles of every kind.
//
// `WaitForSingleObject(h)` joins a thread, takes a mutex, or waits for a semaphore or an event, and the type of h does not tell. Extraction
// makes it a Join of kind Model. Here the variables and fields that handles pass through fall into classes, by assignments,
// arguments and results, without order; who releases a member of the class, or made it, tells what the class is. A class that is a lock
// and nothing else turns its Joins into Acquires, one of semaphores and events into SemWaits.
#pragma once

#include "analyzer/program/Program.h"

namespace threadlint {

void resolveHandleWaits(Program &program);

} // namespace threadlint
