"""What strangers write, as a browser shows it: every known trick goes through a room and into a page, without effect."""
import json
import os
import unittest
import urllib.request

from support import ROOT, PlaygroundTest, Process

WATCH = """() => {
    window.hits = [];
    window.hit = () => window.hits.push('script');
    addEventListener('click', (event) => { if (event.target.closest('a')) event.preventDefault(); });
}"""

# As pages do: into an element there is, and as part of a page that is parsed anew. Everything in it is touched, too.
SHOW = """async (texts) => {
    const found = [];
    for (const { written, html } of texts) {
        const before = window.hits.length;
        const place = document.createElement('div');
        document.body.append(place);
        place.innerHTML = html;
        const frame = document.createElement('iframe');
        frame.srcdoc = `<!DOCTYPE html><script>window.hit = () => parent.hit()<${'/'}script><body>${html}`;
        document.body.append(frame);
        await new Promise((done) => { frame.onload = done; });
        for (const root of [place, frame.contentDocument.body]) {
            for (const element of root.querySelectorAll('*')) {
                for (const kind of ['click', 'mouseover', 'focus', 'animationstart', 'toggle', 'load', 'error']) {
                    element.dispatchEvent(new Event(kind, { bubbles: true, cancelable: true }));
                }
                const known = 'a abbr b blockquote br code dd del dl dt em h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol p pre q s samp small strong sub sup table tbody td th thead tr u ul var'.split(' ');
                if (!known.includes(element.localName)) found.push([written, html, `the element ${element.localName}`]);
                for (const { name, value } of element.attributes) {
                    if (name.startsWith('on') || ['style', 'id', 'src', 'name'].includes(name)) found.push([written, html, `the attribute ${name}`]);
                    if (name === 'href' && !['http:', 'https:', 'mailto:'].includes(element.protocol)) found.push([written, html, `the address ${value}`]);
                }
            }
        }
        if (window.hits.length !== before) found.push([written, html, 'a script ran']);
        place.remove();
        frame.remove();
    }
    return found;
}"""


def vectors():
    with open(os.path.join(ROOT, "Tests", "MarkupTests", "vectors.txt"), encoding="utf-8", newline="\n") as file:
        lines = [line.rstrip("\n") for line in file]
    marks = {"\\n": "\n", "\\t": "\t", "\\0": ""}
    for line in lines:
        if line and not line.startswith("# "):
            for mark, character in marks.items():
                line = line.replace(mark, character)
            # Other control characters are no text of a message.
            yield "".join(character for character in line if character >= " " or character in "\n\t")


class MarkupTest(PlaygroundTest):
    def setUp(self):
        super().setUp()
        self.own = Process("Server", settings={"ATRIUM_SAMPLE": "on"})
        self.token = ""

    def tearDown(self):
        self.own.stop()
        super().tearDown()

    def ask(self, query, variables):
        headers = {"content-type": "application/json"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        body = json.dumps({"query": query, "variables": variables}).encode()
        with urllib.request.urlopen(urllib.request.Request(self.own.url, body, headers)) as answer:
            data = json.load(answer)
        self.assertNotIn("errors", data, data)
        (result,) = data["data"].values()
        self.assertFalse(result.get("userErrors"), result)
        return result

    def written(self):
        """The tricks as messages: several in each, since a person may only send so many a minute, and each of them in two."""
        tricks = list(vectors())
        size = 6
        for shift in (0, size // 2):
            for start in range(shift, len(tricks), size):
                yield "\n\n".join(tricks[start:start + size])

    def test_nothing_that_people_write_acts_in_a_page(self):
        tokens = self.ask("mutation ($input: SignInInput!) { signIn(input: $input) { outcome { ... on SignInSuccess { tokens { accessToken } } } userErrors { message } } }", {"input": {"identifier": "mara", "password": "lamp in the garden"}})
        self.token = tokens["outcome"]["tokens"]["accessToken"]
        group = self.ask("mutation ($input: GroupCreateInput!) { groupCreate(input: $input) { group { channels(first: 1) { nodes { id } } } userErrors { message } } }", {"input": {"name": "Tricks", "visibility": "PUBLIC"}})
        room = group["group"]["channels"]["nodes"][0]["id"]
        texts = []
        for body in self.written():
            message = self.ask("mutation ($input: MessageSendInput!) { messageSend(input: $input) { message { body bodyHtml } userErrors { message } } }", {"input": {"roomId": room, "body": body}})["message"]
            texts.append({"written": message["body"], "html": message["bodyHtml"]})
        self.assertGreater(len(texts), 90)
        requests = []
        self.page.goto("about:blank")
        self.page.on("request", lambda request: requests.append(request.url))
        self.page.on("dialog", lambda dialog: requests.append(f"a dialog: {dialog.message}"))
        self.page.evaluate(WATCH)
        self.assertEqual(self.page.evaluate(SHOW, texts), [])
        self.assertEqual([url for url in requests if url != "about:srcdoc"], [])

    def test_the_page_would_tell(self):
        """The same page finds what it looks for where nothing was made safe."""
        self.allowed += ["Failed to load resource", "ERR_"]
        self.page.goto("about:blank")
        self.page.evaluate(WATCH)
        found = self.page.evaluate(SHOW, [{"written": "", "html": html} for html in ("<img src=x: onerror=hit()>", "<b onclick=hit()>x</b>", "<a href=javascript:hit()>x</a>")])
        faults = [fault for _, _, fault in found]
        self.assertGreaterEqual(faults.count("a script ran"), 2)
        self.assertIn("the element img", faults)
        self.assertIn("the address javascript:hit()", faults)


if __name__ == "__main__":
    unittest.main()
