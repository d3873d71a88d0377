import json
import os
import re
import subprocess
import sys

from support import OPERATION, ROOT, PlaygroundTest
from test_running import introspection


class SpeedTest(PlaygroundTest):
    """With the schema of 600 types that the generator is measured by. What is held against a bound is the median of tries."""

    def setUp(self):
        super().setUp()
        sdl = subprocess.check_output([sys.executable, os.path.join(ROOT, "Benchmarks/GeneratedCode/synthetic.py")], text=True)
        sdl = sdl.split("\n", 1)[1]  # what concerns the generator alone
        sdl = re.sub(r" @\w+(\([^)]*\))?", "", sdl)  # directives that are the generator's
        data = json.dumps({"data": introspection(sdl)})
        self.page.route("**/graphql", lambda route: route.fulfill(body=data, content_type="application/json") if route.request.method == "POST" else route.continue_())

    def test_it_is_usable_within_a_second(self):
        self.visit()
        times = []
        for _ in range(5):
            page = self.context.new_page()
            self.watch(page)
            page.goto(self.page.url)
            page.wait_for_selector(OPERATION)
            usable = page.evaluate("performance.now()")
            times.append(usable)
            page.close()
        times.sort()
        print(f"  usable after {times[2]:.0f} ms", flush=True)
        self.assertLess(times[2], 1_000)
        self.page.reload()
        self.see("types", ".status-line")
        self.page.wait_for_selector(".status-dot.is-good")
        known = self.page.evaluate("performance.getEntriesByName('schema')[0].startTime")
        print(f"  schema known after {known:.0f} ms", flush=True)
        self.assertLess(known, 2_500)

    def test_a_completion_takes_less_than_fifty_milliseconds(self):
        self.visit()
        self.see("6", ".status-line")
        times = []
        for text in ["{ m1", "{ m10Thing3(id: 1) { ow", "query Q($a: M1", "{ m02Things1(filter: { st", "fragment F on M0"]:
            tries = []
            for _ in range(3):
                self.type(text)
                self.page.wait_for_selector(".suggestion")
                tries.append(self.page.evaluate("performance.getEntriesByName('completion').at(-1).duration"))
            times.append(sorted(tries)[1])
        print(f"  completions: {', '.join(f'{time:.1f}' for time in times)} ms", flush=True)
        self.assertLess(max(times), 50)

    def test_panels_open_quickly(self):
        self.visit()
        for panel in ["Builder", "Schema", "Docs"]:
            begin = self.page.evaluate("performance.now()")
            self.page.click(f".rail-item:has-text('{panel}')")
            took = self.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))") - begin
            print(f"  {panel}: {took:.0f} ms", flush=True)
            self.assertLess(took, 3_000)


class FullSpeedTest(PlaygroundTest):
    """With the product's own schema, as the server tells it."""

    product = "Server"

    def test_the_product_is_usable_within_a_second(self):
        self.visit()
        times, known = [], []
        for _ in range(5):
            page = self.context.new_page()
            self.watch(page)
            page.goto(self.page.url)
            page.wait_for_selector(OPERATION)
            times.append(page.evaluate("performance.now()"))
            page.wait_for_selector(".status-dot.is-good")
            known.append(page.evaluate("performance.getEntriesByName('schema')[0].startTime"))
            page.close()
        types = self.page.inner_text(".status-line").split()[0]
        print(f"  product, {types} types: usable after {sorted(times)[2]:.0f} ms, schema known after {sorted(known)[2]:.0f} ms", flush=True)
        self.assertLess(sorted(times)[2], 1_000)
        self.assertLess(sorted(known)[2], 2_500)

    def test_a_completion_of_the_product_takes_less_than_fifty_milliseconds(self):
        self.visit()
        times = []
        for text in ["{ v", "{ viewer { no", "mutation { mes", "query Q($a: Gro", "fragment F on Mes", "subscription { n"]:
            tries = []
            for _ in range(3):
                self.type(text)
                self.page.wait_for_selector(".suggestion")
                tries.append(self.page.evaluate("performance.getEntriesByName('completion').at(-1).duration"))
            times.append(sorted(tries)[1])
        print(f"  completions of the product: {', '.join(f'{time:.1f}' for time in times)} ms", flush=True)
        self.assertLess(max(times), 50)
