import Actions
import Data
import EventLoop
import GraphQLEngine
import PostgresClient
import Testing
import WaitTesting

@testable import Resolvers

/// What the listeners of a loop know together: never too much, and nothing that is over.
@Suite(.timeLimit(.minutes(3))) struct RoomHubTests {
    private func context(_ server: APIServer, _ person: TestPerson) -> RequestContext {
        let client = ClientInfo(address: nil, userAgent: "tests", requestID: "1")
        return RequestContext(
            LoadingContext(),
            ServerParts(ServerFacts(version: "test") { 0 }, server.database, identity: server.identity),
            credential: Credential(accessToken: person.token, shownAt: server.identity.now, client: client)
        )
    }

    private func append(_ kind: String, _ payload: String, to room: String, _ server: APIServer) throws {
        try server.sql("SELECT append_event('room:\(room)', '\(kind)', '\(payload)', NULL)")
    }

    @Test func `whoever reads the log beyond what the loop has heard of is not told what follows their removal`()
        async throws
    {
        // Nobody wakes the feed in the middle of the test, and two events are read at a time.
        var events = EventFeed.Options()
        events.pollInterval = .seconds(3_600)
        events.coalescing = .seconds(3_600)
        events.page = 2
        try await APIServer.with(events: events) { server in
            let (ida, eve) = (try server.person("ida"), try server.person("eve"))
            let group = try server.group(of: [ida, eve])
            for number in 1...4 { try server.send("\(number)", to: group.general, by: ida) }
            let told = try await server.group.loops[0].start {
                let context = context(server, eve)
                let room = try #require(ID(rawValue: group.general).room)
                let cursor = server.database.cursors.cursor(of: NewEvent.roomTopic(room), at: 1)
                var feed = try await RoomFeed([(room, cursor)], for: context.visitor(), in: context)
                var told: [String] = []
                func next() async throws { told.append(try await feed.next()?.event.name ?? "nothing") }
                // The first of the page of two.
                try await next()
                // Without a word to the feed, which knows of four events.
                let user = try #require(try server.sql("SELECT id FROM users WHERE username = 'eve'"))
                try server.sql("DELETE FROM group_members WHERE user_id = '\(user)'")
                try append("RoomMemberLeft", #"{"user":"\#(user)"}"#, to: room.description, server)
                let last = try #require(try server.sql("SELECT id FROM messages ORDER BY seq DESC LIMIT 1"))
                try append("MessageCreated", #"{"message":"\#(last)"}"#, to: room.description, server)
                for _ in 0..<3 { try await next() }
                return told
            }
            #expect(told == ["messageCreated", "messageCreated", "messageCreated", "accessRevoked"])
        }
    }

    @Test func `whoever is taken out is not told of a message that is read together with that`() async throws {
        // The feed reads when the test says so, and by one statement what it is told of.
        var events = EventFeed.Options()
        events.pollInterval = .seconds(3_600)
        events.coalescing = .seconds(3_600)
        try await APIServer.with(events: events) { server in
            let (ida, eve) = (try server.person("ida"), try server.person("eve"))
            let group = try server.group(of: [ida, eve])
            try server.send("hello", to: group.general, by: ida)
            let last = try #require(try server.sql("SELECT id FROM messages ORDER BY seq DESC LIMIT 1"))
            let told = try await server.group.loops[0].start {
                let context = context(server, eve)
                let room = try #require(ID(rawValue: group.general).room)
                let topic = NewEvent.roomTopic(room)
                var feed = try await RoomFeed([(room, nil)], for: context.visitor(), in: context)
                var told: [String] = []
                // Told, so that it is known for some seconds that eve sees the room.
                try append("MessageCreated", #"{"message":"\#(last)"}"#, to: room.description, server)
                try server.sql("SELECT pg_notify('live', '\(topic)')")
                told.append(try await feed.next()?.event.name ?? "nothing")
                let user = try #require(try server.sql("SELECT id FROM users WHERE username = 'eve'"))
                try server.sql("DELETE FROM group_members WHERE user_id = '\(user)'")
                try append("RoomMemberLeft", #"{"user":"\#(user)"}"#, to: room.description, server)
                try append("MessageCreated", #"{"message":"\#(last)"}"#, to: room.description, server)
                try server.sql("SELECT pg_notify('live', '\(topic)')")
                told.append(try await feed.next()?.event.name ?? "nothing")
                told.append(try await feed.next()?.event.name ?? "nothing")
                return told
            }
            #expect(told == ["messageCreated", "accessRevoked", "nothing"])
        }
    }

    @Test func `what is known of listeners goes with them, and what is kept for them is bounded`() async throws {
        var events = EventFeed.Options()
        events.sharedBytes = 100_000
        try await APIServer.with(events: events) { server in
            let (ida, eve) = (try server.person("ida"), try server.person("eve"))
            let group = try server.group(of: [ida, eve])
            func size() async throws -> (rooms: Int, known: Int, bytes: Int) {
                try await server.group.loops[0].run { [database = server.database] in RoomHub.here(database).size }
            }
            let text = String(repeating: "x", count: 10_000)
            do {
                let idas = try server.listen(to: [(group.general, nil)], as: ida)
                do {
                    let eves = try server.listen(to: [(group.general, nil)], as: eve)
                    for number in 1...30 {
                        try server.send(text, to: group.general, by: ida)
                        #expect(try idas.event() == "MessageCreated \(number)")
                        #expect(try eves.event() == "MessageCreated \(number)")
                        // One more than there may be is when it is found out.
                        #expect(try await size().bytes < 100_000 + 12_000)
                    }
                    #expect(try await size().known == 2)
                    #expect(try await size().bytes > 10_000)
                    withExtendedLifetime(eves) {}
                }
                try await eventually { try await size().known == 1 }
                withExtendedLifetime(idas) {}
            }
            try await eventually { try await size().rooms == 0 }
            #expect(try await size().bytes == 0)
        }
    }
}

/// What one listener is told that was made for another.
@Suite(.timeLimit(.minutes(3))) struct SharedAnswerTests {
    private func repetitions(_ server: APIServer) async throws -> UInt64 {
        try await server.group.loops[0].run { [database = server.database] in RoomHub.here(database).repetitions }
    }

    private func query(_ fields: String) -> String {
        "subscription ($id: ID!) { messageAdded(roomId: $id) { cursor occurredAt message { id seq body \(fields) } } }"
    }

    @Test func `what is the same for all is executed once, whoever they are`() async throws {
        try await APIServer.with { server in
            let people = try (0..<6).map { try server.person("person\($0)") }
            let group = try server.group(of: people)
            let first = try server.send("first", to: group.general, by: people[0])
            let asked = query(
                "bodyHtml author { username } replyTo { body author { displayName } } mentions { username }"
            )
            let streams = try people.map { try LiveStream(server, asked, ["id": group.general], token: $0.token) }
            for (round, author) in people.enumerated() {
                let before = try await repetitions(server)
                try server.send("*hello* @person5", to: group.general, by: author, replyTo: first)
                let told = try streams.map { try #require(try $0.next()?.text) }
                #expect(Set(told).count == 1)
                #expect(told[0].contains("<em>hello</em>") && told[0].contains("person\(round)"), "\(told[0])")
                // The author, who wrote what is answered and who is spoken of are in it, and are told by themselves.
                let inside = Set([0, 5, round]).count
                #expect(try await repetitions(server) - before == UInt64(people.count - inside - 1))
            }
        }
    }

    @Test func `what somebody alone is told is told to nobody else, in whatever order they listen`() async throws {
        for isAuthorFirst in [true, false] {
            try await APIServer.with { server in
                let people = try (0..<4).map { try server.person("person\($0)") }
                let group = try server.group(of: people)
                let author = people[1]
                let order = isAuthorFirst ? [1, 0, 2, 3] : [0, 2, 3, 1]
                let asked = query("author { username email } mentions { email } replyTo { author { email } }")
                let streams = try order.map {
                    try LiveStream(server, asked, ["id": group.general], token: people[$0].token)
                }
                let first = try server.send("first", to: group.general, by: people[3])
                for stream in streams { _ = try stream.next() }
                let before = try await repetitions(server)
                try server.send("hello @person2", to: group.general, by: author, replyTo: first)
                let message = "data.messageAdded.message"
                for (number, stream) in zip(order, streams) {
                    let told = try #require(try stream.next())
                    #expect((told["\(message).author.email"] != nil) == (number == 1), "\(told.text)")
                    #expect((told["\(message).mentions.0.email"] != nil) == (number == 2), "\(told.text)")
                    #expect((told["\(message).replyTo.author.email"] != nil) == (number == 3), "\(told.text)")
                }
                // There is but one who is not in it.
                #expect(try await repetitions(server) == before)
            }
        }
    }

    @Test func `what depends on who listens is executed for each`() async throws {
        try await APIServer.with { server in
            let people = try (0..<4).map { try server.person("person\($0)") }
            let group = try server.group(of: people)
            for fields in [
                "viewerHasStarred", "room { viewerState { unreadCount } }", "author { presence { status } }",
                "author { headline }", "replies(first: 1) { nodes { id } }",
            ] {
                let asked = query(fields)
                let streams = try people.map { try LiveStream(server, asked, ["id": group.general], token: $0.token) }
                let before = try await repetitions(server)
                try server.send("hello", to: group.general, by: people[0])
                for stream in streams { #expect(try stream.next()?.errorCode == nil) }
                #expect(try await repetitions(server) == before, "\(fields)")
            }
        }
    }
}

extension RoomEvent {
    /// Of the case, whatever it holds.
    fileprivate var name: String { String("\(self)".prefix { $0 != "(" }) }
}
