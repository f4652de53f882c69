// An object is made with its lock held. Where that fails, the lock goes with the object.
#include <pthread.h>
#include <stdlib.h>

struct Ports {
  pthread_mutex_t mutex;
  int *numbers;
  int count;
};

static int fill(struct Ports *ports, int count) {
  ports->numbers = calloc((size_t)count, sizeof(int));
  if (!ports->numbers)
    return 0;
  ports->count = count;
  return 1;
}

void destroyPorts(struct Ports *ports) {
  if (!ports)
    return;
  pthread_mutex_destroy(&ports->mutex);
  free(ports->numbers);
  free(ports);
}

struct Ports *makePorts(int count) {
  struct Ports *ports = calloc(1, sizeof(*ports));
  if (!ports)
    return NULL;
  pthread_mutex_init(&ports->mutex, NULL);
  pthread_mutex_lock(&ports->mutex);
  if (!fill(ports, count)) {
    destroyPorts(ports);
    return NULL;
  }
  pthread_mutex_unlock(&ports->mutex);
  return ports;
}

struct Ports *makePortsHere(int count) {
  struct Ports *ports = calloc(1, sizeof(*ports));
  if (!ports)
    return NULL;
  pthread_mutex_init(&ports->mutex, NULL);
  pthread_mutex_lock(&ports->mutex);
  if (!fill(ports, count)) {
    free(ports);
    return NULL;
  }
  pthread_mutex_unlock(&ports->mutex);
  return ports;
}

// The near miss: what is released is the array, not the object.
int refill(struct Ports *ports, int count) {
  pthread_mutex_lock(&ports->mutex); // expect: lock-leak
  free(ports->numbers);
  if (!fill(ports, count))
    return 0;
  pthread_mutex_unlock(&ports->mutex);
  return 1;
}

// The near miss: another object of the same kind is destroyed.
int moveTo(struct Ports *ports, struct Ports *other) {
  pthread_mutex_lock(&ports->mutex); // expect: lock-leak
  if (ports->count > 10) {
    destroyPorts(other);
    return 0;
  }
  ports->count += 10;
  pthread_mutex_unlock(&ports->mutex);
  return 1;
}
