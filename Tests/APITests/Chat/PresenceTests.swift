import Data
import Testing

@Suite(.timeLimit(.minutes(3))) struct PresenceTests {
    private let hear = """
        subscription ($u: [ID!]!) { presenceChanged(userIds: $u) { user { username } presence { status customText } } }
        """
    private let set = """
        mutation ($in: PresenceSetInput!) { presenceSet(input: $in) {
            presence { status customText customEmoji } userErrors { code path } } }
        """
    private let look = "query ($id: ID!) { node(id: $id) { ... on User { username presence { status customText } } } }"

    /// Comings and goings within tenths of seconds.
    private var quick: EventFeed.Options {
        var options = EventFeed.Options()
        options.presence.grace = .milliseconds(100)
        options.presence.renewal = .milliseconds(50)
        return options
    }

    @Test func `who comes and goes is told to those who know them, through whichever process`() async throws {
        try await APIServer.with(events: quick) { server in
            let other = try await APIServer(events: quick, beside: server)
            do {
                let (ida, ben) = (try server.person("ida"), try server.person("ben"))
                let group = try server.group(of: [ida, ben])
                #expect(
                    try server.ask(look, ["id": ida.id], token: ben.token)["data.node.presence.status"] == "OFFLINE"
                )
                let stream = try LiveStream(server, hear, ["u": [ida.id]], token: ben.token)
                do {
                    let idas = try other.listen(to: [(group.general, nil)], as: ida)
                    let told = try #require(try stream.next())
                    #expect(told["data.presenceChanged.presence.status"] == "ONLINE", "\(told.text)")
                    #expect(told["data.presenceChanged.user.username"] == "ida")
                    #expect(
                        try server.ask(look, ["id": ida.id], token: ben.token)["data.node.presence.status"] == "ONLINE"
                    )
                    let said = try server.ask(
                        set,
                        ["in": ["status": "DO_NOT_DISTURB", "customText": "at sea"]],
                        token: ida.token
                    )
                    #expect(said["data.presenceSet.presence.status"] == "DO_NOT_DISTURB", "\(said.text)")
                    #expect(try stream.next()?["data.presenceChanged.presence.customText"] == "at sea")
                    _ = try server.ask(set, ["in": [:] as [String: Any]], token: ida.token)
                    #expect(try stream.next()?["data.presenceChanged.presence.status"] == "ONLINE")
                    withExtendedLifetime(idas) {}
                }
                #expect(try stream.next()?["data.presenceChanged.presence.status"] == "OFFLINE")
            } catch {
                await other.stop()
                throw error
            }
            await other.stop()
        }
    }

    @Test func `a process that ends without a word is forgotten`() async throws {
        try await APIServer.with(events: quick) { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            _ = try server.group(of: [ida, ben])
            try server.sql(
                """
                INSERT INTO presence_leases SELECT id, gen_random_uuid(), now() + interval '3 s' FROM users
                WHERE username = 'ida'
                """
            )
            let stream = try LiveStream(server, hear, ["u": [ida.id]], token: ben.token)
            #expect(try stream.next()?["data.presenceChanged.presence.status"] == "OFFLINE")
            #expect(try server.sql("SELECT count(*) FROM presence_leases") == "1")
        }
    }

    @Test func `who says to be offline comes and goes unseen`() async throws {
        try await APIServer.with(events: quick) { server in
            let people = try ["ida", "ben", "eve"].map { try server.person($0) }
            let (ida, ben, eve) = (people[0], people[1], people[2])
            let group = try server.group(of: people)
            _ = try server.ask(set, ["in": ["status": "OFFLINE"]], token: ida.token)
            for round in 0..<2 {
                let stream = try LiveStream(server, hear, ["u": [ida.id, eve.id]], token: ben.token)
                do {
                    let idas = try server.listen(to: [(group.general, nil)], as: ida)
                    let leases = """
                        SELECT count(*) FROM presence_leases l JOIN users u ON u.id = l.user_id WHERE username = 'ida'
                        """
                    try await server.until(leases, is: "1")
                    // What Eve says comes behind what there is to be told of Ida's coming.
                    _ = try server.ask(set, ["in": ["customText": "at sea \(round)"]], token: eve.token)
                    let told = try #require(try stream.next())
                    #expect(told["data.presenceChanged.user.username"] == "eve", "\(told.text)")
                    withExtendedLifetime(idas) {}
                }
            }
        }
    }

    @Test func `whoever does something is active, through whichever process`() async throws {
        try await APIServer.with(events: quick) { server in
            let other = try await APIServer(events: quick, beside: server)
            do {
                let (ida, ben) = (try server.person("ida"), try server.person("ben"))
                let group = try server.group(of: [ida, ben])
                let idas = try server.listen(to: [(group.general, nil)], as: ida)
                try await server.until("SELECT count(*) FROM presence_leases", is: "1")
                // What her coming was is written down by then.
                for _ in 0..<3 {
                    let end = try #require(try server.sql("SELECT alive_until FROM presence_leases"))
                    try await server.until("SELECT alive_until > '\(end)' FROM presence_leases", is: "t")
                }
                try server.sql("UPDATE presence SET last_active_at = now() - interval '10 minutes'")
                let stream = try LiveStream(server, hear, ["u": [ida.id]], token: ben.token)
                try other.send("here I am", to: group.general, by: ida)
                #expect(try stream.next()?["data.presenceChanged.presence.status"] == "ONLINE")
                // Once a minute is enough.
                try server.sql("UPDATE presence SET last_active_at = now() - interval '10 minutes'")
                try other.send("still", to: group.general, by: ida)
                let active =
                    "SELECT p.last_active_at < now() - interval '9 minutes' FROM presence p JOIN users u ON u.id = p.user_id"
                #expect(try server.sql("\(active) WHERE u.username = 'ida'") == "t")
                withExtendedLifetime(idas) {}
            } catch {
                await other.stop()
                throw error
            }
            await other.stop()
        }
    }

    @Test func `strangers know nothing of each other`() async throws {
        try await APIServer.with { server in
            let (ida, eve) = (try server.person("ida"), try server.person("eve"))
            let seen = try server.ask(look, ["id": ida.id], token: eve.token)
            #expect(seen["data.node.username"] == "ida")
            #expect(seen["data.node.presence.status"] == nil)
            #expect(try LiveStream(server, hear, ["u": [ida.id]], token: eve.token).next()?.errorCode == "NOT_FOUND")
            let open = "mutation ($u: [ID!]!) { directRoomOpen(userIds: $u) { userErrors { code } } }"
            _ = try server.ask(open, ["u": [ida.id]], token: eve.token)
            #expect(try server.ask(look, ["id": ida.id], token: eve.token)["data.node.presence.status"] == "OFFLINE")
        }
    }

    @Test func `what cannot be said is refused with its path`() async throws {
        try await APIServer.with { server in
            let ida = try server.person("ida")
            for (field, value) in [
                ("customText", String(repeating: "x", count: 101)), ("customText", "two\nlines"),
                ("customEmoji", "a"), ("expiresAt", "2020-01-01T00:00:00Z"),
            ] {
                let answer = try server.ask(set, ["in": [field: value]], token: ida.token)
                #expect(answer.codes("presenceSet") == ["INVALID_INPUT"], "\(field)")
                #expect(answer["data.presenceSet.userErrors.0.path.1"] == field)
            }
        }
    }
}
