// One counter that two TUs use: one of them knows about its mutex.
#pragma once

#include <mutex>

extern std::mutex requestsMutex;
extern long requests;

void serve();
void report();
