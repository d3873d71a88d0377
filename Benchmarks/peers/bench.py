#!/usr/bin/env python3
"""Atrium beside other GraphQL servers, on the same work in one run: `scripts/bench` starts it.

usage: bench.py [--quick] [--only W1,W4] [--servers atrium,graphql-js] [--output FOLDER]
"""
import argparse, http.client, json, os, platform, resource, shutil, signal, statistics, subprocess, sys, time, urllib.error, urllib.request
from servers import LOAD_CORE, SERVER_CORE, NoAnswer, Postgres, built, folder, prepare, root
import report

TITLES = {
    "W1": "`{ hello }`", "W2": "1,000 items of ten fields from memory", "W3": "a user by id, 1 statement",
    "W4": "50 posts with authors, comments and their authors, 4 statements", "W5": "full introspection",
    "W6": "a new 3 kB document each time, 12 fragments spread 40 times", "W6b": "a new 3 kB document each time, no fragments",
    "W7": "a comment to 1,000 sockets", "W7b": "a comment to 10,000 sockets", "W8": "a mutation, 1 row inserted",
    "W9": "250 x 250 items of ten fields from memory",
}
# A server that answers fewer requests than these in a first round is loaded by fewer connections from then on: what is
# under way when the time ends is in the CPU but not in the answers.
CONNECTIONS, FEW_CONNECTIONS, FEW_ANSWERS = 64, 4, 4 * 64
NOT_QUICK = ("W6b", "W7b", "W9")


def document(name):
    return open(f"{folder}/workloads/{name}.graphql").read()


def ask(server, text):
    body = json.dumps({"query": text}).encode()
    try:
        with urllib.request.urlopen(server.request(body), timeout=60) as response:
            return response.read()
    except urllib.error.HTTPError as error:
        sys.exit(f"{server.name} answers {error.code}: {error.read()[:500]}")


