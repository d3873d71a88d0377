// W7: sockets that listen to one post by graphql-transport-ws. A comment is added over HTTP; when it has reached every
// socket, the next one is; with a rate, so many a second. Prints messages and seconds as JSON, with a rate also how long
// messages took from the mutation on.
// usage: sockets PORT SOCKETS SECONDS POST [RATE]
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BODY "A comment that many people wait for."

// The header of the frame that is being read, how much of its payload is missing, what it is, and how it begins.
struct client { int fd; unsigned char header[10]; int headerLength, opcode, kept; uint64_t left; char text[256]; };
// The first message of all.
static char firstMessage[256];
static int port, pollFD;

static void fail(const char *why) { fprintf(stderr, "%s: %s\n", why, strerror(errno)); exit(1); }

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static int dial(void) {
  int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  if (fd < 0 || connect(fd, (void *)&address, sizeof address)) fail("connect");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

static void sendText(int fd, const char *text) {
  unsigned char frame[512] = {0x81};
  size_t length = strlen(text), at = 2;
  if (length < 126) frame[1] = 0x80 | length;
  else { frame[1] = 0x80 | 126; frame[2] = length >> 8; frame[3] = length; at = 4; }
  memset(frame + at, 0, 4);  // A mask of zeros changes nothing.
  memcpy(frame + at + 4, text, length);
  if (write(fd, frame, at + 4 + length) < 0) fail("write");
}

// Reads byte by byte until `end`, so that nothing behind it is lost.
static void readUntil(int fd, const char *end) {
  char text[4096];
  size_t length = 0, wanted = strlen(end);
  while (length < sizeof text - 1) {
    if (read(fd, text + length, 1) <= 0) fail("handshake");
    text[++length] = 0;
    if (length >= wanted && !strcmp(text + length - wanted, end)) return;
  }
  fail("answer");
}

static void listenTo(struct client *client, int post) {
  char text[256];
  client->fd = dial();
  dprintf(client->fd, "GET /graphql HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
          "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n");
  readUntil(client->fd, "\r\n\r\n");
  sendText(client->fd, "{\"type\":\"connection_init\"}");
  readUntil(client->fd, "}");
  snprintf(text, sizeof text, "{\"id\":\"1\",\"type\":\"subscribe\",\"payload\":{\"query\":"
           "\"subscription { commentAdded(postID: %d) { id body } }\"}}", post);
  sendText(client->fd, text);
  struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = client}};
  epoll_ctl(pollFD, EPOLL_CTL_ADD, client->fd, &event);
}

// Whatever is no comment, an error or the end of the subscription, ends the run.
static void check(struct client *client) {
  client->text[client->kept] = 0;
  if (!strstr(client->text, "\"next\"") || !strstr(client->text, BODY)) {
    fprintf(stderr, "told: %s\n", client->text);
    exit(1);
  }
  if (!firstMessage[0]) strcpy(firstMessage, client->text);
}

// How many messages end in these bytes.
static int count(struct client *client, unsigned char *bytes, size_t length) {
  int texts = 0;
  while (length > 0) {
    if (client->left > 0) {
      size_t taken = client->left < length ? client->left : length;
      size_t room = sizeof client->text - 1 - client->kept, kept = taken < room ? taken : room;
      memcpy(client->text + client->kept, bytes, kept);
      client->kept += kept, bytes += taken, length -= taken, client->left -= taken;
      if (client->left == 0 && client->opcode == 1) { check(client); texts++; }
      continue;
    }
    unsigned char *header = client->header;
    header[client->headerLength++] = *bytes++;
    length--;
    if (client->headerLength < 2) continue;
    int size = header[1] & 127, needed = size == 126 ? 4 : size == 127 ? 10 : 2;
    if (client->headerLength < needed) continue;
    client->left = size;
    if (needed > 2) for (int i = client->left = 0; i < needed - 2; i++) client->left = client->left << 8 | header[2 + i];
    client->opcode = header[0] & 15;
    client->headerLength = client->kept = 0;
    if (client->opcode == 8) { errno = 0; fail("closed by the server"); }
  }
  return texts;
}

static int addComment(int publisher, int post) {
  char body[256];
  int length = snprintf(body, sizeof body, "{\"query\":\"mutation { addComment(postID: %d, authorID: 1, body: "
                        "\\\"" BODY "\\\") { id } }\"}", post);
  dprintf(publisher, "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
          "Content-Length: %d\r\n\r\n%s", length, body);
  return 0;
}

static int compare(const void *one, const void *other) {
  double difference = *(double *)one - *(double *)other;
  return (difference > 0) - (difference < 0);
}

int main(int argumentCount, char **arguments) {
  if (argumentCount < 5) { fprintf(stderr, "usage: sockets PORT SOCKETS SECONDS POST [RATE]\n"); return 2; }
  port = atoi(arguments[1]);
  int sockets = atoi(arguments[2]), post = atoi(arguments[4]);
  double seconds = atof(arguments[3]), rate = argumentCount > 5 ? atof(arguments[5]) : 0;
  size_t room = rate * (seconds + 1) * sockets, taken = 0;
  double *latencies = calloc(room + 1, sizeof *latencies);
  pollFD = epoll_create1(0);
  struct client *clients = calloc(sockets, sizeof *clients);
  for (int i = 0; i < sockets; i++) listenTo(&clients[i], post);
  int publisher = dial();
  struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = NULL}}, events[512];
  epoll_ctl(pollFD, EPOLL_CTL_ADD, publisher, &event);
  static unsigned char bytes[1 << 16];
  // A subscription is not confirmed: the first rounds go on until one has reached everybody, and are not timed.
  int timed = 0, rounds = 0;
  double start = now(), began = start;
  while (!timed || now() - start < seconds) {
    int left = sockets, answered = 0;
    double sent = now();
    addComment(publisher, post);
    while (left > 0 || !answered) {
      int ready = epoll_wait(pollFD, events, 512, 200);
      if (ready <= 0 && now() - sent > (timed ? 10 : 1)) {
        if (timed || now() - began > 60) { errno = 0; fprintf(stderr, "%d messages missing\n", left); return 1; }
        break;
      }
      for (int i = 0; i < ready; i++) {
        struct client *client = events[i].data.ptr;
        ssize_t length = read(client ? client->fd : publisher, bytes, sizeof bytes);
        if (length <= 0) fail("connection");
        int texts = client ? count(client, bytes, length) : 0;
        if (!client) answered = 1;
        left -= texts;
        if (timed) for (double took = now() - sent; texts > 0 && taken < room; texts--) latencies[taken++] = took;
      }
    }
    if (timed) {
      rounds++;
      double wait = rate > 0 ? start + rounds / rate - now() : 0;
      if (wait > 0) nanosleep(&(struct timespec){(time_t)wait, (long)(wait * 1e9) % 1000000000}, NULL);
    } else if (left == 0) { timed = 1; start = now(); printf("ready\n"); fflush(stdout); getchar(); start = now(); }
  }
  double wall = now() - start;
  printf("{\"requests\":%ld,\"seconds\":%f,\"rounds\":%d,\"errors\":0", (long)rounds * sockets, wall, rounds);
  if (taken > 0) {
    qsort(latencies, taken, sizeof *latencies, compare);
    printf(",\"p50ms\":%.3f,\"p99ms\":%.3f,\"longestms\":%.3f", latencies[taken / 2] * 1e3,
           latencies[(size_t)(taken * 0.99)] * 1e3, latencies[taken - 1] * 1e3);
  }
  printf(",\"message\":%s}\n", firstMessage);
  fflush(stdout);
  getchar();
}
