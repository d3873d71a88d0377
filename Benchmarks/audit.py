#!/usr/bin/env python3
"""A large audit log: how long it takes to seal it, to verify it and to read a copy of it, and what that takes of the loop.

usage: Benchmarks/audit.py [--entries 1000000] [--binary .build/release/Server]

Starts the server with a database of its own in a temporary folder and fills the log by psql. Sealing and verifying are the jobs
that the server runs anyway, here one at a time. Needs python3 and psql.
"""
import argparse, http.client, json, re, subprocess, sys, time, urllib.request
from product_server import ProductServer

parser = argparse.ArgumentParser()
parser.add_argument("--entries", type=int, default=1_000_000)
parser.add_argument("--binary", default=".build/release/Server")
options = parser.parse_args()
server = ProductServer(options.binary, ATRIUM_LOOPS="1")
FILL = """
INSERT INTO audit_logs (action, outcome, actor_kind, actor_id, resource_type, resource_id, request_id, ip, user_agent, changes)
SELECT 'session.create', 'SUCCEEDED', 'USER', id, 'Session', n, md5(n::text), '192.0.2.7', 'Mozilla/5.0 (X11; Linux x86_64)',
    '[{"field": "method", "before": null, "after": "PASSWORD"}]'
FROM users CROSS JOIN generate_series(%d, %d) n WHERE username = 'ida'
"""


def sql(text):
    command = ["psql", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", server.database, "-f", "-"]
    return subprocess.run(command, input=text, text=True, check=True, stdout=subprocess.PIPE).stdout.strip()


def ask(query, token=None):
    headers = {"content-type": "application/json"} | ({"authorization": "Bearer " + token} if token else {})
    body = json.dumps({"query": query}).encode()
    with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{server.port}/graphql", body, headers)) as answer:
        return json.load(answer)["data"]


def turns():
    text = urllib.request.urlopen(f"http://127.0.0.1:{server.port}/metrics").read().decode()
    return {bound: float(value) for bound, value in
            re.findall(r'^atrium_loop_turn_seconds_bucket\{le="([^"]+)"\} ([0-9.e+-]+)$', text, re.M)}


def memory():
    status = open(f"/proc/{server.pid}/status").read()
    return [int(re.search(name + r":\s+(\d+)", status).group(1)) // 1024 for name in ("VmRSS", "VmHWM")]


def told(what, seconds, before, more=""):
    after = turns()
    counts = {bound: after[bound] - before.get(bound, 0) for bound in after}
    print(f"{what}: {seconds:.1f} s, {options.entries / seconds:,.0f} entries a second{more}")
    told = []
    for bound, count in counts.items():
        if float(bound) >= 0.001 and (not told or count > told[-1][1]):
            told.append((bound, count))
    print("  turns of the loop:", ", ".join(f"{count:.0f} of at most {bound} s" for bound, count in told)
          + f"; memory {memory()[0]} MB, at most {memory()[1]} MB", flush=True)


def job(name):
    """Runs it, and says how long it took."""
    id = sql(f"INSERT INTO jobs (name, priority) VALUES ('{name}', 9) RETURNING id")
    while True:
        time.sleep(0.1)
        status, seconds = sql(f"SELECT status, coalesce(extract(epoch FROM finished_at - started_at), 0) FROM jobs WHERE id = '{id}'").split("|")
        if status == "SUCCEEDED":
            return float(seconds)
        if status in ("DEAD", "RETRYING"):
            sys.exit(f"{name}: " + sql(f"SELECT last_error FROM jobs WHERE id = '{id}'"))


try:
    register = 'mutation { accountRegister(input: {email: "ida@example.org", username: "ida", password: "correct horse battery", displayName: "Ida"}) { tokens { accessToken } } }'
    token = ask(register)["accountRegister"]["tokens"]["accessToken"]
    sql("INSERT INTO user_roles (user_id, role) SELECT id, 'ADMIN' FROM users WHERE username = 'ida'")
    # It seals and verifies when it is told to.
    sql("UPDATE scheduled_jobs SET next_run_at = now() + interval '1 day'")
    began = time.monotonic()
    sql("BEGIN;" + ";".join(FILL % (start, min(start + 100_000, options.entries) - 1)
                            for start in range(0, options.entries, 100_000)) + "; COMMIT")
    sql("VACUUM ANALYZE audit_logs")
    print(f"{options.entries:,} entries written in {time.monotonic() - began:.0f} s", flush=True)
    job("audit.seal")
    before = turns()
    told("sealed", job("audit.seal"), before)
    seals = sql("SELECT count(*) || ' seals over ' || sum(entries) || ' entries' FROM audit_seals")
    print("  " + seals)
    before = turns()
    told("verified", job("audit.verify"), before)
    for format in ("CSV", "NDJSON"):
        url = ask('mutation { auditLogExport(format: %s) { url } }' % format, token)["auditLogExport"]["url"]
        before, began = turns(), time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        connection.request("GET", "/" + url.split("/", 3)[3])
        answer = connection.getresponse()
        lines = size = 0
        while piece := answer.read(1 << 20):
            lines += piece.count(b"\n")
            size += len(piece)
        told(f"copied as {format}", time.monotonic() - began, before, f", {lines:,} lines, {size / 1e6:.0f} MB")
finally:
    server.stop()
