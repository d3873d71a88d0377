"""The servers: how each is made ready, started on a core of its own, watched and ended."""
import os, shutil, signal, subprocess, sys, tempfile, time, urllib.request

folder = os.path.dirname(os.path.abspath(__file__))
root = os.path.abspath(os.path.join(folder, "..", ".."))
built = os.path.join(root, ".build", "peers")
SERVER_CORE, LOAD_CORE = "0", "1"


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def pids(pid):
    """A process and all below it."""
    found = [pid]
    for task in os.listdir(f"/proc/{pid}/task"):
        for child in open(f"/proc/{pid}/task/{task}/children").read().split():
            found += pids(int(child))
    return found


class NoAnswer(Exception):
    """A server that does not start."""


class Server:
    """A program on the server's core. `command` is a list; {port}, {host} are filled in."""

    def __init__(self, name, port, command, environment=None, directory=None, path="/graphql"):
        self.name, self.port, self.command, self.path = name, port, command, path
        self.environment, self.directory = environment or {}, directory
        self.process = None

    def start(self, host):
        self.host = host
        filled = [part.format(port=self.port, host=host) for part in self.command]
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            ["taskset", "-c", SERVER_CORE, *filled], cwd=self.directory, stdout=self.log, stderr=self.log,
            env={**os.environ, **self.environment, "BENCH_HOST": host, "BENCH_USER": "bench", "BENCH_DATABASE": "bench"})
        for _ in range(300):
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(self.request(b'{"query":"{ hello }"}'), timeout=5) as response:
                    response.read()
                return
            except OSError:
                time.sleep(0.1)
        self.log.seek(0)
        raise NoAnswer(f"{self.name} does not answer:\n{self.log.read().decode()[-2000:]}")

    def request(self, body):
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        return urllib.request.Request(f"http://127.0.0.1:{self.port}{self.path}", body, headers)

    def cpu(self):
        """Seconds of processor time so far, of all threads."""
        total = 0
        for pid in pids(self.process.pid):
            for task in os.listdir(f"/proc/{pid}/task"):
                total += int(open(f"/proc/{pid}/task/{task}/schedstat").read().split()[0])
        return total / 1e9

    def settle(self):
        """Goes on, and waits until the server has done with what earlier clients left behind; starts a slow one anew, and
        says that it did."""
        self.signal(signal.SIGCONT)
        for _ in range(30):
            before = self.cpu()
            time.sleep(0.1)
            if self.cpu() - before < 0.005:
                return False
        self.stop()
        self.start(self.host)
        return True

    def pause(self):
        """Holds the server: what it has not done yet must not take time from the one that is measured."""
        self.signal(signal.SIGSTOP)

    def signal(self, number):
        for pid in pids(self.process.pid):
            os.kill(pid, number)

    def memory(self, field="VmRSS"):
        """Resident megabytes; VmHWM for the most since `forget_peak`."""
        total = 0
        for pid in pids(self.process.pid):
            for line in open(f"/proc/{pid}/status"):
                if line.startswith(field + ":"):
                    total += int(line.split()[1])
        return total / 1024

    def forget_peak(self):
        for pid in pids(self.process.pid):
            with open(f"/proc/{pid}/clear_refs", "w") as file:
                file.write("5")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.signal(signal.SIGCONT)
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Postgres:
    """A throw-away cluster on the core of the load, reached by a UNIX socket."""

    def __enter__(self):
        programs = max(p for p in os.listdir("/usr/lib/postgresql"))
        self.bin = f"/usr/lib/postgresql/{programs}/bin"
        self.host = tempfile.mkdtemp(prefix="atrium-bench-")
        self.user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        if self.user:
            shutil.chown(self.host, "postgres")
        data = f"{self.host}/data"
        run(*self.user, f"{self.bin}/initdb", "-D", data, "-A", "trust", "-U", "bench", "--no-sync", cwd="/")
        settings = {"listen_addresses": "", "unix_socket_directories": self.host, "shared_buffers": "256MB",
                    "fsync": "off", "shared_preload_libraries": "pg_stat_statements", "autovacuum": "off",
                    "max_connections": "100", "jit": "off"}
        options = [part for pair in settings.items() for part in ("-c", "=".join(pair))]
        self.process = subprocess.Popen(
            ["taskset", "-c", LOAD_CORE, *self.user, f"{self.bin}/postgres", "-D", data, *options],
            stdout=subprocess.DEVNULL, stderr=open(os.devnull, "w"), cwd="/")
        for _ in range(200):
            if subprocess.run([f"{self.bin}/pg_isready", "-q", "-h", self.host]).returncode == 0:
                break
            time.sleep(0.05)
        self.sql("CREATE DATABASE bench", "postgres")
        self.sql("CREATE EXTENSION pg_stat_statements")
        self.track("none")
        return self

    def sql(self, text, database="bench"):
        return run("psql", "-qtA", "-v", "ON_ERROR_STOP=1", "-h", self.host, "-U", "bench", "-d", database, "-c", text)

    def seed(self, script):
        run("psql", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-h", self.host, "-U", "bench", "bench", input=script)
        self.sql("ANALYZE")

    def track(self, mode):
        self.sql(f"ALTER SYSTEM SET pg_stat_statements.track = '{mode}'")
        self.sql("SELECT pg_reload_conf()")
        time.sleep(0.5)

    def count(self, call, times=20):
        """How many statements a call takes that name one of the tables."""
        self.track("top")
        self.sql("SELECT pg_stat_statements_reset()")
        for _ in range(times):
            call()
        rows = self.sql("SELECT calls, query FROM pg_stat_statements WHERE query ~* '(users|posts|comments)' "
                        "AND query !~ 'pg_stat'").splitlines()
        self.track("none")
        return sum(int(row.split("|")[0]) for row in rows if "|" in row) / times

    def __exit__(self, *_):
        subprocess.run([*self.user, f"{self.bin}/pg_ctl", "-D", f"{self.host}/data", "-m", "immediate", "stop"],
                       capture_output=True, cwd="/")
        self.process.wait()
        shutil.rmtree(self.host, ignore_errors=True)


def node_path():
    """Where node-pg is: installed, or unpacked beside another node than Debian's."""
    found = subprocess.run(["node", "-e", "require('pg')"], capture_output=True,
                           env={**os.environ, "NODE_PATH": "/usr/share/nodejs"})
    if found.returncode == 0:
        return "/usr/share/nodejs"
    unpacked = f"{built}/node/usr/share/nodejs"
    if not os.path.exists(f"{unpacked}/pg"):
        packages = f"{built}/debs"
        os.makedirs(packages, exist_ok=True)
        run("apt-get", "download", "node-pg", "node-split2", "node-xtend", cwd=packages)
        for package in os.listdir(packages):
            run("dpkg-deb", "-x", f"{packages}/{package}", f"{built}/node")
    return f"{unpacked}:/usr/share/nodejs"


def prepare():
    """Builds and installs what is missing; what cannot be had is left out, and said."""
    os.makedirs(built, exist_ok=True)
    if not os.environ.get("BENCH_SKIP_BUILD"):
        print("building BenchServer", flush=True)
        # Linked statically, calls into Swift's library are direct.
        run("swift", "build", "-c", "release", "--static-swift-stdlib", "--product", "BenchServer", cwd=root)
    for program in ("by-hand", "sockets"):
        run("gcc", "-O2", "-o", f"{built}/{program}", f"{folder}/{program}.c")
    with open(f"{built}/nginx.conf", "w") as file:
        file.write("""daemon off; worker_processes 1; pid nginx.pid; error_log stderr crit;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 100000000; default_type application/json;
  server { listen 127.0.0.1:18196;
    location / { return 200 '{"data":{"hello":"world"}}'; }
    location /file { alias %s/introspection.json; error_page 405 =200 $uri; } } }
""" % built)
    database = "host={host} user=bench dbname=bench"
    servers = [Server("atrium", 18101, [f"{root}/.build/release/BenchServer", "--port", "{port}",
                                        "--database-url", database])]
    missing = []

    def attempt(name, make):
        try:
            servers.append(make())
        except (subprocess.CalledProcessError, OSError) as error:
            missing.append(f"{name}: {(getattr(error, 'stderr', '') or str(error)).strip()[-300:]}")

    def graphql_js():
        return Server("graphql-js", 18102, ["node", f"{folder}/graphql-js/server.js", "{port}", "{host}", "bench", "bench"],
                      {"NODE_PATH": node_path(), "NODE_ENV": "production"})

    def go():
        if not os.path.exists(f"{built}/go-server") or os.path.getmtime(f"{built}/go-server") < os.path.getmtime(f"{folder}/go/main.go"):
            run(f"{folder}/go/build", f"{built}/go-server")
        return Server("graph-gophers", 18103, [f"{built}/go-server", "{port}", "{host}", "bench", "bench"], {"GOMAXPROCS": "1"})

    def python(module, port):
        if not os.path.exists(f"{built}/venv/bin/uvicorn"):
            run(sys.executable, "-m", "venv", f"{built}/venv")
            run(f"{built}/venv/bin/pip", "install", "-q", "-r", f"{folder}/python/requirements.txt")
        return Server(module[5:], port, [f"{built}/venv/bin/uvicorn", f"{module}:app", "--loop", "uvloop", "--http", "httptools",
                                         "--ws", "websockets", "--no-access-log", "--log-level", "warning", "--port", "{port}"],
                      directory=f"{folder}/python")

    attempt("graphql-js", graphql_js)
    attempt("graph-gophers", go)
    attempt("strawberry", lambda: python("with_strawberry", 18104))
    attempt("ariadne", lambda: python("with_ariadne", 18105))
    yardsticks = {
        "nginx": Server("nginx", 18196, ["nginx", "-p", built, "-c", "nginx.conf"]),
        "by hand": Server("by hand", 18199, [f"{built}/by-hand", "{port}"]),
    }
    return servers, yardsticks, missing
