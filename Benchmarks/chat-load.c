// The client of Benchmarks/chat-load.py: thousands of sockets that listen and some connections that send, in one thread that
// takes little of the cores it shares with the server.
//
// cc -O2 -o chat-load chat-load.c; chat-load PORT RATE SECONDS CUTS SENDERS < people, where lines are "R room" and, for each
// of its members, "M token". Prints one line of numbers, and says what went wrong on standard error.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { IDLE, UPGRADING, STARTING, LISTENING };

typedef struct {
    int room, fd, state, length, capacity;
    char *token, *buffer, cursor[160];
    long last, base, wrong, heard;
} listener;

typedef struct {
    int fd, room, length, busy;
    char buffer[65536];
} sender;

typedef struct {
    char *id;
    int first, members, used, capacity;
    long base, newest, answers;
    double *answered, *heard;
    int *count;
} room;

typedef struct {
    double at;
    int listener;
} cut;

static listener *listeners;
static sender *senders;
static room *rooms;
static int listenerCount, senderCount, roomCount, port, poll_, opening, counting;
static long sent, answers, deliveries, lost, repeated;
static char scratch[1 << 20];

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void fail(const char *why, const char *what) {
    fprintf(stderr, "%s: %.2000s\n", why, what);
    exit(1);
}

