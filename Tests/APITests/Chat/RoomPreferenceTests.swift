import Actions
import Data
import EventLoop
import Foundation
import Testing

/// How somebody wants to be told of a room, and how far they are with it.
@Suite(.timeLimit(.minutes(3))) struct RoomPreferenceTests {
    private let update = """
        mutation ($in: RoomPreferencesInput!) { roomPreferencesUpdate(input: $in) {
            room { viewerState { notificationLevel mutedUntil isFavourite } } userErrors { code path } } }
        """
    private let unread = """
        mutation ($r: ID!, $s: Int!) { roomMarkUnread(roomId: $r, fromSeq: $s) {
            room { viewerState { lastReadSeq unreadCount firstUnreadMessage { seq body } } } userErrors { code path } } }
        """

    @discardableResult
    private func set(
        _ wish: [String: Any],
        of room: String,
        by person: TestPerson,
        _ server: APIServer
    ) throws -> APIAnswer {
        try server.ask(update, ["in": wish.merging(["roomId": room]) { $1 }], token: person.token)
    }

    /// Who was told of what.
    private func told(_ server: APIServer) throws -> String? {
        try server.sql(
            """
            SELECT string_agg(u.username || ' ' || n.type, ', ' ORDER BY u.username, n.type)
            FROM notifications n JOIN users u ON u.id = n.user_id
            """
        )
    }

    @Test func `what was said of a room stays until something else is said`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let room = try server.group(of: [ida, ben]).general
            let state = "data.roomPreferencesUpdate.room.viewerState"
            let look = "query ($id: ID!) { room(id: $id) { viewerState { notificationLevel mutedUntil isFavourite } } }"
            let before = try server.ask(look, ["id": room], token: ida.token)
            #expect(before["data.room.viewerState.notificationLevel"] == "DEFAULT", "\(before.text)")
            #expect(before["data.room.viewerState.isFavourite"] == "0")
            #expect(before["data.room.viewerState.mutedUntil"] == nil)
            let first = try set(["notificationLevel": "MENTIONS", "isFavourite": true], of: room, by: ida, server)
            #expect(first["\(state).notificationLevel"] == "MENTIONS", "\(first.text)")
            #expect(first["\(state).isFavourite"] == "1")
            let muted = try set(["mutedUntil": "2999-01-01T00:00:00Z"], of: room, by: ida, server)
            #expect(muted["\(state).mutedUntil"] == "2999-01-01T00:00:00.000Z", "\(muted.text)")
            #expect(muted["\(state).notificationLevel"] == "MENTIONS" && muted["\(state).isFavourite"] == "1")
            let same = try set(["isFavourite": NSNull(), "notificationLevel": NSNull()], of: room, by: ida, server)
            #expect(same["\(state).notificationLevel"] == "MENTIONS" && same["\(state).isFavourite"] == "1")
            #expect(same["\(state).mutedUntil"] != nil)
            let loud = try set(["mutedUntil": NSNull()], of: room, by: ida, server)
            #expect(loud["\(state).mutedUntil"] == nil && loud["\(state).notificationLevel"] == "MENTIONS")
            // All of it comes by one statement.
            func statements(_ fields: String) async throws -> UInt64 {
                let query = "{ viewer { rooms(first: 5) { nodes { viewerState { \(fields) } } } } }"
                _ = try server.ask(query, token: ida.token)
                let before = try await server.statements()
                let answer = try server.ask(query, token: ida.token)
                #expect(answer.count("data.viewer.rooms.nodes") == 1, "\(answer.text)")
                return try await server.statements() - before
            }
            let without = try await statements("lastReadSeq")
            #expect(try await statements("notificationLevel mutedUntil isFavourite") == without + 1)
            // It is everybody's own, and makes nobody a member of anything.
            #expect(
                try server.ask(look, ["id": room], token: ben.token)["data.room.viewerState.notificationLevel"]
                    == "DEFAULT"
            )
            #expect(try server.sql("SELECT count(*) FROM room_members") == "0")
            let past = try set(["mutedUntil": "2001-01-01T00:00:00Z"], of: room, by: ida, server)
            #expect(past.codes("roomPreferencesUpdate") == ["INVALID_INPUT"])
            #expect(past["data.roomPreferencesUpdate.userErrors.0.path.1"] == "mutedUntil")
        }
    }

    @Test func `of a room that somebody does not see nothing is said, and nobody learns that it is there`() async throws
    {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let made = try server.askChannel("secret", in: group, isPrivate: true, by: ida)
            let secret = try #require(made["data.channelCreate.channel.id"])
            try server.send("one", to: secret, by: ida)
            let nowhere = secret.dropLast(1) + (secret.hasSuffix("0") ? "1" : "0")
            for id in [secret, String(nowhere), ben.id, group.id, "room_", ""] {
                let answer = try set(["isFavourite": true], of: id, by: ben, server)
                #expect(answer.codes("roomPreferencesUpdate") == ["NOT_FOUND"], "\(answer.text)")
                let marked = try server.ask(unread, ["r": id, "s": 1], token: ben.token)
                #expect(marked.codes("roomMarkUnread") == ["NOT_FOUND"], "\(marked.text)")
            }
            #expect(try server.sql("SELECT count(*) FROM room_preferences") == "0")
            #expect(try server.ask(update, ["in": ["roomId": secret]]).errorCode == "UNAUTHENTICATED")
            #expect(try server.ask(unread, ["r": secret, "s": 0], token: ida.token).errorCode == "BAD_USER_INPUT")
        }
    }

    @Test func `who has silenced a room is told nothing of it, and of replies alone who wants mentions`() async throws {
        try await APIServer.with { server in
            let people = try ["ida", "ben", "eve", "tom"].map { try server.person($0) }
            let (ida, ben, eve, tom) = (people[0], people[1], people[2], people[3])
            let room = try server.group(of: people).general
            let questions = try [ida, ben, eve].map { try server.send("?", to: room, by: $0) }
            try set(["notificationLevel": "MENTIONS"], of: room, by: ida, server)
            try set(["notificationLevel": "NONE"], of: room, by: ben, server)
            try set(["mutedUntil": "2999-01-01T00:00:00Z"], of: room, by: eve, server)
            for question in questions { try server.send("!", to: room, by: tom, replyTo: question) }
            try await server.work()
            #expect(try told(server) == "")
            try server.send("@ida @ben @eve", to: room, by: tom)
            #expect(try told(server) == "ida chat.mention")
            // They are spoken of all the same.
            let state = "query ($id: ID!) { room(id: $id) { viewerState { unreadMentionCount } } }"
            for person in [ida, ben, eve] {
                let answer = try server.ask(state, ["id": room], token: person.token)
                #expect(answer["data.room.viewerState.unreadMentionCount"] == "1", "\(answer.text)")
            }
            // What was said of one room is not said of another.
            let direct = try server.directRoom(of: [tom, ben])
            try server.send("@ben", to: direct, by: tom)
            #expect(try told(server) == "ben chat.mention, ida chat.mention")
            try server.sql("UPDATE room_preferences SET muted_until = now() - interval '1 second'")
            try set(["notificationLevel": "ALL"], of: room, by: ben, server)
            try server.send("@ben @eve", to: room, by: tom)
            #expect(try told(server) == "ben chat.mention, ben chat.mention, eve chat.mention, ida chat.mention")
        }
    }

    @Test func `what was on its way to somebody who silences the room meanwhile is not brought`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let room = try server.group(of: [ida, ben]).general
            try server.sql("UPDATE users SET status = 'ACTIVE', email_verified_at = now(); DELETE FROM jobs")
            try server.send("@ida", to: room, by: ben)
            #expect(try server.deliveries() == "EMAIL QUEUED")
            try set(["notificationLevel": "NONE"], of: room, by: ida, server)
            try await server.work(all: true)
            #expect(try server.deliveries() == "EMAIL SUPPRESSED")
            // Digests keep to it, too: both when they are gathered and when they are written.
            _ = try server.updatePreferences(["emailDigest": "HOURLY"], token: ida.token)
            for isGathered in [false, true] {
                try set(["notificationLevel": "ALL"], of: room, by: ida, server)
                try server.sql("DELETE FROM notifications; DELETE FROM email_messages; DELETE FROM jobs")
                try server.send("@ida", to: room, by: ben)
                #expect(try server.deliveries() == "EMAIL QUEUED")
                if !isGathered { try set(["notificationLevel": "NONE"], of: room, by: ida, server) }
                try server.sql("UPDATE notification_schedules SET digested_for = NULL")
                let mails = try await server.group.loops[0].start { [identity = server.identity] in
                    try await NotificationDigest(identity).run()
                }
                #expect(mails == (isGathered ? 1 : 0))
                if isGathered { try set(["notificationLevel": "NONE"], of: room, by: ida, server) }
                try await server.work(all: true)
                #expect(try server.deliveries() == "EMAIL SUPPRESSED", "\(isGathered)")
                #expect(try server.sql("SELECT count(*) FROM email_messages WHERE status = 'SENT'") == "0")
            }
        }
    }

    @Test func `nobody hears of calls that they missed in a room that they have silenced`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let room = try server.directRoom(of: [ida, ben])
            for (level, expected) in [("NONE", ""), ("MENTIONS", "ben call.missed")] {
                try set(["notificationLevel": level], of: room, by: ben, server)
                let call = try server.start(room, on: "a", by: ida)
                _ = try server.askHangup(call, by: ida)
                #expect(try told(server) == expected, "\(level)")
            }
        }
    }

    @Test func `another device hears what was said of a room, and once`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let room = try server.group(of: [ida, ben]).general
            let look = """
                subscription { viewerEvents { __typename ... on RoomPreferencesChanged { roomId
                    room { viewerState { notificationLevel isFavourite } } } ... on UnreadChanged { roomId } } }
                """
            let (desk, bens) = (
                try LiveStream(server, look, token: ida.token), try LiveStream(server, look, token: ben.token)
            )
            for _ in 1...2 { try set(["isFavourite": true], of: room, by: ida, server) }
            try set(["notificationLevel": "NONE"], of: room, by: ida, server)
            let event = "data.viewerEvents"
            let first = try #require(try desk.next())
            #expect(first["\(event).__typename"] == "RoomPreferencesChanged" && first["\(event).roomId"] == room)
            #expect(try desk.next()?["\(event).room.viewerState.notificationLevel"] == "NONE")
            // Nobody else does.
            try server.markRead(room, upTo: 0, by: ben)
            try server.send("one", to: room, by: ida)
            try server.markRead(room, upTo: 1, by: ben)
            #expect(try bens.next()?["\(event).__typename"] == "UnreadChanged")
            #expect(try server.sql("SELECT count(*) FROM events WHERE kind = 'RoomPreferencesChanged'") == "2")
        }
    }

    @Test func `messages are unread again from where somebody says, and never read by that`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let room = try server.group(of: [ida, ben]).general
            for body in ["one", "two", "three"] { try server.send(body, to: room, by: ben) }
            let state = "data.roomMarkUnread.room.viewerState"
            // Nothing was read, so nothing changes.
            let none = try server.ask(unread, ["r": room, "s": 3], token: ida.token)
            #expect(none["\(state).lastReadSeq"] == "0" && none["\(state).unreadCount"] == "3", "\(none.text)")
            #expect(none["\(state).firstUnreadMessage.body"] == "one")
            try server.markRead(room, upTo: 3, by: ida)
            let desk = try LiveStream(
                server,
                "subscription { viewerEvents { ... on UnreadChanged { room { viewerState { unreadCount } } } } }",
                token: ida.token
            )
            let bens = try server.listen(to: [(room, nil)], as: ben)
            let two = try server.ask(unread, ["r": room, "s": 2], token: ida.token)
            #expect(two["\(state).lastReadSeq"] == "1" && two["\(state).unreadCount"] == "2", "\(two.text)")
            #expect(two["\(state).firstUnreadMessage.seq"] == "2" && two["\(state).firstUnreadMessage.body"] == "two")
            #expect(try desk.next()?["data.viewerEvents.room.viewerState.unreadCount"] == "2")
            let told = try #require(try bens.next())
            #expect(told["data.roomEvents.event.__typename"] == "ReadPositionChanged", "\(told.text)")
            #expect(told["data.roomEvents.event.lastReadSeq"] == "1")
            for seq in [2, 3, 9_999] {
                #expect(try server.ask(unread, ["r": room, "s": seq], token: ida.token)["\(state).lastReadSeq"] == "1")
            }
            try server.markRead(room, upTo: 3, by: ida)
            let all = try server.ask(unread, ["r": room, "s": 1], token: ida.token)
            #expect(all["\(state).lastReadSeq"] == "0" && all["\(state).firstUnreadMessage.seq"] == "1")
            try server.markRead(room, upTo: 3, by: ida)
            let look = "query ($id: ID!) { room(id: $id) { viewerState { firstUnreadMessage { seq } } } }"
            let read = try server.ask(look, ["id": room], token: ida.token)
            #expect(read["data.room.viewerState.firstUnreadMessage.seq"] == nil, "\(read.text)")
        }
    }
}
