"""Links, and what the browser keeps: nothing of a stranger's goes where it does not belong, nothing of one's own is lost."""
import base64
import json

from support import OPERATION, VARIABLES, PlaygroundTest, server

HEADERS = 'textarea[aria-label="Headers, JSON"]'
ECHO = "query Q($text: String!) { echo(text: $text) }"


class LinkTest(PlaygroundTest):
    def link(self, **data):
        text = base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")
        return f"{server(self.product).url}#share={text}"

    def titles(self):
        return self.page.eval_on_selector_all(".tab-title", "all => all.map((one) => one.textContent)")

    def test_a_link_opens_in_an_open_page_with_its_own_variables(self):
        self.visit()
        self.write(ECHO)
        self.write('{ "text": "mine" }', VARIABLES)
        self.page.goto(self.link(query=ECHO, variables='{ "text": "theirs" }'))
        self.see("Opened from the link", ".notices")
        self.assertEqual(self.text(VARIABLES), '{ "text": "theirs" }')
        self.assertEqual(self.titles(), ["Q", "Q"])
        self.page.click(".tab >> nth=0")
        self.assertEqual(self.text(VARIABLES), '{ "text": "mine" }')
        self.page.goto(self.link(query=ECHO, variables='{ "text": "theirs" }'))
        self.page.wait_for_function("area => document.querySelector(area).value.includes('theirs')", arg=VARIABLES)
        self.assertEqual(self.titles(), ["Q", "Q"], "what is open already is shown")
        self.assertEqual(self.page.url, server(self.product).url)

    def test_a_link_opens_in_a_new_page_with_its_own_variables(self):
        self.visit()
        self.write(ECHO)
        self.write('{ "text": "mine" }', VARIABLES)
        self.page.wait_for_timeout(400)
        page = self.context.new_page()
        self.watch(page)
        page.goto(self.link(query=ECHO, variables='{ "text": "theirs" }'))
        page.wait_for_selector(".status-dot.is-good")
        self.assertEqual(page.input_value(VARIABLES), '{ "text": "theirs" }')

    def test_a_link_brings_no_headers_and_no_title(self):
        seen = []
        self.page.on("request", lambda request: seen.append(request.headers.get("authorization")))
        self.page.goto(self.link(query=ECHO, variables={"text": 1}, headers='{ "authorization": "Bearer theirs" }', title="Trusted", savedAs="x", id="y", operationName=["Q"]))
        self.page.wait_for_selector(".status-dot.is-good")
        self.assertEqual(self.text(), ECHO)
        self.assertEqual(self.text(VARIABLES), "", "variables are a text")
        self.page.click('[data-name="headers"]')
        self.assertEqual(self.text(HEADERS), "")
        self.assertIn("Q", self.titles())
        self.assertNotIn("Trusted", self.titles())
        self.page.wait_for_timeout(300)
        self.assertEqual([one for one in seen if one], [])

    def test_what_is_no_link_is_said_and_changes_nothing(self):
        self.visit()
        self.write("{ hello }")
        for shared in ["%%%", "AAAA", base64.b64encode(b"[1]").decode(), base64.b64encode(b"null").decode(), ""]:
            self.page.goto(f"{server(self.product).url}#share={shared}")
            self.see("The link holds no document", ".notices")
            self.page.wait_for_selector(".notice", state="detached")
        self.assertEqual(self.text(), "{ hello }")
        self.assertEqual(len(self.titles()), 1)

    def test_hostile_documents_do_not_stop_the_page(self):
        deep = 30_000
        for query in ["query Q($a: " + "[" * deep, "{ a(x: " + "[" * deep, "{ a " * deep, '"' * 9_999, "query Q($__proto__: ID) { hello @skip(if: $__proto__) }", "fragment __proto__ on Query { ...constructor }"]:
            self.page.goto("about:blank")
            self.page.goto(self.link(query=query, variables='{ "__proto__": { "x": 1 }, "constructor": 1 }'))
            self.page.wait_for_selector(".status-dot.is-good")
            self.see("problem", ".status-line")
        self.assertIsNone(self.page.evaluate("({}).x ?? null"))


class KeptTest(PlaygroundTest):
    def test_a_full_strip_of_tabs_loses_none(self):
        self.visit()
        self.write("query First { hello }")
        for _ in range(29):
            self.page.keyboard.press("Alt+t")
        self.assertEqual(self.page.locator(".tab").count(), 30)
        self.page.keyboard.press("Alt+t")
        self.see("30 documents are open", ".notices")
        self.assertEqual(self.page.inner_text(".tab-title >> nth=0"), "First")

    def test_two_windows_keep_their_own_documents(self):
        self.visit()
        self.write("query Mine { hello }")
        page = self.context.new_page()
        self.watch(page)
        page.goto(self.page.url)
        page.wait_for_selector(".status-dot.is-good")
        self.page.goto("about:blank")
        page.focus(OPERATION)
        page.keyboard.press("Control+a")
        page.keyboard.insert_text("query Theirs { hello }")
        page.wait_for_timeout(400)
        self.visit()
        self.assertEqual(self.text(), "query Mine { hello }")
        self.assertEqual(page.input_value(OPERATION), "query Theirs { hello }")

    def test_windows_tell_each_other_what_they_saved(self):
        self.visit()
        page = self.context.new_page()
        self.watch(page)
        page.goto(self.page.url)
        page.wait_for_selector(".status-dot.is-good")
        self.page.click(".rail-item:has-text('Saved')")
        self.page.fill('[aria-label="Name to save under"]', "One")
        self.page.click("text=Save the open document")
        self.see("Saved as One", ".notices")
        page.click(".rail-item:has-text('Saved')")
        page.wait_for_selector(".saved-open:has-text('One')")

    def test_what_is_damaged_in_the_storage_does_not_stop_the_page(self):
        self.visit()
        for value in ['{"a":1}', "5", '"constructor"', "[null,5,{}]", '{"list":[null,5,{"query":7}],"current":"x"}', "{"]:
            self.page.goto("about:blank")
            self.page.goto(f"{server(self.product).url}/playground/offers")
            self.page.evaluate("value => { for (const store of [localStorage, sessionStorage]) for (const name of ['tabs', 'history', 'collections', 'panel', 'theme', 'protocol', 'person', 'drawerClosed', 'size.side-width']) store.setItem('atrium:/graphql:' + name, value); }", value)
            self.visit()
            self.assertIn("query", self.text(), value)
            for panel in ["History", "Saved"]:
                self.page.click(f".rail-item:has-text('{panel}')")

    def test_an_import_that_is_not_kept_is_not_called_imported(self):
        self.visit()
        self.page.click(".rail-item:has-text('Saved')")
        self.page.evaluate("() => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }; }")
        data = {"format": "atrium-collections", "version": 1, "documents": [{"id": "1", "name": "One", "query": "{ hello }"}]}
        self.page.set_input_files('input[aria-label="File to import"]', files=[{"name": "x.json", "mimeType": "application/json", "buffer": json.dumps(data).encode()}])
        self.see("has no room", ".notices")
        self.assertNotIn("imported", self.page.inner_text(".notices"))
