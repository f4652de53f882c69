// Takes the screen first and then the document.
#include "editor.h"

#include <cstdio>

void render() {
  std::lock_guard<std::mutex> holdScreen(screen.mu);
  ++screen.redraws;
  std::lock_guard<std::mutex> holdDocument(document.mu);
  std::printf("%s\n", document.text.c_str());
}
