// pairs: the cost of locking and unlocking. `pairs CASE COUNT [REPEATS]` prints nanoseconds per pair, the best of the repeats.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { kMany = 10000 };
static pthread_mutex_t nested[4] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                    PTHREAD_MUTEX_INITIALIZER};
static pthread_mutex_t many[kMany];
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static long count;
static volatile long shared;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e9 + time.tv_nsec;
}

static void depth(int levels) {
  for (long i = 0; i < count; i += levels) {
    for (int level = 0; level < levels; ++level)
      pthread_mutex_lock(&nested[level]);
    for (int level = levels; level-- > 0;)
      pthread_mutex_unlock(&nested[level]);
  }
}
static void distinct(void) {
  for (long i = 0; i < count; ++i) {
    pthread_mutex_lock(&many[i % kMany]);
    pthread_mutex_unlock(&many[i % kMany]);
  }
}
static void distinctNested(void) {
  for (long i = 0; i < count; i += 2) {
    pthread_mutex_lock(&nested[0]);
    pthread_mutex_lock(&many[i / 2 % kMany]);
    pthread_mutex_unlock(&many[i / 2 % kMany]);
    pthread_mutex_unlock(&nested[0]);
  }
}
static void *contend(void *unused) {
  for (long i = 0; i < count / 2; ++i) {
    pthread_mutex_lock(&nested[0]);
    ++shared;
    pthread_mutex_unlock(&nested[0]);
  }
  return unused;
}
static void contended(void) {
  pthread_t other;
  pthread_create(&other, 0, contend, 0);
  contend(0);
  pthread_join(other, 0);
}
static void readers(void) {
  for (long i = 0; i < count; ++i) {
    pthread_rwlock_rdlock(&rwlock);
    pthread_rwlock_unlock(&rwlock);
  }
}
static void *touch(void *unused) { // so that the locks are shared, as in a program with threads
  for (int i = 0; i < 4; ++i) {
    pthread_mutex_lock(&nested[i]);
    pthread_mutex_unlock(&nested[i]);
  }
  return unused;
}

int main(int arguments, char **argument) {
  if (arguments < 3)
    return 2;
  const char *name = argument[1];
  count = atol(argument[2]);
  int repeats = arguments > 3 ? atoi(argument[3]) : 5;
  pthread_t other;
  touch(0);
  pthread_create(&other, 0, touch, 0);
  pthread_join(other, 0);
  double best = 1e18;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    double begin = now();
    if (!strncmp(name, "depth", 5))
      depth(name[5] - '0');
    else if (!strcmp(name, "distinct"))
      distinct();
    else if (!strcmp(name, "distinct-nested"))
      distinctNested();
    else if (!strcmp(name, "contended"))
      contended();
    else if (!strcmp(name, "rwlock"))
      readers();
    else
      return 2;
    double time = (now() - begin) / count;
    best = time < best ? time : best;
  }
  printf("%.2f\n", best);
}
