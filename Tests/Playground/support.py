"""A browser, servers for it, and a page that must not complain."""
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from playwright.sync_api import sync_playwright

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
PICTURES = os.path.join(ROOT, ".build", "playground", "pictures")
OPERATION = 'textarea[aria-label="Operation"]'
VARIABLES = 'textarea[aria-label="Variables, JSON"]'
_running = {}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """One of the built servers, on a port of its own."""

    def __init__(self, product, port=None, settings={}):
        self.port = port or free_port()
        program = os.path.join(ROOT, ".build", "debug", product)
        arguments = [program] if product == "Server" else [program, str(self.port), "september2026"]
        # Where PostgreSQL's own user may go, too: it does not run as root, whose home it cannot enter.
        self.folder = os.path.join(tempfile.gettempdir(), f"atrium-playground-{self.port}")
        # Secrets, mails and files are kept where a server is started: not where somebody works.
        self.work = os.path.join(ROOT, ".build", "playground", f"work-{self.port}")
        os.makedirs(self.work, exist_ok=True)
        environment = {**os.environ, "ATRIUM_DATABASE_FOLDER": self.folder, "ATRIUM_PORT": str(self.port), "ATRIUM_DRAIN_SECONDS": "0", "ATRIUM_COST": "on", "ATRIUM_TRACE": "on", "ATRIUM_SAMPLE": "on", "ATRIUM_SIGN_INS_PER_MINUTE": "1000", **settings}
        self.process = subprocess.Popen(arguments, env=environment, cwd=self.work, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.url = f"http://127.0.0.1:{self.port}/graphql"
        for _ in range(1_200):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError(f"{product} ended with {self.process.returncode}")
                time.sleep(0.05)
        raise RuntimeError(f"{product} does not listen")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.kill()
        for folder in (self.folder, self.work):
            shutil.rmtree(folder, ignore_errors=True)


def browser():
    if "browser" not in _running:
        _running["playwright"] = sync_playwright().start()
        program = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        _running["browser"] = _running["playwright"].chromium.launch(executable_path=program, args=["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--allow-loopback-in-peer-connection"])
    return _running["browser"]


def server(product):
    if product not in _running:
        _running[product] = Process(product)
    return _running[product]


def stop():
    for name, thing in list(_running.items()):
        if isinstance(thing, Process):
            thing.stop()
    if "browser" in _running:
        _running["browser"].close()
        _running["playwright"].stop()


class PlaygroundTest(unittest.TestCase):
    """A fresh visitor for each test. A message of the console, an uncaught error or a breach of the policy fails it."""

    product = "AuditServer"
    viewport = {"width": 1280, "height": 800}
    colours = "light"

    def setUp(self):
        self.context = browser().new_context(viewport=self.viewport, color_scheme=self.colours, permissions=["clipboard-read", "clipboard-write", "camera", "microphone"])
        folder = os.environ.get("PLAYGROUND_FILES")
        if folder:  # as they are there, without a build
            self.context.route(re.compile(r"/playground/[0-9a-f]{16}/.+"), lambda route: route.fulfill(path=os.path.join(ROOT, folder, re.split(r"/[0-9a-f]{16}/", route.request.url)[1])))
        self.complaints = []
        # Browsers tell of every status that is not one of success.
        self.allowed = ["the server responded with a status of 4"]
        self.page = self.context.new_page()
        self.page.set_default_timeout(8_000)
        self.watch(self.page)

    def watch(self, page):
        page.on("console", lambda message: self.complain(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.complain(error.stack or str(error)))
        page.add_init_script("addEventListener('securitypolicyviolation', (e) => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI))")

    def complain(self, text):
        if not any(re.search(pattern, text) for pattern in self.allowed):
            self.complaints.append(text)

    def tearDown(self):
        failed = any(error for _, error in self._outcome.result.failures + self._outcome.result.errors if _ is self)
        if failed or os.environ.get("PICTURES"):
            self.picture(self.id().split(".")[-1])
        self.context.close()
        self.assertEqual(self.complaints, [], "the page complained")

    def picture(self, name):
        os.makedirs(PICTURES, exist_ok=True)
        self.page.screenshot(path=os.path.join(PICTURES, f"{name}.png"))

    # What a visitor does

    def visit(self, url=None):
        self.page.goto(url or server(self.product).url)
        self.page.wait_for_selector(".status-dot.is-good")

    def write(self, text, into=OPERATION):
        """Replaces the text, as a paste would."""
        self.page.focus(into)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text) if text else self.page.keyboard.press("Delete")

    def type(self, text, into=OPERATION):
        """Replaces the text key by key."""
        self.page.focus(into)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)

    def text(self, of=OPERATION):
        return self.page.input_value(of)

    def run_operation(self):
        self.page.focus(OPERATION)
        self.page.keyboard.press("Control+Enter")

    def answer(self):
        return self.page.inner_text(".answer-body")

    def suggestions(self):
        self.page.wait_for_selector(".suggestion")
        return self.page.eval_on_selector_all(".suggestions:not([hidden]) .suggestion .label", "all => all.map((one) => one.textContent)")

    def see(self, text, within="body"):
        self.page.wait_for_function("([where, text]) => [...document.querySelectorAll(where)].some((one) => one.checkVisibility() && one.innerText.includes(text))", arg=[within, text])

    def commands(self):
        self.page.keyboard.press("Control+k")
        found = self.page.eval_on_selector_all(".palette-item span", "all => all.map((one) => one.textContent)")
        self.page.keyboard.press("Escape")
        return found

    def focused(self):
        """What has the focus, in a word."""
        return self.page.evaluate("(e => e.getAttribute('aria-label') ?? e.getAttribute('data-path') ?? e.innerText?.split('\\n')[0] ?? e.localName)(document.activeElement)")

    def copied(self, what):
        self.see(f"{what} copied", ".notices")
        return self.page.evaluate("navigator.clipboard.readText()")

    def fake(self, sdl, answer=None):
        """A server with another schema, which answers everything by `answer`: fulfils a route."""
        from test_running import introspection

        schema = {"data": introspection(sdl)} if isinstance(sdl, str) else sdl

        def serve(route):
            if route.request.method != "POST":
                route.continue_()
            elif "IntrospectionQuery" in (route.request.post_data or ""):
                route.fulfill(json=schema)
            else:
                answer(route)

        self.page.route("**/graphql", serve)

    def command(self, name):
        self.page.keyboard.press("Control+k")
        self.page.fill(".palette-input", name)
        self.page.keyboard.press("Enter")
