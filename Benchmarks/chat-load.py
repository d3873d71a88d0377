#!/usr/bin/env python3
"""Messages to rooms with many listeners: Benchmarks/chat-load.py [--rate 1000] [--seconds 20] [--rooms 100]
[--listeners 2000] [--cuts 0] [--loops 1] [--binary .build/release/Server]

Starts the server with a database of its own in a temporary folder, takes people into one group for each room, lets them
listen by WebSocket, and sends at a steady rate. Says how long after its answer a message reached the last of its listeners,
and fails when one was lost, repeated or out of order. With --cuts each socket is cut so many times at random moments, and
goes on with the last cursor it got. Needs python3, psql and a C compiler, for the client (chat-load.c).
"""
import argparse, json, os, re, socket, subprocess, sys, threading, time
from product_server import ProductServer

parser = argparse.ArgumentParser()
parser.add_argument("--rate", type=int, default=1000)
parser.add_argument("--seconds", type=int, default=20)
parser.add_argument("--rooms", type=int, default=100)
parser.add_argument("--listeners", type=int, default=2000)
parser.add_argument("--cuts", type=int, default=0)
parser.add_argument("--loops", type=int, default=1)
parser.add_argument("--senders", type=int, default=48)
parser.add_argument("--binary", default=".build/release/Server")
options = parser.parse_args()
OTHERS = """
INSERT INTO groups (id, name, slug) SELECT ('20000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'other ' || n, 'other-' || n
FROM generate_series(1, 10000) n;
INSERT INTO rooms (id, kind) SELECT ('30000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'CHANNEL' FROM generate_series(1, 10000) n;
INSERT INTO channels (id, group_id, name) SELECT ('30000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid,
    ('20000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'general' FROM generate_series(1, 10000) n;
INSERT INTO messages (room_id, author_id, body)
SELECT c.id, g.created_by, 'message number ' || n || ', of some length'
FROM channels c JOIN groups g ON g.id = c.group_id, generate_series(1, 1000) n WHERE g.created_by IS NOT NULL;
INSERT INTO room_members (room_id, user_id, last_read_seq)
SELECT c.id, m.user_id, 1000 FROM group_members m JOIN channels c USING (group_id);
VACUUM ANALYZE;
"""


def post(query, variables, token):
    body = json.dumps({"query": query, "variables": variables}).encode()
    auth = f"authorization: Bearer {token}\r\n" if token else ""
    return (f"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n{auth}"
            f"content-length: {len(body)}\r\n\r\n").encode() + body


class Asker:
    """One connection that is asked again and again."""
    def __init__(self, port):
        self.socket, self.buffer = socket.create_connection(("127.0.0.1", port)), b""
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def answer(self):
        """What has come whole, or None."""
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        length = int(re.search(rb"content-length: *(\d+)", self.buffer[:end].lower()).group(1))
        if len(self.buffer) < end + 4 + length:
            return None
        body, self.buffer = self.buffer[end + 4:end + 4 + length], self.buffer[end + 4 + length:]
        return body

    def ask(self, query, variables, token=None):
        self.socket.sendall(post(query, variables, token))
        while (body := self.answer()) is None:
            part = self.socket.recv(65536)
            assert part, "cut by the server"
            self.buffer += part
        answer = json.loads(body)
        if "errors" in answer:
            sys.exit(body.decode())
        return answer["data"]


def setting_up():
    """The listeners: people, each in the group of a room."""
    people = [None] * options.listeners

    def register(part):
        asker = Asker(port)
        query = "mutation ($in: AccountRegisterInput!) { accountRegister(input: $in) { tokens { accessToken } viewer { user { id } } userErrors { code } } }"
        for number in range(part, options.listeners, 8):
            account = {"email": f"p{number}@example.org", "displayName": f"Person {number}", "password": "correct horse battery"}
            answer = asker.ask(query, {"in": account})["accountRegister"]
            token = answer["tokens"]["accessToken"]
            people[number] = (token, asker.ask("{ viewer { user { id } } }", {}, token)["viewer"]["user"]["id"])

    threads = [threading.Thread(target=register, args=(part,)) for part in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    asker, rooms = Asker(port), []
    for number in range(options.rooms):
        members = people[number::options.rooms]
        made = asker.ask("mutation ($in: GroupCreateInput!) { groupCreate(input: $in) { group { id channels { nodes { id } } } } }",
                         {"in": {"name": f"Room {number}", "visibility": "INVITE_ONLY"}}, members[0][0])["groupCreate"]["group"]
        for first in range(1, len(members), 100):
            asker.ask("mutation ($g: ID!, $u: [ID!]!) { groupMembersAdd(groupId: $g, userIds: $u) { userErrors { code } } }",
                      {"g": made["id"], "u": [one[1] for one in members[first:first + 100]]}, members[0][0])
        rooms.append((made["channels"]["nodes"][0]["id"], members))
    return rooms


here = os.path.dirname(os.path.abspath(__file__))
server = ProductServer(options.binary, BCRYPT_ROUNDS="4", ATRIUM_REGISTRATIONS_PER_HOUR="1000000", JWT_EXPIRES_IN="3600",
                       ATRIUM_RATE_LIMITS="off", ATRIUM_LOOPS=str(options.loops))
folder, port = server.folder, server.port
try:
    subprocess.run(["cc", "-O2", "-D_GNU_SOURCE", "-o", folder + "/client", here + "/chat-load.c"], check=True)
    people = "".join(f"R {room}\n" + "".join(f"M {token}\n" for token, _ in members) for room, members in setting_up())
    # Everybody has been in their room, where a thousand messages are; other groups and rooms, as a server has them; and what autovacuum does within a minute.
    subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", server.database, "-f", "-"],
                   input=OTHERS, text=True, check=True)
    client = subprocess.Popen(
        [folder + "/client", str(port), str(options.rate), str(options.seconds), str(options.cuts), str(options.senders)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    threading.Thread(target=lambda: (client.stdin.write(people), client.stdin.close()), daemon=True).start()
    used, said = [], []
    for line in client.stderr:
        said.append(line)
        if line.strip() in ("begin", "end"):
            fields = open(f"/proc/{client.pid}/stat").read().rsplit(")", 1)[1].split()
            used.append((*server.cpu(), (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), time.monotonic()))
    numbers = client.stdout.read().split()
    if client.wait() not in (0, 1) or len(numbers) != 10:
        sys.exit("".join(said))
    rate, told, p50, p99, most, behind, wrong, lost, repeated, wall = numbers
    took = [(after - before) / (used[1][3] - used[0][3]) for before, after in zip(used[0], used[1])]
    each = [core * float(wall) * 1e6 / (options.rate * options.seconds) for core in took]
    print(f"| {options.rooms} rooms, {options.listeners:,} listeners, {options.cuts} cuts each | {rate} messages/s for {wall} s | "
          f"{told} deliveries/s | p50 {p50} ms | p99 {p99} ms | most {most} ms | server {took[0]:.2f} cores, "
          f"PostgreSQL {took[1]:.2f}, client {took[2]:.2f} | each message {each[0]:.0f} µs of the server, "
          f"{each[1]:.0f} of PostgreSQL, {each[2]:.0f} of the client | behind by {behind} at most | "
          f"wrong {wrong}, lost {lost}, repeated {repeated} |")
    sys.exit(1 if int(wrong) else 0)
finally:
    server.stop()
