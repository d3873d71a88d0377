// What fan-out costs at the least: one epoll loop that writes a prebuilt frame to every socket that joined. It reads no
// frames, checks nothing, and believes that a request comes in one piece. usage: bare-epoll PORT
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static int joined[20000], count;

static void answer(int socket, const char *text) { send(socket, text, strlen(text), MSG_NOSIGNAL); }

int main(int argc, char **argv) {
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1, poll = epoll_create1(0);
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&place, sizeof place) || listen(listener, 4096)) return perror("listen"), 1;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[512];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    printf("listening\n");
    fflush(stdout);
    char frame[204] = {(char)0x81, 126, 0, (char)200}, request[4096];
    memset(frame + 4, 'n', 200);
    for (;;) {
        int ready = epoll_wait(poll, events, 512, -1);
        for (int i = 0; i < ready; i++) {
            int socket = events[i].data.fd;
            if (socket == listener) {
                event.data.fd = accept(listener, NULL, NULL);
                setsockopt(event.data.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                epoll_ctl(poll, EPOLL_CTL_ADD, event.data.fd, &event);
                continue;
            }
            if (recv(socket, request, sizeof request, 0) <= 0) {
                close(socket);
                continue;
            }
            if (!strncmp(request, "GET /join", 9)) {
                joined[count++] = socket;
                answer(socket, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n");
            } else {
                for (int j = 0; j < count; j++) send(joined[j], frame, sizeof frame, MSG_NOSIGNAL);
                answer(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        }
    }
}
