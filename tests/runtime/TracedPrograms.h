// TracedPrograms: the programs of testdata/tracer, what their first lines say of them, and the compilers to build them with.
//
// `// finds: CHECK...` the findings, none without the line; `any`: one of them. `// pruned: REASON` there is a cycle, pruned for it.
// `// exit: N` status. `// hangs` it must be seen to hang. `// site: LINE` an acquisition site of the program's own source.
// `// processes: N` traces. `// library: FILE` built with -DLIBRARY and given as the argument.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace threadlint {

struct TracedProgram {
  std::string name; ///< "abba.c"
  std::vector<std::string> finds, pruned;
  std::vector<int> sites;
  bool isAny = false, hangs = false;
  int exitCode = 0, processes = 1;
  std::string sharedPart;
  bool isCpp() const { return name.ends_with(".cpp"); }
};

/// A way to compile: "gcc -O2".
struct Toolchain {
  std::string name, command;
  bool isCpp = false;
};

struct TracedCase {
  TracedProgram program;
  Toolchain toolchain;
};
void PrintTo(const TracedCase &tracedCase, std::ostream *stream);

std::vector<TracedProgram> tracedPrograms();
/// Every program with every toolchain for its language that is installed; `missing` says what is not.
std::vector<TracedCase> tracedCases(std::vector<std::string> &missing);

} // namespace threadlint
