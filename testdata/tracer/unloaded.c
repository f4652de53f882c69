// unloaded.c: the library whose lock and code were used is unloaded before the end.
// finds: lock-order-inversion
// library: unloaded.c
#include "program.h"
#include <dlfcn.h>

#ifdef LIBRARY
MUTEX(inLibrary);
void nest(pthread_mutex_t *other, int libraryFirst) {
  take(libraryFirst ? &inLibrary : other);
  take(libraryFirst ? other : &inLibrary);
  drop(libraryFirst ? other : &inLibrary);
  drop(libraryFirst ? &inLibrary : other);
}
#else
MUTEX(own);
static void (*nest)(pthread_mutex_t *, int);
static void *forward(void *unused) { nest(&own, 1); return unused; }
static void *backward(void *unused) { pauseMs(60); nest(&own, 0); return unused; }
int main(int count, char **arguments) {
  void *library = dlopen(count > 1 ? arguments[1] : "", RTLD_NOW);
  if (!library)
    return 99;
  *(void **)&nest = dlsym(library, "nest");
  both(forward, backward);
  dlclose(library);
}
#endif
