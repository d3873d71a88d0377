"""What servers, files and links say, as text: nothing of it becomes an element, a script or an address that acts."""
import json

from support import PlaygroundTest
from test_running import introspection

TRICK = "<img src=x onerror=\"window.hit=1\"><script>window.hit=1</script><svg onload=window.hit=1>[x](javascript:hit())"
SDL = """
  type Query { hello(text: String): String, user: User, kind: Kind }
  type User { id: ID, friend: User }
  type Subscription { events: String }
  type Mutation { emailVerify(input: In!): Int }
  input In { token: String! }
  enum Kind { ONE TWO }
  scalar Trick @specifiedBy(url: "javascript:window.hit=1")
  scalar Other @specifiedBy(url: "https://example.org/scalar")
"""
FOUND = """() => {
    const bad = [...document.querySelectorAll('img, iframe, object, embed, base, form, script, svg, a, [style*=url]')].filter((one) =>
        one.localName === 'script' ? !one.src.startsWith(location.origin)
        : one.localName === 'svg' ? !one.classList.contains('icon')
        : one.localName === 'a' ? !/^https?:$/.test(one.protocol)
        : true);
    for (const one of document.querySelectorAll('*')) for (const { name } of one.attributes) if (name.startsWith('on')) bad.push(one);
    return [...bad.map((one) => one.outerHTML.slice(0, 200)), ...(window.hit ? ['a script ran'] : [])];
}"""


