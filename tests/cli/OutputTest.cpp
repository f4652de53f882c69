// OutputTest: where outputs go when the path is a link, a pipe or a file that cannot be replaced, and that signals tear none.
#include "tests/support/AnnotatedSources.h"
#include "tests/support/EndedEarly.h"
#include "tests/support/Shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <unistd.h>

namespace threadlint {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char *kLeak = "#include <mutex>\nstd::mutex m;\nvoid f(bool b) {\n  m.lock();\n  "
                              "if (b)\n    return;\n  m.unlock();\n}\n"
                              "int main() { f(true); }\n";

class Output : public testing::Test {
protected:
  void SetUp() override { folder_.write("leak.cpp", kLeak); }
  ShellResult run(const std::string &command) { return runShell(command, folder_.path()); }

  TemporaryFolder folder_;
};

TEST_F(Output, ALinkLeadsToTheFileThatIsWritten) {
  const std::pair<const char *, const char *> rows[] = {
      {"ln -s real.json link.json", "real.json"},
      {"mkdir a b; ln -s ../b/second a/first; ln -s ../real.json b/second; ln -s a/first link.json",
       "real.json"},
      {"touch real.json; ln -s $PWD/real.json link.json", "real.json"},
  };
  for (const auto &[prepare, real] : rows) {
    run(prepare);
    ShellResult result = run("$THREADLINT --quiet --output=json:link.json leak.cpp --");
    EXPECT_EQ(result.exitCode, 1) << prepare << result.errors;
    EXPECT_EQ(run("test -L link.json && test ! -L real.json && head -c 1 real.json").output, "{")
        << prepare;
    EXPECT_EQ(
        run("$THREADLINT --output=sarif:link.json --output=json:real.json leak.cpp --").errors,
        "threadlint: error: the outputs 'link.json' and 'real.json' are one file\n");
    run("rm -rf a b link.json real.json");
  }
  run("ln -s loop loop; ln -s nowhere/x astray");
  EXPECT_EQ(run("$THREADLINT --output=json:loop leak.cpp --").errors,
            "threadlint: error: cannot write 'loop': Too many levels of symbolic links\n");
  EXPECT_EQ(run("$THREADLINT --output=json:astray leak.cpp --").errors,
            "threadlint: error: cannot write 'astray': No such file or directory\n");
  EXPECT_EQ(run("ls -A").output, "astray\nleak.cpp\nloop\n");
}

TEST_F(Output, AFileThatCannotBeReplacedIsWrittenInPlace) {
  run("chmod 755 .; mkdir fixed; echo old >fixed/r.json; chmod 666 fixed/r.json; chmod 555 fixed");
  // The superuser may write in any folder.
  const std::string as = geteuid() == 0 ? "setpriv --reuid=65534 --clear-groups " : "";
  ShellResult result =
      run(as + "$THREADLINT --quiet --output=json:fixed/r.json --project-root=. leak.cpp --");
  EXPECT_EQ(result.exitCode, 1) << result.errors;
  EXPECT_EQ(run("head -c 1 fixed/r.json; ls -A fixed").output, "{r.json\n");
  EXPECT_EQ(run(as + "$THREADLINT --output=json:fixed/new.json leak.cpp --").errors,
            "threadlint: error: cannot write 'fixed/new.json': Permission denied\n");
  run("chmod 755 fixed");
}

TEST_F(Output, APipeWaitsForItsReader) {
  ShellResult result = run("mkfifo pipe; (sleep 2; cat pipe >got) &\n$THREADLINT --quiet "
                           "--output=html:pipe leak.cpp --; code=$?; wait; exit $code");
  EXPECT_EQ(result.exitCode, 1) << result.errors;
  EXPECT_EQ(run("tail -n 1 got").output, "</html>\n");
}

TEST_F(Output, APipeThatNobodyReadsEndsWithTheTimeOrASignal) {
  run("mkfifo pipe");
  writeSignalSender(folder_);
  const char *commands[] = {
      "timeout 50 $THREADLINT --total-timeout=1 --output=json:pipe leak.cpp --",
      "timeout 50 python3 signals.py '--output=json:done --output=json:pipe leak.cpp --' '@done "
      "TERM'",
      // a reader that takes nothing
      "(exec 3<>pipe; head -c 65536 /dev/zero >&3; touch full; exec sleep 30) & while ! test -e "
      "full; do sleep 0.1; done\n"
      "timeout 50 $THREADLINT --total-timeout=1 --output=json:pipe leak.cpp --\n"
      "code=$?; kill $!; exit $code",
  };
  for (const char *command : commands) {
    ShellResult result = run(command);
    EXPECT_EQ(result.exitCode, 2) << command;
    EXPECT_THAT(result.errors, HasSubstr("threadlint: error: cannot write 'pipe': nobody reads it"))
        << command;
  }
}

TEST_F(Output, SignalsTearNothing) {
  // Enough for the writer to be hit: every signal after the third comes while the last report is written.
  std::string source = "#include <mutex>\n";
  for (int i = 0; i < 400; ++i) {
    const std::string number = std::to_string(i);
    source += "std::mutex m" + number + ";\nvoid f" + number + "(bool b) {\n  m" + number +
              ".lock();\n  if (b)\n    return;\n  m" + number + ".unlock();\n}\n";
  }
  folder_.write("many.cpp", source + "int main() {}\n");
  ASSERT_EQ(run("$THREADLINT facts --quiet many.cpp --").exitCode, 0);
  folder_.write(
      "hammer.py",
      "import json, os, random, signal, subprocess, sys, threading, time\n"
      "random.seed(int(sys.argv[1]))\n"
      "bad = []\n"
      "outputs = ['j.json', 's.sarif', 'h.html']\n"
      "def whole(text, html):\n"
      "    if html: return text.rstrip().endswith('</html>')\n"
      "    try: json.loads(text); return True\n"
      "    except ValueError: return False\n"
      "for i in range(30):\n"
      "    for name in outputs:\n"
      "        if os.path.exists(name): os.remove(name)\n"
      "    run = ['link', 'many.tlf'] if i % 2 else ['-j2', 'leak.cpp', 'many.cpp']\n"
      "    p = subprocess.Popen([os.environ['THREADLINT'], *run, '--output=json',\n"
      "        '--output=json:j.json', '--output=sarif:s.sarif', '--output=html:h.html']\n"
      "        + ['--'] * (1 - i % 2),\n"
      "        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,\n"
      "        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))\n"
      "    time.sleep(random.uniform(0.05, 0.6))\n"
      "    def hammer():\n"
      "        while p.poll() is None:\n"
      "            p.send_signal(random.choice([signal.SIGINT, signal.SIGTERM, signal.SIGHUP]))\n"
      "            time.sleep(random.uniform(0, 0.01))\n"
      "    t = threading.Thread(target=hammer); t.start()\n"
      "    text = p.stdout.read().decode(); p.wait(); t.join()\n"
      "    if p.returncode not in (0, 1, 3, -2, -15, -1): bad.append('exit %d' % p.returncode)\n"
      "    if p.returncode >= 0 and not text: bad.append('no standard output')\n"
      "    if text and not whole(text, False): bad.append('standard output')\n"
      "    for name in outputs:\n"
      "        if os.path.exists(name) and not whole(open(name).read(), 'html' in name):\n"
      "            bad.append(name)\n"
      "    bad += [name for name in os.listdir('.') if name.endswith('.tmp')]\n"
      "    for name in os.listdir('.'):\n"
      "        if name.endswith('.tmp'): os.remove(name)\n"
      "print('\\n'.join(bad))\n");
  EXPECT_EQ(run("python3 hammer.py 1").output, "\n");
}

} // namespace
} // namespace threadlint
