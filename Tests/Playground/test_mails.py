"""The mails that a server in development keeps to be looked at."""
import json
import shutil
import tempfile
import urllib.request

from support import VARIABLES, PlaygroundTest, Process
from test_running import introspection

MAIL = {
    "id": "m/1", "date": "2026-01-15T10:30:00Z", "from": "atrium@localhost", "to": "ida@example.org", "subject": "Confirm your address",
    "text": "Hello Ida,\n<b>confirm</b> by this link.", "html": "<b>no</b>", "links": ["http://localhost/verify-email?token=mv_a%2Bb", "http://localhost/else"],
}
SDL = "type Query { a: Int } input EmailVerifyInput { token: String! } type Mutation { emailVerify(input: EmailVerifyInput!): Int }"


class MailsTest(PlaygroundTest):
    def serve(self, mails):
        """A server with these mails, which the page takes for the real one."""
        self.mails = mails
        self.page.route("**/graphql/playground/offers", lambda route: route.fulfill(json={"mails": "/sent"}))
        self.page.route("**/sent", lambda route: route.fulfill(json={"mails": [{key: mail[key] for key in ("id", "date", "to", "subject")} for mail in self.mails]}))
        self.page.route("**/sent/m%2F1", lambda route: route.fulfill(json=MAIL))
        self.page.route("**/sent/gone", lambda route: route.fulfill(status=404))
        data = {"data": introspection(SDL)}
        self.page.route("**/graphql", lambda route: route.fulfill(json=data) if route.request.method == "POST" else route.continue_())
        self.visit()
        self.page.click(".rail-item:has-text('Mails')")

    def test_a_mail_is_read_and_its_token_used(self):
        self.serve([MAIL])
        self.page.click(".mail:has-text('Confirm your address')")
        self.see("<b>confirm</b> by this link.", ".mail-text")
        self.see("ida@example.org", ".mail-head")
        self.picture("mail")
        self.assertEqual(self.page.locator("text=Use in").count(), 1, "only where a mutation takes the token")
        self.page.click("text=Use in emailVerify")
        self.assertIn("emailVerify(input: $input)", self.text())
        self.assertIn('"token": "mv_a+b"', self.text(VARIABLES))

    def test_new_mails_are_looked_for_and_lost_ones_told(self):
        self.serve([])
        self.see("No mail was sent yet", ".panel")
        self.mails = [{**MAIL, "id": "gone"}]
        self.page.click('[aria-label="Look for mails"]')
        self.page.click(".mail")
        self.see("It is not kept any more.", ".panel")

    def test_without_mails_there_is_no_panel(self):
        self.visit()
        self.page.wait_for_function("() => performance.getEntriesByType('resource').some((one) => one.name.endsWith('/playground/offers') && one.responseEnd)")
        self.assertFalse(self.page.is_visible(".rail-item:has-text('Mails')"))


class SentMailsTest(PlaygroundTest):
    """The same against the product itself."""

    def setUp(self):
        super().setUp()
        self.folder = tempfile.mkdtemp()
        self.own = Process("Server", settings={"ATRIUM_MAIL_FOLDER": self.folder, "ATRIUM_MAIL": "file", "APP_ENV": "development"})

    def tearDown(self):
        super().tearDown()
        self.own.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def test_an_address_is_confirmed_by_the_mail_that_was_sent(self):
        query = "mutation ($input: AccountRegisterInput!) { accountRegister(input: $input) { userErrors { code } } }"
        person = {"email": "ida@example.org", "username": "ida", "displayName": "Ida", "password": "lamp in the garden"}
        body = json.dumps({"query": query, "variables": {"input": person}}).encode()
        with urllib.request.urlopen(urllib.request.Request(self.own.url, body, {"content-type": "application/json"})) as answer:
            self.assertEqual(json.load(answer)["data"]["accountRegister"]["userErrors"], [])
        self.visit(self.own.url)
        self.page.click(".rail-item:has-text('Mails')")
        for _ in range(40):
            if self.page.locator(".mail").count():
                break
            self.page.wait_for_timeout(250)
            self.page.click('[aria-label="Look for mails"]')
        self.page.click(".mail")
        self.see("ida@example.org", ".mail-head")
        self.page.click("text=Use in emailVerify")
        self.assertIn('"token": "mv_', self.text(VARIABLES))
        self.run_operation()
        self.see("emailVerify", ".answer-body")
        self.assertNotIn("errors", self.answer())
        self.assertIn("EmailVerifyPayload", self.answer())
