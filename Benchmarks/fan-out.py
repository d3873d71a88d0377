#!/usr/bin/env python3
"""Idle memory and fan-out of RawServer's WebSockets: server on core 0, this client on core 1.

usage: Benchmarks/fan-out.py [sockets] [rounds]   (build RawServer in release first)
"""
import os, select, socket, subprocess, sys, time

count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 100
frame = 204
root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
server = subprocess.Popen(["taskset", "-c", "0", os.path.join(root, ".build/release/RawServer"), "18085"],
                          stdout=subprocess.PIPE)
server.stdout.readline()
os.sched_setaffinity(0, {1})


def private_bytes():
    rows = [l.split() for l in open(f"/proc/{server.pid}/smaps_rollup") if l.startswith("Private_")]
    return sum(int(r[1]) for r in rows) * 1024


def cpu():
    fields = open(f"/proc/{server.pid}/stat").read().rsplit(")", 1)[1].split()
    return [int(f) / os.sysconf("SC_CLK_TCK") for f in fields[11:13]]


def connect(path, extra):
    s = socket.create_connection(("127.0.0.1", 18085))
    s.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n{extra}\r\n".encode())
    return s


upgrade = ("Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
before = private_bytes()
sockets = []
for _ in range(count):
    s = connect("/join", upgrade)
    assert s.recv(4096).startswith(b"HTTP/1.1 101")
    s.setblocking(False)
    sockets.append(s)
print(f"{count} idle sockets: {(private_bytes() - before) / count:.0f} private bytes each")

poll = select.epoll()
byfd = {s.fileno(): s for s in sockets}
for fd in byfd:
    poll.register(fd, select.EPOLLIN | select.EPOLLET)
publisher = socket.create_connection(("127.0.0.1", 18085))
used, start = cpu(), time.monotonic()
for _ in range(rounds):
    publisher.sendall(b"GET /publish HTTP/1.1\r\nHost: a\r\n\r\n")
    left = count * frame
    while left > 0:
        events = poll.poll(10)
        assert events, f"{left} bytes missing"
        for fd, _ in events:
            left -= len(byfd[fd].recv(65536))
    publisher.recv(4096)
wall = time.monotonic() - start
user, system = (now - then for now, then in zip(cpu(), used))
messages = count * rounds
total = user + system
print(f"{messages} messages: {messages / wall:.0f} per second (bound by this client), {total / messages * 1e6:.2f} CPU us each "
      f"({user / messages * 1e6:.2f} ours, the rest the kernel's), so {messages / total:.0f} per second of a core")
server.kill()
