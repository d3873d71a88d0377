"""What scripts that measure the product's server have in common: one with a PostgreSQL and files of its own."""
import os, re, shutil, subprocess, sys, tempfile, threading

root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")


class ProductServer:
    """The server on a free port, in a temporary folder that goes with it, or in one that is kept."""

    def __init__(self, binary=None, folder=None, **settings):
        self.kept, self.folder = folder is not None, folder or tempfile.mkdtemp(prefix="atrium-")
        os.chmod(self.folder, 0o755)  # PostgreSQL runs as another user where this one is root.
        environment = dict(os.environ, ATRIUM_PORT="0", ATRIUM_LOG="off", ATRIUM_DATABASE_FOLDER=self.folder + "/postgres",
                           ATRIUM_FILES_FOLDER=self.folder + "/files", **settings)
        binary = os.path.abspath(binary or os.path.join(root, ".build/release/Server"))
        if not os.path.exists(binary):
            sys.exit(f"{binary} is not built: scripts/build release Server")
        self.process = subprocess.Popen([binary], cwd=self.folder, env=environment, stderr=subprocess.PIPE, text=True)
        self.port, said = None, ""
        for line in self.process.stderr:
            said += line
            if found := re.search(r"GraphQL is served at http://[^/]*:(\d+)/graphql", line):
                self.port = int(found.group(1))
                break
        else:
            self.stop()
            sys.exit("the server did not start: " + said)
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    @property
    def pid(self):
        return self.process.pid

    @property
    def database(self):
        """How libpq reaches its database."""
        path = next(os.path.join(at, "postmaster.pid") for at, _, names in os.walk(self.folder) if "postmaster.pid" in names)
        lines = open(path).read().split("\n")
        return f"host={lines[4]} port={lines[3]} dbname=atrium user=atrium"

    def cpu(self):
        """Seconds that the server has taken of the processors, and PostgreSQL below it."""
        def used(pid):
            fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        database = 0
        for name in os.listdir("/proc"):
            if name.isdigit():
                try:
                    if open(f"/proc/{name}/comm").read().startswith("postgres") and self.folder in os.readlink(f"/proc/{name}/cwd"):
                        database += used(name)
                except OSError:
                    pass
        return used(self.pid), database

    def stop(self, within=60):
        """The status it ends with."""
        self.process.terminate()
        status = self.process.wait(within)
        if not self.kept:
            shutil.rmtree(self.folder, ignore_errors=True)
        return status
