// Progress: each state is one write, so lines of several processes do not mix.
#include "analyzer/cli/Progress.h"

#include "analyzer/report/Escapes.h"

#include <unistd.h>

namespace threadlint {
namespace {

constexpr std::size_t kBarWidth = 24, kLongestName = 48;

void print(const std::string &text) {
  // Nobody can be told when standard error is gone.
  [[maybe_unused]] ssize_t ignored = write(2, text.data(), text.size());
}

} // namespace

void Progress::advance(const std::string &rawFile) {
  const std::string file = onOneLine(rawFile);
  ++done_;
  std::string counter = "[" + std::to_string(done_) + "/" + std::to_string(total_) + "]";
  switch (style_) {
  case Style::None:
    return;
  case Style::Lines:
    print(counter + " " + file + "\n");
    return;
  case Style::Bar:
    std::size_t filled = kBarWidth * done_ / total_;
    std::string name =
        file.size() <= kLongestName ? file : "..." + file.substr(file.size() - kLongestName + 3);
    print("\r[" + std::string(filled, '=') + std::string(kBarWidth - filled, ' ') + "] " + counter +
          " " + name + "\x1b[K");
    return;
  }
}

void Progress::show(const std::string &activity) {
  if (style_ == Style::Bar)
    print("\r" + activity + "\x1b[K");
}

void Progress::finish() {
  if (style_ == Style::Bar)
    print("\r\x1b[K");
}

} // namespace threadlint
