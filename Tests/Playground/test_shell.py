import json
import re

from support import OPERATION, PlaygroundTest, server
from test_running import introspection


class ShellTest(PlaygroundTest):
    def test_tabs_are_kept_over_visits(self):
        self.visit()
        self.write("query One { hello }")
        self.page.click('[aria-label="New tab"]')
        self.write("query Two { hello }")
        self.page.wait_for_timeout(400)
        self.page.reload()
        self.page.wait_for_selector(".status-dot.is-good")
        self.assertEqual(self.page.eval_on_selector_all(".tab-title", "all => all.map((one) => one.textContent)"), ["One", "Two"])
        self.assertIn("Two", self.text())
        self.page.focus(".tab[aria-selected=true]")
        self.page.keyboard.press("ArrowLeft")
        self.assertIn("One", self.text())
        self.page.keyboard.press("Delete")
        self.assertEqual(self.page.locator(".tab").count(), 1)

    def test_a_link_holds_the_document_and_does_not_run_it(self):
        self.visit()
        self.write("mutation Shared { setValue(value: \"ü\") }")
        self.page.click('[aria-label="Copy a link to this document"]')
        self.see("Link copied", ".notices")
        link = self.page.evaluate("navigator.clipboard.readText()")
        other = self.context.browser.new_context()
        page = other.new_page()
        self.watch(page)
        posts = []
        page.on("request", lambda request: posts.append(request.post_data) if request.method == "POST" and request.url.endswith("/graphql") else None)
        page.goto(link)
        page.wait_for_selector(".status-dot.is-good")
        self.assertIn('setValue(value: "ü")', page.input_value(OPERATION))
        self.assertEqual([post for post in posts if "IntrospectionQuery" not in post], [])
        self.assertEqual(page.url, server(self.product).url)
        other.close()

    def test_what_ran_is_found_in_the_history(self):
        self.visit()
        self.write("query Kept { hello }")
        self.run_operation()
        self.see("world", ".answer-body")
        self.write("{ add(a: 1, b: 2) }")
        self.page.click(".rail-item:has-text('History')")
        self.page.click(".entry:has-text('Kept')")
        self.assertIn("query Kept", self.text())

    def test_saved_documents_travel_as_json(self):
        self.visit()
        self.write("query Saved { hello }")
        self.page.click(".rail-item:has-text('Saved')")
        self.page.fill('[aria-label="Folder to save in"]', "Work")
        self.page.click("text=Save the open document")
        self.see("Work", ".side")
        with self.page.expect_download() as begun:
            self.page.click('[aria-label="Export to a file"]')
        data = json.load(open(begun.value.path()))
        self.assertEqual(data["documents"][0]["query"], "query Saved { hello }")
        self.page.click('[aria-label="Delete Saved"]')
        self.see("are listed here", ".side")
        self.page.set_input_files('input[aria-label="File to import"]', begun.value.path())
        self.see("1 document imported", ".notices")
        self.page.set_input_files('input[aria-label="File to import"]', files=[{"name": "x.json", "mimeType": "application/json", "buffer": b"{"}])
        self.see("holds no collections", ".notices")

    def test_the_documentation_is_searched_and_followed(self):
        self.visit()
        self.page.fill('[aria-label="Search the schema"]', "echo")
        self.page.keyboard.press("Enter")
        self.see("Query.echo", ".side")
        self.page.click(".side .type-link >> nth=0")
        self.see("scalar", ".side")
        self.page.click(".crumbs .link >> nth=0")
        self.see("Operations", ".side")

    def test_the_builder_writes_what_is_clicked(self):
        sdl = """type Query { user(id: ID!, kind: Kind): User } enum Kind { A B }
                 type User { id: ID! name: String! friend: User items: [Item!]! } union Item = User | Thing type Thing { title: String }"""
        data = {"data": introspection(sdl)}
        self.page.route("**/graphql", lambda route: route.fulfill(json=data) if route.request.method == "POST" else route.continue_())
        self.visit()
        self.write("")
        self.page.click(".rail-item:has-text('Builder')")
        row = lambda path: self.page.locator(f'[data-path="{path}"]')
        row("/user").click()
        self.assertEqual(self.text(), "query MyQuery {\n  user(id: \"\") {\n    id\n  }\n}\n")
        row("/user/name").click()
        row("/user/id").click()
        row("/user(kind").click()
        row("/user/friend").click()
        row("/user/items").click()
        row("/user/items/...Thing").click()
        self.assertEqual(re.sub(r"\s+", " ", self.text()), 'query MyQuery { user(id: "", kind: A) { name friend { id } items { __typename ... on Thing { __typename } } } } ')
        row("/user/friend").click()
        row("/user/items").click()
        row("/user(kind").click()
        self.assertEqual(re.sub(r"\s+", " ", self.text()), 'query MyQuery { user(id: "") { name } } ')
        row("/user").focus()
        self.page.keyboard.press("Space")
        self.assertEqual(self.text().strip(), "")

    def build(self, sdl):
        self.fake(sdl)
        self.visit()
        self.page.click(".rail-item:has-text('Builder')")
        return lambda path: self.page.locator(f'[data-path="{path}"]')

    def plain(self):
        return re.sub(r"\s+", " ", self.text()).strip()

    def test_the_builder_begins_operations_of_other_kinds(self):
        row = self.build("type Query { a: Int b: Int } type Mutation { change(to: Int!): Int } type Subscription { tick: Int }")
        self.write("{ a }")
        kind = lambda name: self.page.click(f".segment:has-text('{name}')")
        kind("Mutation")
        row("/change").click()
        self.assertEqual(self.plain(), "query MyQuery { a } mutation MyMutation { change(to: 0) }")
        kind("Subscription")
        row("/tick").click()
        self.assertEqual(self.plain(), "query MyQuery { a } mutation MyMutation { change(to: 0) } subscription MySubscription { tick }")
        kind("Query")
        row("/b").click()
        self.assertEqual(self.plain(), "query MyQuery { a b } mutation MyMutation { change(to: 0) } subscription MySubscription { tick }")
        self.see("No problems", ".status-line")
        kind("Mutation")
        self.page.keyboard.press("Escape")
        self.page.focus(OPERATION)
        self.page.keyboard.press("Control+Home")
        self.page.wait_for_selector(".segment.is-current:has-text('Query')")

    def test_the_builder_names_operations_apart(self):
        row = self.build("type Query { a: Int } type Mutation { change: Int }")
        self.write("query MyMutation { a }\nquery { a }\n")
        self.page.click(".segment:has-text('Mutation')")
        row("/change").click()
        self.assertEqual(self.plain(), "query MyMutation { a } query MyQuery { a } mutation MyMutation2 { change }")

    def test_the_builder_gives_parents_what_they_need(self):
        row = self.build("type Query { user(id: ID!): User } type User { friend(of: Int!): User name: String }")
        self.write("")
        row("/user").focus()
        self.page.keyboard.press("ArrowRight")
        row("/user/friend").focus()
        self.page.keyboard.press("ArrowRight")
        row("/user/friend/name").click()
        self.assertEqual(self.plain(), 'query MyQuery { user(id: "") { friend(of: 0) { name } } }')
        self.see("No problems", ".status-line")

    def test_everything_of_the_schema_is_found(self):
        self.fake("type Query { find(needle: Int): Hay } type Hay { a: Int } enum Colour { RED NEEDLE_BLUE } directive @needlework on FIELD")
        self.visit()
        self.page.fill('[aria-label="Search the schema"]', "needle")
        found = self.page.eval_on_selector_all(".result-name", "all => all.map((one) => one.textContent)")
        self.assertEqual(sorted(found), ["@needlework", "Colour.NEEDLE_BLUE", "Query.find(needle:)"])
        self.page.click(".result:has-text('needle:')")
        self.see("Query.find", ".side h3")

    def test_the_schema_is_shown_and_compared(self):
        self.visit()
        self.page.click(".rail-item:has-text('Schema')")
        self.page.wait_for_function("document.querySelector('textarea[aria-label=\"Schema\"]').value.includes('activeSubscriptions: Int!')")
        sdl = self.text('textarea[aria-label="Schema"]')
        self.page.click("text=Compare")
        self.write(sdl, 'textarea[aria-label="The other schema"]')
        self.see("No change", ".changes")
        self.write(sdl.replace("hello: String!", "hello: String").replace("  failNonNull: String!\n", "  failNonNull: String!\n  gone: Int\n"), 'textarea[aria-label="The other schema"]')
        self.see("1 breaking, 0 dangerous, 1 safe", ".changes")
        with self.page.expect_download() as begun:
            self.page.click('[aria-label="Download the schema"]')
        self.assertEqual(open(begun.value.path()).read(), sdl)

    def test_everything_is_reached_by_keyboard(self):
        self.visit()
        self.page.keyboard.press("Control+k")
        self.page.keyboard.type("colours dark")
        self.page.keyboard.press("Enter")
        self.assertEqual(self.page.get_attribute("html", "data-theme"), "dark")
        self.command("Go to the variables")
        self.assertEqual(self.page.evaluate("document.activeElement.getAttribute('aria-label')"), "Variables, JSON")
        self.page.evaluate("document.activeElement.blur()")
        reached = set()
        for _ in range(60):
            self.page.keyboard.press("Tab")
            reached.add(self.page.evaluate("(e => e?.getAttribute('aria-label') || e?.innerText || '')(document.activeElement)").split("\n")[0])
        for name in ["New tab", "Copy a link to this document", "Docs", "Search the schema", "Run", "Operation", "Variables", "Variables, JSON", "Width of the answer", "Answer"]:
            self.assertTrue(any(name in one for one in reached), f"{name} among {sorted(reached)}")
