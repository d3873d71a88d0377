"""What scripts that open sockets by themselves have in common: a handshake of graphql-transport-ws, and frames."""
import json

upgrade = (b"GET /graphql HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
           b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n")


def frame(message):
    payload = json.dumps(message).encode()
    head = bytes([0x81, 0x80 | len(payload)]) if len(payload) < 126 else b"\x81\xfe" + len(payload).to_bytes(2, "big")
    return head + bytes(4) + payload


def until(one, end):
    text = b""
    while end not in text:
        more = one.recv(4096)
        assert more, text
        text += more
    return text
