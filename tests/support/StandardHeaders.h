// StandardHeaders: the headers that the C++ cases of testdata/ include, as one precompiled header.
//
// Built by tests/CMakeLists.txt with the flags of kCxxFlags (AnnotatedSources.cpp). A case still names its includes: the tests of the plugin
// compare what clang-tidy says with this header to what the command line says without it.
#pragma once

#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <future>
#include <iostream>
#include <latch>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <queue>
#include <semaphore>
#include <shared_mutex>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>
