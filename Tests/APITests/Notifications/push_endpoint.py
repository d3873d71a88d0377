"""A browser and the service of its maker: takes messages, checks who sent them, reads them, and says what they were.

It answers what its paths say, such as /status/410; a path may have several, which are answered one after the other. What is
sent to /hold is never answered, and /later/503/600 answers with a status and when to come back.
"""

import base64
import http.server
import json
import os
import threading

import http_ece
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

key = ec.generate_private_key(ec.SECP256R1())
secret = os.urandom(16)
calls = {}


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def claims(field):
    """What the token says, once its signature is found to be of the key beside it."""
    kind, rest = field.split(" ", 1)
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    head, body, signature = parts["t"].split(".")
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(parts["k"]))
    numbers = decoded(signature)
    pair = [int.from_bytes(numbers[start : start + 32], "big") for start in (0, 32)]
    point.verify(encode_dss_signature(*pair), f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
    return {"kind": kind, "key": parts["k"], "head": json.loads(decoded(head)), "claims": json.loads(decoded(body))}


class Endpoint(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        kind, said = self.path.split("/")[1:3]
        statuses = said.split(",")
        number = calls.get(self.path, 0)
        calls[self.path] = number + 1
        text = http_ece.decrypt(body, private_key=key, auth_secret=secret, version="aes128gcm")
        told = {
            "path": self.path,
            "message": json.loads(text),
            "bytes": len(body),
            "readable": text in body,
            "vapid": claims(self.headers["authorization"]),
            "fields": {name.lower(): value for name, value in self.headers.items()},
        }
        print(json.dumps(told), flush=True)
        if kind == "hold":
            threading.Event().wait()
        self.send_response(int(statuses[min(number, len(statuses) - 1)]))
        if kind == "later":
            self.send_header("retry-after", self.path.split("/")[3])
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
point = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
print(
    json.dumps(
        {
            "url": f"http://127.0.0.1:{server.server_port}",
            "p256dh": encoded(point),
            "auth": encoded(secret),
        }
    ),
    flush=True,
)
server.serve_forever()
