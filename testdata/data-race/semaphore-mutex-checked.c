/* semaphore-mutex-checked.c: every thread runs one function; a semaphore that starts at one is its mutex, results are checked. */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>

struct Account {
  sem_t turn;
  int balance;
};

static sem_t lock;
static int counter;
static struct Account accounts[2];

static void enter(sem_t *semaphore) { assert(sem_wait(semaphore) == 0); }
static void leave(sem_t *semaphore) { assert(sem_post(semaphore) == 0); }

static void *work(void *arg) {
  struct Account *account = arg;
  for (int i = 0; i < 100; ++i) {
    if (sem_wait(&lock) == -1)
      return 0;
    counter++;
    if (sem_post(&lock) == -1)
      return 0;
    enter(&account->turn);
    account->balance++;
    leave(&account->turn);
  }
  return 0;
}

int main(void) {
  pthread_t threads[4];
  assert(sem_init(&lock, 0, 1) == 0);
  for (int i = 0; i < 2; ++i)
    assert(sem_init(&accounts[i].turn, 0, 1) == 0);
  for (int i = 0; i < 4; ++i)
    assert(pthread_create(&threads[i], 0, work, &accounts[i % 2]) == 0);
  for (int i = 0; i < 4; ++i)
    assert(pthread_join(threads[i], 0) == 0);
  return counter;
}
