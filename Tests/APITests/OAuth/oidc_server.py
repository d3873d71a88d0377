"""An OpenID provider, oidc-provider-mock: oidc_server.py. Writes one line of JSON with its address when it is there.

Its people are ida, whose address is confirmed, and max, whose address is not.
"""
import json
import logging
import os

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import werkzeug.serving
from oidc_provider_mock import User, app

logging.getLogger("werkzeug").setLevel(logging.ERROR)
people = [
    User(sub="ida", claims={"email": "ida@example.org", "email_verified": True, "name": "Ida Elsewhere"}),
    User(sub="max", claims={"email": "max@example.org", "email_verified": False, "name": "Max"}),
]
server = werkzeug.serving.make_server(
    "127.0.0.1", 0, app(require_nonce=True, user_claims=people), threaded=True
)
print(json.dumps({"url": f"http://127.0.0.1:{server.server_port}"}), flush=True)
server.serve_forever()
