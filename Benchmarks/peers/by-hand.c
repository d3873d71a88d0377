// What W2 costs without GraphQL: one thread, epoll, and a loop that writes the thousand items as JSON for every request.
// usage: by-hand PORT
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

struct item { char id[16], name[16], email[32], city[16], country[16], bio[96]; int age, rank, active; double score; };
struct peer { int fd; size_t read, written, length; char in[16384], *out; };
static struct item items[1000];

static char *text(char *to, const char *from, size_t length) { memcpy(to, from, length); return to + length; }
#define KEY(key) to = text(to, key, sizeof key - 1)

static char *string(char *to, const char *from) {
  *to++ = '"';
  for (; *from; from++) {
    if (*from == '"' || *from == '\\') *to++ = '\\';
    *to++ = *from;
  }
  *to++ = '"';
  return to;
}

static char *number(char *to, int value) {
  char digits[12];
  int count = 0;
  do { digits[count++] = '0' + value % 10; } while (value /= 10);
  while (count) *to++ = digits[--count];
  return to;
}

// All scores are eighths.
static char *eighths(char *to, double value) {
  int whole = (int)value, rest = (int)((value - whole) * 1000);
  to = number(to, whole);
  if (!rest) return to;
  *to++ = '.';
  *to++ = '0' + rest / 100;
  if (rest % 100) *to++ = '0' + rest / 10 % 10;
  if (rest % 10) *to++ = '0' + rest % 10;
  return to;
}

static size_t answer(char *out) {
  char *to = out + 128, *start = to, head[128];
  KEY("{\"data\":{\"list\":[");
  for (int i = 0; i < 1000; i++) {
    struct item *one = &items[i];
    if (i) *to++ = ',';
    KEY("{\"id\":"); to = string(to, one->id);
    KEY(",\"name\":"); to = string(to, one->name);
    KEY(",\"email\":"); to = string(to, one->email);
    KEY(",\"age\":"); to = number(to, one->age);
    KEY(",\"city\":"); to = string(to, one->city);
    KEY(",\"country\":"); to = string(to, one->country);
    KEY(",\"score\":"); to = eighths(to, one->score);
    KEY(",\"bio\":"); to = string(to, one->bio);
    if (one->active) KEY(",\"active\":true"); else KEY(",\"active\":false");
    KEY(",\"rank\":"); to = number(to, one->rank);
    *to++ = '}';
  }
  KEY("]}}");
  int length = sprintf(head, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n", to - start);
  memmove(out + length, start, to - start);
  memcpy(out, head, length);
  return to - start + length;
}

static void writeMore(struct peer *peer) {
  while (peer->written < peer->length) {
    ssize_t n = send(peer->fd, peer->out + peer->written, peer->length - peer->written, MSG_NOSIGNAL);
    if (n <= 0) return;
    peer->written += n;
  }
}

int main(int count, char **arguments) {
  for (int i = 0; i < 1000; i++) {
    struct item *one = &items[i];
    snprintf(one->id, sizeof one->id, "item-%d", i);
    snprintf(one->name, sizeof one->name, "Name %d", i);
    snprintf(one->email, sizeof one->email, "user%d@example.com", i);
    snprintf(one->city, sizeof one->city, "City %d", i % 100);
    snprintf(one->country, sizeof one->country, "Country");
    snprintf(one->bio, sizeof one->bio, "Some longer text about the person number %d, as people write them.", i);
    one->age = i % 90, one->rank = i, one->active = i % 2 == 0, one->score = i / 8.0;
  }
  int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1, poll = epoll_create1(0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(count > 1 ? arguments[1] : "18199")),
                                .sin_addr = {htonl(INADDR_LOOPBACK)}};
  if (bind(listener, (void *)&address, sizeof address) || listen(listener, 1024)) { perror("bind"); return 1; }
  struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = NULL}}, events[256];
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    int ready = epoll_wait(poll, events, 256, -1);
    for (int i = 0; i < ready; i++) {
      struct peer *peer = events[i].data.ptr;
      if (!peer) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (fd < 0) continue;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        peer = calloc(1, sizeof *peer);
        peer->fd = fd;
        peer->out = malloc(1 << 19);
        struct epoll_event both = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data = {.ptr = peer}};
        epoll_ctl(poll, EPOLL_CTL_ADD, fd, &both);
        continue;
      }
      writeMore(peer);
      ssize_t n;
      while ((n = recv(peer->fd, peer->in + peer->read, sizeof peer->in - 1 - peer->read, 0)) > 0) {
        peer->read += n;
        peer->in[peer->read] = 0;
        char *body = strstr(peer->in, "\r\n\r\n"), *length = strstr(peer->in, "Content-Length: ");
        if (!body || !length || peer->in + peer->read < body + 4 + atoi(length + 16)) continue;
        peer->read = 0;
        peer->length = answer(peer->out);
        peer->written = 0;
        writeMore(peer);
      }
      if (n == 0 || (n < 0 && errno != EAGAIN)) { close(peer->fd); free(peer->out); free(peer); }
    }
  }
}
