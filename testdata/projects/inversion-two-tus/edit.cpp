// Takes the document first and, one call further, the screen.
#include "editor.h"

Document document;
Screen screen;

static void requestRedraw() {
  // expect: lock-order-inversion "Document::mu -> Screen::mu -> Document::mu"
  std::lock_guard<std::mutex> holdScreen(screen.mu);
  ++screen.redraws;
}

void type(const char *text) {
  std::lock_guard<std::mutex> holdDocument(document.mu);
  document.text += text;
  requestRedraw();
}
