// The shared state of a small editor: two mutexes that two TUs take in opposite orders.
#pragma once

#include <mutex>
#include <string>

struct Document {
  std::mutex mu;
  std::string text;
};

struct Screen {
  std::mutex mu;
  int redraws = 0;
};

extern Document document;
extern Screen screen;

void render();
void type(const char *text);
