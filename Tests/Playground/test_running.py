import json
import os

from support import OPERATION, VARIABLES, PlaygroundTest, Process, server


class RunningTest(PlaygroundTest):
    def test_an_answer_tells_how_it_went(self):
        self.visit()
        self.write("{ hello }")
        self.run_operation()
        self.see('"hello": "world"', ".answer-body")
        self.assertRegex(self.page.inner_text(".answer-status"), r"200 OK\s+[\d.]+ m?s\s+\d+ B")
        self.page.click("text=Headers >> nth=-1")
        self.see("application/graphql-response+json", ".answer-body")

    def test_errors_lead_to_their_place(self):
        self.allowed = ["Failed to load resource"]
        self.visit()
        self.write("{\n  hello\n  fail\n}")
        self.run_operation()
        self.see("294", ".answer-status")
        self.see("1 error", ".answer-status")
        self.page.click(".error-list .link")
        self.see("Line 3, column 3", ".status-line")

    def test_one_of_several_operations_is_picked(self):
        self.visit()
        self.write("query First { hello }\n\nquery Second { add(a: 1, b: 1) }\n")
        self.page.wait_for_selector(".run-pick:not([hidden])")
        self.page.click(".run-pick")
        self.page.click(".menu-item:has-text('First')")
        self.see('"hello"', ".answer-body")
        self.page.focus(OPERATION)
        self.page.keyboard.press("Control+End")
        self.page.keyboard.press("ArrowUp")
        self.run_operation()
        self.see('"add": 2', ".answer-body")

    def test_a_running_operation_can_be_stopped(self):
        self.visit()
        self.write("{ slow(ms: 20000) }")
        self.run_operation()
        self.page.click(".run.is-running")
        self.see("Stopped.", ".answer-body")

    def test_values_fold_and_are_copied(self):
        self.visit()
        self.write("{ __schema { types { name kind } } }")
        self.run_operation()
        self.see('"kind"', ".answer-body")
        self.page.click('[aria-label="Fold types"]')
        self.see("items", ".answer-body")
        self.assertNotIn('"OBJECT"', self.answer())
        self.page.click('[aria-label="Copy the answer"]')
        self.see("Answer copied", ".notices")
        self.assertIn('"OBJECT"', self.page.evaluate("navigator.clipboard.readText()"))

    def test_the_request_is_copied_as_a_command_that_runs(self):
        self.visit()
        self.write("query Q($text: String!) { echo(text: $text) }")
        self.write('{ "text": "it\'s ü" }', VARIABLES)
        self.page.click('[aria-label="Copy as…"]')
        self.page.click("text=Copy as cURL")
        self.see("Command copied", ".notices")
        command = self.page.evaluate("navigator.clipboard.readText()")
        with os.popen(f"{command} --silent") as output:
            self.assertEqual(json.load(output)["data"]["echo"], "it's ü")

    def test_headers_are_sent(self):
        self.visit()
        self.page.click('[data-name="headers"]')
        self.write('{ "x-request-id": "one" }', 'textarea[aria-label="Headers, JSON"]')
        self.write("{ hello }")
        # What the page asks beside it, such as an estimate, is sent with them too.
        with self.page.expect_request(lambda request: request.url.endswith("/graphql") and "hello" in (request.post_data or "")) as sent:
            self.run_operation()
        self.assertEqual(sent.value.headers["x-request-id"], "one")
        self.assertEqual(sent.value.headers["graphql-require-preflight"], "1")

    def test_parts_are_shown_as_they_arrive(self):
        self.visit()
        parts = [
            {"data": {"hello": "world"}, "pending": [{"id": "0", "path": []}, {"id": "1", "path": ["list"]}], "hasNext": True},
            {"incremental": [{"id": "0", "data": {"late": {"deep": 1}, "list": ["a"]}}], "completed": [{"id": "0"}], "hasNext": True},
            {"incremental": [{"id": "1", "items": ["b", "c"]}], "completed": [{"id": "1"}], "hasNext": False},
        ]
        body = "".join(f"\r\n---\r\ncontent-type: application/json\r\n\r\n{json.dumps(part)}" for part in parts) + "\r\n-----\r\n"
        seen = []

        def answer(route):
            seen.append(route.request.headers["accept"])
            route.fulfill(status=200, headers={"content-type": 'multipart/mixed; boundary="-"'}, body=body)

        self.page.route("**/graphql", lambda route: answer(route) if "@defer" in (route.request.post_data or "") else route.continue_())
        self.write("{ hello ... @defer { add(a: 1, b: 2) } }")
        self.run_operation()
        self.see("3 parts", ".answer-status")
        self.assertIn("multipart/mixed;incrementalSpec=v0.2", seen[0])
        self.page.click('[aria-label="Copy the answer"]')
        self.see("copied", ".notices")
        shown = json.loads(self.page.evaluate("navigator.clipboard.readText()"))
        self.assertEqual(shown["data"], {"hello": "world", "late": {"deep": 1}, "list": ["a", "b", "c"]})

    def test_what_is_deferred_comes_later(self):
        self.visit()
        self.write("{ hello ... @defer { slow(ms: 1500) } }")
        self.run_operation()
        self.see('"hello": "world"', ".answer-body")
        self.see("more to come", ".answer-status")
        self.assertNotIn('"slow"', self.answer())
        self.see('"slow": "slow"', ".answer-body")
        self.assertNotIn("more to come", self.page.inner_text(".answer-status"))

    def test_without_a_server_it_says_so_and_keeps_what_was_written(self):
        self.allowed = ["Failed to load resource"]
        own = Process("AuditServer")
        self.visit(own.url)
        self.write("{ hello }")
        own.kill()
        self.run_operation()
        self.see("The server cannot be reached", ".answer-body")
        again = Process("AuditServer", own.port)
        self.page.reload()
        self.assertIn("{ hello }", self.text())
        self.run_operation()
        self.see('"world"', ".answer-body")
        again.stop()

    def test_offline_it_says_so_and_goes_on_when_the_network_is_back(self):
        self.allowed = ["Failed to load resource", "ERR_INTERNET_DISCONNECTED"]
        self.visit()
        self.write("{ hello }")
        self.context.set_offline(True)
        self.run_operation()
        self.see("This computer is offline", ".answer-body")
        self.context.set_offline(False)
        self.run_operation()
        self.see('"hello": "world"', ".answer-body")


