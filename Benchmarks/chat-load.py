#!/usr/bin/env python3
"""Messages to rooms with many listeners: Benchmarks/chat-load.py [--rate 1000] [--seconds 20] [--rooms 100]
[--listeners 2000] [--cuts 0] [--loops 1] [--binary .build/release/Server]

Starts the server with a database of its own in a temporary folder, takes people into one group for each room, lets them
listen by WebSocket, and sends at a steady rate. Says how long after its answer a message reached the last of its listeners,
and fails when one was lost, repeated or out of order. With --cuts each socket is cut so many times at random moments, and
goes on with the last cursor it got. Needs python3 alone.
"""
import argparse, base64, collections, json, os, random, re, select, shutil, socket, struct, subprocess, sys, tempfile
import threading, time

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
random.seed(7)
SUBSCRIBE = "subscription ($r: ID!, $a: String) { messageAdded(roomId: $r, after: $a) { cursor message { seq body author { displayName } } } }"
SEND = "mutation ($in: MessageSendInput!) { messageSend(input: $in) { message { seq } userErrors { code } } }"


def start(folder):
    environment = dict(
        os.environ, ATRIUM_PORT="0", ATRIUM_LOG="off", ATRIUM_DATABASE_FOLDER=folder + "/postgres", BCRYPT_ROUNDS="4",
        ATRIUM_REGISTRATIONS_PER_HOUR="1000000", JWT_EXPIRES_IN="3600",
        ATRIUM_LOOPS=str(options.loops), ATRIUM_FILES_FOLDER=folder + "/files",
    )
    process = subprocess.Popen([os.path.abspath(options.binary)], cwd=folder, env=environment, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if "GraphQL is served at" in line:
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return process, int(line.strip().rsplit(":", 1)[1].split("/")[0])
    sys.exit("the server did not start")


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


def frame(text):
    data = text.encode()
    head = struct.pack("!BB", 0x81, 0x80 | len(data)) if len(data) < 126 else struct.pack("!BBH", 0x81, 0xFE, len(data))
    return head + b"\0\0\0\0" + data


class Listener:
    """A socket that hears the messages of one room."""
    def __init__(self, room, token):
        self.room, self.token, self.cursor, self.seqs, self.cuts = room, token, None, [], 0
        self.socket = None

    def open(self):
        self.buffer, self.upgraded = b"", False
        self.socket = socket.create_connection(("127.0.0.1", port))
        key = base64.b64encode(os.urandom(16)).decode()
        # What follows the upgrade need not wait for its answer.
        self.socket.sendall(
            (f"GET /graphql HTTP/1.1\r\nhost: a\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\n"
             f"sec-websocket-key: {key}\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n").encode())
        self.socket.setblocking(False)
        listeners[self.socket.fileno()] = self
        poll.register(self.socket.fileno(), select.EPOLLIN)

    def close(self):
        poll.unregister(self.socket.fileno())
        del listeners[self.socket.fileno()]
        self.socket.close()
        self.socket = None

    def read(self, now):
        part = self.socket.recv(262144)
        assert part, "cut by the server: " + self.buffer.decode(errors="replace")
        buffer = self.buffer + part
        if not self.upgraded:
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                self.buffer = buffer
                return
            assert buffer.startswith(b"HTTP/1.1 101"), buffer
            buffer, self.upgraded = buffer[end + 4:], True
            self.socket.send(frame(json.dumps({"type": "connection_init", "payload": {"authorization": "Bearer " + self.token}})))
        place = 0
        while len(buffer) - place >= 2:
            length, at = buffer[place + 1], place + 2
            if length == 126:
                if len(buffer) < at + 2:
                    break
                length, at = struct.unpack_from("!H", buffer, at)[0], at + 2
            if len(buffer) < at + length:
                break
            self.told(buffer[at:at + length], buffer[place] & 15, now)
            place = at + length
        self.buffer = buffer[place:]

    def told(self, data, opcode, now):
        if opcode == 9:
            self.socket.send(b"\x8a\x80\0\0\0\0")
        elif b'"messageAdded":{' in data:
            found = TOLD.search(data)
            self.cursor, seq = found.group(1).decode(), int(found.group(2))
            self.seqs.append(seq)
            last[(self.room, seq)] = now
            heard[(self.room, seq)] += 1
        elif b'"connection_ack"' in data:
            variables = {"r": self.room, "a": self.cursor}
            self.socket.send(frame(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": SUBSCRIBE, "variables": variables}})))
        elif b'"errors"' in data or opcode == 8:
            sys.exit(data.decode(errors="replace"))


TOLD = re.compile(rb'"cursor":"([^"]+)".*?"seq":(\d+)')


def turn(timeout):
    """Reads what has come."""
    for descriptor, _ in poll.poll(timeout):
        if descriptor in listeners:
            listeners[descriptor].read(time.monotonic())
        elif descriptor in busy:
            sender, room = busy[descriptor]
            sender.buffer += sender.socket.recv(65536)
            if (body := sender.answer()) is not None:
                found = re.search(rb'"seq":(\d+)', body)
                if not found:
                    sys.exit(body.decode())
                answered[(room, int(found.group(1)))] = time.monotonic()
                del busy[descriptor]
                free.append(sender)


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


def cpu(process):
    """Seconds of the server, and of PostgreSQL below it."""
    def used(path):
        fields = open(path).read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), int(fields[1])
    own, others, parents = used(f"/proc/{process.pid}/stat")[0], 0, {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                if open(f"/proc/{name}/comm").read().startswith("postgres") and folder in os.readlink(f"/proc/{name}/cwd"):
                    others += used(f"/proc/{name}/stat")[0]
            except OSError:
                pass
    return own, others


folder = tempfile.mkdtemp(prefix="chat-load-")
os.chmod(folder, 0o755)  # PostgreSQL runs as another user where this one is root.
server, port = start(folder)
try:
    poll, listeners, busy, free = select.epoll(), {}, {}, []
    last, answered, heard = {}, {}, collections.Counter()
    rooms = setting_up()
    everybody = [Listener(room, token) for room, members in rooms for token, _ in members]
    for count, one in enumerate(everybody):
        one.open()
        while sum(not other.upgraded for other in everybody[max(0, count - 64):count + 1]) > 32:
            turn(0.1)
    for _ in range(options.senders):
        sender = Asker(port)
        poll.register(sender.socket.fileno(), select.EPOLLIN)
        free.append(sender)

    def send(number):
        room, members = rooms[number % len(rooms)]
        sender = free.pop()
        token = members[number // len(rooms) % len(members)][0]
        sender.socket.sendall(post(SEND, {"in": {"roomId": room, "body": f"message {number}"}}, token))
        busy[sender.socket.fileno()] = (sender, room)

    def everyone_heard():
        return all(heard[key] >= expected[key[0]] for key in answered)

    expected = {room: len(members) for room, members in rooms}
    # One message to each room shows that all listen, and gives all a cursor.
    deadline = time.monotonic() + 120
    while not all(one.cursor for one in everybody):
        for number in range(len(rooms)):
            while not free:
                turn(0.05)
            send(number)
        quiet = time.monotonic() + 1
        while time.monotonic() < quiet:
            turn(0.05)
        assert time.monotonic() < deadline, "not all listen"
    while busy:
        turn(0.05)
    first = {room: max(seq for key, seq in answered if key == room) for room, _ in rooms}
    late = [key for key in answered]
    for one in everybody:
        assert one.seqs[-1] == first[one.room]
        one.seqs = []
    answered.clear(), last.clear(), heard.clear()

    total, number = options.rate * options.seconds, 0
    cuts = sorted((random.random() * options.seconds, one) for one in range(len(everybody)) for _ in range(options.cuts))
    before, began, delayed, cut = cpu(server), time.monotonic(), 0, 0
    while number < total or busy:
        passed = time.monotonic() - began
        while number < total and number <= passed * options.rate and free:
            send(number)
            number += 1
        delayed = max(delayed, min(total, int(passed * options.rate)) - number)
        while cut < len(cuts) and cuts[cut][0] <= passed:
            one = everybody[cuts[cut][1]]
            one.close()
            one.open()
            cut += 1
        turn(0.0005)
    sent = time.monotonic() - began
    while cut < len(cuts):
        one = everybody[cuts[cut][1]]
        one.close()
        one.open()
        cut += 1
        turn(0)
    deadline = time.monotonic() + 60
    while not everyone_heard() and time.monotonic() < deadline:
        turn(0.05)
    after, wall = cpu(server), time.monotonic() - began
    quiet = time.monotonic() + 1
    while time.monotonic() < quiet:
        turn(0.05)
    counts, wrong = collections.Counter(room for room, _ in answered), 0
    for one in everybody:
        if one.seqs != list(range(first[one.room] + 1, first[one.room] + 1 + counts[one.room])):
            wrong += 1
    times = sorted(max(0, last[key] - answered[key]) * 1000 for key in answered if key in last)

    def part(share):
        return times[min(len(times) - 1, int(len(times) * share))]

    deliveries = sum(len(one.seqs) for one in everybody)
    print(f"| {options.rooms} rooms, {len(everybody):,} listeners, {options.cuts} cuts each | {total / sent:,.0f} messages/s | "
          f"{deliveries / wall:,.0f} deliveries/s | p50 {part(.5):.1f} ms | p99 {part(.99):.1f} ms | most {times[-1]:.1f} ms | "
          f"server {(after[0] - before[0]) / wall:.2f} cores | PostgreSQL {(after[1] - before[1]) / wall:.2f} | "
          f"behind by {delayed} at most | listeners with something lost, repeated or out of order: {wrong} |")
    sys.exit(1 if wrong else 0)
finally:
    server.terminate()
    server.wait()
    shutil.rmtree(folder, ignore_errors=True)
