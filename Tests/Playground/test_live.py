import json

from support import PlaygroundTest, Process, server


class LiveTest(PlaygroundTest):
    def test_events_come_by_websocket_and_are_logged(self):
        self.visit()
        self.write("subscription Count { count(to: 4, everyMs: 20) }")
        self.run_operation()
        self.see("4 events", ".events")
        self.see("complete", ".live-state")
        rows = self.page.eval_on_selector_all("button.event", "all => all.map((one) => one.innerText)")
        self.assertEqual(len(rows), 4)
        self.assertIn("first", rows[0])
        self.assertRegex(rows[3], r"#4[\s\S]*\+[\d.]+ m?s[\s\S]*\d+ B")
        self.page.click("button.event >> nth=1")
        self.see('"count": 2', ".event-detail")

    def test_events_come_by_event_stream(self):
        self.visit()
        self.command("Subscriptions by event stream")
        self.write("subscription { greetings }")
        self.run_operation()
        self.see("5 events", ".events")
        self.see("connected by event stream", ".events")

    def test_a_log_is_paused_without_losing_events(self):
        self.visit()
        self.write("subscription { forever(everyMs: 20) }")
        self.run_operation()
        self.see("event", ".event-summary")
        self.page.click('[aria-label="Pause the log"]')
        self.see("paused", ".event-summary")
        rows = self.page.locator("button.event").count()
        self.page.wait_for_function("() => Number(document.querySelector('.event-summary').innerText.match(/, (\\d+) held/)?.[1]) > 5")
        self.assertEqual(self.page.locator("button.event").count(), rows)
        self.page.click('[aria-label="Go on with the log"]')
        self.page.wait_for_function("rows => document.querySelectorAll('button.event').length > rows + 5", arg=rows)
        numbers = self.page.eval_on_selector_all(".event-number", "all => all.map((one) => one.innerText).filter((text) => text.startsWith('#')).map((text) => Number(text.slice(1)))")
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
        self.page.click(".run.is-running")
        self.see("stopped", ".live-state")

    def test_an_error_of_the_source_is_shown(self):
        self.visit()
        self.write("subscription { failSubscribe }")
        self.run_operation()
        self.see("no stream", ".events")
        self.see("failed", ".live-state")


class FloodTest(PlaygroundTest):
    """A source that is faster than anybody reads."""

    def begin(self, size=10):
        def serve(socket):
            self.socket = socket

            def hear(message):
                kind = json.loads(message)["type"]
                if kind == "connection_init":
                    socket.send(json.dumps({"type": "connection_ack"}))

            socket.on_message(hear)

        self.page.route_web_socket("**/graphql", serve)
        self.visit()
        self.write("subscription { greetings }")
        self.run_operation()
        self.see("live", ".live-state")
        self.message = json.dumps({"type": "next", "id": "1", "payload": {"data": {"greetings": ["x" * size]}}})

    def flood(self, count):
        for _ in range(count):
            self.socket.send(self.message)

    def test_a_fast_source_is_drawn_a_few_times_a_second(self):
        self.begin()
        self.page.evaluate("() => { window.drawn = 0; new MutationObserver((all) => { window.drawn += all.filter((one) => one.target.className === 'event-detail').length; }).observe(document.querySelector('.event-detail'), { childList: true }); }")
        self.flood(1_500)
        self.see("1500 events", ".event-summary")
        self.assertEqual(self.page.locator("button.event").count(), 500)
        self.assertIn("#1500", self.page.inner_text("button.event >> nth=-1"))
        self.assertLess(self.page.evaluate("window.drawn"), 500, "not for each event")

    def test_a_pause_keeps_what_it_can_and_tells_the_rest(self):
        self.begin()
        self.flood(3)
        self.see("3 events", ".event-summary")
        self.page.click('[aria-label="Pause the log"]')
        self.flood(620)
        self.see("paused, 499 held back, 121 lost", ".event-summary")
        self.page.click('[aria-label="Go on with the log"]')
        self.see("121 events came while the log was paused, more than it keeps", ".event-list")
        numbers = self.page.eval_on_selector_all("button.event .event-number", "all => all.map((one) => Number(one.innerText.slice(1)))")
        self.assertEqual(numbers, list(range(125, 624)))

    def test_large_events_do_not_fill_the_memory(self):
        self.begin(size=1_000_000)
        self.flood(30)
        self.see("30 events", ".event-summary")
        self.assertLessEqual(self.page.locator("button.event").count(), 8)
        self.assertIn("#30", self.page.inner_text("button.event >> nth=-1"))
        self.page.click('[aria-label="Pause the log"]')
        self.flood(20)
        self.page.wait_for_function("() => /([1-8]) held back, (1\\d) lost/.test(document.querySelector('.event-summary').innerText)")

    def test_what_is_read_stays_while_events_come(self):
        self.begin()
        self.flood(2)
        self.see("2 events", ".event-summary")
        self.page.click("button.event >> nth=0")
        self.page.focus('.event-detail [tabindex="0"]')
        self.page.keyboard.press("ArrowDown")
        self.flood(5)
        self.see("7 events", ".event-summary")
        self.assertEqual(self.page.evaluate("document.activeElement.closest('.json')?.getAttribute('aria-label')"), "Event 1")


class AwayTest(PlaygroundTest):
    """A page that was opened while its server could not be asked."""

    product = "Server"

    def setUp(self):
        super().setUp()
        self.allowed += ["Failed to load resource", "ERR_"]
        self.is_away = False
        self.page.route("**/graphql/playground/offers", lambda route: route.abort() if self.is_away else route.continue_())
        self.page.route("**/graphql", lambda route: route.abort() if self.is_away and route.request.method == "POST" else route.continue_())

    def test_it_asks_again_by_itself(self):
        self.is_away = True
        self.page.goto(server(self.product).url)
        self.see("The server cannot be reached.", ".status-line")
        self.assertFalse(self.page.is_visible(".person"))
        self.is_away = False
        self.page.wait_for_selector(".status-dot.is-good")
        self.see("Sign in", ".person")
        self.write("{ serverInfo { version } }")
        self.see("Cost 1", ".estimate")

    def test_who_was_signed_in_still_is(self):
        self.visit()
        self.page.click(".person")
        self.page.click(".menu-item:has-text('Mara Lindqvist')")
        self.see("Signed in as Mara Lindqvist", ".notices")
        self.is_away = True
        self.page.reload()
        self.see("The server cannot be reached.", ".status-line")
        self.is_away = False
        self.see("Mara Lindqvist", ".person")


class RestartTest(PlaygroundTest):
    def goes_on_after_a_restart(self, protocol):
        self.allowed = ["WebSocket connection", "Failed to load resource"]
        own = Process("AuditServer")
        try:
            self.visit(own.url)
            self.command(protocol)
            self.write("subscription { forever(everyMs: 200) }")
            self.run_operation()
            self.see("live", ".live-state")
            self.see("2 events", ".event-summary")
            own.kill()
            self.see("reconnecting", ".live-state")
            own = Process("AuditServer", own.port)
            self.see("live", ".live-state")
            before = self.page.locator("button.event").count()
            self.page.wait_for_function("before => document.querySelectorAll('button.event').length > before", arg=before)
        finally:
            own.stop()

    def test_a_socket_comes_back_after_a_restart(self):
        self.goes_on_after_a_restart("Subscriptions by WebSocket")

    def test_a_stream_comes_back_after_a_restart(self):
        self.goes_on_after_a_restart("Subscriptions by event stream")
