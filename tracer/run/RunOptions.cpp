// RunOptions: see RunOptions.h.
#include "tracer/run/RunOptions.h"

#include "analyzer/cli/Suggestion.h"

#include <llvm/ADT/StringRef.h>

#include <algorithm>

namespace threadlint::trace {

const char *const kRunHelp =
    R"(usage: threadlint-trace run [OPTIONS] -- COMMAND [ARGUMENTS]

Runs COMMAND with the lock tracer, tells of hangs while they hang, and writes a report when it has ended. Ends with COMMAND's status.

  --output=FORMAT[:PATH]      report as text, json, sarif, html, ...; repeatable; %p in PATH is the process (default: text to stderr)
  --trace=PATH                keep the trace file, for `threadlint-trace report` and `threadlint merge`; %p is the process
  --exitcode=N                end with N when there is a finding
  --on-deadlock=log|abort|run:CMD
                              when a deadlock forms: tell; also abort the program; also run CMD (%p is the process)
  --stall=SECONDS             tell when a thread waits so long for a lock whose owner sleeps (default 10, 0: never)
  --follow-fork=yes|no        trace child processes too (default yes)
  --suppressions=PATH         findings to leave out, as for `threadlint-trace report`
  --stack-depth=N             frames per stack, 1 to 256 (default 32)
  --history=N                 room for 2^N times as many records, 0 to 6 (default 0)
  --times=yes|no              acquisitions and hold times of every lock (slower; default no)
  --lock-ids=words|table      keep lock numbers in unused words of glibc's locks, or beside them (default words)
  --help

THREADLINT_TRACE_OPTIONS takes the same options as key=value, separated by ':' or ',': history=2:stack-depth=64
A value with '=' and such a separator in it stands in quotes: output='json:my,reports/a=b.json'
)";

