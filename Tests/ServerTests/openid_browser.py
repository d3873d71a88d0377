"""A browser, and the page that it is on: openid_browser.py PORT PERSON. Signs in at the provider as that person, and writes one
line of JSON with what the server at that port answers in the end.

The server believes to be at https://api.example, and the page to be at http://localhost:5173/oauth.
"""
import http.client
import json
import sys
from urllib.parse import parse_qs, urlencode, urlsplit

port, person = int(sys.argv[1]), sys.argv[2]
page = "http://localhost:5173/oauth"
cookies = {}


def send(method, address, body=None, kind=None):
    parts = urlsplit(address)
    is_ours = parts.hostname == "api.example"
    connection = http.client.HTTPConnection("127.0.0.1", port if is_ours else parts.port, timeout=30)
    fields = {"host": parts.netloc}
    if kind: fields["content-type"] = kind
    if is_ours and cookies: fields["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, fields)
    answer = connection.getresponse()
    text = answer.read().decode()
    if is_ours:
        for cookie in answer.headers.get_all("set-cookie") or []:
            name, value = cookie.split(";")[0].split("=", 1)
            cookies[name] = value
    return answer, text


def ask(query, variables):
    body = json.dumps({"query": query, "variables": variables})
    return json.loads(send("POST", "https://api.example/graphql", body, "application/json")[1])["data"]


attempt = ask(
    "mutation ($in: OAuthStartInput!) { r: oauthStart(input: $in) { authorizationUrl state } }",
    {"in": {"provider": "GOOGLE", "redirectUri": page, "intent": "SIGN_IN"}},
)["r"]
there = send("GET", attempt["authorizationUrl"])[0].headers["location"]
form = urlencode({"sub": person}), "application/x-www-form-urlencoded"
back = send("POST", there, *form)[0].headers["location"]
arrived = send("GET", back)[0].headers["location"]
assert arrived.startswith(page + "?"), arrived
done = ask(
    """
    mutation ($in: OAuthCompleteInput!) { r: oauthComplete(input: $in) {
        outcome { ... on SignInSuccess { viewer { email user { displayName } authentication { method } } } }
        userErrors { code }
    } }
    """,
    {"in": {"state": attempt["state"], "code": parse_qs(urlsplit(arrived).query)["code"][0]}},
)
print(json.dumps(done["r"]), flush=True)
