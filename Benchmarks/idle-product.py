#!/usr/bin/env python3
"""What an idle subscriber costs the product, where each has a source of its own: private bytes and processor time of sockets that
listen to something that does not happen: a heartbeat that is far off, by people who are not signed in, or a room, or their own
notifications, by one who is. With `socket` and `introduced` the sockets listen to nothing. Prints one line.

usage: Benchmarks/idle-product.py [subscribers] [seconds of silence] [heartbeat|room|notifications|introduced|socket]
(scripts/build release Server first)
"""
import json, os, re, socket, sys, time, urllib.request
from product_server import ProductServer
from subscriber import frame, until, upgrade

count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 5
what = sys.argv[3] if len(sys.argv) > 3 else "heartbeat"


def ask(query, variables=None, token=None):
    head = {"content-type": "application/json"} | ({"authorization": "Bearer " + token} if token else {})
    body = json.dumps({"query": query, "variables": variables or {}}).encode()
    with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{server.port}/graphql", body, head)) as answer:
        said = json.load(answer)
    assert "errors" not in said, said
    return said["data"]


def subscription():
    """What the sockets ask for, and with which token."""
    if what == "heartbeat":
        return "subscription { heartbeat(everySeconds: 60) { number } }", None
    account = {"email": "ida@example.org", "displayName": "Ida", "password": "correct horse battery"}
    token = ask("mutation ($in: AccountRegisterInput!) { accountRegister(input: $in) { tokens { accessToken } } }",
                {"in": account})["accountRegister"]["tokens"]["accessToken"]
    if what == "notifications":
        return "subscription { notificationReceived { __typename } }", token
    group = ask("mutation ($in: GroupCreateInput!) { groupCreate(input: $in) { group { channels { nodes { id } } } } }",
                {"in": {"name": "Room", "visibility": "INVITE_ONLY"}}, token)["groupCreate"]["group"]
    room = group["channels"]["nodes"][0]["id"]
    return 'subscription { roomEvents(rooms: [{roomId: "%s"}]) { roomId } }' % room, token


def listen():
    one = socket.create_connection(("127.0.0.1", server.port))
    one.sendall(upgrade)
    until(one, b"\r\n\r\n")
    if what == "socket":
        return one
    payload = {"payload": {"authorization": "Bearer " + token}} if token else {}
    one.sendall(frame({"type": "connection_init"} | payload))
    until(one, b"connection_ack")
    if what != "introduced":
        one.sendall(frame({"id": "1", "type": "subscribe", "payload": {"query": query}}) + frame({"type": "ping"}))
        said = until(one, b'"pong"')
        assert b'"error' not in said, said
    return one


def private_bytes():
    text = open(f"/proc/{server.pid}/smaps_rollup").read()
    return sum(int(found) for found in re.findall(r"Private_\w+: +(\d+) kB", text)) * 1024


def processor_seconds():
    fields = open(f"/proc/{server.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


server = ProductServer(ATRIUM_CONNECTIONS_PER_ADDRESS="16384", ATRIUM_RATE_LIMITS="off", ATRIUM_JOBS="off",
                       ATRIUM_PING_SECONDS="3600", BCRYPT_ROUNDS="4")
try:
    query, token = subscription() if what not in ("socket", "introduced") else (None, None)
    # What the first ones bring about is there once, for all.
    sockets = [listen() for _ in range(20)]
    time.sleep(1)
    before = private_bytes()
    sockets += [listen() for _ in range(count)]
    time.sleep(1)
    each = (private_bytes() - before) / count
    used = processor_seconds()
    time.sleep(seconds)
    used = processor_seconds() - used
finally:
    server.stop()
print(f"{count} subscribers ({what}): {each:.0f} private bytes each, {used * 1000:.0f} ms of the processor in {seconds:g} s of silence")
