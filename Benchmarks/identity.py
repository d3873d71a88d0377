#!/usr/bin/env python3
"""What identity costs: how long sign-ins hold the loop while bcrypt runs elsewhere, and statements by what is asked.

usage: Benchmarks/identity.py [build] [sign-ins]   (swift build first; build is debug or release)
"""
import json, os, re, sys, threading, urllib.request
from product_server import ProductServer, root

build = sys.argv[1] if len(sys.argv) > 1 else "release"
count = int(sys.argv[2]) if len(sys.argv) > 2 else 100
server = ProductServer(os.path.join(root, ".build", build, "Server"), ATRIUM_JOBS="off", BCRYPT_ROUNDS="12",
                       ATRIUM_SIGN_INS_PER_MINUTE="1000000")
address = f"127.0.0.1:{server.port}"


def ask(query, token=None):
    headers = {"content-type": "application/json"} | ({"authorization": "Bearer " + token} if token else {})
    request = urllib.request.Request(f"http://{address}/graphql", json.dumps({"query": query}).encode(), headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["data"]


def metrics():
    text = urllib.request.urlopen(f"http://{address}/metrics").read().decode()
    return {name: float(value) for name, value in re.findall(r"^(\S+) ([0-9.e+-]+)$", text, re.M)}


def delta(before, after):
    return {name: value - before.get(name, 0) for name, value in after.items()}


def statements(query, token, times=1):
    before = metrics()
    for _ in range(times):
        ask(query, token)
    return delta(before, metrics())["atrium_database_statements_total"]


def processor():
    """Nanoseconds that each thread of the server has run."""
    folder = f"/proc/{server.pid}/task"
    return {thread: int(open(f"{folder}/{thread}/schedstat").read().split()[0]) for thread in os.listdir(folder)}


try:
    register = 'mutation { accountRegister(input: {email: "ida@example.org", username: "ida", password: "correct horse battery", displayName: "Ida"}) { tokens { accessToken } } }'
    token = ask(register)["accountRegister"]["tokens"]["accessToken"]
    sign_in = 'mutation { signIn(input: {identifier: "ida", password: "correct horse battery"}) { userErrors { code } } }'
    ask(sign_in)
    before, ran = metrics(), processor()
    threads = [threading.Thread(target=lambda: [ask(sign_in) for _ in range(count // 4)]) for _ in range(4)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    turns = {n: v for n, v in delta(before, metrics()).items() if n.startswith("atrium_loop_turn_seconds")}
    spent = sorted(delta(ran, processor()).values(), reverse=True)
    total = turns["atrium_loop_turn_seconds_count"]
    print(f"{build}: {count} sign-ins of 2^12 rounds, four at a time: {total:.0f} turns of the loop,")
    print(f"  {turns['atrium_loop_turn_seconds_sum'] / count * 1000:.3f} ms of the loop for each sign-in")
    print("  milliseconds each thread ran for each sign-in:", [round(one / count / 1e6, 2) for one in spent if one > count * 1e4])
    for name, value in turns.items():
        if bound := re.search(r'le="([^"]+)"', name):
            print(f"  turns of at most {bound.group(1)} s: {value:.0f}")
    # The sign-ins may have ended the first session.
    token = ask(sign_in.replace("{ userErrors { code } }", "{ outcome { ... on SignInSuccess { tokens { accessToken } } } }"))["signIn"]["outcome"]["tokens"]["accessToken"]
    team = 'mutation { teamCreate(input: {name: "Crew", slug: "crew"}) { team { id } } }'
    team = ask(team, token)["teamCreate"]["team"]["id"]
    print("statements, once and in ten requests within a second:")
    for name, query in [
        ("{ viewer { user { id } } }", "{ viewer { user { id } } }"),
        ("a team by its id", '{ team(id: "%s") { name } }' % team),
        ("what may be done in it", '{ team(id: "%s") { name viewerPermissions } }' % team),
        ("its settings, behind the permission", '{ team(id: "%s") { settings { key } } }' % team),
    ]:
        import time
        time.sleep(1.1)
        print(f"  {name}: {statements(query, token):.0f}, {statements(query, token, 10):.0f}")
finally:
    server.stop()
