"""What scripts/test-clients runs: gql over HTTP, with files, and both WebSocket protocols; event streams by httpx."""

import asyncio
import io
import json
import os
import sys

import httpx
import websockets
from gql import Client, FileVar, GraphQLRequest, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.exceptions import TransportQueryError, TransportServerError
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.requests import RequestsHTTPTransport
from gql.transport.websockets import WebsocketsTransport

PORT = sys.argv[1]
HTTP = f"http://127.0.0.1:{PORT}/graphql"
WS = f"ws://127.0.0.1:{PORT}/graphql"
UPLOADS = f"http://127.0.0.1:{sys.argv[2]}/graphql"
passed = 0


def check(what, condition):
    global passed
    if not condition:
        sys.exit(f"failed: {what}")
    passed += 1


async def operations(name, transport):
    async with Client(transport=transport, fetch_schema_from_transport=True) as session:
        answer = await session.execute(GraphQLRequest("query Q($t: String!) { echo(text: $t) add(a: 1, b: 2) }", variable_values={"t": "ü\n\"x"}))
        check(f"{name} query", answer == {"echo": "ü\n\"x", "add": 3})
        answer = await session.execute(gql('mutation { setValue(value: "v") }'))
        check(f"{name} mutation", answer == {"setValue": "v"})
        try:
            await session.execute(gql("{ hello fail }"))
            check(f"{name} field error", False)
        except TransportQueryError as error:
            check(f"{name} field error", error.errors[0]["path"] == ["fail"])
        slow = [session.execute(gql("{ slow(ms: 100) }")) for _ in range(5)]
        check(f"{name} side by side", await asyncio.gather(*slow) == [{"slow": "slow"}] * 5)


async def subscriptions(name, transport):
    async with Client(transport=transport) as session:
        words = [e["greetings"] async for e in session.subscribe(gql("subscription { greetings }"))]
        check(f"{name} subscription", words == ["Hi", "Bonjour", "Hola", "Ciao", "Zdravo"])

        async def count(to):
            document = gql(f"subscription {{ count(to: {to}, everyMs: 5) }}")
            return [e["count"] async for e in session.subscribe(document)]

        counts = await asyncio.gather(*(count(n) for n in range(1, 6)))
        check(f"{name} several at once", counts == [list(range(1, n + 1)) for n in range(1, 6)])
        seen = 0
        async for _ in session.subscribe(gql("subscription { forever(everyMs: 1) }")):
            seen += 1
            if seen == 10:
                break
        for _ in range(50):
            open_streams = (await session.execute(gql("{ activeSubscriptions }")))["activeSubscriptions"]
            if open_streams == 0:
                break
            await asyncio.sleep(0.02)
        check(f"{name} stopped by the client", open_streams == 0)
        try:
            async for _ in session.subscribe(gql("subscription { failSubscribe }")):
                pass
            check(f"{name} no stream", False)
        except TransportQueryError as error:
            check(f"{name} no stream", "no stream" in str(error))


async def event_streams():
    async with httpx.AsyncClient() as client:
        body = {"query": "subscription { count(to: 3, everyMs: 5) }"}
        async with client.stream("POST", HTTP, json=body, headers={"accept": "text/event-stream"}) as response:
            lines = [line async for line in response.aiter_lines() if line.startswith("data: {")]
        check("event stream", [json.loads(line[6:])["data"]["count"] for line in lines] == [1, 2, 3])


async def raw_sockets():
    async with websockets.connect(WS, subprotocols=["graphql-transport-ws"]) as socket:
        await socket.send(json.dumps({"type": "connection_init", "payload": {"reject": True}}))
        try:
            await socket.recv()
        except websockets.ConnectionClosed as closed:
            check("refused", closed.rcvd.code == 4403)
    async with websockets.connect(WS, subprotocols=["graphql-transport-ws"]) as socket:
        names = [extension.name for extension in getattr(socket, "protocol", socket).extensions]
        check("compression is agreed on", names == ["permessage-deflate"])
        query = "{ __schema { types { name description fields { name description } } } }"
        await socket.send(json.dumps({"type": "connection_init"}))
        check("acknowledged", json.loads(await socket.recv())["type"] == "connection_ack")
        await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": {"query": query}}))
        data = json.loads(await socket.recv())["payload"]
        check("a long answer is unpacked", len(json.dumps(data)) > 2_000 and data == httpx.post(HTTP, json={"query": query}).json())


PREFLIGHT = {"GraphQL-Require-Preflight": "1"}
ONE = "mutation($f: Upload!) { upload(file: $f) { name contentType size beginning } }"
MANY = "mutation($f: [Upload!]!) { uploadMany(files: $f) { size beginning } }"


def named(name, content):
    return FileVar(io.BytesIO(content), filename=os.path.basename(name))


async def uploads(name, transport):
    async with Client(transport=transport) as session:
        file = named("/tmp/notes.txt", b"some text")
        answer = (await session.execute(GraphQLRequest(ONE, variable_values={"f": file}), upload_files=True))["upload"]
        check(f"{name} upload", answer["size"] == 9 and answer["beginning"] == "some text")
        check(f"{name} file name", answer["name"].endswith("notes.txt"))
        files = [named(f"{n}.bin", bytes([65 + n]) * size) for n, size in enumerate([1, 100_000, 3_000_000])]
        answer = (await session.execute(GraphQLRequest(MANY, variable_values={"f": files}), upload_files=True))["uploadMany"]
        check(f"{name} several", [a["size"] for a in answer] == [1, 100_000, 3_000_000])
        check(f"{name} in order", [a["beginning"][0] for a in answer] == ["A", "B", "C"])
        check(f"{name} none", await session.execute(gql("mutation { uploadIfAny(file: null) { size } }"))
              == {"uploadIfAny": None})
        try:
            await session.execute(GraphQLRequest(ONE, variable_values={"f": named("big", bytes(11 << 20))}), upload_files=True)
            check(f"{name} too large", False)
        except (TransportQueryError, TransportServerError) as error:
            check(f"{name} too large", "413" in str(error) or "10485760" in str(error))


async def main():
    await operations("aiohttp", AIOHTTPTransport(url=HTTP))
    await operations("httpx", HTTPXAsyncTransport(url=HTTP))
    for protocol in ("graphql-transport-ws", "graphql-ws"):
        def transport():
            return WebsocketsTransport(url=WS, subprotocols=[protocol])
        await operations(protocol, transport())
        await subscriptions(protocol, transport())
    await uploads("aiohttp", AIOHTTPTransport(url=UPLOADS, headers=PREFLIGHT))
    await uploads("httpx", HTTPXAsyncTransport(url=UPLOADS, headers=PREFLIGHT))
    await event_streams()
    await raw_sockets()


asyncio.run(main())
client = Client(transport=RequestsHTTPTransport(url=HTTP, use_json=True))
check("requests", client.execute(gql("{ hello }")) == {"hello": "world"})
client = Client(transport=RequestsHTTPTransport(url=UPLOADS, headers=PREFLIGHT))
answer = client.execute(GraphQLRequest(ONE, variable_values={"f": named("r.txt", b"r")}), upload_files=True)
check("requests upload", answer["upload"]["size"] == 1)
client = Client(transport=RequestsHTTPTransport(url=HTTP, use_json=True))
try:
    client.execute(gql("{ nothing }"))
    check("requests, an invalid document", False)
except (TransportQueryError, TransportServerError):
    check("requests, an invalid document", True)
print(f"{passed} checks of 5 clients passed")
