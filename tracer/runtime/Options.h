// Options: what THREADLINT_TRACE_OPTIONS says to the runtime.
//
// `key=value` separated by ':' or ','; a value with these in it stands in quotes. The launcher checks keys and values and prints errors; the runtime skips what it does not know.
// Keys of the launcher (output, exitcode, on-deadlock, suppressions, ...) are skipped here.
#pragma once

#include <cstdint>

namespace threadlint::trace {

struct Options {
  char folder[200] = {};    // session=FOLDER: where trace files are made
  char file[200] = {};      // trace=PATH, with %p: without a launcher
  uint32_t stackDepth = 32; // stack-depth=N frames, 1..256
  uint32_t history = 0;     // history=N: the tables have room for 2^N times as many records, 0..6
  uint32_t rootPid = 0;     // root=PID: with follow-fork=no only this process is traced
  bool followFork = true;   // follow-fork=yes|no
  bool times =
      false; // times=yes|no: acquisitions and hold times per lock, at the price of the slow path each time
  bool lockWords =
      true; // lock-ids=words|table: lock numbers in unused words of glibc's objects, or only in a table
  char text[600] = {}; // as given
};

/// Puts what the text of the environment says over `options`; null, as when there is none, says nothing.
void readOptions(const char *text, Options &options);

} // namespace threadlint::trace
