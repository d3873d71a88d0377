"""The call page of Examples/Clients: browsers that speak to each other, connected by what the server passes on."""
import functools
import http.server
import os
import threading
import unittest

from support import ROOT, PlaygroundTest, Process


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class CallTest(PlaygroundTest):
    def setUp(self):
        super().setUp()
        self.opened = []
        folder = os.path.join(ROOT, "Examples", "Clients")
        self.pages = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
        threading.Thread(target=self.pages.serve_forever, daemon=True).start()
        self.origin = f"http://127.0.0.1:{self.pages.server_port}"
        self.own = Process("Server", settings={"CORS_ORIGIN": self.origin, "ATRIUM_SAMPLE": "on"})

    def tearDown(self):
        # Before their server: they would look for it.
        for page in self.opened:
            page.close()
        self.own.stop()
        self.pages.shutdown()
        self.pages.server_close()
        super().tearDown()

    def enter(self, name):
        page = self.context.new_page()
        self.opened.append(page)
        page.set_default_timeout(20_000)
        self.watch(page)
        page.goto(f"{self.origin}/call.html?server={self.own.url}")
        page.fill("[name=identifier]", name)
        page.fill("[name=password]", "lamp in the garden")
        page.click("text=Enter")
        page.wait_for_selector("main:not([hidden])")
        return page

    def sees(self, page):
        """Until pictures of the other browser are decoded, more and more of them."""
        page.wait_for_selector("#state[data-peer=connected]")
        page.wait_for_function("document.querySelector('#theirs').videoWidth > 0")
        page.wait_for_function(
            """async () => {
                const found = [...(await window.line.peer.getStats()).values()].filter((one) => one.type === 'inbound-rtp');
                const video = found.find((one) => one.kind === 'video');
                const audio = found.find((one) => one.kind === 'audio');
                return video?.framesDecoded > 10 && audio?.bytesReceived > 1000;
            }"""
        )

    def test_two_browsers_see_hear_and_tell_each_other(self):
        tomas, elif_, elsewhere = self.enter("tomas"), self.enter("elif"), self.enter("elif")
        tomas.click("text=Call Elif")
        elif_.wait_for_selector("text=Tomáš Novák calls")
        elsewhere.wait_for_selector("text=Tomáš Novák calls")
        elif_.click("#answer")
        # The first device has it; the other one rings no more.
        elsewhere.wait_for_selector("#state:text('answered elsewhere')")
        self.assertFalse(elsewhere.is_visible("#ringing"))
        for page in (tomas, elif_):
            self.sees(page)
        for speaker, listener, words in ((tomas, elif_, "Can you see me?"), (elif_, tomas, "Yes, and hear you.")):
            speaker.fill("[name=words]", words)
            speaker.click("text=Say")
            listener.wait_for_selector(f"li:text('{words}')")
        elif_.click("#hangup")
        for page in (tomas, elif_, elsewhere):
            page.wait_for_selector("#state:text('ended')")
        self.assertFalse(tomas.is_visible("#line"))
        # The people are free again.
        elif_.click("text=Call Tomáš")
        tomas.wait_for_selector("text=Elif Yılmaz calls")
        tomas.click("#decline")
        elif_.wait_for_selector("#state:text('declined')")


if __name__ == "__main__":
    unittest.main()
