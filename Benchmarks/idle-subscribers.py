#!/usr/bin/env python3
"""What an idle subscriber costs BenchServer: private bytes and processor time. graphql-transport-ws, plain TCP, each with a
subscription to one post. Then one event shows that all of them listen. Server on core 0, this client on core 1. Prints one line.

usage: Benchmarks/idle-subscribers.py [subscribers] [seconds of silence]
"""
import json, select, sys, time
from bench_server import BenchServer, build
from subscriber import frame, until, upgrade

count = int(sys.argv[1]) if len(sys.argv) > 1 else 10000
seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 5

# The pong comes behind the subscription, so that nothing of it is still to be done.
hello = frame({"type": "connection_init"})
subscribe = frame({"id": "1", "type": "subscribe", "payload": {"query": "subscription { commentAdded(postID: 1) { id body } }"}})
ping = frame({"type": "ping"})
body = json.dumps({"query": 'mutation { addComment(postID: 1, authorID: 1, body: "x") { id } }'}).encode()
publish = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def listen(server):
    one = server.connect()
    one.sendall(upgrade)
    until(one, b"\r\n\r\n")
    one.sendall(hello)
    until(one, b'{"type":"connection_ack"}')
    one.sendall(subscribe + ping)
    until(one, b'{"type":"pong"}')
    return one


def answer_pings(poll, sockets):
    """Clients that give no sign of life would be cut off. Returns who was told of an event."""
    told = set()
    for descriptor, _ in poll:
        data = sockets[descriptor].recv(4096)
        assert data, "closed by the server"
        if data.startswith(b"\x89"):
            sockets[descriptor].sendall(b"\x8a\x80" + bytes(4))
        if b'"next"' in data:
            told.add(descriptor)
    return told


build()
with BenchServer(18095) as server:
    publisher = server.connect()
    # What the first of all brings along is not theirs.
    publisher.sendall(publish)
    publisher.recv(4096)
    first = listen(server)
    before, sockets, poll = server.private_bytes(), {}, select.epoll()
    for number in range(count):
        if number % 500 == 0:
            answer_pings(poll.poll(0), sockets)
        one = listen(server)
        sockets[one.fileno()] = one
        poll.register(one.fileno(), select.EPOLLIN)
    each = (server.private_bytes() - before) / count
    used = sum(server.cpu())
    time.sleep(seconds)
    used = sum(server.cpu()) - used
    publisher.sendall(publish)
    told = set()
    while len(told) < count and (events := poll.poll(10)):
        told |= answer_pings(events, sockets)
print(f"{count} subscribers: {each:.0f} private bytes each, {used * 1000:.0f} ms of the processor in {seconds:g} s of silence; "
      f"{len(told)} of them told of the next event")
