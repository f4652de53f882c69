// RunTest: the launcher around programs of every kind: status, output, signals, bad input, static and arm64 programs.
#include "tests/support/Shell.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace threadlint {
namespace {

namespace fs = std::filesystem;

const std::string kRun = THREADLINT_BINARY_DIR "/bin/threadlint-trace run ";
const std::string kLib = THREADLINT_BINARY_DIR "/lib";
const std::string kData = THREADLINT_SOURCE_DIR "/testdata/tracer";
const std::string kFlags =
    " -g -D_GNU_SOURCE -pthread -I " + kData + " -I " THREADLINT_SOURCE_DIR "/tracer/include ";

/// A command in front of others that lets them mount; empty where that is not allowed.
std::string mounting() {
  for (const char *command : {"unshare -rm ", "unshare -m "})
    if (runShell(std::string(command) + "mount -t tmpfs none /dev/shm", "/").exitCode == 0)
      return command;
  return {};
}

#define SKIP_WITHOUT(condition, what)                                                              \
  if (!(condition))                                                                                \
  GTEST_SKIP() << "skipped: needs " << what

bool has(const std::string &text, const std::string &part) {
  return text.find(part) != std::string::npos;
}

class Run : public testing::Test {
protected:
  void build(const std::string &program, const std::string &compiler = "gcc") {
    ShellResult built =
        runShell(compiler + kFlags + kData + "/" + program + " -o program", folder_.path());
    ASSERT_EQ(built.exitCode, 0) << built.errors;
  }
  TemporaryFolder folder_;
};

TEST_F(Run, EndsLikeTheProgram) {
  EXPECT_EQ(runShell(kRun + "-- sh -c 'echo out; echo err >&2; exit 7'", folder_.path()).exitCode,
            7);
  EXPECT_EQ(runShell(kRun + "-- sh -c 'echo out'", folder_.path()).output, "out\n");
  EXPECT_EQ(runShell(kRun + "-- sh -c 'kill -SEGV $$'", folder_.path()).exitCode, 128 + 11);
  EXPECT_EQ(runShell("echo in | " + kRun + "-- cat", folder_.path()).output, "in\n");
}

TEST_F(Run, ExitCodeIsThatOfAFindingWhenAsked) {
  build("abba.c");
  EXPECT_EQ(runShell(kRun + "--exitcode=9 -- ./program", folder_.path()).exitCode, 9);
  EXPECT_EQ(runShell(kRun + "--exitcode=9 -- true", folder_.path()).exitCode, 0);
  EXPECT_EQ(runShell("THREADLINT_TRACE_OPTIONS=exitcode=8 " + kRun + "-- ./program", folder_.path())
                .exitCode,
            8);
}

TEST_F(Run, TellsOfATargetThatCannotRun) {
  ShellResult missing = runShell(kRun + "-- ./nowhere", folder_.path());
  EXPECT_EQ(missing.exitCode, 127);
  EXPECT_EQ(missing.errors,
            "threadlint-trace: cannot run './nowhere': No such file or directory\n");
  folder_.write("plain", "text\n");
  ShellResult plain = runShell(kRun + "-- ./plain", folder_.path());
  EXPECT_EQ(plain.exitCode, 126);
  EXPECT_TRUE(has(plain.errors, "cannot run './plain': Permission denied")) << plain.errors;
}

TEST_F(Run, RejectsWrongOptions) {
  for (const char *options : {"--on-deadlock=never -- true", "--exitcode=999 -- true",
                              "--stack-depth=0 -- true", "--nothing=1 -- true", "", "--"}) {
    ShellResult result = runShell(kRun + options, folder_.path());
    EXPECT_EQ(result.exitCode, 2) << options;
    EXPECT_TRUE(has(result.errors, "see 'threadlint-trace run --help'"))
        << options << result.errors;
  }
  EXPECT_TRUE(
      has(runShell("THREADLINT_TRACE_OPTIONS=depth=3 " + kRun + "-- true", folder_.path()).errors,
          "THREADLINT_TRACE_OPTIONS: unknown option 'depth'"));
}

TEST_F(Run, SaysThatAStaticProgramRunsUntraced) {
  folder_.write("main.c", "int main(void) { return 4; }\n");
  SKIP_WITHOUT(runShell("gcc -static main.c -o program", folder_.path()).exitCode == 0,
               "a static libc");
  ShellResult result = runShell(kRun + "-- ./program", folder_.path());
  EXPECT_EQ(result.exitCode, 4);
  EXPECT_TRUE(has(result.errors, "'./program' is statically linked")) << result.errors;
}

TEST_F(Run, TracesAStaticProgramWithTheArchive) {
  folder_.write("main.c", "int main(void) { return 4; }\n");
  SKIP_WITHOUT(runShell("gcc -static main.c -o probe", folder_.path()).exitCode == 0,
               "a static libc");
  ShellResult built =
      runShell("gcc -static" + kFlags + kData + "/abba.c @" + kLib + "/threadlint-trace.wrap -L" +
                   kLib + " -lthreadlint-trace -o program",
               folder_.path());
  ASSERT_EQ(built.exitCode, 0) << built.errors;
  ShellResult result = runShell(kRun + "-- ./program", folder_.path());
  EXPECT_EQ(result.exitCode, 3);
  EXPECT_TRUE(has(result.errors, "lock order inversion")) << result.errors;
  EXPECT_EQ(runShell("./program", folder_.path()).exitCode, 3)
      << "without the launcher nothing is traced";
  built = runShell("g++ -std=c++20 -static" + kFlags + kData + "/abba-std.cpp @" + kLib +
                       "/threadlint-trace.wrap -L" + kLib + " -lthreadlint-trace -o program",
                   folder_.path());
  ASSERT_EQ(built.exitCode, 0) << built.errors;
  EXPECT_TRUE(has(runShell(kRun + "-- ./program", folder_.path()).errors, "lock order inversion"));
}

TEST_F(Run, SaysThatAPrivilegedProgramRunsUntraced) {
  SKIP_WITHOUT(geteuid() == 0, "root");
  build("abba.c");
  ASSERT_EQ(
      runShell("chown 65534 program && chmod 4755 program && chmod 755 .", folder_.path()).exitCode,
      0);
  ShellResult result = runShell(kRun + "-- ./program", folder_.path());
  EXPECT_EQ(result.exitCode, 3);
  EXPECT_TRUE(has(result.errors, "is setuid")) << result.errors;
}

TEST_F(Run, SaysThatA32BitProgramRunsUntraced) {
  fs::copy_file("/bin/true", folder_.path() + "/program");
  std::fstream file(folder_.path() + "/program", std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4);
  file.put(1); // ELFCLASS32
  file.close();
  ShellResult result = runShell(kRun + "-- ./program", folder_.path());
  EXPECT_TRUE(has(result.errors, "is a 32-bit program")) << result.errors;
}

TEST_F(Run, GoesElsewhereWhenSharedMemoryIsFull) {
  const std::string mount = mounting();
  SKIP_WITHOUT(!mount.empty(), "mount namespaces");
  build("abba.c");
  ShellResult result = runShell(mount + "sh -c 'mount -t tmpfs -o size=64k none /dev/shm && " +
                                    kRun + "-- ./program'",
                                folder_.path());
  EXPECT_EQ(result.exitCode, 3);
  EXPECT_TRUE(has(result.errors, "lock order inversion")) << result.errors;
}

TEST_F(Run, CountsWhatAFullFileSystemDoesNotHold) {
  const std::string mount = mounting();
  SKIP_WITHOUT(!mount.empty(), "mount namespaces");
  build("many-locks.c");
  ShellResult result = runShell(mount +
                                    "sh -c 'mount -t tmpfs -o size=4200k none /dev/shm && "
                                    "head -c 3300k /dev/zero > /dev/shm/full & wait; " +
                                    kRun + "-- ./program'",
                                folder_.path());
  EXPECT_EQ(result.exitCode, 0) << result.errors;
  for (const char *size : {"4300k", "4600k", "5000k", "6000k"}) { // runs full at different moments
    result = runShell(mount + "sh -c 'mount -t tmpfs -o size=" + std::string(size) +
                          " none /dev/shm && " + kRun + "-- ./program'",
                      folder_.path());
    EXPECT_EQ(result.exitCode, 0) << size << result.errors;
  }
}

TEST_F(Run, RunsTwoAtOnceAndOneInsideAnother) {
  build("abba.c");
  ShellResult two = runShell(kRun + "--output=text:one.txt -- ./program & " + kRun +
                                 "--output=text:two.txt -- ./program; wait; cat one.txt two.txt",
                             folder_.path());
  EXPECT_TRUE(has(two.output, "lock order inversion")) << two.errors;
  EXPECT_NE(two.output.find("lock order inversion"), two.output.rfind("lock order inversion"));
  ShellResult inside =
      runShell(kRun + "--output=text:outer.txt -- " + kRun + "-- ./program", folder_.path());
  EXPECT_EQ(inside.exitCode, 3);
  EXPECT_TRUE(has(inside.errors, "runs inside another")) << inside.errors;
  EXPECT_TRUE(has(inside.errors, "lock order inversion")) << inside.errors;
}

TEST_F(Run, ReportsOnATargetThatHangsAndIsAskedToEnd) {
  build("hang.c");
  ShellResult result =
      runShell("timeout -s TERM 2 " + kRun + "--output=text:report.txt -- ./program; echo $?",
               folder_.path());
  EXPECT_TRUE(fs::exists(folder_.path() + "/report.txt"));
  EXPECT_TRUE(has(result.errors, "deadlock in process")) << result.errors;
  EXPECT_TRUE(has(result.errors, "holds mutex 'a', taken at")) << result.errors;
}

TEST_F(Run, AbortsADeadlockWhenAsked) {
  build("hang.c");
  EXPECT_EQ(runShell("ulimit -c 0; " + kRun + "--on-deadlock=abort -- ./program", folder_.path())
                .exitCode,
            128 + 6);
}

TEST_F(Run, AbortsEachOfSeveralEqualDeadlocks) {
  build("hang.c");
  ShellResult result = runShell("ulimit -c 0; timeout 20 " + kRun +
                                    "--output=text:report.txt --on-deadlock=abort -- sh -c "
                                    "'./program; echo $?; ./program; echo $?; ./program; echo $?'",
                                folder_.path());
  EXPECT_EQ(result.output, "134\n134\n134\n") << result.errors;
}

TEST_F(Run, RunsTheCommandOfADeadlockWithoutBlockedSignals) {
  build("hang.c");
  ShellResult result = runShell("timeout 20 " + kRun +
                                    "--on-deadlock=run:'grep SigBlk /proc/self/status > blocked; "
                                    "kill -TERM %p' -- ./program; cat blocked",
                                folder_.path());
  EXPECT_EQ(result.output, "SigBlk:\t0000000000000000\n") << result.errors;
}

TEST_F(Run, RemovesFoldersOfEndedLaunchersUnlessTheyAreLocked) {
  SKIP_WITHOUT(runShell("command -v flock", folder_.path()).exitCode == 0, "flock");
  // No process has such a number: like that of a launcher in another PID namespace.
  std::string left =
      "/dev/shm/threadlint-999999999-" + fs::path(folder_.path()).filename().string();
  SKIP_WITHOUT(fs::create_directory(left), "/dev/shm");
  std::ofstream(left + "/trace") << "x";
  runShell("flock " + left + " " + kRun + "-- true", folder_.path());
  EXPECT_TRUE(fs::exists(left + "/trace"));
  runShell(kRun + "-- true", folder_.path());
  EXPECT_FALSE(fs::exists(left));
  fs::remove_all(left);
}

TEST_F(Run, ShowsAMutexAsHeldAfterACancelledConditionWait) {
  build("cancelled-hang.c");
  ShellResult result = runShell(
      "timeout 20 " + kRun + "--on-deadlock=run:'kill -TERM %p' -- ./program", folder_.path());
  EXPECT_TRUE(has(result.errors, "holds mutex 'mutex', taken at")) << result.errors;
}

TEST_F(Run, AttachReportShowsWhoHoldsWhat) {
  build("hang.c");
  ShellResult result = runShell(
      kRun + "--trace=kept.%p --output=json:report.json -- ./program 2>/dev/null & launcher=$!; "
             "sleep 1; "
             "target=$(cat /proc/$launcher/task/$launcher/children); " THREADLINT_BINARY_DIR
             "/bin/threadlint-trace attach-report $target; echo status $?; kill -KILL $target; "
             "wait $launcher; ls",
      folder_.path());
  EXPECT_TRUE(has(result.output, "3 threads run, 3 in all; 2 locks held, 3 threads wait"))
      << result.output << result.errors;
  EXPECT_TRUE(has(result.output, "waits for mutex 'b'")) << result.output;
  EXPECT_TRUE(has(result.output, "status 1")) << result.output;
  EXPECT_TRUE(has(result.output, "kept.")) << result.output;
  EXPECT_EQ(runShell(THREADLINT_BINARY_DIR "/bin/threadlint-trace attach-report 1", folder_.path())
                .exitCode,
            2);
}

TEST_F(Run, TellsOfAStall) {
  folder_.write(
      "main.c",
      "#include <pthread.h>\n#include <unistd.h>\nstatic pthread_mutex_t m = "
      "PTHREAD_MUTEX_INITIALIZER;\n"
      "static void *w(void *x) { pthread_mutex_lock(&m); pthread_mutex_unlock(&m); return x; }\n"
      "int main(void) { pthread_t t; pthread_mutex_lock(&m); pthread_create(&t, 0, w, 0); "
      "sleep(3);\n"
      "  pthread_mutex_unlock(&m); pthread_join(t, 0); }\n");
  ASSERT_EQ(runShell("gcc -g -pthread main.c -o program", folder_.path()).exitCode, 0);
  EXPECT_TRUE(
      has(runShell(kRun + "--stall=1 -- ./program", folder_.path()).errors, "stall in process"));
  EXPECT_FALSE(
      has(runShell(kRun + "--stall=0 -- ./program", folder_.path()).errors, "stall in process"));
}

TEST_F(Run, LeavesChildrenAloneWhenAsked) {
  build("fork-threaded.c");
  ShellResult result =
      runShell(kRun + "--follow-fork=no --output=json:report.%p -- ./program; ls", folder_.path());
  EXPECT_EQ(result.output.find("report."), result.output.rfind("report.")) << result.output;
  EXPECT_TRUE(has(result.output, "report."));
}

TEST_F(Run, TracesArm64UnderQemu) {
  SKIP_WITHOUT(
      runShell("command -v aarch64-linux-gnu-g++ && command -v qemu-aarch64", folder_.path())
              .exitCode == 0,
      "g++-aarch64-linux-gnu and qemu-user");
  ShellResult built =
      runShell("for f in " THREADLINT_SOURCE_DIR "/tracer/runtime/*.cpp; do aarch64-linux-gnu-g++ "
               "-std=c++20 -D_GNU_SOURCE -I" THREADLINT_SOURCE_DIR
               " -O2 -fPIC -fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-stack-protector "
               "-fvisibility=hidden -Werror -c $f || exit 1; done; "
               "aarch64-linux-gnu-g++ -shared -nodefaultlibs *.o -lc -lgcc -o tracer.so",
               folder_.path());
  ASSERT_EQ(built.exitCode, 0) << built.errors;
  for (const char *level : {"-O0", "-O2"}) {
    ASSERT_EQ(runShell("aarch64-linux-gnu-g++ -std=c++20 " + std::string(level) + kFlags + kData +
                           "/abba-std.cpp -o program && rm -rf traces && mkdir traces",
                       folder_.path())
                  .exitCode,
              0);
    ShellResult result = runShell(
        "qemu-aarch64 -L /usr/aarch64-linux-gnu -E LD_PRELOAD=$PWD/tracer.so -E "
        "THREADLINT_TRACE_OPTIONS=session=$PWD/traces ./program; echo $?; " THREADLINT_BINARY_DIR
        "/bin/threadlint-trace report traces/*.tlt",
        folder_.path());
    EXPECT_EQ(result.output.rfind("0\n", 0), 0u) << result.output << result.errors;
    EXPECT_TRUE(has(result.output + result.errors, "lock order inversion"))
        << level << result.output << result.errors;
    EXPECT_TRUE(has(result.output, "abba-std.cpp:")) << level << result.output;
  }
}

TEST_F(Run, LibraryNeedsLibcAlone) {
  ShellResult result =
      runShell("readelf -d " + kLib + "/libthreadlint-trace.so | grep NEEDED", folder_.path());
  EXPECT_EQ(std::count(result.output.begin(), result.output.end(), '\n'), 1) << result.output;
  EXPECT_TRUE(has(result.output, "libc.so")) << result.output;
}

} // namespace
} // namespace threadlint
