// Clients: what tests with programs of others share. `./dev clients` installs those that are no part of a build; without one its tests
// are skipped, unless THREADLINT_REQUIRE_CLIENTS is set.
#pragma once

#include "tests/support/Shell.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace threadlint {

inline bool areClientsRequired() { return std::getenv("THREADLINT_REQUIRE_CLIENTS") != nullptr; }

inline bool canRun(const std::string &program) {
  return runShell("command -v '" + program + "' >/dev/null || test -f '" + program + "'", "/")
             .exitCode == 0;
}

#define NEED(program)                                                                              \
  if (!canRun(program)) {                                                                          \
    if (areClientsRequired())                                                                      \
      FAIL() << program << " is not there: run './dev clients'";                                   \
    GTEST_SKIP() << program << " is not there: run './dev clients'";                               \
  }

} // namespace threadlint
