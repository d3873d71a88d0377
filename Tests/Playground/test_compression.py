import socket
import threading

from support import PlaygroundTest, free_port, server

ECHO = """async (text) => {
    const socket = new WebSocket(`ws://${location.host}/graphql`, "graphql-transport-ws");
    const answer = await new Promise((done, failed) => {
        socket.onclose = (event) => failed(`closed with ${event.code}`);
        socket.onopen = () => socket.send('{"type":"connection_init"}');
        socket.onmessage = ({ data }) => {
            const message = JSON.parse(data);
            if (message.type === "next") done(message.payload.data.echo);
            if (message.type === "connection_ack")
                socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query: "query($text: String!) { echo(text: $text) }", variables: { text } } }));
        };
    });
    socket.onclose = null;
    socket.close();
    return [socket.extensions, answer];
}"""


class Relay:
    """Stands between a browser and the server, and counts the bytes that pass each way."""

    def __init__(self, port):
        self.sent = self.received = 0
        self.listener = socket.create_server(("127.0.0.1", free_port()))
        self.port = self.listener.getsockname()[1]
        self.server = port
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client = self.listener.accept()[0]
            except OSError:
                return
            server_side = socket.create_connection(("127.0.0.1", self.server))
            threading.Thread(target=self.pass_on, args=(client, server_side, "sent"), daemon=True).start()
            threading.Thread(target=self.pass_on, args=(server_side, client, "received"), daemon=True).start()

    def pass_on(self, source, to, counter):
        try:
            while piece := source.recv(65536):
                setattr(self, counter, getattr(self, counter) + len(piece))
                to.sendall(piece)
            to.shutdown(socket.SHUT_WR)
        except OSError:
            to.close()


class CompressionTest(PlaygroundTest):
    def test_a_browser_and_the_server_compress_their_messages(self):
        relay = Relay(server(self.product).port)
        self.addCleanup(relay.listener.close)
        self.visit(f"http://127.0.0.1:{relay.port}/graphql")
        text = "of the same words again and again " * 3_000
        relay.sent = relay.received = 0
        extensions, answer = self.page.evaluate(ECHO, text)
        self.assertIn("permessage-deflate", extensions)
        self.assertEqual(answer, text)
        self.assertLess(relay.sent, len(text) / 10)
        self.assertLess(relay.received, len(text) / 10)

    def test_what_cannot_be_compressed_comes_as_it_was(self):
        self.visit()
        text = self.page.evaluate("btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(60_000)))) + ' ü 漢 😀'")
        for size in (0, 1, 125, 126, 65_535, len(text)):
            _, answer = self.page.evaluate(ECHO, text[-size:] if size else "")
            self.assertEqual(answer, text[-size:] if size else "")
