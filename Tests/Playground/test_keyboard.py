"""Everything by keyboard, with a focus that is never lost."""
from support import OPERATION, PlaygroundTest

NESTED = "{ __schema { types { name fields { name args { name } } } } }"


class KeyboardTest(PlaygroundTest):
    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def test_every_part_of_an_answer_folds(self):
        self.visit()
        self.write(NESTED)
        self.run_operation()
        self.see('"fields"', ".answer-body")
        self.assertEqual(self.page.locator('.json [tabindex="0"]').count(), 1, "one stop for Tab")
        self.page.focus('.json [tabindex="0"]')
        self.assertIn("object", self.focused())
        for name in ["data", "__schema", "types"]:
            self.press("ArrowDown")
            self.assertIn(name, self.focused())
        self.press("ArrowDown", "ArrowDown", "ArrowDown")
        self.assertIn("fields", self.focused())
        state = "document.activeElement.getAttribute('aria-expanded')"
        level = "(e => { let n = 0; for (; e; e = e.parentElement) n += e.matches('.j-node'); return n; })(document.activeElement)"
        self.assertGreaterEqual(self.page.evaluate(level), 5)
        if self.page.evaluate(state) == "false":
            self.press("ArrowRight")
        self.press("ArrowLeft")
        self.assertEqual(self.page.evaluate(state), "false")
        self.press("Enter")
        self.assertEqual(self.page.evaluate(state), "true")
        self.press("Space")
        self.assertEqual(self.page.evaluate(state), "false")
        self.press("ArrowLeft", "ArrowLeft", "ArrowLeft")
        self.assertIn("types", self.focused())
        self.press("Tab", "Shift+Tab")
        self.assertIn("types", self.focused(), "where it was left")

    def test_more_of_a_long_list_is_shown_and_read_on(self):
        self.fake("type Query { list: [Int] }", lambda route: route.fulfill(json={"data": {"list": list(range(450))}}))
        self.visit()
        self.write("{ list }")
        self.run_operation()
        self.see("Show 200 more of 450", ".answer-body")
        self.page.focus('.json [tabindex="0"]')
        self.press("End", "ArrowUp")
        self.page.locator(".j-more").focus()
        self.press("Enter")
        self.assertEqual(self.focused(), "200,")

    def test_the_documentation_keeps_the_focus(self):
        self.visit()
        for steps in [(".side .type-link >> nth=0", None), (".side .field-link >> nth=0", None), (".crumbs .link >> nth=0", "Operations")]:
            self.page.focus(steps[0])
            self.press("Enter")
            self.assertEqual(self.page.evaluate("document.activeElement.localName"), "h3", steps[0])
            if steps[1]:
                self.assertEqual(self.focused(), steps[1])
        self.page.fill('[aria-label="Search the schema"]', "hel")
        self.press("Tab", "Tab", "Enter")
        self.assertEqual(self.focused(), "Query.hello")

    def test_tab_bars_keep_the_focus(self):
        self.visit()
        self.write("{ hello ... @defer { slow(ms: 900) } }")
        self.run_operation()
        self.see("more to come", ".answer-status")
        self.page.focus(".answer-bar [role=tab] >> nth=0")
        self.press("Enter")
        self.assertEqual(self.focused(), "Answer")
        self.see('"slow": "slow"', ".answer-body")
        self.assertEqual(self.focused(), "Answer", "though a part came")
        self.press("ArrowRight")
        self.assertEqual(self.focused(), "Headers")
        self.see("content-type", ".answer-body")

    def test_what_is_folded_is_told_and_unfolded_by_itself(self):
        self.visit()
        self.write("query A {\n  hello\n}\n\nquery B {\n  hello\n}\n")
        self.press("Control+Home", "Control+Shift+BracketLeft")
        self.assertEqual(self.text().count("hello"), 1)
        self.see("2 folded lines. Ctrl+Shift+] unfolds them.", ".editor [role=status]")
        self.press("Control+End", "ArrowUp", "ArrowUp", "Control+Shift+BracketLeft")
        self.assertEqual(self.text().count("hello"), 0)
        self.press("Control+Shift+BracketRight")
        self.assertEqual(self.text().count("hello"), 1, "the one at the caret")
        self.assertRegex(self.text(), r"query B \{\n  hello")
        self.command("Unfold everything")
        self.assertEqual(self.text().count("hello"), 2)

    def test_the_card_of_a_name_is_dismissed(self):
        self.visit()
        self.write("{ activeSubscriptions }")
        self.page.wait_for_function("document.querySelector('.t-field')?.textContent === 'activeSubscriptions'")
        box = self.page.evaluate("document.querySelector('.t-field').getBoundingClientRect().toJSON()")
        for way in ["Escape", "ArrowLeft"]:
            self.page.mouse.move(box["x"] + 10, box["y"] + 60)
            self.page.wait_for_timeout(100)
            self.page.mouse.move(box["x"] + 12, box["y"] + 8)
            self.see("Source streams open at this moment", ".hover")
            self.press(way)
            self.page.wait_for_selector(".hover", state="hidden")
        self.press("Control+Home", "ArrowRight", "ArrowRight", "ArrowRight")
        self.command("Explain the name under the caret")
        self.see("Source streams open at this moment", ".hover")
        self.press("Tab")
        self.assertEqual(self.focused(), "Open the documentation")
        self.press("Escape")
        self.assertEqual(self.focused(), "Operation")
        self.command("Explain the name under the caret")
        self.see("Source streams open at this moment", ".hover")
        self.press("Tab", "Enter")
        self.assertEqual(self.focused(), "Query.activeSubscriptions")

    def test_the_builder_is_left_and_entered_at_one_place(self):
        self.visit()
        self.write("")
        self.page.click(".rail-item:has-text('Builder')")
        self.press("Tab")
        self.press("ArrowDown", "ArrowDown")
        place = self.focused()
        self.assertIn("/", self.page.evaluate("document.activeElement.dataset.path"))
        self.press("Tab", "Shift+Tab")
        self.assertEqual(self.focused(), place)
        self.press("Space")
        self.assertEqual(self.focused(), place)
        self.assertIn("query MyQuery", self.text())

    def test_every_command_is_in_the_list(self):
        self.visit()
        self.write("query A { hello }\nquery B { hello }\nsubscription C { forever(everyMs: 50) }\n")
        self.page.wait_for_selector(".run-pick:not([hidden])")
        self.command("Run A")
        self.see("world", ".answer-body")
        found = set(self.commands())
        for name in ["Run B", "Copy the answer", "Download the answer", "Show: Headers", "Fold the answer", "Import saved documents", "Export saved documents", "Save the open document",
                     "Clear the history", "Compare the schema with another one", "Find in the schema", "Copy the schema", "Download the schema", "Copy as a request body", "Unfold at the caret"]:
            self.assertIn(name, found)
        self.command("Run C")
        self.see("live", ".live-state")
        self.command("Pause the log")
        self.see("paused", ".event-summary")
        self.command("Go on with the log")
        self.command("Clear the log")
        self.command("Stop")
        self.see("stopped", ".live-state")
        self.command("Compare the schema with another one")
        self.assertEqual(self.focused(), "The other schema")

    def test_the_schema_is_read_and_never_written(self):
        self.visit()
        self.command("Open Schema")
        area = 'textarea[aria-label="Schema"]'
        self.page.wait_for_function("area => document.querySelector(area).value.includes('activeSubscriptions: Int!')", arg=area)
        before = self.text(area)
        self.page.focus(area)
        self.page.evaluate("area => document.querySelector(area).setSelectionRange(3, 3)", area)
        for key in ["Enter", "{", "(", '"', "x", "Backspace", "Delete", "Control+BracketRight", "Control+BracketLeft", "Control+Slash", "Control+x", "Control+v"]:
            self.press(key)
            self.assertEqual(self.text(area), before, key)
        self.press("Control+f")
        self.page.fill('.side [aria-label="Find"]', "hello")
        self.see("1 of", ".side .find")
        self.assertEqual(self.page.locator('.side [aria-label="Replace by"]').count(), 0)
        self.press("Enter", "Escape")
        self.page.evaluate("area => { const e = document.querySelector(area); const at = e.value.indexOf('hello'); e.focus(); e.setSelectionRange(at, at); }", area)
        self.press("Control+Shift+BracketLeft")
        self.assertNotIn("hello", self.text(area))
        self.command("Copy the schema")
        self.assertEqual(self.copied("Schema"), before)
        self.page.focus(area)
        self.press("Control+Shift+BracketRight")
        self.assertEqual(self.text(area), before)


class PhoneTest(PlaygroundTest):
    viewport = {"width": 390, "height": 844}

    def test_an_open_panel_is_shown_again_from_the_answer(self):
        self.visit()
        self.page.click(".rail-item:has-text('Docs')")
        self.assertTrue(self.page.is_visible(".side"))
        self.page.click(".rail-item:has-text('Editor')")
        self.write("{ hello }")
        self.run_operation()
        self.see("world", ".answer-body")
        self.page.click(".rail-item:has-text('Docs')")
        self.assertTrue(self.page.is_visible(".side"))
        self.assertFalse(self.page.is_visible(OPERATION))
        self.page.click(".rail-item:has-text('Docs')")
        self.assertTrue(self.page.is_visible(OPERATION))
