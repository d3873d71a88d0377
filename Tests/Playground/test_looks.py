from axe_playwright_python.sync_playwright import Axe

from support import PlaygroundTest

RICH = "query Q($a: Int!) {\n  hello\n  # why\n  echo(text: \"x\") @include(if: true)\n  add(a: $a, b: 2)\n  nothing\n}\n"


FULL = """query Me {
  viewer {
    user { displayName username roles }
    notificationCounts { unread }
    teams(first: 5) { nodes { name members(first: 3) { nodes { role user { displayName } } } } }
  }
}
"""


class Looks(PlaygroundTest):
    """The states a visitor sees, in one size and one set of colours."""

    def states(self):
        self.visit()
        yield "first"
        self.write("{ hello fail }")
        self.run_operation()
        self.see("hello", ".answer-body")
        yield "answer"
        self.page.click(".answer-bar [role=tab]:has-text('Headers')")
        yield "headers"
        self.view("editor")
        self.write("{ slow(ms: 20000) }")
        self.run_operation()
        self.command("Stop")
        self.see("Stopped.", ".answer-body")
        yield "failure"
        self.view("editor")
        self.write("query A { hello }\nquery B { hello }\n")
        self.page.click(".run-pick")
        yield "operations"
        self.page.keyboard.press("Escape")
        self.write(RICH)
        self.see("problem", ".status-line")
        self.view("editor")
        yield "problems"
        self.page.focus('textarea[aria-label="Operation"]')
        self.page.keyboard.press("Control+f")
        self.page.fill('[aria-label="Find"]', "e")
        self.see("1 of", ".find")
        yield "find"
        self.page.keyboard.press("Escape")
        for key in ["Control+Home", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight"]:
            self.page.keyboard.press(key)
        self.command("Explain the name under the caret")
        self.see("Query.hello", ".hover")
        yield "hover"
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("Control+End")
        self.type("{ a")
        self.see("add", ".suggestions")
        yield "suggestions"
        self.page.keyboard.press("Escape")
        self.write("subscription { count(to: 3, everyMs: 1) }")
        self.run_operation()
        self.see("3 events", ".events")
        yield "events"
        for panel in ["Builder", "Schema", "Saved", "History", "Docs"]:
            self.page.click(f".rail-item:has-text('{panel}')") if self.page.locator(f".rail-item[aria-pressed=true]:has-text('{panel}')").count() == 0 else None
            yield panel.lower()
        self.command("Compare the schema with another one")
        self.write("type Query { hello: Int gone: Int }", 'textarea[aria-label="The other schema"]')
        self.see("breaking", ".changes")
        yield "compare"
        self.command("Find in the schema")
        yield "schema-find"
        self.page.keyboard.press("Control+k")
        yield "palette"
        self.page.keyboard.press("Escape")

    def view(self, name):
        if self.viewport["width"] < 900:
            self.page.click(f".rail-item:has-text('{name.capitalize()}')")

    def check(self, name):
        for state in self.states():
            self.picture(f"{name}-{state}")
            with self.subTest(state=state):
                self.no_layout_fault()
                found = Axe().run(self.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]})
                faults = [f"{fault['id']}: {fault['help']}: " + "; ".join(node["html"][:160] + " " + str(node["any"][:1])[:200] for node in fault["nodes"][:3]) for fault in found.response["violations"]]
                self.assertEqual(faults, [])

    def no_layout_fault(self):
        """Nothing scrolls that should not, and nothing to click is cut off or too small to hit."""
        self.assertEqual(self.page.evaluate("[document.documentElement.scrollWidth <= innerWidth, document.documentElement.scrollHeight <= innerHeight]"), [True, True])
        faults = self.page.evaluate("""() => {
            const faults = [];
            for (const element of document.querySelectorAll('button, input, [role=tab], textarea')) {
                const box = element.getBoundingClientRect();
                if (!box.width || !element.checkVisibility?.()) continue;
                if (element.closest('.scroller, .panel-body, .tabs, .answer-body, .palette-list, .menu, .changes')) continue;
                if (box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1 || box.top < -1) faults.push('cut off: ' + (element.getAttribute('aria-label') ?? element.innerText));
                else if (box.height < 20 || box.width < 20) faults.push('too small: ' + (element.getAttribute('aria-label') ?? element.innerText) + ' ' + box.width + 'x' + box.height);
            }
            return faults;
        }""")
        self.assertEqual(faults, [])


