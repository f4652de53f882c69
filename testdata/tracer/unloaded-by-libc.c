// unloaded-by-libc.c: libraries come to lie where libc had its own ones for character sets, which it unloads without dlclose.
// finds: lock-order-inversion
// library: unloaded-by-libc.c
// site: 12
#include "program.h"
#include <dlfcn.h>
#include <iconv.h>

#ifdef LIBRARY
void nest(pthread_mutex_t *first, pthread_mutex_t *second) {
  take(first);
  take(second);
  drop(second);
  drop(first);
}
#else
MUTEX(a);
MUTEX(b);
static void (*nest)(pthread_mutex_t *, pthread_mutex_t *);
static void *forward(void *unused) { nest(&a, &b); return unused; }
static void *backward(void *unused) { pauseMs(60); nest(&b, &a); return unused; }
static void load(const char *from, int number) {
  char name[32], bytes[4096];
  snprintf(name, sizeof name, "./copy%d.so", number);
  FILE *in = fopen(from, "rb"), *out = fopen(name, "wb");
  for (size_t got; (got = fread(bytes, 1, sizeof bytes, in)) > 0;)
    fwrite(bytes, 1, got, out);
  fclose(in);
  fclose(out);
  void *library = dlopen(name, RTLD_NOW);
  *(void **)&nest = library ? dlsym(library, "nest") : 0;
  if (!nest)
    exit(99);
}
int main(int count, char **arguments) {
  const char *path = count > 1 ? arguments[1] : "";
  static const char *const kSets[] = {"EUC-JP", "SHIFT_JIS", "BIG5"};
  iconv_t sets[3];
  for (int at = 0; at < 3; ++at)
    sets[at] = iconv_open("UTF-16", kSets[at]);
  load(path, 0); // unknown code: now the loaded libraries are looked at
  nest(&a, &b);
  for (int at = 0; at < 3; ++at)
    if (sets[at] != (iconv_t)-1)
      iconv_close(sets[at]);
  for (int round = 0; round < 8; ++round) { // libc keeps those of the last ones for a while
    iconv_t other = iconv_open("UTF-16", "EUC-KR");
    if (other != (iconv_t)-1)
      iconv_close(other);
  }
  for (int number = 1; number < 5; ++number) {
    load(path, number);
    both(forward, backward);
  }
}
#endif