namespace {

constexpr std::string_view kNames[] = {"output",  "trace",       "exitcode",     "on-deadlock",
                                       "stall",   "follow-fork", "suppressions", "stack-depth",
                                       "history", "times",       "lock-ids"};

bool isKnown(std::string_view name) {
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

/// `typed` is the option as the user wrote it, `dashes` what stands before its name.
std::string unknownOption(const std::string &typed, std::string_view dashes) {
  std::string suggestion = didYouMean(typed.substr(dashes.size()), kNames);
  if (std::size_t quote = suggestion.find('\''); quote != std::string::npos)
    suggestion.insert(quote + 1, dashes);
  return "unknown option '" + typed + "'" + suggestion;
}

bool parseNumber(const std::string &text, unsigned low, unsigned high, unsigned &number) {
  return !llvm::StringRef(text).getAsInteger(10, number) && number >= low && number <= high;
}

/// Applies one option; the error, or nothing.
std::string apply(RunOptions &options, const std::string &key, const std::string &value) {
  auto outOfRange = [&](const char *range) {
    return "'" + key + "' must be " + range + ", not '" + value + "'";
  };
  auto forRuntime = [&](const std::string &text) {
    std::erase_if(options.runtime,
                  [&](const std::string &entry) { return entry.starts_with(key + "="); });
    options.runtime.push_back(key + "=" + text);
  };
  unsigned number = 0;
  bool isYes = value == "yes" || value == "1" || value == "true",
       isNo = value == "no" || value == "0" || value == "false";
  if (key == "output") {
    options.outputs.push_back(value);
  } else if (key == "trace") {
    options.traceFile = value;
  } else if (key == "suppressions") {
    options.reportOptions.push_back("--suppressions=" + value);
  } else if (key == "exitcode") {
    if (!parseNumber(value, 0, 255, number))
      return outOfRange("a number from 0 to 255");
    options.exitCode = static_cast<int>(number);
  } else if (key == "on-deadlock") {
    if (value == "log")
      options.watch.onDeadlock = OnDeadlock::Log;
    else if (value == "abort")
      options.watch.onDeadlock = OnDeadlock::Abort;
    else if (value.starts_with("run:") && value.size() > 4)
      options.watch.onDeadlock = OnDeadlock::Run, options.watch.command = value.substr(4);
    else
      return outOfRange("log, abort or run:COMMAND");
  } else if (key == "stall") {
    if (!parseNumber(value, 0, 86400, number))
      return outOfRange("a number of seconds");
    options.watch.stallNs = std::uint64_t{number} * 1'000'000'000;
  } else if (key == "follow-fork" || key == "times") {
    if (!isYes && !isNo)
      return outOfRange("yes or no");
    forRuntime(isYes ? "yes" : "no");
  } else if (key == "stack-depth") {
    if (!parseNumber(value, 1, 256, number))
      return outOfRange("a number from 1 to 256");
    forRuntime(value);
  } else if (key == "history") {
    if (!parseNumber(value, 0, 6, number))
      return outOfRange("a number from 0 to 6");
    forRuntime(value);
  } else if (key == "lock-ids") {
    if (value != "words" && value != "table")
      return outOfRange("words or table");
    forRuntime(value);
  } else {
    return unknownOption(key, "");
  }
  return {};
}

/// Splits at ':' and ','; what has no '=' continues the value before it ("output=json:out.json"). A value that begins with a quote ends
/// at the next one of its kind. The error, or nothing.
std::string splitEnvironment(const std::string &text, std::vector<std::string> &items) {
  for (std::size_t start = 0; start <= text.size();) {
    std::size_t end = std::min(text.find_first_of(":,", start), text.size()),
                equals = std::min(text.find('=', start), text.size());
    if (equals + 1 < std::min(end + 1, text.size()) &&
        (text[equals + 1] == '\'' || text[equals + 1] == '"')) {
      std::size_t close = text.find(text[equals + 1], equals + 2);
      if (close == std::string::npos)
        return "no closing " + text.substr(equals + 1, 1) + " after '" +
               text.substr(start, equals - start) + "='";
      if (close + 1 < text.size() && text[close + 1] != ':' && text[close + 1] != ',')
        return "no ':' after the value of '" + text.substr(start, equals - start) + "'";
      items.push_back(text.substr(start, equals + 1 - start) +
                      text.substr(equals + 2, close - equals - 2));
      start = close + 2;
      continue;
    }
    std::string item = text.substr(start, end - start);
    if (item.find('=') == std::string::npos && !items.empty() && !item.empty())
      items.back() += text.substr(start - 1, 1) + item;
    else if (!item.empty())
      items.push_back(item);
    start = end + 1;
  }
  return {};
}

} // namespace

RunOptionsResult parseRunOptions(std::span<const std::string> arguments, const char *environment) {
  RunOptionsResult result;
  std::vector<std::string> items;
  result.error = splitEnvironment(environment ? environment : "", items);
  if (!result.error.empty())
    result.error = "THREADLINT_TRACE_OPTIONS: " + result.error;
  for (const std::string &item : items) {
    if (!result.error.empty())
      return result;
    std::size_t equals = item.find('=');
    std::string key = item.substr(0, equals);
    if (key == "session" || key == "root")
      continue; // of a launcher around this one
    result.error = equals == std::string::npos
                       ? "'" + item + "' is not key=value"
                       : apply(result.options, key, item.substr(equals + 1));
    if (!result.error.empty())
      result.error = "THREADLINT_TRACE_OPTIONS: " + result.error;
  }
  if (!result.error.empty())
    return result;
  std::vector<std::string> fromEnvironment = std::move(result.options.outputs);
  result.options.outputs.clear();
  std::size_t at = 0;
  for (; at < arguments.size(); ++at) {
    std::string argument = arguments[at];
    if (argument == "--") {
      ++at;
      break;
    }
    if (argument == "--help" || argument == "-h") {
      result.isHelp = true;
      return result;
    }
    if (!argument.starts_with("-"))
      break;
    std::size_t equals = argument.find('=');
    std::string key = argument.substr(0, equals);
    if (!key.starts_with("--") || !isKnown(key.substr(2))) {
      result.error = unknownOption(key, key.starts_with("--") ? "--" : "-");
      return result;
    }
    std::string value;
    if (equals != std::string::npos) {
      value = argument.substr(equals + 1);
    } else if (key == "--times") {
      value = "yes";
    } else if (at + 1 < arguments.size() && arguments[at + 1] != "--") {
      value = arguments[++at];
    } else {
      result.error = "'" + key + "' needs a value";
      return result;
    }
    result.error = apply(result.options, key.substr(2), value);
    if (!result.error.empty())
      return result;
  }
  if (result.options.outputs.empty())
    result.options.outputs = std::move(fromEnvironment);
  result.options.command.assign(arguments.begin() + static_cast<std::ptrdiff_t>(at),
                                arguments.end());
  if (result.options.command.empty())
    result.error = "no command to run";
  return result;
}

} // namespace threadlint::trace
