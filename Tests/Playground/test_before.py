"""What the page knows and does before an operation runs: its cost, and who asks."""
import json
import time

from support import VARIABLES, PlaygroundTest, Process

ESTIMATE = ".estimate"


class EstimateTest(PlaygroundTest):
    product = "Server"

    def test_the_cost_is_told_while_one_types(self):
        self.visit()
        posts = []
        self.page.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
        self.type("{ serverInfo { version } }")
        self.see("Cost 1 of 1,000", ESTIMATE)
        self.type("{ serverInfo { version database { migration } } }")
        self.see("Cost 2 of 1,000", ESTIMATE)
        self.assertTrue(all(post.url.endswith("/playground/estimate") for post in posts), "nothing ran")
        self.assertLess(len(posts), 20, "not for every letter")
        self.run_operation()
        self.see("cost 2", ".answer-status")

    def test_variables_count_and_what_costs_too_much_is_marked(self):
        self.visit()
        self.write("query Told($first: Int!) { viewer { notifications(first: $first) { nodes { id } } } }")
        self.see("Cost at least", ESTIMATE)
        self.write('{ "first": 20 }', VARIABLES)
        self.page.wait_for_function("() => /^Cost 2\\d of 1,000$/.test(document.querySelector('.estimate').innerText)")
        self.write('{ "first": 2000 }', VARIABLES)
        self.page.wait_for_selector(f"{ESTIMATE}.is-beyond")
        self.see("too much", ESTIMATE)
        self.assertIn("the server will refuse it", self.page.inner_text(".estimate-place [role=status]"), "for those who hear the page")
        self.picture("estimate")
        self.allowed.append("Failed to load resource")
        self.run_operation()
        self.see("QUERY_TOO_COMPLEX", ".answer-body")

    def test_what_cannot_run_has_no_cost(self):
        self.visit()
        self.write("{ serverInfo { version } }")
        self.see("Cost 1", ESTIMATE)
        self.write("{ serverInfo { versio } }")
        self.page.wait_for_selector(ESTIMATE, state="hidden")


class SignInTest(PlaygroundTest):
    product = "Server"
    who = "{ viewer { user { username } } }"

    def sign_in(self, name):
        self.page.click(".person")
        self.page.click(f".menu-item:has-text('{name}')")
        self.see(f"Signed in as {name}", ".notices")

    def test_one_click_signs_in_and_another_out(self):
        self.visit()
        self.sign_in("Mara Lindqvist")
        self.see("Mara Lindqvist", ".person")
        self.write(self.who)
        self.run_operation()
        self.see('"username": "mara"', ".answer-body")
        self.page.reload()
        self.see("Mara Lindqvist", ".person")
        self.run_operation()
        self.see('"username": "mara"', ".answer-body")
        self.sign_in("Aiko Tanaka")
        self.run_operation()
        self.see('"username": "aiko"', ".answer-body")
        token = self.page.evaluate("JSON.parse(localStorage.getItem('atrium:/graphql:person')).token")
        with self.page.expect_response(lambda response: "SignOut" in (response.request.post_data or "")) as ended:
            self.page.click(".person")
            self.page.click(".menu-item:has-text('Sign out')")
        self.assertIn("sessionId", ended.value.text())
        self.see("Sign in", ".person")
        self.run_operation()
        self.page.wait_for_function("() => !document.querySelector('.answer-body').innerText.includes('aiko')")
        answer = self.page.request.post(self.page.url, data=json.dumps({"query": self.who}), headers={"content-type": "application/json", "authorization": f"Bearer {token}"})
        self.assertNotIn("aiko", answer.text())

    def test_sockets_streams_and_commands_are_of_the_same_person(self):
        self.visit()
        self.sign_in("Mara Lindqvist")
        self.write("subscription { notificationReceived { ... on LiveEvent { cursor } } }")
        for protocol in ["Subscriptions by WebSocket", "Subscriptions by event stream"]:
            self.command(protocol)
            self.run_operation()
            self.see("live", ".live-state")
            self.page.wait_for_timeout(300)
            self.assertIn("live", self.page.inner_text(".live-state"), self.answer())
            self.page.click(".run.is-running")
        self.write(self.who)
        self.page.click('[aria-label="Copy as…"]')
        self.page.click("text=Copy as cURL")
        self.see("Command copied", ".notices")
        self.assertIn("authorization: Bearer", self.page.evaluate("navigator.clipboard.readText()"))

    def test_a_header_of_ones_own_goes_before(self):
        self.visit()
        self.sign_in("Mara Lindqvist")
        self.write(self.who)
        self.page.click('[data-name="headers"]')
        self.write('{ "Authorization": "Bearer none" }', 'textarea[aria-label="Headers, JSON"]')
        with self.page.expect_request(lambda request: request.method == "POST" and "viewer" in (request.post_data or "") and request.url.endswith("/graphql")) as sent:
            self.run_operation()
        self.assertEqual(sent.value.headers["authorization"], "Bearer none")

    def test_a_token_that_ends_is_exchanged_before_it_does(self):
        own = Process("Server", settings={"JWT_EXPIRES_IN": "32s"})
        try:
            self.visit(own.url)
            self.sign_in("Mara Lindqvist")
            first = self.page.evaluate("JSON.parse(localStorage.getItem('atrium:/graphql:person')).token")
            self.write(self.who)
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline:
                self.run_operation()
                self.see('"username": "mara"', ".answer-body")
                if self.page.evaluate("JSON.parse(localStorage.getItem('atrium:/graphql:person')).token") != first:
                    return
                self.page.wait_for_timeout(500)
            self.fail("the token stayed")
        finally:
            own.stop()

    def test_nobody_is_offered_without_the_sample_world_or_outside_of_development(self):
        for settings in [{"ATRIUM_SAMPLE": "off"}, {"APP_ENV": "test"}]:
            own = Process("Server", settings=settings)
            try:
                self.visit(own.url)
                self.page.wait_for_function("() => performance.getEntriesByType('resource').some((one) => one.name.endsWith('/playground/offers') && one.responseEnd)")
                self.page.wait_for_timeout(100)
                self.assertFalse(self.page.is_visible(".person"), settings)
                self.assertNotIn("lamp", self.page.request.get(f"{own.url}/playground/offers").text())
            finally:
                self.page.goto("about:blank")
                own.stop()
