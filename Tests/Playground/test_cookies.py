"""Tokens in cookies: what a page of the same site does by them, and what pages of others cannot."""
import http.server
import json
import threading

from support import Process, PlaygroundTest, free_port

PAGE = b"<!doctype html><html lang=en><meta charset=utf-8><title>A page</title><link rel=icon href=data:,><p>A page</p></html>"


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *arguments):
        pass


# In the page: what its scripts would do.
HELPERS = """
window.ask = async (query, variables, headers = {}) => {
  const answer = await fetch(API, {method: 'POST', credentials: 'include', body: JSON.stringify({query, variables}),
    headers: {'content-type': 'application/json', ...headers}})
  return {status: answer.status, ...await answer.json()}
}
window.attempt = async (work) => { try { return await work() } catch (error) { return {failed: String(error)} } }
window.listen = (query) => new Promise((resolve) => {
  const socket = new WebSocket(API.replace('http', 'ws'), 'graphql-transport-ws')
  const said = []
  const end = (how) => resolve({how, said})
  socket.onopen = () => socket.send('{"type":"connection_init"}')
  socket.onclose = (event) => end('closed ' + event.code)
  socket.onmessage = ({data}) => {
    const message = JSON.parse(data)
    said.push(message)
    if (message.type === 'connection_ack') socket.send(JSON.stringify({type: 'subscribe', id: '1', payload: {query}}))
    if (message.type === 'subscribe') return
    if (message.type === 'next' || message.type === 'error') end(message.type)
    else setTimeout(() => end('waits'), 1500)
  }
})
"""
SIGN_IN = """mutation ($in: SignInInput!) { signIn(input: $in) { outcome {
  ... on SignInSuccess { tokens { accessToken refreshToken tokenType } viewer { user { username } } } } } }"""
WHO = {"in": {"identifier": "mara", "password": "lamp in the garden"}}
CHANGE = 'mutation { profileUpdate(input: { displayName: "Taken over" }) { userErrors { message } } }'
NAME = "{ viewer { user { displayName } } }"


