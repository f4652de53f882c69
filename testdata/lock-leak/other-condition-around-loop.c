// The lock is taken for one of two fields and given back for one of them only.
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
    pthread_mutex_lock(&h->lock); // expect: lock-leak "when 'request_size' returns"
    for (struct topic *t = h->topics; t; t = t->next) {
      if (r->only && r->only != t)
        continue;
      size += strlen(t->name);
    }
  }
  size += 4;
  if (r->only)
    pthread_mutex_unlock(&h->lock);
  return size;
}
