"""Atrium by the Python client gql: a query, a sign-in, an upload, a subscription.

    pip install 'gql[aiohttp,websockets]==4.0.0'
    python with_gql.py [address of /graphql]       # with the sample world, which scripts/run makes
"""
import asyncio
import sys
import tempfile

from gql import Client, FileVar, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.exceptions import TransportQueryError
from gql.transport.websockets import WebsocketsTransport

server = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080/graphql"


async def main():
    # With the schema at hand, documents are checked before they are sent.
    async with Client(transport=AIOHTTPTransport(server), fetch_schema_from_transport=True) as session:
        print(await session.execute(gql("{ serverInfo { version } }")))
        sign_in = gql("""mutation In($input: SignInInput!) {
            signIn(input: $input) {
                outcome { ... on SignInSuccess { tokens { accessToken } } }
                userErrors { code message }
            }
        }""")
        sign_in.variable_values = {"input": {"identifier": "mara", "password": "lamp in the garden"}}
        answer = (await session.execute(sign_in))["signIn"]
        token = answer["outcome"]["tokens"]["accessToken"]

    # The second header says that no web page was tricked into an upload.
    headers = {"authorization": f"Bearer {token}", "graphql-require-preflight": "1"}
    async with Client(transport=AIOHTTPTransport(server, headers=headers)) as session:
        print(await session.execute(gql("{ viewer { user { username displayName } } }")))
        with tempfile.NamedTemporaryFile(suffix=".txt") as notes:
            notes.write(b"Notes of the meeting\n")
            notes.flush()
            upload = gql("""mutation Up($file: Upload!) {
                fileUpload(file: $file, purpose: DOCUMENT) { file { filename byteSize } userErrors { code } }
            }""")
            upload.variable_values = {"file": FileVar(notes.name, filename="notes.txt")}
            print(await session.execute(upload, upload_files=True))
        try:
            await session.execute(gql("{ nothing }"))
        except TransportQueryError as error:
            print(error.errors[0]["message"])

    # The same token opens a socket.
    socket = WebsocketsTransport("ws" + server.removeprefix("http"), init_payload={"authorization": f"Bearer {token}"})
    async with Client(transport=socket) as session:
        async for event in session.subscribe(gql("subscription { heartbeat(everySeconds: 1) { number } }")):
            print(event)
            if event["heartbeat"]["number"] == 2:
                break


asyncio.run(main())
