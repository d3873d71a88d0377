from support import OPERATION, VARIABLES, PlaygroundTest


class EditorTest(PlaygroundTest):
    def test_the_first_visit_shows_a_document_that_runs(self):
        self.visit()
        self.assertIn("query", self.text())
        self.assertEqual(self.page.evaluate("document.activeElement.getAttribute('aria-label')"), "Operation")

    def test_completion_offers_fields_arguments_and_values(self):
        self.visit()
        self.type("{ ec")
        self.see("echo", ".suggestions")
        self.page.keyboard.press("Enter")
        self.assertIn("echo(text: )", self.text())
        self.page.keyboard.type('"x"')
        self.assertIn('echo(text: "x")', self.text())
        self.type("{ add(")
        self.page.keyboard.press("Control+Space")
        self.assertEqual(self.suggestions(), ["a", "b"])

    def test_completion_is_closed_by_escape_and_asked_for_by_keys(self):
        self.visit()
        self.type("{ ec")
        self.see("echo", ".suggestions")
        self.page.keyboard.press("Escape")
        self.page.wait_for_selector(".suggestion", state="hidden")
        self.page.keyboard.press("Control+Space")
        self.assertEqual(self.suggestions()[0], "echo")
        active = self.page.get_attribute(OPERATION, "aria-activedescendant")
        self.assertEqual(self.page.get_attribute(f"#{active}", "aria-selected"), "true")

    def test_what_is_wrong_is_said_in_the_words_of_the_server(self):
        self.visit()
        self.write('{ helo echo(txt: 1) add(a: "1", b: 2) }')
        self.see("4 problems", ".status-line")
        local = self.page.evaluate("[...document.querySelectorAll('.line .is-error')].length")
        self.assertGreater(local, 2)
        self.run_operation()
        self.see("Cannot query field", ".answer-body")
        server_says = self.page.eval_on_selector_all(".error-message", "all => all.map((one) => one.textContent)")
        page_says = []
        for _ in range(4):
            self.page.click(".status-line button:nth-of-type(2)")
            page_says.append(self.page.inner_text(".hover-problem"))
        self.assertEqual(sorted(page_says), sorted(server_says))

    def test_a_name_is_explained_under_the_mouse(self):
        self.visit()
        self.write("{ activeSubscriptions }")
        self.page.wait_for_function("document.querySelector('.t-field')?.textContent === 'activeSubscriptions'")
        box = self.page.evaluate("document.querySelector('.t-field').getBoundingClientRect().toJSON()")
        self.page.mouse.move(box["x"] + 10, box["y"] + 8)
        self.see("Source streams open at this moment", ".hover")
        self.page.click(".hover .link")
        self.see("Query.activeSubscriptions", ".side")

    def test_a_document_is_formatted_and_the_change_undone(self):
        self.visit()
        self.write("{hello,add(a:1,b:2)}")
        self.page.keyboard.press("Alt+Shift+F")
        self.assertEqual(self.text(), "{\n  hello\n  add(a: 1, b: 2)\n}\n")
        self.page.keyboard.press("Control+z")
        self.assertEqual(self.text(), "{hello,add(a:1,b:2)}")

    def test_folded_parts_stay_in_the_document(self):
        self.visit()
        self.write("query A {\n  hello\n  add(a: 1, b: 2)\n}\n")
        self.page.hover(".gutter")
        self.page.click(".fold")
        self.assertNotIn("hello", self.text())
        self.page.wait_for_selector(".t-fold")
        self.run_operation()
        self.see('"add": 3', ".answer-body")
        self.page.click(".t-fold")
        self.assertIn("hello", self.text())

    def test_finding_and_replacing(self):
        self.visit()
        self.write("{ a: hello b: hello c: hello }")
        self.page.keyboard.press("Control+f")
        self.page.fill('[aria-label="Find"]', "hello")
        self.see("1 of 3", ".find")
        self.page.fill('[aria-label="Replace by"]', "slow(ms: 1)")
        self.page.click("text=All >> visible=true")
        self.assertEqual(self.text(), "{ a: slow(ms: 1) b: slow(ms: 1) c: slow(ms: 1) }")
        self.page.focus('[aria-label="Find"]')
        self.page.keyboard.press("Escape")
        self.assertEqual(self.page.evaluate("document.activeElement.getAttribute('aria-label')"), "Operation")

    def test_keys_close_brackets_and_indent(self):
        self.visit()
        self.page.focus(OPERATION)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type("query A ")
        self.page.keyboard.press("Escape")
        self.page.keyboard.type("{")
        self.page.keyboard.press("Enter")
        self.page.keyboard.type("hello")
        self.page.keyboard.press("Escape")
        self.assertEqual(self.text(), "query A {\n  hello\n}")

    def test_variables_complete_from_their_types_and_are_checked(self):
        self.visit()
        self.write("query Q($text: String!, $flag: Boolean!) { echo(text: $text) hello @include(if: $flag) }")
        self.page.focus(VARIABLES)
        # Right behind the operation, which is not analysed yet.
        self.page.keyboard.insert_text('{ "te')
        self.page.keyboard.type("x")
        self.page.keyboard.press("Backspace")
        self.see("text", ".suggestions")
        self.page.keyboard.press("Enter")
        self.page.keyboard.type('1, "flag": ')
        self.page.keyboard.press("Control+Space")
        self.assertEqual(self.suggestions(), ["true", "false"])
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector('[data-name="variables"] .dot:not([hidden])')
        self.write('{ "text": "hi", // a comment\n "flag": true }', VARIABLES)
        self.run_operation()
        self.see('"echo": "hi"', ".answer-body")

    def test_long_documents_stay_quick(self):
        self.visit()
        fields = "".join(f"  f{number}: echo(text: \"some text of the field {number}\")\n" for number in range(2_000))
        self.write("query Long {\n" + fields + "}\n")
        self.assertGreater(len(self.text()), 90_000)
        self.page.keyboard.press("Control+Home")
        self.page.keyboard.press("End")
        times = []
        for letter in "abcdefghij":
            begin = self.page.evaluate("performance.now()")
            self.page.keyboard.type(letter)
            times.append(self.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))") - begin)
        times.sort()
        print(f"  a letter in {len(self.text())} bytes: {times[len(times) // 2]:.0f} ms", flush=True)
        self.assertLess(times[0], 250)
        self.assertLess(self.page.evaluate("document.querySelectorAll('.editor .line').length"), 200)
