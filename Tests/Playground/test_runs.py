"""One run over another, and what cannot be sent."""
from support import OPERATION, PlaygroundTest

HEADERS = 'textarea[aria-label="Headers, JSON"]'


class RunsTest(PlaygroundTest):
    def begin(self):
        self.visit()
        self.page.evaluate("""() => {
            window.seen = [];
            const body = document.querySelector('.answer-body');
            new MutationObserver(() => window.seen.push(body.innerText)).observe(body, { childList: true, subtree: true });
        }""")
        self.write("query Slow { slow(ms: 15000) }\n\nquery Quick { hello }\n\nsubscription Live { forever(everyMs: 30) }\n")
        self.page.wait_for_selector(".run-pick:not([hidden])")
        self.run_named("Slow")
        self.page.wait_for_selector(".run.is-running")

    def run_named(self, name):
        self.command(f"Run {name}")

    def test_a_run_over_a_run_shows_its_own_answer(self):
        self.begin()
        self.run_named("Quick")
        self.see('"hello": "world"', ".answer-body")
        self.page.wait_for_selector(".run:not(.is-running)")
        self.page.wait_for_timeout(100)
        self.assertIn('"hello": "world"', self.answer())
        self.assertFalse([text for text in self.page.evaluate("window.seen") if "Stopped" in text])

    def test_a_subscription_over_a_run_keeps_its_log(self):
        self.begin()
        self.run_named("Live")
        self.page.wait_for_function("() => Number(document.querySelector('.event-summary')?.innerText.match(/^(\\d+) event/)?.[1]) > 3")
        self.assertTrue(self.page.is_visible(".events"))
        self.run_named("Quick")
        self.see('"hello": "world"', ".answer-body")
        self.assertEqual(self.page.locator(".run.is-running").count(), 0)

    def test_a_key_that_is_held_runs_once(self):
        self.visit()
        posts = []
        self.page.on("request", lambda request: posts.append(request.post_data) if "setValue" in (request.post_data or "") and request.url.endswith("/graphql") else None)
        self.write('mutation { setValue(value: "x") }')
        self.page.focus(OPERATION)
        self.page.keyboard.down("Control")
        for _ in range(5):
            self.page.keyboard.down("Enter")
        self.page.keyboard.up("Enter")
        self.page.keyboard.up("Control")
        self.see('"setValue": "x"', ".answer-body")
        self.assertEqual(len(posts), 1)

    def test_headers_that_cannot_be_sent_are_said_before_anything_is(self):
        self.visit()
        self.write("{ hello }")
        self.page.click('[data-name="headers"]')
        for written, said in [
            ('{ "x y": "1" }', 'No header can be called "x y".'),
            ('{ "authorization": "Bearer …" }', "The value of the header authorization has letters in it that no header can have."),
            ('{ "x-count": 1 }', "The value of the header x-count must be a text in quotes."),
            ("[]", "The headers must be an object."),
        ]:
            self.write(written, HEADERS)
            self.run_operation()
            self.see(said, ".answer-body")
            self.page.wait_for_selector('[data-name="headers"] .dot:not([hidden])')
        for protocol in ["event stream", "WebSocket"]:
            self.command(f"Subscriptions by {protocol}")
            self.write("subscription { greetings }")
            self.write('{ "x y": "1" }', HEADERS)
            self.run_operation()
            self.see('No header can be called "x y".', ".answer-body")
            self.assertEqual(self.page.locator(".events").count(), 0)
        self.write('{ "x-count": "1" }', HEADERS)
        self.run_operation()
        self.see("5 events", ".events")

    def test_a_fault_of_the_answer_is_no_lost_server(self):
        self.page.route("**/graphql", lambda route: route.fulfill(status=200, content_type="application/json", body='{"data":{"hello":1},"errors":[null,{"message":7,"path":"x"}],"extensions":{"trace":{"levels":[{}]},"cost":{"estimate":{}}}}')
                        if "hello" in (route.request.post_data or "") else route.continue_())
        self.visit()
        self.write("{ hello }")
        self.run_operation()
        self.see("An error without a message", ".answer-body")
        for view in ["Trace", "Cost", "Headers", "Answer"]:
            self.page.click(f"[role=tab]:has-text('{view}')")
        self.see('"hello": 1', ".answer-body")


class CommandTest(PlaygroundTest):
    product = "UploadServer"

    def test_a_command_with_files_sends_them(self):
        import json
        import os
        import subprocess
        import tempfile

        self.visit()
        self.write("mutation Keep($file: Upload!) { upload(file: $file) { name size beginning } }")
        self.page.click('[data-name="files"]')
        name = 'it\'s "b"; c.txt'
        self.page.set_input_files('input[data-path="variables.file"]', files=[{"name": name, "mimeType": "text/plain", "buffer": b"hello"}])
        self.see("5 B", ".files")
        self.command("Copy as cURL")
        command = self.copied("Command")
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, name), "w") as file:
                file.write("hello")
            answer = json.loads(subprocess.check_output(f"{command} --silent", shell=True, cwd=folder))
        self.assertEqual(answer["data"]["upload"]["beginning"], "hello")

    def test_a_command_asks_for_parts_where_there_are_some(self):
        self.visit()
        self.write("{ hello ... @defer { __typename } }")
        self.command("Copy as cURL")
        command = self.copied("Command")
        self.assertIn("--no-buffer", command)
        self.assertIn("accept: multipart/mixed", command)

    def test_each_document_keeps_its_own_files(self):
        self.visit()
        query = "mutation Keep($file: Upload!) { upload(file: $file) { name } }"
        self.write(query)
        self.page.click('[data-name="files"]')
        self.page.set_input_files('input[data-path="variables.file"]', files=[{"name": "one.txt", "mimeType": "text/plain", "buffer": b"1"}])
        self.see("one.txt", ".files")
        self.page.click('[aria-label="New tab"]')
        self.write(query)
        self.page.click('[data-name="files"]')
        self.see("Choose a file", ".files")
        self.assertNotIn("one.txt", self.page.inner_text(".files"))
        self.page.click(".tab >> nth=0")
        self.see("one.txt", ".files")
        self.run_operation()
        self.see('"name": "one.txt"', ".answer-body")
