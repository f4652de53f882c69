// kvload: a load for memcached over the loopback. `kvload PORT CONNECTIONS REQUESTS`: each connection sets and gets keys in turn.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int port;
static long requests;

static void *client(void *number) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int connection = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
  setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (connect(connection, (struct sockaddr *)&address, sizeof address)) {
    perror("connect");
    exit(1);
  }
  char request[512], answer[4096];
  for (long i = 0; i < requests; ++i) {
    int key = (int)(((long)number * 7919 + i) % 5000);
    int length = i % 4 ? snprintf(request, sizeof request, "get key%d\r\n", key)
                       : snprintf(request, sizeof request, "set key%d 0 0 100\r\n%0100d\r\n", key, key);
    if (write(connection, request, (size_t)length) != length)
      exit(1);
    size_t got = 0;
    do {
      ssize_t part = read(connection, answer + got, sizeof answer - got - 1);
      if (part <= 0)
        exit(1);
      got += (size_t)part;
      answer[got] = 0;
    } while (!strstr(answer, "END\r\n") && !strstr(answer, "STORED\r\n"));
  }
  close(connection);
  return 0;
}

int main(int arguments, char **argument) {
  if (arguments < 4)
    return 2;
  port = atoi(argument[1]);
  long connections = atol(argument[2]);
  requests = atol(argument[3]);
  pthread_t threads[256];
  for (long i = 0; i < connections && i < 256; ++i)
    pthread_create(&threads[i], 0, client, (void *)i);
  for (long i = 0; i < connections && i < 256; ++i)
    pthread_join(threads[i], 0);
}
