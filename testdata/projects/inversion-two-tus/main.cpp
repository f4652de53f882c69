// Runs the renderer and the typist in parallel.
#include "editor.h"

#include <thread>

int main() {
  std::thread renderer(render);
  std::thread typist(type, "hello");
  renderer.join();
  typist.join();
}
