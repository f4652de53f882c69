// What decides on the lock, one of two fields, is still known after the loop under the lock.
#include <pthread.h>
#include <stddef.h>
#include <string.h>

struct topic {
  struct topic *next;
  const char *name;
};
struct handle {
  pthread_mutex_t lock;
  struct topic *topics;
};
struct request {
  struct topic *only;
  int all;
};

size_t request_size(struct handle *h, struct request *r) {
  size_t size = 0;
  if (r->only || !r->all) {
    pthread_mutex_lock(&h->lock);
    for (struct topic *t = h->topics; t; t = t->next) {
      if (r->only && r->only != t)
        continue;
      size += strlen(t->name);
    }
  }
  size += 4;
  if (r->only || !r->all)
    pthread_mutex_unlock(&h->lock);
  return size;
}
