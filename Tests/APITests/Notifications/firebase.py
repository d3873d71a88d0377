"""Firebase as its documentation has it: hands out access tokens to an account that signs, and takes messages for its apps.

The registration token of an app says what becomes of its messages, as in "app-UNREGISTERED-404-…"; "app-once-401-…" is answered
so once, and "app-later-429-600-…" with when to come back.
"""

import base64
import http.server
import json
import time
import urllib.parse

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
granted = []
answered = set()


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def claims(assertion):
    head, body, signature = assertion.split(".")
    key.public_key().verify(decoded(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256())
    told = json.loads(decoded(body))
    assert json.loads(decoded(head)) == {"alg": "RS256", "typ": "JWT", "kid": "key-1"}
    assert told["iss"] == "sender@example-app.iam.gserviceaccount.com" and told["aud"] == f"{url}/token"
    assert told["exp"] - told["iat"] <= 3600 and abs(told["iat"] - time.time()) < 60
    return told


class Firebase(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.token(body) if self.path == "/token" else self.message(json.loads(body))

    def token(self, body):
        form = dict(urllib.parse.parse_qsl(body.decode(), strict_parsing=True))
        assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
        told = claims(form["assertion"])
        granted.append(f"access-{len(granted)}")
        print(json.dumps({"grant": len(granted), "scope": told["scope"]}), flush=True)
        self.answer(200, {"access_token": granted[-1], "expires_in": 3599, "token_type": "Bearer"})

    def message(self, told):
        assert self.path == "/v1/projects/example-app/messages:send", self.path
        if not granted or self.headers["authorization"] != f"Bearer {granted[-1]}":
            return self.answer(401, {"error": {"code": 401, "status": "UNAUTHENTICATED"}})
        device = told["message"]["token"]
        print(json.dumps({"message": told["message"], "by": granted[-1]}), flush=True)
        _, word, status, after, *_ = device.split("-") + ["", "", ""]
        if word == "once" and device in answered or not status.isdigit():
            return self.answer(200, {"name": "projects/example-app/messages/1"})
        answered.add(device)
        details = [{"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": word}]
        self.answer(int(status), {"error": {"code": int(status), "details": details}}, after if word == "later" else None)

    def answer(self, status, body, after=None):
        text = json.dumps(body).encode()
        self.send_response(status)
        if after:
            self.send_header("retry-after", after)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Firebase)
url = f"http://127.0.0.1:{server.server_port}"
pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
account = {
    "type": "service_account",
    "project_id": "example-app",
    "private_key_id": "key-1",
    "private_key": pem,
    "client_email": "sender@example-app.iam.gserviceaccount.com",
    "token_uri": f"{url}/token",
}
print(json.dumps({"url": url, "account": json.dumps(account)}), flush=True)
server.serve_forever()
