#!/usr/bin/env python3
"""Mixed load on the real server, for as long as it is told: does memory stay flat, is every answer right?

Queries, mutations, sign-ins, wrong and broken requests, subscriptions over WebSocket and event streams, streams that are reserved
and left, uploads that are answered before they are here, clients that leave in the middle. The server is the product's, with the PostgreSQL it starts itself.
usage: Benchmarks/soak.py [seconds] [clients]   (scripts/build release Server first)
"""
import asyncio, base64, json, os, random, re, sys, time
from product_server import ProductServer

seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 3600
clients = int(sys.argv[2]) if len(sys.argv) > 2 else 24
server = ProductServer(ATRIUM_REGISTRATIONS_PER_HOUR="1000000", ATRIUM_SIGN_INS_PER_MINUTE="1000000", BCRYPT_ROUNDS="4")
port = server.port

counts = {}
wrong = []


def count(kind, right, told=""):
    counts[kind] = counts.get(kind, 0) + 1
    if not right and len(wrong) < 20:
        wrong.append(f"{kind}: {told[:300]}")


def request(document, variables=None, headers=""):
    body = json.dumps({"query": document, "variables": variables or {}}).encode()
    head = (f"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n{headers}"
            f"Content-Length: {len(body)}\r\n\r\n")
    return head.encode() + body


async def answer(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = re.search(r"content-length: *(\d+)", head, re.I)
    return int(head[9:12]), await reader.readexactly(int(length.group(1))) if length else b""


def frame(text):
    payload, mask = text.encode(), os.urandom(4)
    size = bytes([0x81, 0x80 | len(payload)]) if len(payload) < 126 else bytes([0x81, 0xFE]) + len(payload).to_bytes(2, "big")
    return size + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload))


async def text(reader):
    first, size = await reader.readexactly(2)
    size &= 0x7F
    if size == 126:
        size = int.from_bytes(await reader.readexactly(2), "big")
    return await reader.readexactly(size)


async def kept(reader, writer, account):
    """Requests on one connection, right and wrong ones."""
    authorization = ""
    for _ in range(random.randint(1, 60)):
        kind = random.choice(["query", "query", "viewer", "invalid", "introspection", "register", "sign in", "large"])
        if kind == "query":
            writer.write(request("query Q { serverInfo { version database { version } } }"))
            status, body = await answer(reader)
            count(kind, status == 200 and b'"version"' in body, str(body))
        elif kind == "viewer":
            writer.write(request("{ viewer { user { username } authSessions { userAgent } } }", headers=authorization))
            status, body = await answer(reader)
            count(kind, (b'"username"' in body) == bool(authorization), str(body))
        elif kind == "invalid":
            writer.write(request("{ nothing%d }" % random.randint(0, 10**9)))
            status, body = await answer(reader)
            count(kind, status == 422 or status == 400, str(body))
        elif kind == "introspection":
            writer.write(request("{ __schema { types { name fields { name type { name } } } } }"))
            status, body = await answer(reader)
            count(kind, status == 200 and len(body) > 2000, str(body))
        elif kind == "large":
            writer.write(request("query Q($a: String) { __typename @skip(if: false) #" + "x" * 40000 + "\n }", {"a": "y" * 20000}))
            status, body = await answer(reader)
            count(kind, status in (200, 400, 422), str(body))
        elif kind == "register" and account["name"] is None:
            name = f"u{random.randint(0, 10**12)}"
            writer.write(request("mutation R($i: AccountRegisterInput!) { accountRegister(input: $i) { tokens { accessToken } userErrors { code } } }",
                                 {"i": {"email": f"{name}@example.org", "displayName": name, "password": "correct horse battery"}}))
            status, body = await answer(reader)
            token = (json.loads(body)["data"]["accountRegister"] or {}).get("tokens")
            count(kind, token is not None, str(body))
            if token:
                account["name"] = name
                authorization = f"Authorization: Bearer {token['accessToken']}\r\n"
        elif kind == "sign in" and account["name"] is not None:
            good = random.random() < 0.8
            writer.write(request("mutation S($i: SignInInput!) { signIn(input: $i) { outcome { ... on SignInSuccess { tokens { accessToken } } } userErrors { code } } }",
                                 {"i": {"identifier": account["name"] + "@example.org", "password": "correct horse battery" if good else "wrong wrong wrong"}}))
            status, body = await answer(reader)
            count(kind, status in (200, 294, 422), str(body))
            found = re.search(rb'"accessToken":"([^"]+)"', body)
            if found:
                authorization = f"Authorization: Bearer {found.group(1).decode()}\r\n"
        await asyncio.sleep(random.random() * 0.05)


