"""Subscriptions that go on where they were cut, by the cursor of their last event."""
import json
import uuid

from support import VARIABLES, PlaygroundTest, server


class ResumeTest(PlaygroundTest):
    product = "Server"

    def setUp(self):
        super().setUp()
        self.allowed += ["WebSocket connection"]
        self.token = self.ask(
            "mutation ($input: SignInInput!) { signIn(input: $input) { outcome { ... on SignInSuccess { tokens { accessToken } } } } }",
            {"input": {"identifier": "mara", "password": "lamp in the garden"}}, signed=False,
        )["signIn"]["outcome"]["tokens"]["accessToken"]
        group = self.ask("mutation ($name: String!) { groupCreate(input: {name: $name}) { group { channels(first: 1) { nodes { id } } } } }", {"name": f"Harbour {uuid.uuid4()}"})
        self.room = group["groupCreate"]["group"]["channels"]["nodes"][0]["id"]

    def ask(self, query, variables=None, signed=True):
        headers = {"content-type": "application/json", **({"authorization": f"Bearer {self.token}"} if signed else {})}
        answer = self.context.request.post(server(self.product).url, data=json.dumps({"query": query, "variables": variables}), headers=headers).json()
        self.assertNotIn("errors", answer)
        return answer["data"]

    def send(self, text):
        answer = self.ask("mutation ($input: MessageSendInput!) { messageSend(input: $input) { userErrors { message } } }",
                          {"input": {"roomId": self.room, "body": text, "nonce": str(uuid.uuid4())}})
        self.assertEqual(answer["messageSend"]["userErrors"], [])

    def subscribe(self, query, variables=None):
        """Subscribes through a wire that can be cut, which `self.mend` mends."""
        self.sockets = []
        self.is_cut = False
        self.sent = []

        def pass_on(socket):
            self.sockets.append(socket)
            if self.is_cut:
                return socket.close()
            line = socket.connect_to_server()
            socket.on_message(lambda message: (self.sent.append(json.loads(message)), line.send(message)))

        self.page.route_web_socket("**/graphql", pass_on)
        self.visit()
        self.page.click(".person")
        self.page.click(".menu-item:has-text('Mara Lindqvist')")
        self.see("Signed in as Mara Lindqvist", ".notices")
        self.write(query)
        if variables is not None:
            self.write(json.dumps(variables), VARIABLES)
        self.run_operation()
        self.see("live", ".live-state")
        self.page.wait_for_timeout(300)  # until the server listens for it: nothing tells
        self.send("one")
        self.see("1 event", ".event-summary")
        self.send("two")
        self.see("2 events", ".event-summary")

    def cut(self):
        self.is_cut = True
        self.sockets[-1].close(code=1012)
        self.see("reconnecting", ".live-state")
        self.send("three")
        self.send("four")

    def bodies(self):
        return self.page.eval_on_selector_all("button.event .event-text", "all => all.map((one) => one.innerText.match(/\"body\":\"(\\w+)\"/)?.[1])")

    def goes_on(self, query, variables=None, notes=0):
        """`notes` are events of the return itself, such as that all was told that was missed."""
        self.subscribe(query, variables)
        self.cut()
        self.is_cut = False
        self.see("after the cut; goes on behind event #2", ".events")
        self.see(f"{4 + notes} events", ".event-summary")
        self.send("five")
        self.see(f"{5 + notes} events", ".event-summary")
        self.assertEqual([body for body in self.bodies() if body], ["one", "two", "three", "four", "five"])
        self.picture("resumed")

    def test_events_between_a_cut_and_the_return_are_told_once(self):
        self.goes_on(f'subscription {{ messageAdded(roomId: "{self.room}") {{ cursor message {{ body }} }} }}')

    def test_a_variable_for_the_cursor_is_used(self):
        self.goes_on("subscription On($room: ID!, $from: String) { messageAdded(roomId: $room, after: $from) { ...Told } } fragment Told on MessageCreated { place: cursor message { body } }", {"room": self.room})
        last = [message for message in self.sent if message["type"] == "subscribe"][-1]["payload"]
        self.assertTrue(last["variables"]["from"])
        self.assertNotIn('"', last["query"], "the text stays as it is")

    def test_each_of_several_rooms_goes_on_behind_its_own_event(self):
        event = "roomId cursor event { ... on MessageCreated { message { body } } }"
        self.goes_on(f'subscription {{ roomEvents(rooms: [{{ roomId: "{self.room}" }}]) {{ {event} }} }}', notes=1)

    def test_rooms_of_a_variable_go_on_too(self):
        other = self.ask("mutation ($name: String!) { groupCreate(input: {name: $name}) { group { channels(first: 1) { nodes { id } } } } }", {"name": f"Other {uuid.uuid4()}"})
        rooms = [{"roomId": other["groupCreate"]["group"]["channels"]["nodes"][0]["id"]}, {"roomId": self.room}]
        self.goes_on("subscription On($rooms: [RoomCursorInput!]!) { roomEvents(rooms: $rooms) { room: roomId at: cursor event { ... on MessageCreated { message { body } } } } }", {"rooms": rooms}, notes=1)
        self.see("but where no event had come before", ".events")
        last = [message for message in self.sent if message["type"] == "subscribe"][-1]["payload"]["variables"]["rooms"]
        self.assertEqual(["after" in room for room in last], [False, True])

    def test_without_a_cursor_it_says_what_is_missing(self):
        self.subscribe(f'subscription {{ messageAdded(roomId: "{self.room}") {{ message {{ body }} }} }}')
        self.cut()
        self.is_cut = False
        self.see("what happened meanwhile is not here: ask for the cursor", ".events")
        self.page.wait_for_timeout(300)
        self.send("five")
        self.see("3 events", ".event-summary")
        self.assertEqual(self.bodies(), ["one", "two", "five"])

    def test_streams_take_the_cursor_too(self):
        self.visit()
        self.command("Subscriptions by event stream")
        self.subscribe(f'subscription {{ messageAdded(roomId: "{self.room}") {{ cursor message {{ body }} }} }}')
        with self.page.expect_request(lambda request: "after: " in (request.post_data or "")):
            self.page.click('[aria-label="Reconnect now"]')
        self.see("goes on behind event #2", ".events")
        self.send("three")
        self.see("3 events", ".event-summary")
        self.assertEqual(self.bodies(), ["one", "two", "three"])
