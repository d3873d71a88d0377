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

    def test_formatting_changes_no_value_of_a_block_string(self):
        self.visit()
        values = """async () => {
            const base = document.querySelector('script[type=module]').src.replace(/main\\.js$/, '');
            const { tokenize, stringValue } = await import(base + 'language/lexer.js');
            return tokenize(document.querySelector('textarea').value).filter((token) => token.kind === 'block').map(stringValue);
        }"""
        for block in ["\n- a\n    - b\n\n      - c\n", "first\n      second\n        third", "one line", "", "\n  x\n\n\n  y  \n   ", "\n    deep\n  shallow\n", '\n say \\""" twice\n  in\n', "\n\ta\n\t\tb\n", "\n   a\n        \n   b"]:
            self.write('{ echo(text: """' + block + '""") a: hello }')
            before = self.page.evaluate(values)
            self.page.keyboard.press("Alt+Shift+F")
            self.assertEqual(self.page.evaluate(values), before, repr(block))
            once = self.text()
            self.page.keyboard.press("Alt+Shift+F")
            self.assertEqual(self.text(), once, "the second time nothing changes")
        open_end = '{ echo(text: """a\n   b'
        self.write(open_end)
        self.page.keyboard.press("Alt+Shift+F")
        self.assertEqual(self.text(), open_end)

    def test_letters_that_folds_are_made_of_are_letters(self):
        self.visit()
        self.write('query A {\n  echo(text: "\ue000\ue001")\n}\n\nquery B {\n  hello\n}\n')
        whole = self.text()
        self.page.keyboard.press("Control+Shift+BracketLeft")
        self.page.keyboard.press("Control+Home")
        self.page.keyboard.press("Control+Shift+BracketLeft")
        self.assertNotIn("echo", self.text())
        self.page.wait_for_selector(".run-pick:not([hidden])")
        self.command("Run A")
        self.see("echo", ".answer-body")
        self.page.click('[aria-label="Copy the answer"]')
        self.assertIn("\ue000\ue001", self.copied("Answer"))
        self.command("Unfold everything")
        self.assertEqual(self.text(), whole)
        self.write("{ hello \ue000 }")
        self.see("1 problem", ".status-line")

    def test_completion_offers_values_variables_fragments_and_directives(self):
        self.fake("type Query { user(id: ID!, kind: Kind): User } enum Kind { ADMIN GUEST } type User { id: ID! friend: User }")
        self.visit()
        for written, wanted in [
            ("{ user(id: 1, kind: ", ["ADMIN", "GUEST"]),
            ("{ user(id: 1) @", ["include", "skip"]),
            ("query Q($id: ID!, $other: Kind) { user(id: $", ["id"]),
            ("fragment Told on User { id }\n{ user(id: 1) { ... ", ["Told", "on"]),
            ("query Q($k: Kind, $id: ID!) { ...F }\nfragment F on Query { user(id: 1, kind: $", ["k"]),
        ]:
            self.write(written)
            self.see("problem", ".status-line")
            self.page.wait_for_timeout(150)  # until it is analysed
            self.page.keyboard.press("Control+Space")
            self.assertEqual(sorted(self.suggestions()), wanted, written)
            self.page.keyboard.press("Escape")

    def test_finding_is_not_misled_by_letters_that_grow(self):
        self.visit()
        self.write("# \u0130\u0130\u0130 (a+b)\n{ HELLO: hello }")
        self.page.keyboard.press("Control+f")
        self.page.fill('[aria-label="Find"]', "hello")
        self.see("1 of 2", ".find")
        self.assertEqual(self.page.inner_text(".is-current-hit").lower(), "hello")
        self.page.fill('[aria-label="Find"]', "(A+B)")
        self.see("1 of 1", ".find")
        self.assertEqual(self.page.inner_text(".is-current-hit"), "(a+b)")

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
        self.assertLess(times[len(times) // 2], 250)
        self.assertLess(self.page.evaluate("document.querySelectorAll('.editor .line').length"), 200)
