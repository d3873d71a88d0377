"""The chat page of Examples/Clients: two people on a page of another origin, and a server that goes away between them."""
import functools
import http.server
import os
import threading
import unittest

from support import ROOT, PlaygroundTest, Process


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class ChatTest(PlaygroundTest):
    def setUp(self):
        super().setUp()
        folder = os.path.join(ROOT, "Examples", "Clients")
        self.pages = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
        threading.Thread(target=self.pages.serve_forever, daemon=True).start()
        self.origin = f"http://127.0.0.1:{self.pages.server_port}"
        self.settings = {"CORS_ORIGIN": self.origin, "ATRIUM_SAMPLE": "on"}
        self.own = Process("Server", settings=self.settings)

    def tearDown(self):
        self.own.stop()
        self.pages.shutdown()
        self.pages.server_close()
        super().tearDown()

    def enter(self, page, name):
        page.goto(f"{self.origin}/chat.html?server={self.own.url}")
        page.fill("[name=identifier]", name)
        page.fill("[name=password]", "lamp in the garden")
        page.click("text=Enter")
        page.wait_for_selector("main:not([hidden])")

    def write_message(self, page, text):
        page.fill("[name=body]", text)
        page.click("text=Send")

    def test_two_people_write_to_each_other_through_a_restart(self):
        self.allowed += ["WebSocket connection", "Failed to load resource"]
        other = self.context.new_page()
        self.watch(other)
        self.enter(self.page, "mara")
        self.enter(other, "jonas")
        for text, writer in [("Is anybody here?", self.page), ("I am.", other)]:
            self.write_message(writer, text)
            for page in (self.page, other):
                page.wait_for_selector(f"li:has-text('{text}')")
        self.own.kill()
        self.own = Process("Server", self.own.port, settings=self.settings)
        self.write_message(other, "Still there?")
        self.page.wait_for_selector("li:has-text('Still there?')", timeout=20_000)
        names = [text.split(":")[0] for text in self.page.locator("li").all_inner_texts()]
        self.assertEqual(len(names), 3, "each message once")
        self.assertEqual(names[1:], [names[1]] * 2)

    def test_who_may_not_enter_is_told(self):
        self.page.goto(f"{self.origin}/chat.html?server={self.own.url}")
        self.page.fill("[name=identifier]", "mara")
        self.page.fill("[name=password]", "wrong wrong wrong")
        self.page.click("text=Enter")
        self.page.wait_for_selector("[role=alert]:not(:empty)")
        self.assertFalse(self.page.is_visible("main"))


if __name__ == "__main__":
    unittest.main()
