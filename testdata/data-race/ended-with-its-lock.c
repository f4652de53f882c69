// The last user waits for the others by lock and unlock, destroys the lock and frees the object: nobody uses it in between.
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
  folder->content = realloc(folder->content, size);
  pthread_mutex_unlock(&folder->mutex);
}

static void end(struct Folder *folder) {
  pthread_mutex_lock(&folder->mutex);
  pthread_mutex_unlock(&folder->mutex);
  pthread_mutex_destroy(&folder->mutex);
  free(folder->content);
  free(folder);
}

static void *work(void *argument) {
  struct Request request;
  while (read(0, &request, sizeof request) == sizeof request)
    request.kind ? fill(request.folder, request.size) : end(request.folder);
  return argument;
}

int main(void) {
  pthread_t threads[2];
  for (int i = 0; i < 2; i++)
    pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < 2; i++)
    pthread_join(threads[i], NULL);
}