static int dial(void) {
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) fail("connect", strerror(errno));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static void watch(int fd, unsigned number) {
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = number};
    if (epoll_ctl(poll_, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll", strerror(errno));
}

static void put(int fd, const char *data, int length) {
    if (send(fd, data, length, MSG_NOSIGNAL) != length) fail("send", strerror(errno));
}

// A text in a frame, masked by zeros.
static void say(listener *one, const char *text) {
    static char frame[8192];
    int length = strlen(text), head = length < 126 ? 6 : 8;
    frame[0] = (char)0x81;
    if (length < 126) {
        frame[1] = (char)(0x80 | length);
    } else {
        frame[1] = (char)0xfe, frame[2] = (char)(length >> 8), frame[3] = (char)length;
    }
    memset(frame + head - 4, 0, 4);
    memcpy(frame + head, text, length);
    put(one->fd, frame, head + length);
}

static void open_(int number) {
    static const char upgrade[] = "GET /graphql HTTP/1.1\r\nhost: a\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
        "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n";
    listener *one = &listeners[number];
    one->fd = dial(), one->length = 0, one->state = UPGRADING;
    opening++;
    watch(one->fd, number);
    put(one->fd, upgrade, sizeof upgrade - 1);
}

static void told(listener *one, char *text, int length, int opcode, double time) {
    char ended = text[length];
    text[length] = 0;
    char *cursor, *seq;
    if (opcode == 9) {
        put(one->fd, "\x8a\x80\0\0\0\0", 6);
    } else if ((cursor = strstr(text, "\"cursor\":\"")) && (seq = strstr(cursor, "\"seq\":"))) {
        char *end = strchr(cursor += 10, '"');
        long number = atol(seq + 6);
        if (end - cursor >= (long)sizeof one->cursor) fail("long cursor", text);
        memcpy(one->cursor, cursor, end - cursor);
        one->cursor[end - cursor] = 0;
        if (one->last && number != one->last + 1) {
            one->wrong++;
            if (number <= one->last) repeated++; else lost += number - one->last - 1;
        }
        if (number > one->last) one->last = number;
        room *here = &rooms[one->room];
        long place = number - here->base - 1;
        one->heard++;
        if (counting && place >= 0 && place < here->capacity) {
            deliveries++;
            here->heard[place] = time, here->count[place]++;
        }
    } else if (strstr(text, "\"connection_ack\"")) {
        char message[1024];
        snprintf(message, sizeof message,
            "{\"id\":\"1\",\"type\":\"subscribe\",\"payload\":{\"query\":\"subscription ($r: ID!, $a: String) { messageAdded(roomId: $r, after: $a) { cursor message { seq body author { displayName } } } }\","
            "\"variables\":{\"r\":\"%s\",\"a\":%s%s%s}}}",
            rooms[one->room].id, one->cursor[0] ? "\"" : "", one->cursor[0] ? one->cursor : "null", one->cursor[0] ? "\"" : "");
        say(one, message);
        one->state = LISTENING, opening--;
    } else if (opcode == 8 || strstr(text, "\"errors\"") || strstr(text, "\"type\":\"error\"") || strstr(text, "\"complete\"")) {
        fail("told", text);
    }
    text[length] = ended;
}

static void hear(int number, double time) {
    listener *one = &listeners[number];
    memcpy(scratch, one->buffer, one->length);
    long got = recv(one->fd, scratch + one->length, sizeof scratch - one->length - 1, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) fail("cut by the server", got < 0 ? strerror(errno) : "end");
    long end = one->length + got, place = 0;
    scratch[end] = 0;
    if (one->state == UPGRADING) {
        char *head = strstr(scratch, "\r\n\r\n"), hello[2048];
        if (!head) goto keep;
        if (strncmp(scratch, "HTTP/1.1 101", 12) != 0) fail("refused", scratch);
        place = head + 4 - scratch;
        one->state = STARTING;
        snprintf(hello, sizeof hello, "{\"type\":\"connection_init\",\"payload\":{\"authorization\":\"Bearer %s\"}}", one->token);
        say(one, hello);
    }
    while (end - place >= 2) {
        unsigned char *at = (unsigned char *)scratch + place;
        long length = at[1], head = 2;
        if (length == 126) {
            if (end - place < 4) break;
            length = at[2] << 8 | at[3], head = 4;
        }
        if (length == 127) fail("too long", "a frame");
        if (end - place < head + length) break;
        told(one, scratch + place + head, length, at[0] & 15, time);
        place += head + length;
    }
keep:
    one->length = end - place;
    if (one->length > one->capacity) one->buffer = realloc(one->buffer, one->capacity = one->length);
    memcpy(one->buffer, scratch + place, one->length);
}

static void answer(int number, double time) {
    sender *one = &senders[number];
    long got = recv(one->fd, one->buffer + one->length, sizeof one->buffer - one->length - 1, 0);
    if (got <= 0) {
        // Nobody has asked for a while.
        if (one->busy || counting < 2) fail("cut by the server", "sender");
        close(one->fd);
        return;
    }
    one->length += got;
    one->buffer[one->length] = 0;
    char *head = strstr(one->buffer, "\r\n\r\n"), *size = strcasestr(one->buffer, "content-length:");
    if (!head || !size || one->buffer + one->length < head + 4 + atol(size + 15)) return;
    char *seq = strstr(head, "\"seq\":");
    if (!seq) fail("not sent", one->buffer);
    room *here = &rooms[one->room];
    long written = atol(seq + 6), place = written - here->base - 1;
    if (written > here->newest) here->newest = written;
    if (place >= 0 && place < here->capacity) here->answered[place] = time;
    here->answers++, answers++;
    one->length = 0, one->busy = 0;
}

static int send_(long number) {
    // In turns: one that nothing is sent by for a while is closed by the server.
    static int next;
    for (int i = 0; i < senderCount; i++) {
        sender *one = &senders[(next + i) % senderCount];
        if (one->busy) continue;
        next = (next + i + 1) % senderCount;
        one->room = number % roomCount;
        room *here = &rooms[one->room];
        char body[1024], request[4096];
        int length = snprintf(body, sizeof body,
            "{\"query\":\"mutation ($in: MessageSendInput!) { messageSend(input: $in) { message { seq } userErrors { code } } }\","
            "\"variables\":{\"in\":{\"roomId\":\"%s\",\"body\":\"message %ld\"}}}", here->id, number);
        const char *token = listeners[here->first + number / roomCount % here->members].token;
        int all = snprintf(request, sizeof request,
            "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nauthorization: Bearer %s\r\ncontent-length: %d\r\n\r\n%s",
            token, length, body);
        put(one->fd, request, all);
        one->busy = 1;
        return 1;
    }
    return 0;
}

static int busy(void) {
    int count = 0;
    for (int i = 0; i < senderCount; i++) count += senders[i].busy;
    return count;
}

static void turn(int milliseconds) {
    static struct epoll_event events[1024];
    int count = epoll_wait(poll_, events, 1024, milliseconds);
    for (int i = 0; i < count; i++) {
        unsigned number = events[i].data.u32;
        if (number < (unsigned)listenerCount) hear(number, now()); else answer(number - listenerCount, now());
    }
}

static int compareDoubles(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}
static int compareCuts(const void *a, const void *b) { return compareDoubles(&((const cut *)a)->at, &((const cut *)b)->at); }

int main(int argc, char **argv) {
    if (argc != 6) fail("usage", "chat-load PORT RATE SECONDS CUTS SENDERS");
    port = atoi(argv[1]);
    double rate = atof(argv[2]), seconds = atof(argv[3]);
    int cutCount = atoi(argv[4]);
    senderCount = atoi(argv[5]);
    rooms = calloc(100000, sizeof *rooms), listeners = calloc(1000000, sizeof *listeners);
    char line[4096];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        if (line[0] == 'R') {
            rooms[roomCount].id = strdup(line + 2);
            rooms[roomCount++].first = listenerCount;
        } else {
            listeners[listenerCount].token = strdup(line + 2);
            listeners[listenerCount++].room = roomCount - 1;
            rooms[roomCount - 1].members++;
        }
    }
    poll_ = epoll_create1(0);
    for (int i = 0; i < listenerCount; i++) {
        open_(i);
        while (opening > 64) turn(10);
    }
    while (opening) turn(10);
    senders = calloc(senderCount, sizeof *senders);
    for (int i = 0; i < senderCount; i++) watch(senders[i].fd = dial(), listenerCount + i);

    // Messages to each room until all have heard one, which gives them a cursor.
    for (int round = 0, deaf = 1; deaf; round++) {
        if (round == 20) fail("not all", "listen");
        for (int i = 0; i < roomCount; i++) {
            while (!send_((long)round * roomCount + i)) turn(10);
        }
        for (double quiet = now() + 2; now() < quiet || busy();) turn(20);
        deaf = 0;
        for (int i = 0; i < listenerCount; i++) deaf += listeners[i].cursor[0] == 0;
    }
    for (int i = 0; i < roomCount; i++) {
        room *here = &rooms[i];
        here->base = here->newest, here->answers = 0;
        here->capacity = rate * seconds / roomCount + 2;
        here->answered = calloc(here->capacity, sizeof(double)), here->heard = calloc(here->capacity, sizeof(double));
        here->count = calloc(here->capacity, sizeof(int));
    }
    for (int i = 0; i < listenerCount; i++) {
        if (listeners[i].last != rooms[listeners[i].room].base) fail("did not hear", "the last of the first messages");
    }

    srand(7);
    cut *cuts = calloc((size_t)listenerCount * cutCount + 1, sizeof *cuts);
    long allCuts = 0, done = 0, total = rate * seconds, behind = 0;
    for (int i = 0; i < listenerCount; i++)
        for (int j = 0; j < cutCount; j++) cuts[allCuts++] = (cut){seconds * rand() / RAND_MAX, i};
    qsort(cuts, allCuts, sizeof *cuts, compareCuts);
    counting = 1, answers = 0;
    fprintf(stderr, "begin\n");
    double begin = now(), passed = 0, finished = 0;
    while (sent < total || busy() || done < allCuts) {
        passed = now() - begin;
        while (sent < total && sent <= passed * rate && send_(sent)) sent++;
        long due = passed * rate < total ? passed * rate : total;
        if (due - sent > behind) behind = due - sent;
        for (; done < allCuts && cuts[done].at <= passed && opening < 256; done++) {
            listener *one = &listeners[cuts[done].listener];
            if (one->state != LISTENING) opening--;
            close(one->fd);
            open_(cuts[done].listener);
        }
        if (sent == total && !busy() && !finished) finished = now() - begin;
        turn(1);
    }
    double wall = now() - begin;
    counting = 2;
    if (!finished) finished = wall;
    fprintf(stderr, "end\n");
    for (double limit = now() + 60; now() < limit && opening;) turn(10);
    for (double limit = now() + 60, quiet = now() + 3; now() < limit && now() < quiet;) {
        long before = deliveries;
        turn(20);
        if (deliveries != before) quiet = now() + 3;
    }
    long wrong = 0, count = 0;
    for (int i = 0; i < listenerCount; i++) {
        listener *one = &listeners[i];
        room *here = &rooms[one->room];
        if (one->wrong || one->last != here->base + here->answers) wrong++;
    }
    double *times = calloc(total + 1, sizeof(double));
    for (int i = 0; i < roomCount; i++) {
        room *here = &rooms[i];
        for (long j = 0; j < here->answers; j++) {
            if (here->count[j] != here->members) wrong++;
            double late = here->heard[j] - here->answered[j];
            times[count++] = late > 0 ? late * 1000 : 0;
        }
    }
    if (!count) fail("nothing", "was sent");
    qsort(times, count, sizeof(double), compareDoubles);
    printf("%.0f %.0f %.1f %.1f %.1f %ld %ld %ld %ld %.1f\n", sent / finished, deliveries / wall, times[count / 2],
        times[(long)(count * .99)], times[count - 1], behind, wrong, lost, repeated, wall);
    return wrong != 0;
}
