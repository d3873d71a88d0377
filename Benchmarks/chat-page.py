#!/usr/bin/env python3
"""The fifty newest messages of a room, with authors, reactions, reply targets and attachments, in a table of a million:
Benchmarks/chat-page.py [--messages 1000000] [--rooms 1000] [--clients 64] [--seconds 10] [--rate 0] [--binary .build/release/Server]

Starts the server with a database of its own in a temporary folder, fills it by psql, and asks by connections that stay open,
each for a room at random. With --rate so many a second, with times from when each was due; without, each asks again as soon as it
is answered. Needs python3 and psql.
"""
import argparse, json, random, re, select, socket, subprocess, sys, time
from product_server import ProductServer

parser = argparse.ArgumentParser()
parser.add_argument("--messages", type=int, default=1_000_000)
parser.add_argument("--rooms", type=int, default=1000)
parser.add_argument("--clients", type=int, default=64)
parser.add_argument("--seconds", type=int, default=10)
parser.add_argument("--rate", type=int, default=0)
parser.add_argument("--binary", default=".build/release/Server")
options = parser.parse_args()
random.seed(7)
QUERY = """query ($r: ID!) { room(id: $r) { title messages(first: 50) { nodes { id seq body createdAt
    author { id displayName } replyTo { id body author { displayName } } reactions { emoji count viewerHasReacted }
    attachments { caption file { filename } } } pageInfo { hasNextPage endCursor } } } }"""
FILL = """
SET session_replication_role = replica;
INSERT INTO users (id, email, username, name)
SELECT ('10000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'u' || n || '@example.org', 'user' || n, 'User ' || n
FROM generate_series(1, 1000) n;
INSERT INTO rooms (id, kind, last_seq, direct_key)
SELECT ('30000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'DIRECT', {each}, n::text FROM generate_series(0, {rooms} - 1) n;
INSERT INTO room_members (room_id, user_id)
SELECT ('30000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, u.id
FROM generate_series(0, {rooms} - 1) n, users u WHERE u.email = 'reader@example.org';
INSERT INTO messages (id, room_id, seq, author_id, body, reply_to_id)
SELECT ('40000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid,
    ('30000000-0000-7000-8000-' || lpad((n % {rooms})::text, 12, '0'))::uuid, n / {rooms} + 1,
    ('10000000-0000-7000-8000-' || lpad(((n + n / {rooms} % 20 * 37) % 1000 + 1)::text, 12, '0'))::uuid, 'message number ' || n || ', of some length',
    CASE WHEN n % 3 = 0 AND n >= 10 * {rooms} THEN ('40000000-0000-7000-8000-' || lpad((n - 10 * {rooms})::text, 12, '0'))::uuid END
FROM generate_series(0, {rooms} * {each} - 1) n;
INSERT INTO message_reactions (message_id, user_id, emoji)
SELECT ('40000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, u.id, e
FROM generate_series(0, {rooms} * {each} - 1) n, (SELECT id FROM users LIMIT 2) u, unnest(ARRAY['+', '*']) e
WHERE (n + n / {rooms}) % 5 = 0;
INSERT INTO files (id, owner_id, purpose, filename, content_type, byte_size, storage_key, status, visibility)
SELECT ('50000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, '10000000-0000-7000-8000-000000000001', 'ATTACHMENT',
    n || '.txt', 'text/plain', 1, 'f/00/' || ('50000000-0000-7000-8000-' || lpad(n::text, 12, '0')), 'READY', 'ATTACHED'
FROM generate_series(0, {rooms} * {each} - 1) n WHERE (n + n / {rooms}) % 20 = 0;
INSERT INTO message_attachments (message_id, file_id, position)
SELECT ('40000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, ('50000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 1
FROM generate_series(0, {rooms} * {each} - 1) n WHERE (n + n / {rooms}) % 20 = 0;
"""


def ask(port, query, variables, token=None):
    one = socket.create_connection(("127.0.0.1", port))
    one.sendall(post(query, variables, token))
    data = b""
    while (found := whole(data)) is None:
        data += one.recv(65536)
    answer = json.loads(data[found[0]:found[1]])
    if "errors" in answer:
        sys.exit(str(answer))
    return answer["data"]


def post(query, variables, token):
    body = json.dumps({"query": query, "variables": variables}).encode()
    auth = f"authorization: Bearer {token}\r\n" if token else ""
    return (f"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n{auth}"
            f"content-length: {len(body)}\r\n\r\n").encode() + body


def whole(data):
    """Where the body of a whole answer begins and ends."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    length = int(re.search(rb"content-length: *(\d+)", data[:end].lower()).group(1))
    return (end + 4, end + 4 + length) if len(data) >= end + 4 + length else None


server = ProductServer(options.binary, BCRYPT_ROUNDS="4", ATRIUM_RATE_LIMITS="off", JWT_EXPIRES_IN="3600")
port = server.port
try:
    account = {"email": "reader@example.org", "displayName": "Reader", "password": "correct horse battery"}
    token = ask(port, "mutation ($in: AccountRegisterInput!) { accountRegister(input: $in) { tokens { accessToken } } }",
                {"in": account})["accountRegister"]["tokens"]["accessToken"]
    place = server.database
    fill = FILL.format(rooms=options.rooms, each=options.messages // options.rooms)
    subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", place, "-f", "-"], input=fill, text=True, check=True)
    subprocess.run(["psql", "-q", place, "-c", "VACUUM ANALYZE"], check=True)

    ids = ask(port, "{ viewer { rooms(first: 100) { nodes { id } } } }", {}, token)["viewer"]["rooms"]["nodes"]
    poll, sockets, buffers, begun, times = select.epoll(), {}, {}, {}, []
    requests = [post(QUERY, {"r": one["id"]}, token) for one in ids]
    for _ in range(options.clients):
        one = socket.create_connection(("127.0.0.1", port))
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sockets[one.fileno()], buffers[one.fileno()] = one, b""
        poll.register(one.fileno(), select.EPOLLIN)
    free, start, sent, size = list(sockets), time.monotonic(), 0, 0
    warm = start + 2
    used = None
    while time.monotonic() < warm + options.seconds:
        now = time.monotonic()
        if used is None and now > warm:
            used, answered = server.cpu(), sent - options.clients + len(free)
        while free and (not options.rate or sent <= (now - start) * options.rate):
            at = free.pop()
            # Of a steady rate, from when it was due: whoever waits for a free connection waits, too.
            begun[at] = start + sent / options.rate if options.rate else time.monotonic()
            sockets[at].sendall(random.choice(requests))
            sent += 1
        for at, _ in poll.poll(0.001):
            buffers[at] += sockets[at].recv(262144)
            if (found := whole(buffers[at])) is not None:
                size = len(buffers[at])
                if begun[at] > warm:
                    times.append((time.monotonic() - begun[at]) * 1000)
                assert buffers[at].count(b'"seq"') == 50, buffers[at][:500]
                buffers[at] = b""
                free.append(at)
    pages = sent - options.clients + len(free) - answered
    each = [(after - before) * 1e6 / pages for before, after in zip(used, server.cpu())]
    times.sort()
    print(f"| {options.messages:,} messages, {options.clients} clients | {len(times) / options.seconds:,.0f} pages/s of {size:,} bytes | "
          f"p50 {times[len(times) // 2]:.1f} ms | p99 {times[int(len(times) * .99)]:.1f} ms | most {times[-1]:.1f} ms | "
          f"each page {each[0]:.0f} µs of the server, {each[1]:.0f} of PostgreSQL |")
finally:
    server.stop()