class CookieTest(PlaygroundTest):
    @classmethod
    def setUpClass(cls):
        cls.fronts = []
        for host in ("127.0.0.1", "127.0.0.1", "localhost"):
            front = http.server.ThreadingHTTPServer(("127.0.0.1", free_port()), Page)
            threading.Thread(target=front.serve_forever, daemon=True).start()
            cls.fronts.append((front, f"http://{host}:{front.server_port}"))
        # The front end; a neighbour on the same site, to whose requests cookies are added; a page of another site.
        cls.own, cls.neighbour, cls.foreign = (url for _, url in cls.fronts)
        cls.server = Process("Server", settings={"ATRIUM_COOKIES": "on", "CORS_ORIGIN": cls.own, "ATRIUM_BATCH": "2"})

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        for front, _ in cls.fronts:
            front.shutdown()
            front.server_close()

    def setUp(self):
        super().setUp()
        # Browsers tell of what they have kept pages from.
        self.allowed += ["CORS policy", "Failed to load resource", "WebSocket connection"]

    def open(self, url):
        page = self.context.new_page()
        self.watch(page)
        page.goto(url)
        page.evaluate(f"window.API = {json.dumps(self.server.url)}; {HELPERS}")
        return page

    def sign_in(self):
        page = self.open(self.own)
        answer = page.evaluate("(v) => ask(v.query, v.variables, {'atrium-tokens': 'cookie'})", {"query": SIGN_IN, "variables": WHO})
        outcome = answer["data"]["signIn"]["outcome"]
        self.assertEqual(outcome, {"tokens": {"accessToken": None, "refreshToken": None, "tokenType": "Cookie"}, "viewer": {"user": {"username": "mara"}}})
        return page

    def ask(self, page, query, headers={}):
        return page.evaluate("(v) => attempt(() => ask(v.query, {}, v.headers))", {"query": query, "headers": headers})

    def test_a_page_of_the_site_signs_in_reads_subscribes_and_signs_out(self):
        page = self.sign_in()
        kept = {cookie["name"]: cookie for cookie in self.context.cookies(self.server.url)}
        self.assertEqual(sorted(kept), ["atrium-access", "atrium-refresh"])
        self.assertTrue(all(cookie["httpOnly"] and cookie["sameSite"] == "Strict" for cookie in kept.values()))
        self.assertEqual(page.evaluate("document.cookie"), "")
        self.assertEqual(self.ask(page, "{ viewer { user { username } } }")["data"]["viewer"]["user"]["username"], "mara")
        heard = page.evaluate("listen('subscription { viewerEvents { __typename } }')")
        self.assertEqual(heard["how"], "waits", heard)
        told = page.evaluate("listen('{ viewer { user { username } } }')")
        self.assertEqual(told["said"][-1]["payload"]["data"]["viewer"]["user"]["username"], "mara", told)
        # A new access token by the cookie, of which the page sees nothing either.
        renewed = self.ask(page, "mutation { sessionRefresh(input: {}) { tokens { accessToken tokenType } } }", {"atrium-tokens": "cookie"})
        self.assertEqual(renewed["data"]["sessionRefresh"]["tokens"], {"accessToken": None, "tokenType": "Cookie"})
        self.assertNotEqual(kept["atrium-refresh"]["value"], {c["name"]: c["value"] for c in self.context.cookies()}["atrium-refresh"])
        self.assertIsNone(self.ask(page, "mutation { signOut { userErrors { message } } }").get("errors"))
        self.assertEqual(self.context.cookies(self.server.url), [])
        self.assertIsNone(self.ask(page, "{ viewer { user { username } } }")["data"]["viewer"])

    def test_a_page_of_the_server_itself_needs_no_list(self):
        self.sign_in()
        page = self.open(self.server.url + "/../healthz")
        self.assertEqual(self.ask(page, "{ viewer { user { username } } }")["data"]["viewer"]["user"]["username"], "mara")

    def test_every_way_of_answering_over_http_takes_them(self):
        page = self.open(self.own)
        one = {"query": SIGN_IN, "variables": WHO}
        later = {**one, "query": SIGN_IN.replace("viewer {", "... @defer { viewer {") + "}"}
        for body, accept in ((one, "application/json"), ([one, {"query": NAME}], "application/json"), (one, "text/event-stream"),
                             (later, "multipart/mixed; deferSpec=20220824, application/json"), (later, "text/event-stream")):
            with self.subTest(accept):
                self.context.clear_cookies()
                answer = page.evaluate("""async ([body, accept]) => {
                    const headers = {'content-type': 'application/json', 'atrium-tokens': 'cookie', accept}
                    return await (await fetch(API, {method: 'POST', credentials: 'include', body: JSON.stringify(body), headers})).text()
                }""", [body, accept])
                self.assertIn('"accessToken":null', answer)
                self.assertEqual(sorted(cookie["name"] for cookie in self.context.cookies(self.server.url)), ["atrium-access", "atrium-refresh"])

    def test_pages_of_others_change_nothing_read_nothing_and_open_no_socket(self):
        own = self.sign_in()
        before = self.ask(own, NAME)["data"]["viewer"]["user"]["displayName"]
        for url in (self.neighbour, self.foreign):
            with self.subTest(url):
                page = self.open(url)
                for headers in ({}, {"atrium-tokens": "cookie"}, {"graphql-require-preflight": "1"}):
                    self.assertIn("failed", self.ask(page, CHANGE, headers))
                    self.assertIn("failed", self.ask(page, NAME, headers))
                # Requests that are sent without a question: nobody reads their answers, and nothing is done.
                page.evaluate("""async (change) => {
                    const body = JSON.stringify({query: change})
                    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
                        await attempt(() => fetch(API, {method: 'POST', mode: 'no-cors', credentials: 'include', body, headers: {'content-type': type}}))
                    await attempt(() => fetch(API + '?query=' + encodeURIComponent(change), {mode: 'no-cors', credentials: 'include'}))
                    navigator.sendBeacon(API, new Blob([body], {type: 'text/plain'}))
                    const form = document.body.appendChild(document.createElement('form'))
                    Object.assign(form, {method: 'post', action: API, enctype: 'text/plain', target: 'sink'})
                    const field = form.appendChild(document.createElement('input'))
                    field.name = body.slice(0, -1) + ',"x":"'
                    field.value = '"}'
                    const sink = document.body.appendChild(document.createElement('iframe'))
                    sink.name = 'sink'
                    await new Promise((done) => { sink.onload = done; form.submit(); setTimeout(done, 2000) })
                }""", CHANGE)
                heard = page.evaluate("listen('{ viewer { user { username } } }')")
                self.assertEqual(heard, {"how": "closed 1006", "said": []})
        self.assertEqual(self.ask(own, NAME)["data"]["viewer"]["user"]["displayName"], before)

    def test_a_listed_page_of_another_site_gets_no_cookies(self):
        other = Process("Server", settings={"ATRIUM_COOKIES": "on", "CORS_ORIGIN": self.foreign})
        try:
            page = self.open(self.foreign)
            page.evaluate(f"window.API = {json.dumps(other.url)}")
            answer = page.evaluate("(v) => ask(v.query, v.variables, {'atrium-tokens': 'cookie'})", {"query": SIGN_IN, "variables": WHO})
            self.assertEqual((answer["status"], answer["errors"][0]["extensions"]["code"]), (403, "FOREIGN_ORIGIN"))
            self.assertEqual(self.context.cookies(other.url), [])
        finally:
            other.stop()
