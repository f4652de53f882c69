// Rows of a table are told apart, also behind a pointer to one; each thread has a column of its own. One row is touched by two.
#include <pthread.h>

static int rows[3][4], columns[2][4];

static void count(int *row) { row[1]++; }

static void *first(void *unused) {
  count(rows[0]);
  rows[1][2] = 1; // expect: data-race "rows"
  return unused;
}

static void *second(void *unused) {
  rows[2][1] = 1;
  count(rows[2]);
  rows[1][2] = 2;
  return unused;
}

static void *own(void *number) {
  columns[1][(long)number] = 1;
  return NULL;
}

int main(void) {
  pthread_t a, b, each[4];
  pthread_create(&a, NULL, first, NULL);
  pthread_create(&b, NULL, second, NULL);
  for (long i = 0; i < 4; i++)
    pthread_create(&each[i], NULL, own, (void *)i);
  for (int i = 0; i < 4; i++)
    pthread_join(each[i], NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return rows[0][0];
}
