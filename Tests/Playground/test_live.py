from support import PlaygroundTest, Process


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
