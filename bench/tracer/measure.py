#!/usr/bin/env python3
"""measure: what the lock tracer costs, beside other tools, in one run.

  bench/tracer/measure.py --build build/release [--quick] [--only pairs|programs|hang|truth]

Prints Markdown tables. Times are the best of several runs; instruction counts are callgrind's and do not depend on what else runs.
"""
import argparse
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def sh(command, env=None, **options):
    return subprocess.run(command, env=env, capture_output=True, text=True, **options)


class Bench:
    def __init__(self, build, quick):
        self.build = pathlib.Path(build).resolve()
        self.quick = quick
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="tracer-bench-"))
        self.runtime = self.build / "lib/libthreadlint-trace.so"
        self.launcher = self.build / "bin/threadlint-trace"
        for source, flags, output in (("pairs.c", "-O2 -pthread", "pairs"), ("pairs.c", "-O1 -g -pthread -fsanitize=thread", "pairs-tsan"),
                                      ("forward.c", "-O2 -shared -fPIC", "forward.so"), ("kvload.c", "-O2 -pthread", "kvload"),
                                      ("usage.c", "-O2", "usage")):
            compiler = "clang-22" if "tsan" in output else "gcc"
            result = sh([compiler, *flags.split(), str(HERE / source), "-o", str(self.work / output)])
            if result.returncode:
                print(f"skipped: {output} does not build with {compiler}: {result.stderr.splitlines()[:1]}")

    def tracer_environment(self):
        folder = tempfile.mkdtemp(prefix="threadlint-0-", dir="/dev/shm")
        return folder, dict(os.environ, LD_PRELOAD=str(self.runtime), THREADLINT_TRACE_OPTIONS=f"session={folder}")

    # Pairs of lock and unlock.
    TOOLS = ("native", "forwarding", "threadlint-trace", "ThreadSanitizer", "Helgrind", "DRD")

    def pair(self, tool, case, count, repeats):
        binary = [str(self.work / ("pairs-tsan" if tool == "ThreadSanitizer" else "pairs")), case, str(count), str(repeats)]
        env, folder = dict(os.environ), None
        if tool == "forwarding":
            env["LD_PRELOAD"] = str(self.work / "forward.so")
        elif tool == "threadlint-trace":
            folder, env = self.tracer_environment()
        elif tool in ("Helgrind", "DRD"):
            if not shutil.which("valgrind"):
                return None
            binary = ["valgrind", f"--tool={tool.lower()}", "-q", *binary]
        result = sh(binary, env=env)
        if folder:
            shutil.rmtree(folder)
        try:
            return float(result.stdout.split()[-1])
        except (IndexError, ValueError):
            return None

    def instructions(self, tool, case, depth):
        """Instructions per pair, from the difference of two runs."""
        if not shutil.which("valgrind"):
            return None
        totals = []
        for count in (8000, 88000):
            env, folder = dict(os.environ), None
            if tool == "forwarding":
                env["LD_PRELOAD"] = str(self.work / "forward.so")
            elif tool == "threadlint-trace":
                folder, env = self.tracer_environment()
            result = sh(["valgrind", "--tool=callgrind", f"--callgrind-out-file={self.work}/callgrind.out", str(self.work / "pairs"), case,
                         str(count), "1"], env=env)
            if folder:
                shutil.rmtree(folder)
            found = re.search(r"Collected : (\d+)", result.stderr)
            if not found:
                return None
            totals.append(int(found.group(1)))
        return (totals[1] - totals[0]) / 80000

    def pairs(self):
        print("## Lock and unlock, nanoseconds per pair (times native)\n")
        print("| case | " + " | ".join(self.TOOLS) + " |")
        print("|---" * (len(self.TOOLS) + 1) + "|")
        for case in ("depth1", "depth2", "depth4", "distinct", "distinct-nested", "contended", "rwlock"):
            row, native = [], None
            for tool in self.TOOLS:
                slow = tool in ("Helgrind", "DRD")
                count = 20000 if slow else 200000 if tool == "ThreadSanitizer" else 400000 if self.quick else 2000000
                value = self.pair(tool, case, count, 1 if slow else 15)
                native = native or value
                row.append("–" if value is None else f"{value:.1f} ({value / native:.1f} ×)" if tool != "native" else f"{value:.1f}")
            print(f"| {case} | " + " | ".join(row) + " |", flush=True)
        print("\n## Instructions per pair (callgrind)\n")
        print("| case | native | forwarding | threadlint-trace | added |\n|---|---|---|---|---|")
        for case in ("depth1", "depth2", "depth4", "distinct", "rwlock"):
            values = [self.instructions(tool, case, 1) for tool in self.TOOLS[:3]]
            if None in values:
                print(f"| {case} | callgrind is not installed | | | |")
            else:
                print(f"| {case} | " + " | ".join(f"{value:.0f}" for value in values) + f" | +{values[2] - values[0]:.0f} |", flush=True)
        print()

    # Programs.
    def start(self, command, env, output):
        """Starts it under usage.c, in a group of its own; only the command itself is traced."""
        settings = [f"{name}={value}" for name, value in env.items() - os.environ.items()]
        return subprocess.Popen([str(self.work / "usage"), str(self.work / "usage.out"), "env", *settings, *command], stdout=output,
                                stderr=subprocess.DEVNULL, start_new_session=True)

    def usage(self):
        """CPU seconds and peak memory in KB of what was started last and has ended."""
        seconds, memory = (self.work / "usage.out").read_text().split()
        return float(seconds), int(memory)

    def cpu(self, command, env, output):
        with open(output, "wb") as file:
            status = self.start(command, env, file).wait()
        if status:
            raise RuntimeError(f"{command} ended with {status}")
        return self.usage()

    def load(self):
        """What else runs: times are to be believed when it is well below the number of processors."""
        print(f"Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors.\n", flush=True)

    def programs(self):
        print("## Programs, CPU time and peak memory\n")
        print("| program | native | threadlint-trace | ratio | memory | output |\n|---|---|---|---|---|---|")
        data = self.work / "data"
        with open(data, "wb") as file:
            size = (20 if self.quick else 60) << 20
            for path in sorted(pathlib.Path("/usr/lib").rglob("*.so*")):
                if file.tell() < size and path.is_file() and not path.is_symlink():
                    file.write(path.read_bytes()[: size - file.tell()])
        for name, command in (("pigz", "pigz -p4 -k -c"), ("pbzip2", "pbzip2 -p4 -k -c"), ("zstd", "zstd -T4 -q -c -9"), ("xz", "xz -T4 -k -c -1")):
            if not shutil.which(name):
                print(f"| {name} | not installed | | | | |")
                continue
            best = {}
            for _ in range(2 if self.quick else 4):
                for tool in ("native", "traced"):
                    env, folder = dict(os.environ), None
                    if tool == "traced":
                        folder, env = self.tracer_environment()
                    value = self.cpu([*command.split(), str(data)], env, self.work / f"out.{tool}")
                    best[tool] = min(best.get(tool, value), value)
                    if folder:
                        shutil.rmtree(folder)
            same = (self.work / "out.native").read_bytes() == (self.work / "out.traced").read_bytes()
            (native, memory), (traced, tracedMemory) = best["native"], best["traced"]
            print(f"| {name} | {native:.2f} s | {traced:.2f} s | {traced / native:.3f} | +{(tracedMemory - memory) / 1024:.1f} MB | "
                  f"{'equal' if same else 'DIFFERENT'} |", flush=True)
        self.memcached()
        print()

    def memcached(self):
        if not shutil.which("memcached"):
            print("| memcached | not installed | | | | |")
            return
        best = {}
        # Most of it is the kernel's work for the network, which varies: long runs, and several in turn.
        for turn in range(4 if self.quick else 8):
            for tool in ("native", "traced"):
                env, folder, port = dict(os.environ), None, 21000 + os.getpid() % 1000 + turn * 2 + (tool == "traced")
                if tool == "traced":
                    folder, env = self.tracer_environment()
                server = self.start(["memcached", "-u", "root", "-l", "127.0.0.1", "-p", str(port), "-t", "2", "-U", "0"], env, subprocess.DEVNULL)
                time.sleep(0.5)
                load = sh([str(self.work / "kvload"), str(port), "8", "20000"])
                os.killpg(server.pid, signal.SIGTERM)
                server.wait()
                if load.returncode:
                    print(f"| memcached | the load failed: {load.stderr.strip()} | | | | |")
                    return
                value = self.usage()
                best[tool] = min(best.get(tool, value), value)
                if folder:
                    shutil.rmtree(folder)
        (native, memory), (traced, tracedMemory) = best["native"], best["traced"]
        print(f"| memcached | {native:.2f} s | {traced:.2f} s | {traced / native:.3f} | +{(tracedMemory - memory) / 1024:.1f} MB | |", flush=True)

    # How soon a hang is told.
    def hang(self):
        program = self.work / "hang"
        sh(["gcc", "-g", "-O1", "-D_GNU_SOURCE", "-pthread", "-I", str(ROOT / "testdata/tracer"), str(ROOT / "testdata/tracer/hang.c"), "-o", str(program)])
        print("## A deadlock, from when the threads block to the report\n\n| run | ms |\n|---|---|")
        for number in range(5):
            trace = self.work / "hang.tlt"
            sh([str(self.launcher), "run", "--on-deadlock=run:kill -KILL %p", "--output=json:/dev/null", f"--trace={trace}", "--", str(program)])
            content = trace.read_bytes()
            # The table of incidents is the 14th; see tracer/record/Record.h.
            header_size = struct.unpack_from("<I", content, 16)[0]
            offset = struct.unpack_from("<Q", content, header_size - (32 - 13) * 48)[0]
            formed, reported = struct.unpack_from("<QQ", content, offset + 16)
            print(f"| {number + 1} | {(reported - formed) / 1e6:.0f} |", flush=True)
        print()

    # Known truth, beside other tools.
    def truth(self):
        data = ROOT / "testdata/tracer"
        print("## Programs with known truth: right (✓), missed, false alarm\n\n| program | truth | threadlint-trace | ThreadSanitizer | Helgrind |\n|---|---|---|---|---|")
        totals = {}
        for source in sorted(data.glob("*.c*")):
            text = source.read_text()
            header = "".join(line for line in text.splitlines(True) if line.startswith("//"))
            if "// library:" in header:
                continue
            bug = "// finds:" in header
            flags = ["-g", "-O1", "-D_GNU_SOURCE", "-pthread", "-I", str(data), "-I", str(ROOT / "tracer/include")]
            compiler = "clang++-22" if source.suffix == ".cpp" else "clang-22"
            flags += ["-std=c++20"] if source.suffix == ".cpp" else []
            sh([compiler, *flags, str(source), "-o", str(self.work / "truth")])
            sh([compiler, *flags, "-fsanitize=thread", str(source), "-o", str(self.work / "truth-tsan")])

            def told(command, words, env=None):
                try:
                    result = subprocess.run(command, env=env, capture_output=True, timeout=60, errors="replace")
                    output = result.stdout + result.stderr
                except subprocess.TimeoutExpired as error:
                    output = ((error.stdout or b"") + (error.stderr or b"")).decode(errors="replace")
                return any(word in output for word in words)

            row = {
                "threadlint-trace": told(["timeout", "-k", "2", "30", str(self.launcher), "run", "--on-deadlock=run:kill -TERM %p", "--", str(self.work / "truth")], ["[threadlint-"]),
                "ThreadSanitizer": told(["timeout", "-k", "2", "5", str(self.work / "truth-tsan")], ["WARNING: ThreadSanitizer"], dict(os.environ, TSAN_OPTIONS="detect_deadlocks=1:second_deadlock_stack=1")),
                "Helgrind": told(["timeout", "-k", "2", "20", "valgrind", "--tool=helgrind", str(self.work / "truth")], ["lock order", "Thread #", "deadlock"]) if shutil.which("valgrind") else None,
            }
            cells = []
            for tool, alarm in row.items():
                verdict = "–" if alarm is None else "✓" if alarm == bug else "missed" if bug else "false alarm"
                totals.setdefault(tool, {}).setdefault(verdict, 0)
                totals[tool][verdict] += 1
                cells.append(verdict)
            print(f"| {source.name} | {'bug' if bug else 'clean'} | " + " | ".join(cells) + " |", flush=True)
        print("\n" + "; ".join(f"{tool}: " + ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items())) for tool, counts in totals.items()) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=ROOT / "build/release")
    parser.add_argument("--quick", action="store_true", help="fewer repeats")
    parser.add_argument("--only", choices=("pairs", "programs", "hang", "truth"))
    arguments = parser.parse_args()
    bench = Bench(arguments.build, arguments.quick)
    if not bench.runtime.exists():
        sys.exit(f"measure: error: '{bench.runtime}' is not built")
    try:
        for part in ("pairs", "programs", "hang", "truth"):
            if arguments.only in (None, part):
                bench.load()
                getattr(bench, part)()
    finally:
        shutil.rmtree(bench.work)


if __name__ == "__main__":
    main()
