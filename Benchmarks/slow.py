#!/usr/bin/env python3
"""What slow and half-open connections do to a healthy client: server on core 0, clients on core 1.

A third of them send a head byte by byte, a third a body, a third never say anything.
usage: Benchmarks/slow.py [connections] [seconds]   (swift build -c release --product AuditServer first)
"""
import os, resource, select, socket, statistics, subprocess, sys, time

count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 10
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
server = subprocess.Popen(["taskset", "-c", "0", os.path.join(root, ".build/release/AuditServer"), "18086"], stdout=subprocess.DEVNULL)
os.sched_setaffinity(0, {1})
body = b'{"query":"{ hello }"}'
whole = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def connect():
    for _ in range(100):
        try:
            return socket.create_connection(("127.0.0.1", 18086))
        except ConnectionRefusedError:
            time.sleep(0.05)
    sys.exit("the server did not start")


def healthy(others):
    """Latencies in ms of a client that asks every two milliseconds, while the others get a byte now and then."""
    mine, times, turn = connect(), [], 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for _ in range(20 if others else 0):
            turn = (turn + 1) % len(others)
            one = others[turn]
            if one[1] is not None and one[2] < len(one[1]):
                try:
                    one[0].send(one[1][one[2]:one[2] + 1])
                    one[2] += 1
                except OSError:
                    one[1] = None
        begin = time.monotonic()
        mine.sendall(whole)
        answer = mine.recv(4096)
        times.append((time.monotonic() - begin) * 1e3)
        assert answer.startswith(b"HTTP/1.1 200"), answer
        time.sleep(0.002)
    times.sort()
    return times


def told(name, times):
    print(f"| {name} | {len(times)} | {statistics.median(times):.3f} | {times[int(len(times) * 0.99)]:.3f} | {times[-1]:.3f} |")
    return times[int(len(times) * 0.99)]


healthy([])
print("| healthy client | requests | median ms | p99 ms | longest ms |\n|---|--:|--:|--:|--:|")
alone = told("alone", healthy([]))
head = whole[: whole.index(b"\r\n\r\n")]
others = []
for number in range(count):
    kind = number % 3
    others.append([connect(), [head + b"\r\nX: " + b"y" * 200, whole, None][kind], 0])
    if kind == 1:
        others[-1][0].sendall(whole[: -len(body)])
        others[-1][2] = len(whole) - len(body)
beside = told(f"beside {count:,} slow ones", healthy(others))
print(f"\np99 is {beside / alone:.2f} times that of a client alone.")
server.kill()
sys.exit(0 if beside < 2 * alone else 1)