def tricked(value, key=None):
    """The introspection with a trick in every text, and in names that nothing else names."""
    if isinstance(value, dict):
        return {name: tricked(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [tricked(inner, key) for inner in value]
    return TRICK if key in ("description", "deprecationReason", "defaultValue") else value


class HostileTest(PlaygroundTest):
    def setUp(self):
        super().setUp()
        self.dialogs = []
        self.page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        schema = {"data": tricked(introspection(SDL))}
        types = schema["data"]["__schema"]["types"]
        for name in [TRICK, "__proto__", "constructor"]:
            types.append({"kind": "OBJECT", "name": name, "description": TRICK, "specifiedByURL": TRICK, "isOneOf": False, "inputFields": None, "interfaces": [], "enumValues": None, "possibleTypes": None,
                          "fields": [{"name": TRICK, "description": TRICK, "args": [], "isDeprecated": True, "deprecationReason": TRICK, "type": {"kind": "OBJECT", "name": TRICK, "ofType": None}}]})
        query = next(one for one in types if one["name"] == "Query")
        query["fields"].append({"name": TRICK, "description": TRICK, "args": [], "isDeprecated": True, "deprecationReason": TRICK, "type": {"kind": "OBJECT", "name": TRICK, "ofType": None}})
        for one in types:
            if one["name"] == "Kind":
                one["enumValues"].append({"name": TRICK, "description": TRICK, "isDeprecated": True, "deprecationReason": TRICK})
        self.answer = {"data": {"hello": TRICK, "__proto__": {TRICK: TRICK}, "url": f"https://example.org/{TRICK}".replace(" ", ""), "script": "javascript:window.hit=1"},
                       "errors": [{"message": TRICK, "path": [TRICK, 0], "locations": [{"line": TRICK, "column": 1}], "extensions": {"code": TRICK}}],
                       "extensions": {"trace": {"duration": 10, "levels": [{"level": TRICK, "batches": [{"field": TRICK, "parents": 1, "values": 1, "path": [TRICK], "start": 0, "duration": 1}]}],
                                                "statements": [{"name": TRICK, "rows": 1, "start": 0, "duration": 1, "plan": TRICK}], "loaders": [{"name": TRICK, "keys": 1, "start": 0, "duration": 1}]},
                                      "cost": {"estimate": {"points": 1, "nodes": 1}}}}
        self.fake(schema, lambda route: route.fulfill(json=self.answer, headers={"x-trick": TRICK}))
        person = {"name": TRICK, "note": TRICK, "variables": {}}
        offers = {"mails": "/sent", "signIn": {"query": "mutation SignIn { x }", "token": ["none"], "ending": "x", "people": [person]}}
        mail = {"id": TRICK, "date": TRICK, "from": TRICK, "to": TRICK, "subject": TRICK, "text": TRICK, "links": [f"http://localhost/verify-email?token={TRICK}", "javascript:window.hit=1"]}
        self.page.route("**/graphql/playground/offers", lambda route: route.fulfill(json=offers))
        self.page.route("**/graphql/playground/plan", lambda route: route.fulfill(json={"plan": [TRICK]}))
        self.page.route("**/sent", lambda route: route.fulfill(json={"mails": [mail]}))
        self.page.route("**/sent/**", lambda route: route.fulfill(json=mail))
        self.visit()

    def harmless(self, where):
        self.assertEqual(self.page.evaluate(FOUND), [], where)
        self.assertEqual(self.dialogs, [], where)

    def shown(self, within, where):
        self.see("<img src=x", within)
        self.harmless(where)

    def test_what_a_schema_says_is_text(self):
        self.harmless("at first")
        self.page.fill('[aria-label="Search the schema"]', "img")
        self.shown(".side", "search")
        for name in ["Kind", "Trick", "Other", "User"]:
            self.page.fill('[aria-label="Search the schema"]', name)
            self.page.keyboard.press("Enter")
            self.shown(".side", name)
            if name == "Trick":
                self.assertEqual(self.page.locator(".side a").count(), 0, "no address that acts")
            if name == "Other":
                self.assertEqual(self.page.get_attribute(".side a", "href"), "https://example.org/scalar")
        self.page.click(".rail-item:has-text('Builder')")
        self.shown(".side", "builder")
        self.page.locator(".tree-row", has_text="<img").first.click()
        self.harmless("a hostile field in the document")
        self.write("{ hello(text: 1) user { id } }")
        self.page.click(".rail-item:has-text('Schema')")
        self.page.wait_for_function("document.querySelector('textarea[aria-label=\"Schema\"]').value.includes('<img src=x')")
        self.harmless("schema")
        self.command("Compare the schema with another one")
        self.write(f'"""{TRICK}""" type Query {{ a: Int }} type Gone_{"x" * 10} {{ a: Int @deprecated(reason: "{"<img src=x onerror=window.hit=1>"}") }}', 'textarea[aria-label="The other schema"]')
        self.see("breaking", ".changes")
        self.shown(".changes", "compare")

    def test_what_is_offered_and_explained_while_one_types_is_text(self):
        self.type("{ hel")
        self.see("<img src=x", ".suggestion-note")
        self.harmless("a completion")
        self.page.keyboard.press("Escape")
        self.write("{ hello(text: 1) }")
        self.see("problem", ".status-line")
        self.command("Explain the name under the caret")
        self.write("{ hello }")
        self.page.wait_for_selector(".t-field")
        for key in ["Control+Home", *["ArrowRight"] * 4]:
            self.page.keyboard.press(key)
        self.command("Explain the name under the caret")
        self.shown(".hover", "the card of a name")
        self.write(TRICK)
        self.page.wait_for_selector(".lines .is-error")
        self.harmless("a hostile document")

    def test_what_a_server_answers_is_text(self):
        self.write("{ hello }")
        self.run_operation()
        self.shown(".answer-body", "answer")
        self.page.click("[aria-label=Unfold]")
        self.shown(".answer-body", "the whole answer")
        self.assertIsNone(self.page.evaluate("({})['<img'] ?? null"))
        self.page.click("[role=tab]:has-text('Headers')")
        self.shown(".answer-body", "headers")
        self.page.click("[role=tab]:has-text('Trace')")
        self.page.locator(".trace button").first.click()
        self.shown(".plan", "plan")
        self.page.click("[role=tab]:has-text('Cost')")
        self.harmless("cost")
        self.page.click(".rail-item:has-text('History')")
        self.harmless("history")
        self.page.click(".person")
        self.shown(".menu", "people")
        self.answer["errors"][0]["message"] = TRICK
        self.page.click(".menu-item >> nth=0")
        self.shown(".notices", "a notice")

    def test_what_comes_live_is_text(self):
        def serve(socket):
            def hear(message):
                kind = json.loads(message)["type"]
                if kind == "connection_init":
                    socket.send(json.dumps({"type": "connection_ack"}))
                elif kind == "subscribe":
                    socket.send(json.dumps({"type": "next", "id": "1", "payload": {"data": {"events": TRICK}}}))
                    socket.send(json.dumps({"type": "next", "id": "1", "payload": {"errors": [{"message": TRICK}]}}))
                    socket.send(json.dumps({"type": "next", "id": "1", "payload": 7}))
                    socket.send(json.dumps({"type": "error", "id": "1", "payload": [{"message": TRICK}]}))

            socket.on_message(hear)

        self.page.route_web_socket("**/graphql", serve)
        self.write("subscription { events }")
        self.run_operation()
        self.see("3 events", ".events")
        self.shown(".event-list", "events")
        self.page.click("button.event >> nth=0")
        self.shown(".event-detail", "an event")
        self.see("failed", ".live-state")

    def test_what_a_socket_sends_that_is_no_json_is_said(self):
        self.page.route_web_socket("**/graphql", lambda socket: socket.on_message(lambda message: socket.send("<b>no")))
        self.write("subscription { events }")
        self.run_operation()
        self.see("The server sent what is no JSON.", ".events")
        self.see("failed", ".live-state")

    def test_mails_files_and_collections_are_text(self):
        self.page.click(".rail-item:has-text('Mails')")
        self.shown(".side", "mails")
        self.page.click(".mail")
        self.shown(".mail-text", "a mail")
        self.page.click(".rail-item:has-text('Saved')")
        documents = [{"id": TRICK, "name": TRICK, "folder": TRICK, "query": f"# {TRICK}\n{{ hello }}", "variables": TRICK, "at": TRICK, "headers": '{"authorization":"x"}', "__proto__": {"x": 1}},
                     {"id": "__proto__", "name": "__proto__", "folder": "constructor", "query": TRICK}, {"id": 1, "query": "{ a }"}, None]
        data = {"format": "atrium-collections", "version": 1, "documents": documents}
        self.page.set_input_files('input[aria-label="File to import"]', files=[{"name": f"{TRICK}.json".replace("/", ""), "mimeType": "application/json", "buffer": json.dumps(data).encode()}])
        self.see("2 documents imported", ".notices")
        self.shown(".side", "saved")
        self.page.locator(".saved-open", has_text="<img").first.click()
        self.harmless("a saved document")
        self.assertEqual(self.text('textarea[aria-label="Variables, JSON"]'), TRICK)
        self.page.click('[data-name="headers"]')
        self.assertEqual(self.text('textarea[aria-label="Headers, JSON"]'), "")
        self.page.wait_for_selector(".notice", state="detached")
        self.page.locator("[aria-label^='Delete <img']").first.click()
        self.shown(".notices", "a notice with a name")


class HostileFilesTest(PlaygroundTest):
    product = "UploadServer"

    def test_names_of_files_are_text(self):
        self.visit()
        self.write("mutation Keep($file: Upload!) { upload(file: $file) { name } }")
        self.page.click('[data-name="files"]')
        name = "<img src=x onerror=window.hit=1>.txt"
        self.page.set_input_files('input[data-path="variables.file"]', files=[{"name": name, "mimeType": "text/plain", "buffer": b"1"}])
        self.see("<img src=x", ".files")
        self.run_operation()
        self.see("<img src=x", ".answer-body")
        self.assertEqual(self.page.evaluate(FOUND), [])
