// self-deadlock.c: a plain mutex is taken twice.
// finds: self-deadlock
// hangs
#include "program.h"

MUTEX(mutex);
int main(void) {
  take(&mutex);
  take(&mutex);
}