class UploadTest(PlaygroundTest):
    product = "UploadServer"

    def test_a_file_is_sent_and_arrives(self):
        self.visit()
        self.write("mutation Keep($file: Upload!) { upload(file: $file) { name size beginning } }")
        self.page.click('[data-name="files"]')
        self.page.set_input_files('input[data-path="variables.file"]', files=[{"name": "a.txt", "mimeType": "text/plain", "buffer": b"hello"}])
        self.see("5 B", ".files")
        self.run_operation()
        self.see('"beginning": "hello"', ".answer-body")
        self.see('"name": "a.txt"', ".answer-body")
        self.write("{ hello }")
        self.page.wait_for_selector('[data-name="files"]', state="hidden")

    def test_files_for_lists_and_inputs_find_their_places(self):
        self.visit()
        self.write("mutation Keep($files: [Upload!]!) { uploadMany(files: $files) { name size } }")
        self.page.click('[data-name="files"]')
        self.page.set_input_files('input[data-path="variables.files"]', files=[{"name": f"{name}.txt", "mimeType": "text/plain", "buffer": name.encode()} for name in ("one", "three")])
        self.run_operation()
        self.see('"name": "three.txt"', ".answer-body")
        self.assertIn('"size": 3', self.answer())


class ToldTest(PlaygroundTest):
    product = "Server"

    def test_cost_and_trace_are_shown_when_the_server_tells_them(self):
        self.visit()
        self.write("{ serverInfo { version } }")
        self.run_operation()
        self.page.click("[role=tab]:has-text('Trace')")
        self.see("Query.serverInfo", ".trace")
        self.see("1 level", ".trace")
        self.page.click("[role=tab]:has-text('Cost')")
        self.see("Estimated", ".cost")
        self.picture("cost")

    def test_a_statement_stands_in_its_level_and_shows_its_plan(self):
        self.visit()
        self.write("{ serverInfo { version database { migration } } }")
        self.run_operation()
        self.page.click("[role=tab]:has-text('Trace')")
        level = self.page.locator(".trace-rows:has-text('ServerInfo.database')")
        statement = level.locator(".trace-item.is-statement")
        self.assertRegex(statement.inner_text(), r"Data/DatabaseFacts.swift:\d+[\s\S]*1 row[\s\S]*\d (µs|ms)")
        statement.locator("button").click()
        self.see("actual time=", ".plan")
        self.picture("trace")
        statement.locator("button").click()
        self.assertFalse(self.page.is_visible(".plan"))


def introspection(sdl):
    from graphql import build_schema, introspection_from_schema

    return introspection_from_schema(build_schema(sdl), specified_by_url=True, directive_is_repeatable=True, schema_description=True, input_value_deprecation=True)
