"""Takes the picture of README.md: take_picture.py FILE"""
import sys

import support
from test_looks import FULL


class Visit(support.PlaygroundTest):
    product = "Server"
    viewport = {"width": 1200, "height": 660}

    def runTest(self):
        self.visit()
        self.page.click(".person")
        self.page.click(".menu-item:has-text('Mara Lindqvist')")
        self.page.wait_for_selector(".notice")
        self.write(FULL)
        self.see("Cost", ".estimate")
        self.page.click(".rail-item:has-text('Builder')")
        self.run_operation()
        self.see("Mara", ".answer-body")
        self.page.click("[role=tab]:has-text('Trace')")
        self.page.locator(".trace-item.is-statement button").first.click()
        self.see("actual time=", ".plan")
        self.page.wait_for_selector(".notice", state="detached")
        self.page.screenshot(path=sys.argv[1])


try:
    result = Visit().run()
finally:
    support.stop()
for _, fault in result.failures + result.errors:
    print(fault, file=sys.stderr)
sys.exit(0 if result.wasSuccessful() else 1)
