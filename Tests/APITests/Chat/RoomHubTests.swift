import Actions
import Data
import EventLoop
import GraphQLEngine
import PostgresClient
import Testing

@testable import Resolvers

/// What the listeners of a loop know together: never too much, and nothing that is over.
@Suite struct RoomHubTests {
    private func context(_ server: APIServer, _ person: TestPerson) -> RequestContext {
        let client = ClientInfo(address: nil, userAgent: "tests", requestID: "1")
        return RequestContext(
            LoadingContext(),
            ServerFacts(version: "test") { 0 },
            server.database,
            identity: server.identity,
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
                while try await size().known > 1 {}
                withExtendedLifetime(idas) {}
            }
            while try await size().rooms > 0 {}
            #expect(try await size().bytes == 0)
        }
    }
}

extension RoomEvent {
    /// Of the case, whatever it holds.
    fileprivate var name: String { String("\(self)".prefix { $0 != "(" }) }
}
