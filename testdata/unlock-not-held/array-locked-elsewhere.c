// Start-up takes every lock of an array, another function gives them all back: which elements a loop gets at is not known.
#include <pthread.h>

enum { kWorkers = 4 };
static pthread_mutex_t gates[kWorkers];
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static int isOpen;

static void *work(void *index) {
  pthread_mutex_lock(&gates[(long)index]);
  pthread_mutex_unlock(&gates[(long)index]);
  return NULL;
}

static void openGates(int workers) {
  for (int i = 0; i < workers; ++i)
    pthread_mutex_unlock(&gates[i]);
  isOpen = 1;
}

// The near miss: one lock, and nobody took it.
static void *leave(void *argument) {
  pthread_mutex_unlock(&gate); // expect: unlock-not-held
  return argument;
}

int main(int argc, char **argv) {
  pthread_t threads[kWorkers], leaver;
  int workers = argc > 2 ? kWorkers : 1;
  (void)argv;
  for (int i = 0; i < workers; ++i) {
    pthread_mutex_init(&gates[i], NULL);
    pthread_mutex_lock(&gates[i]);
    pthread_create(&threads[i], NULL, work, (void *)(long)i);
  }
  openGates(workers);
  pthread_create(&leaver, NULL, leave, NULL);
  pthread_join(leaver, NULL);
  for (int i = 0; i < workers; ++i)
    pthread_join(threads[i], NULL);
  return isOpen;
}
