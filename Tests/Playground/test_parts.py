"""Answers in parts, and numbers with more digits than JavaScript's."""
import json

from support import VARIABLES, PlaygroundTest


class PartsTest(PlaygroundTest):
    def serve(self, parts, boundary="-", quotes='"'):
        body = "".join(f"\r\n--{boundary}\r\ncontent-type: application/json\r\n\r\n{json.dumps(part, ensure_ascii=False)}" for part in parts) + f"\r\n--{boundary}--\r\n"

        def answer(route):
            if "@defer" not in (route.request.post_data or ""):
                return route.continue_()
            route.fulfill(status=200, headers={"content-type": f"multipart/mixed; boundary={quotes}{boundary}{quotes}"}, body=body)

        self.page.route("**/graphql", answer)
        self.visit()
        self.write("{ hello ... @defer { add(a: 1, b: 2) } }")
        self.run_operation()
        self.see("2 parts", ".answer-status")
        self.page.click('[aria-label="Copy the answer"]')
        return json.loads(self.copied("Answer"))["data"]

    def test_a_boundary_inside_of_a_text_is_text(self):
        table = "| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n\n--- and ----- more"
        data = self.serve([{"data": {"hello": table}, "pending": [{"id": "0", "path": []}], "hasNext": True},
                           {"incremental": [{"id": "0", "data": {"late": "a---b"}}], "completed": [{"id": "0"}], "hasNext": False}])
        self.assertEqual(data, {"hello": table, "late": "a---b"})

    def test_other_boundaries_and_a_size_in_bytes(self):
        data = self.serve([{"data": {"hello": "ü" * 100}, "hasNext": True}, {"hasNext": False}], "one.two", "")
        self.assertEqual(data, {"hello": "ü" * 100})
        self.assertIn("2", self.page.inner_text(".answer-status"))
        size = int(self.page.inner_text(".answer-status span >> nth=2").split()[0])
        self.assertGreater(size, 200, "of the bytes, not of the letters")


class ExactTest(PlaygroundTest):
    big = "9007199254740993"

    def test_large_numbers_stay_as_they_are(self):
        sent = []

        def answer(route):
            sent.append(route.request.post_data)
            route.fulfill(status=200, content_type="application/json", body=f'{{"data":{{"echo":{self.big},"deep":[{{"x":{self.big}}}],"small":1.5}}}}')

        self.fake("type Query { echo(id: ID): ID }", answer)
        self.visit()
        self.write("query Q($id: ID) { echo(id: $id) }")
        self.write(f'{{"id":{self.big}}}', VARIABLES)
        self.page.keyboard.press("Control+k")
        self.page.fill(".palette-input", "Format the document")
        self.page.keyboard.press("Enter")
        self.assertEqual(self.text(VARIABLES), f'{{\n  "id": {self.big}\n}}')
        self.run_operation()
        self.see(f'"echo": {self.big}', ".answer-body")
        self.assertTrue(any(f'"id":{self.big}' in (post or "") for post in sent), sent)
        self.page.click('[aria-label="Copy the answer"]')
        text = self.copied("Answer")
        self.assertEqual(text.count(self.big), 2)
        self.assertEqual(json.loads(text)["data"]["small"], 1.5)


class StreamTest(PlaygroundTest):
    product = "Server"

    def test_items_of_a_list_stream_in(self):
        self.visit()
        self.page.click(".person")
        self.page.click(".menu-item:has-text('Mara Lindqvist')")
        self.see("Signed in as Mara Lindqvist", ".notices")
        self.write("{ viewer { teams(first: 5) { nodes @stream(initialCount: 0) { name } } } }")
        self.run_operation()
        self.page.wait_for_function("() => /\\d+ parts$/m.test(document.querySelector('.answer-status').innerText) && !document.querySelector('.answer.is-busy')")
        self.page.click('[aria-label="Copy the answer"]')
        nodes = json.loads(self.copied("Answer"))["data"]["viewer"]["teams"]["nodes"]
        self.assertGreaterEqual(len(nodes), 1)
        self.assertTrue(all(node["name"] for node in nodes))
