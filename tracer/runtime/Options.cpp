// Options: see Options.h.
#include "tracer/runtime/Options.h"

#include "tracer/runtime/System.h"

namespace threadlint::trace {

namespace {

uint32_t numberOf(const char *value) {
  uint32_t number = 0;
  while (*value >= '0' && *value <= '9')
    number = number * 10 + static_cast<uint32_t>(*value++ - '0');
  return number;
}

bool isYes(const char *value) { return *value == 'y' || *value == '1' || *value == 't'; }

uint32_t within(uint32_t value, uint32_t low, uint32_t high) {
  return value < low ? low : value > high ? high : value;
}

void apply(Options &options, const char *key, const char *value) {
  if (sameText(key, "session"))
    appendText(options.folder, sizeof options.folder, 0, value);
  else if (sameText(key, "trace"))
    appendText(options.file, sizeof options.file, 0, value);
  else if (sameText(key, "stack-depth"))
    options.stackDepth = within(numberOf(value), 1, 256);
  else if (sameText(key, "history"))
    options.history = within(numberOf(value), 0, 6);
  else if (sameText(key, "root"))
    options.rootPid = numberOf(value);
  else if (sameText(key, "follow-fork"))
    options.followFork = isYes(value);
  else if (sameText(key, "times"))
    options.times = isYes(value);
  else if (sameText(key, "lock-ids"))
    options.lockWords = !sameText(value, "table");
}

} // namespace

void readOptions(const char *text, Options &options) {
  if (!text)
    return;
  appendText(options.text, sizeof options.text, 0, text);
  char item[256];
  while (*text) {
    size_t length = 0;
    char quote = 0; // around the value
    while (*text && (quote || (*text != ':' && *text != ','))) {
      if (quote ? *text == quote
                : length && item[length - 1] == '=' && (*text == '\'' || *text == '"')) {
        quote = quote ? 0 : *text;
        ++text;
        continue;
      }
      if (length + 1 < sizeof item)
        item[length++] = *text;
      ++text;
    }
    item[length] = 0;
    if (*text)
      ++text;
    for (size_t at = 0; at < length; ++at)
      if (item[at] == '=') {
        item[at] = 0;
        apply(options, item, item + at + 1);
        break;
      }
  }
}

} // namespace threadlint::trace
