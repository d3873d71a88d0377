"""What scripts that measure BenchServer have in common: the server on core 0, whoever measures on core 1."""
import os, resource, shutil, signal, socket, subprocess, tempfile

root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")


def build():
    subprocess.run(["scripts/build", "release", "BenchServer", "--static-swift-stdlib"], cwd=root, check=True,
                   stdout=subprocess.DEVNULL)


class BenchServer:
    """The server with a PostgreSQL of its own."""

    def __init__(self, port):
        self.port = port
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        self.folder = tempfile.mkdtemp()
        os.chmod(self.folder, 0o755)
        program = os.path.abspath(os.path.join(root, ".build/release/BenchServer"))
        self.process = subprocess.Popen(["taskset", "-c", "0", program, "--port", str(port)], cwd=self.folder,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in self.process.stdout:
            if line.startswith("listening"):
                break
        else:
            raise SystemExit("BenchServer did not start")
        os.sched_setaffinity(0, {1})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        shutil.rmtree(self.folder)

    def private_bytes(self):
        rows = [line.split() for line in open(f"/proc/{self.process.pid}/smaps_rollup") if line.startswith("Private_")]
        return sum(int(row[1]) for row in rows) * 1024

    def cpu(self):
        """Seconds of the processor: outside of the kernel, and in it."""
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return [int(field) / os.sysconf("SC_CLK_TCK") for field in fields[11:13]]

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port))
