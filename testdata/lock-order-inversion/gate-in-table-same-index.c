// The gate is picked by the same index as the locks inside it: whoever takes the same two locks holds the same gate.
#include <pthread.h>
#include <stddef.h>

struct Shelf {
  pthread_mutex_t left, right;
  int books;
};

static pthread_mutex_t gates[16];
static struct Shelf shelves[16];

static void lean_left(int i) {
  pthread_mutex_lock(&gates[i]);
  pthread_mutex_lock(&shelves[i].left);
  pthread_mutex_lock(&shelves[i].right);
  shelves[i].books++;
  pthread_mutex_unlock(&shelves[i].right);
  pthread_mutex_unlock(&shelves[i].left);
  pthread_mutex_unlock(&gates[i]);
}

static void lean_right(int i) {
  pthread_mutex_lock(&gates[i]);
  pthread_mutex_lock(&shelves[i].right);
  pthread_mutex_lock(&shelves[i].left);
  shelves[i].books--;
  pthread_mutex_unlock(&shelves[i].left);
  pthread_mutex_unlock(&shelves[i].right);
  pthread_mutex_unlock(&gates[i]);
}

static void *first(void *unused) {
  for (int i = 0; i < 16; i++)
    lean_left(i);
  return unused;
}

static void *second(void *unused) {
  for (int i = 15; i >= 0; i--)
    lean_right(i);
  return unused;
}

int main(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, first, NULL);
  pthread_create(&threads[1], NULL, second, NULL);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
  return 0;
}
