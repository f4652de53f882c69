// EndedEarly: what tests of runs that end early share: a file that takes minutes, and a run that is sent signals.
#pragma once

#include "tests/support/Shell.h"

namespace threadlint {

/// A file whose constant expression keeps Clang busy for minutes, with the flag that lets it.
inline constexpr const char *kSlowToParse =
    "constexpr long spin(long n) { long s = 0; for (long i = 0; i < n; ++i) s += i; return s; }\n"
    "static_assert(spin(400000000) != 1);\n";
#define THREADLINT_SLOW_FLAG "-fconstexpr-steps=2000000000"

/// Writes `signals.py ARGUMENTS PLAN`: runs threadlint and sends it signals, given with the seconds before each: "1 INT 0.1 TERM". Instead of seconds,
/// `@FILE` waits until there is a file of such a name, which may be a pattern.
inline void writeSignalSender(const TemporaryFolder &folder) {
  // A background job of a shell without job control ignores SIGINT; python starts it as a terminal would.
  folder.write("signals.py",
               "import glob, os, signal, subprocess, sys, time\n"
               "p = subprocess.Popen([os.environ['THREADLINT'], *sys.argv[1].split()],\n"
               "    preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))\n"
               "plan = sys.argv[2].split()\n"
               "for wait, name in zip(plan[::2], plan[1::2]):\n"
               "    while wait[0] == '@' and p.poll() is None and not glob.glob(wait[1:]):\n"
               "        time.sleep(0.02)\n"
               "    time.sleep(0 if wait[0] == '@' else float(wait))\n"
               "    p.send_signal(getattr(signal, 'SIG' + name))\n"
               "code = p.wait(60)\n"
               "sys.exit(code if code >= 0 else 128 - code)\n");
}

} // namespace threadlint