class FullLooks(Looks):
    """A session with the product's whole schema: somebody signed in, a cost, a trace with a plan, live events."""

    product = "Server"

    def states(self):
        self.visit()
        yield "full-first"
        self.page.click(".person")
        yield "full-people"
        self.page.click(".menu-item:has-text('Mara Lindqvist')")
        self.see("Signed in as Mara Lindqvist", ".notices")
        self.page.wait_for_selector(".notice", state="detached")
        self.write(FULL)
        self.see("Cost", ".estimate")
        yield "full-estimate"
        self.run_operation()
        self.see("Mara", ".answer-body")
        yield "full-answer"
        self.page.click("[role=tab]:has-text('Trace')")
        self.page.locator(".trace-item.is-statement button").first.click()
        self.see("actual time=", ".plan")
        yield "full-plan"
        self.page.click("[role=tab]:has-text('Cost')")
        yield "full-cost"
        self.view("editor")
        self.write("subscription { heartbeat(everySeconds: 1) { number atSeconds } }")
        self.run_operation()
        self.see("2 events", ".events")
        yield "full-live"
        self.page.click('[aria-label="Stop the subscription"]')
        for panel in ["Builder", "Schema", "History", "Mails", "Docs"]:
            if self.page.locator(f".rail-item[aria-pressed=true]:has-text('{panel}')").count() == 0:
                self.page.click(f".rail-item:has-text('{panel}')")
            yield f"full-{panel.lower()}"


class FilesLooks(Looks):
    """Where files are chosen."""

    product = "UploadServer"

    def states(self):
        self.visit()
        self.write("mutation Keep($file: Upload!, $files: [Upload!]!) { upload(file: $file) { name } uploadMany(files: $files) { name } }")
        self.page.click('[data-name="files"]')
        yield "files-empty"
        name = "a rather long name of a file that somebody has chosen to send to the server.txt"
        self.page.set_input_files('input[data-path="variables.file"]', files=[{"name": name, "mimeType": "text/plain", "buffer": b"hello"}])
        self.see("5 B", ".files")
        yield "files"
        self.page.click('[data-name="headers"]')
        self.write('{ "x y": 1 }', 'textarea[aria-label="Headers, JSON"]')
        yield "bad-headers"


class FilesWideLooks(FilesLooks):
    def test_files_wide(self):
        self.check("wide")


class FilesNarrowLooks(FilesLooks):
    viewport = {"width": 390, "height": 844}
    colours = "dark"

    def test_files_narrow(self):
        self.check("narrow")


class ForcedLooks(Looks):
    """Where the system chooses the colours, one of the two layers of the editor is seen."""

    def test_the_text_is_seen_once_in_forced_colours(self):
        self.page.emulate_media(forced_colors="active")
        self.visit()
        self.write(RICH)
        self.picture("forced-colours")
        seen = self.page.evaluate("(area) => [getComputedStyle(document.querySelector(area)).webkitTextFillColor, getComputedStyle(document.querySelector('.lines')).visibility]", 'textarea[aria-label="Operation"]')
        self.assertEqual(seen, ["rgb(0, 0, 0)", "hidden"])


class FullWideLightLooks(FullLooks):
    def test_the_full_schema_wide_and_light(self):
        self.check("wide-light")


class FullWideDarkLooks(FullLooks):
    colours = "dark"

    def test_the_full_schema_wide_and_dark(self):
        self.check("wide-dark")


class FullNarrowLightLooks(FullLooks):
    viewport = {"width": 390, "height": 844}

    def test_the_full_schema_narrow_and_light(self):
        self.check("narrow-light")


class FullNarrowDarkLooks(FullLooks):
    viewport = {"width": 390, "height": 844}
    colours = "dark"

    def test_the_full_schema_narrow_and_dark(self):
        self.check("narrow-dark")


class WideLightLooks(Looks):
    def test_wide_and_light(self):
        self.check("wide-light")


class WideDarkLooks(Looks):
    colours = "dark"

    def test_wide_and_dark(self):
        self.check("wide-dark")


class NarrowLightLooks(Looks):
    viewport = {"width": 390, "height": 844}

    def test_narrow_and_light(self):
        self.check("narrow-light")


class NarrowDarkLooks(Looks):
    viewport = {"width": 390, "height": 844}
    colours = "dark"

    def test_narrow_and_dark(self):
        self.check("narrow-dark")