async def socket(reader, writer, _):
    """Heartbeats by WebSocket, left properly or not."""
    writer.write(f"GET /graphql HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\n"
                 f"Sec-WebSocket-Protocol: graphql-transport-ws\r\nSec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    count("socket", b" 101 " in head, str(head))
    writer.write(frame('{"type":"connection_init"}'))
    count("acknowledged", b"connection_ack" in await text(reader))
    for number in range(random.randint(1, 5)):
        writer.write(frame(json.dumps({"id": str(number), "type": "subscribe", "payload": {"query": "subscription { heartbeat(everySeconds: 1) { number } }"}})))
    for _ in range(random.randint(1, 6)):
        told = await text(reader)
        count("beat", b'"next"' in told, str(told))
    if random.random() < 0.5:
        writer.write(frame('{"id":"0","type":"complete"}'))


async def events(reader, writer, _):
    """Heartbeats by an event stream, always cut."""
    writer.write(request("subscription { heartbeat(everySeconds: 1) { number } }", headers="Accept: text/event-stream\r\n"))
    head = await reader.readuntil(b"\r\n\r\n")
    count("event stream", b" 200 " in head, str(head))
    await reader.readuntil(b"event: next")


async def broken(reader, writer, _):
    """What no parser should take, or half of what it should."""
    whole = request("{ serverInfo { version } }")
    kind = random.choice([whole[: random.randint(1, len(whole) - 1)], os.urandom(300), b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
                          b"POST /graphql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"])
    writer.write(kind)
    await writer.drain()
    try:
        await asyncio.wait_for(reader.read(4096), 0.2)
    except asyncio.TimeoutError:
        pass
    count("broken", True)


async def reserved(reader, writer, _):
    """An event stream of many operations: reserved and forgotten, asked before it is open, opened and cut."""
    writer.write(b"PUT /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
    status, token = await answer(reader)
    count("reserved", status in (201, 429), str(status))
    if status != 201:
        return
    mark = f"X-GraphQL-Event-Stream-Token: {token.decode()}\r\n"
    for number in range(random.randint(0, 3)):
        body = json.dumps({"query": "{ serverInfo { version } }", "variables": {"x": "y" * random.randint(0, 20000)},
                           "extensions": {"operationId": str(number)}}).encode()
        writer.write(f"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n{mark}"
                     f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        status, _ = await answer(reader)
        count("asked", status == 202, str(status))
    if random.random() < 0.5:
        return
    writer.write(f"GET /graphql HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n{mark}\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    count("opened", b" 200 " in head, str(head))


async def unfinished(reader, writer, _):
    """An upload that is answered before it is here."""
    kind, right = random.choice([
        (b"POST /graphql HTTP/1.1\r\nHost: a\r\nGraphQL-Require-Preflight: 1\r\n"
         b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\nno boundary", (400, 401)),
        (b"PUT /uploads/none HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775807\r\n\r\nx", (413,)),
        (b"PUT /uploads/none HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx", (403,)),
    ])
    writer.write(kind)
    status, _ = await answer(reader)
    count("unfinished", status in right, str(status))


async def client(until):
    account = {"name": None}
    while time.monotonic() < until:
        work = random.choice([kept, kept, kept, socket, events, broken, reserved, unfinished])
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
            try:
                await asyncio.wait_for(work(reader, writer, account), 60)
            finally:
                writer.transport.abort() if random.random() < 0.5 else writer.close()
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            count(work.__name__ + " cut", work is broken, repr(error))
        except asyncio.TimeoutError:
            count(work.__name__ + " hangs", False, "no answer in a minute")


def memory():
    rows = [line.split() for line in open(f"/proc/{server.pid}/smaps_rollup") if line.startswith("Private_")]
    return sum(int(row[1]) for row in rows) / 1024, len(os.listdir(f"/proc/{server.pid}/fd"))


async def main():
    start = time.monotonic()
    workers = [asyncio.create_task(client(start + seconds)) for _ in range(clients)]
    step = max(seconds / 12, 5)
    print("| minutes | requests and messages | private MB | descriptors |\n|--:|--:|--:|--:|", flush=True)
    while not all(worker.done() for worker in workers):
        await asyncio.wait(workers, timeout=step)
        megabytes, descriptors = memory()
        print(f"| {(time.monotonic() - start) / 60:.1f} | {sum(counts.values()):,} | {megabytes:.1f} | {descriptors} |", flush=True)
    for worker in workers:
        worker.result()

asyncio.run(main())
print("\n" + ", ".join(f"{kind} {number:,}" for kind, number in sorted(counts.items())))
code = server.stop(within=30)
print(f"wrong answers: {len(wrong)}; the server ended with {code}")
print("\n".join(wrong))
sys.exit(1 if wrong or code else 0)
