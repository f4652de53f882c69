// The near misses: the content is looked at while others may still come, and the one who started a thread ends its object.
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct Folder {
  pthread_mutex_t mutex;
  char *content;
};

struct Request {
  int kind, size;
  struct Folder *folder;
};

static void fill(struct Folder *folder, int size) {
  pthread_mutex_lock(&folder->mutex);
  folder->content = realloc(folder->content, size); // expect: data-race
  pthread_mutex_unlock(&folder->mutex);
}

static void end(struct Folder *folder) {
  pthread_mutex_lock(&folder->mutex);
  pthread_mutex_unlock(&folder->mutex);
  free(folder->content);
  pthread_mutex_destroy(&folder->mutex);
  free(folder);
}

static void *work(void *argument) {
  struct Request request;
  while (read(0, &request, sizeof request) == sizeof request)
    request.kind ? fill(request.folder, request.size) : end(request.folder);
  return argument;
}

struct Box {
  pthread_mutex_t mutex;
  int size;
};

static void *pack(void *argument) {
  struct Box *box = argument;
  pthread_mutex_lock(&box->mutex);
  box->size++; // expect: data-race
  pthread_mutex_unlock(&box->mutex);
  return NULL;
}

static int drop(struct Box *box) {
  pthread_mutex_destroy(&box->mutex);
  int size = box->size;
  free(box);
  return size;
}

int main(void) {
  pthread_t threads[2], packer;
  for (int i = 0; i < 2; i++)
    pthread_create(&threads[i], NULL, work, NULL);
  struct Box *box = calloc(1, sizeof *box);
  pthread_mutex_init(&box->mutex, NULL);
  pthread_create(&packer, NULL, pack, box);
  int size = drop(box);
  pthread_join(packer, NULL);
  for (int i = 0; i < 2; i++)
    pthread_join(threads[i], NULL);
  return size;
}
