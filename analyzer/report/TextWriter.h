// TextWriter: the report for people, in the form compilers use, so that editors can jump to places.
//
//   src/bank.cpp:12:5: error: data race on 'balance' [threadlint-data-race]
//      12 |   balance += amount;
//         |   ^~~~~~~
//   src/bank.cpp:12:5: note: thread A (entry main): writes 'balance', holding no lock
#pragma once

#include "analyzer/report/Report.h"

#include <string>

namespace threadlint {

struct TextOptions {
  std::string workingFolder; ///< absolute; files under it are shown relative to it, others absolute
  bool color = false;
};

/// The report as text; empty when there is nothing to show.
std::string writeText(const Report &report, const TextOptions &options);

} // namespace threadlint
