#!/usr/bin/env bash
# Atrium by curl alone: a query, a sign-in, an upload, a subscription. usage: with_curl.sh [address of /graphql]
# Wants the sample world, which scripts/run makes.
set -euo pipefail
server=${1:-http://127.0.0.1:8080/graphql}
ask() { curl --silent --show-error "$server" -H 'content-type: application/json' "$@"; }

# A query.
ask -d '{"query": "{ serverInfo { version } }"}'
echo

# A mutation: signing in. What it may answer is in the schema, so the token is found without guessing.
token=$(ask -d '{"query": "mutation In($input: SignInInput!) { signIn(input: $input) { outcome { ... on SignInSuccess { tokens { accessToken } } } } }",
  "variables": {"input": {"identifier": "mara", "password": "lamp in the garden"}}}' |
    sed -n 's/.*"accessToken":"\([^"]*\)".*/\1/p')
ask -H "authorization: Bearer $token" -d '{"query": "{ viewer { user { username } } }"}'
echo

# A file, by the GraphQL multipart request specification. The extra header says that no web page was tricked into this.
curl --silent --show-error "$server" -H "authorization: Bearer $token" -H 'graphql-require-preflight: 1' \
    -F 'operations={"query": "mutation Up($file: Upload!) { fileUpload(file: $file, purpose: DOCUMENT) { file { filename contentType byteSize } userErrors { code message } } }",
        "variables": {"file": null}}' \
    -F 'map={"0": ["variables.file"]}' -F '0=@-;filename=notes.txt;type=text/plain' <<< "Notes of the meeting"
echo

# A subscription, as an event stream; it ends when curl does.
ask --no-buffer --max-time 3 -H 'accept: text/event-stream' \
    -d '{"query": "subscription { heartbeat(everySeconds: 1) { number } }"}' || [ $? = 28 ]