def answer_size(server, path, text):
    """The bytes of one whole answer, head and all."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("POST", path, json.dumps({"query": text}), {"Content-Type": "application/json", "Accept": "application/json"})
    response = connection.getresponse()
    head = f"HTTP/1.1 {response.status} {response.reason}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in response.getheaders())
    size = len(head) + 2 + len(response.read())
    connection.close()
    return size


def comparable(name, answer):
    """What must be the same everywhere: all of the answer, but for ids of new rows and what servers say of themselves."""
    data = json.loads(answer)
    if data.get("errors"):
        return data
    if name == "W8":
        data["data"]["addComment"]["id"] = "new"
    if name == "W5":
        # graph-gophers 1.5 says less of arguments and directives than the others.
        types = [one for one in data["data"]["__schema"]["types"] if one["kind"] == "OBJECT" and one["name"][:1] != "_"]
        return sorted(f"{one['name']}.{field['name']}" for one in types for field in one["fields"])
    return data


def compare(servers, names):
    for name in names:
        if name.startswith("W7"):
            compare_messages(servers, name)
            continue
        text = document(name).replace("@N", "1")
        answers = {server.name: comparable(name, ask(server, text)) for server in servers}
        first = answers[servers[0].name]
        for other, answer in answers.items():
            if answer != first or "errors" in answer:
                sys.exit(f"{name}: {other} answers {json.dumps(answer)[:900]}\nbut {servers[0].name} {json.dumps(first)[:900]}")


def compare_messages(servers, name):
    """What one listener is told of one comment; of every later message sockets.c looks at the kind and the text."""
    messages = {}
    for server in servers:
        if server.name == "graph-gophers":
            continue
        result = fan_out(server, name, 0.1, 1)
        if "failed" in result:
            sys.exit(f"{name}: {server.name}: {result['failed']}")
        message = result["message"]
        message["payload"]["data"]["commentAdded"]["id"] = "new"
        messages[server.name] = message
        server.signal(signal.SIGCONT)
    first = next(iter(messages.values()))
    for other, message in messages.items():
        if message != first or message.get("type") != "next":
            sys.exit(f"{name}: {other} tells {json.dumps(message)}\nbut {servers[0].name} {json.dumps(first)}")


def measured(work):
    """Does some work on a server alone: it goes on and comes to rest before, and is held behind."""
    def alone(server, *arguments, warm=None):
        if server.settle() and warm:
            warm()
        try:
            return work(server, *arguments)
        finally:
            server.pause()
    return alone


def load(server, path, name, seconds, connections):
    out = subprocess.run(
        ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{connections}", f"-d{max(round(seconds), 1)}s", "--timeout", "30s", "-s",
         f"{folder}/workload.lua", f"http://127.0.0.1:{server.port}{path}", "--", f"{folder}/workloads/{name}.graphql"],
        check=True, capture_output=True, text=True).stdout
    return json.loads(next(line for line in out.splitlines() if line.startswith("JSON "))[5:])


@measured
def timed(server, path, name, seconds, connections):
    size = answer_size(server, path, document(name).replace("@N", "1"))
    before = server.cpu()
    result = load(server, path, name, seconds, connections)
    result = finish(result, server.cpu() - before)
    # An answer that tells of errors has status 200, too, and another length; numbers in answers grow by a few digits.
    if result["requests"] > FEW_ANSWERS and abs(result["bytes"] / result["requests"] - size) > 24 + size / 50:
        result["failed"] = f"answers of {result['bytes'] / result['requests']:.0f} bytes, not {size}"
    return result


def wrk(server, path, name, seconds, connections=CONNECTIONS, is_cold=False):
    """Loads a server; one that is new, or has not had the workload yet, is warmed up first."""
    def warm():
        load(server, path, name, 1, connections)
    if is_cold:
        server.signal(signal.SIGCONT)
        warm()
    return timed(server, path, name, seconds, connections, warm=None if is_cold else warm)


@measured
def one_by_one(server, name, times):
    """Large answers, over one connection at a time; with the most memory the server took."""
    server.forget_peak()
    before, start = server.cpu(), time.monotonic()
    for _ in range(times):
        ask(server, document(name))
    result = {"requests": times, "seconds": time.monotonic() - start, "errors": 0, "peak": server.memory("VmHWM")}
    return finish(result, server.cpu() - before)


@measured
def fan_out(server, name, seconds, sockets):
    client = subprocess.Popen(["taskset", "-c", LOAD_CORE, f"{built}/sockets", str(server.port), str(sockets), str(seconds),
                               "49998"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if client.stdout.readline().strip() != "ready":
        return {"failed": client.communicate()[1].strip() or "ended"}
    memory = server.memory()
    before = server.cpu()
    client.stdin.write("\n")
    client.stdin.flush()
    line = client.stdout.readline()
    taken = server.cpu() - before
    error = client.communicate("\n")[1]
    if client.returncode:
        return {"failed": error.strip()}
    return finish(json.loads(line), taken) | {"memory": memory}


def finish(result, cpu):
    result["rate"] = result["requests"] / result["seconds"]
    result["cpu"] = cpu / max(result["requests"], 1) * 1e6
    return result


def pgbench(postgres, name, script, seconds, per_run=1):
    path = f"{postgres.host}/{name}.sql"
    with open(path, "w") as file:
        file.write(script)
    out = subprocess.run(["taskset", "-c", SERVER_CORE, f"{postgres.bin}/pgbench", "-n", "-f", path, "-c", "8", "-j", "1", "-T",
                          str(max(int(seconds), 1)), "-M", "prepared", "-h", postgres.host, "-U", "bench", "bench"],
                         check=True, capture_output=True, text=True).stdout
    rate = float(next(line for line in out.splitlines() if line.startswith("tps")).split()[2])
    return {"rate": rate * per_run, "cpu": 0, "errors": 0}


def pgbench_scripts(postgres):
    statements = json.load(open(f"{folder}/statements.json"))
    one = statements["user"].replace("$1", "4711") + ";\n"
    ids = lambda text: "'{" + ",".join(postgres.sql(text).split()) + "}'::int[]"
    posts = ids("SELECT id FROM posts ORDER BY id LIMIT 50")
    authors = ids("SELECT author_id FROM posts ORDER BY id LIMIT 50")
    writers = ids(f"SELECT DISTINCT c.author_id FROM unnest({posts}) p (id) CROSS JOIN LATERAL "
                  "(SELECT * FROM comments WHERE post_id = p.id ORDER BY id LIMIT 5) c")
    four = [statements["posts"].replace("$1", "50"), statements["usersByIDs"].replace("$1", authors),
            statements["commentsOfPosts"].replace("$1::int[]", posts).replace("$2", "5"),
            statements["usersByIDs"].replace("$1", writers)]
    return {"W3": [("pgbench, 8 clients", one, 1), ("pgbench, pipelines of 16", "\\startpipeline\n" + one * 16 + "\\endpipeline\n", 16)],
            "W4": [("pgbench, 8 clients", "".join(text + ";\n" for text in four), 1)]}


def facts(servers):
    def first(*command):
        try:
            return subprocess.run(command, capture_output=True, text=True).stdout.splitlines()[0].strip()
        except (OSError, IndexError):
            return "?"
    processor = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    versions = {"node": first("node", "--version"), "python": platform.python_version(), "go": first("go", "version"),
                "postgres": first("psql", "--version"), "swift": first("swift", "--version")}
    packages = open(f"{folder}/python/requirements.txt").read().split()
    debian = first("dpkg-query", "-W", "-f", "${Package} ${Version}\n", "node-graphql")
    gophers = first("dpkg-query", "-W", "-f", "${Package} ${Version}\n", "golang-github-graph-gophers-graphql-go-dev")
    return {"processor": processor, "cores": os.cpu_count(), "kernel": platform.release(), "versions": versions,
            "packages": packages + [debian, gophers], "load": os.getloadavg()[0], "date": time.strftime("%Y-%m-%d %H:%M")}


def order(servers, name):
    """Servers as they are listed, and yardsticks behind them."""
    names = [server.name for server in servers]
    return names.index(name) if name in names else len(names)


def measure(options, servers, yardsticks, postgres, names):
    results = {name: {} for name in names}
    scripts = pgbench_scripts(postgres)
    for server in servers + list(yardsticks.values()):
        server.pause()
    for name in names:
        sockets = (1000 if name == "W7" else 10000) if name.startswith("W7") else 0
        # Ten thousand sockets take longer to open than to serve.
        connections = {}
        for number in range(1 if name == "W7b" else options.rounds):
            # Nobody is always the first on a machine that is fresh.
            first = number % len(servers)
            for server in servers[first:] + servers[:first]:
                if sockets and server.name == "graph-gophers":
                    continue
                if sockets:
                    result = fan_out(server, name, options.seconds, sockets)
                elif name == "W9":
                    result = one_by_one(server, name, 3)
                else:
                    many = connections.get(server, CONNECTIONS)
                    result = wrk(server, server.path, name, options.seconds, many, is_cold=number == 0)
                    if many == CONNECTIONS and result["requests"] < FEW_ANSWERS:
                        connections[server] = FEW_CONNECTIONS
                        result = wrk(server, server.path, name, options.seconds if options.quick else 3, FEW_CONNECTIONS)
                    result["connections"] = connections.get(server, CONNECTIONS)
                result.setdefault("memory", server.memory())
                results[name].setdefault(server.name, []).append(result)
            for yardstick, workload, path in (("nginx", "W1", "/"), ("nginx", "W5", "/file"), ("by hand", "W2", "/")):
                if name == workload:
                    result = wrk(yardsticks[yardstick], path, name, options.seconds, is_cold=number == 0)
                    results[name].setdefault(yardstick, []).append(result)
            for title, script, per_run in scripts.get(name, []):
                results[name].setdefault(title, []).append(pgbench(postgres, name, script, options.seconds, per_run))
        results[name] = dict(sorted(results[name].items(), key=lambda pair: order(servers, pair[0])))
        for server, runs in results[name].items():
            rates = [run["rate"] for run in runs if "rate" in run]
            note = f"{statistics.median(rates):12,.0f}/s {statistics.median(run['cpu'] for run in runs if 'cpu' in run):10,.1f} us" \
                if rates else runs[0]["failed"]
            print(f"{name:4} {server:26} {note}", flush=True)
    return results


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only")
    parser.add_argument("--servers")
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--output", default=f"{root}/docs/benchmarks")
    options = parser.parse_args()
    options.seconds = options.seconds or (1 if options.quick else 2)
    options.rounds = options.rounds or (1 if options.quick else 3)
    names = options.only.split(",") if options.only else [name for name in TITLES if not (options.quick and name in NOT_QUICK)]
    for tool in ("wrk", "nginx", "gcc", "taskset", "psql"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is missing: apt-get install wrk nginx-light gcc util-linux postgresql postgresql-contrib")
    # W7b takes more descriptors than Debian gives a session; what is started here inherits them.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    servers, yardsticks, missing = prepare()
    if options.servers:
        servers = [server for server in servers if server.name in options.servers.split(",")]
    everything = servers + list(yardsticks.values())
    with Postgres() as postgres:
        postgres.seed(subprocess.run([f"{root}/.build/release/BenchServer", "--print-seed"], check=True, capture_output=True, text=True).stdout)
        try:
            for server in list(servers):
                try:
                    server.start(postgres.host)
                except NoAnswer as fault:
                    if server is servers[0]:
                        sys.exit(str(fault))
                    servers.remove(server)
                    missing.append(f"{server.name}: {str(fault)[-300:]}")
            with open(f"{built}/introspection.json", "wb") as file:
                file.write(ask(servers[0], document("W5")))
            for server in yardsticks.values():
                server.start(postgres.host)
            compare(servers, names)
            counts = {name: {server.name: postgres.count(lambda: ask(server, document(name))) for server in servers}
                      for name in ("W3", "W4", "W8") if name in names}
            results = {"facts": facts(servers), "missing": missing, "titles": TITLES, "statements": counts,
                       "seconds": options.seconds, "rounds": options.rounds,
                       "workloads": measure(options, servers, yardsticks, postgres, names)}
        finally:
            for server in everything:
                server.stop()
    os.makedirs(options.output, exist_ok=True)
    report.write(results, options.output)
    if counts.get("W4", {}).get("atrium", 4) != 4:
        sys.exit(f"W4 takes {counts['W4']['atrium']} statements, not 4")


main()
