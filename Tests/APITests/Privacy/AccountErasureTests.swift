import Data
import EventLoop
import PostgresClient
import Testing

@testable import Actions

@Suite struct AccountErasureTests {
    /// What becomes of each column that refers to people. A new one without a row fails: somebody is to think about it.
    private enum Fate {
        /// The row goes.
        case deleted
        /// The row stays and refers to nobody.
        case detached
        /// The row stays and refers to the account, which has no name any more.
        case pseudonymous
    }

    private static let fates: [String: Fate] = [
        "api_keys.user_id": .deleted, "auth_sessions.impersonator_id": .pseudonymous, "auth_sessions.user_id": .deleted,
        "broadcasts.created_by": .pseudonymous, "call_participants.user_id": .pseudonymous,
        "calls.caller_id": .pseudonymous, "calls.receiver_id": .pseudonymous, "channels.created_by": .pseudonymous,
        "conversations.owner_id": .deleted, "files.owner_id": .detached, "group_bans.banned_by": .pseudonymous,
        "group_bans.user_id": .deleted, "group_join_requests.decided_by": .pseudonymous,
        "group_join_requests.user_id": .deleted, "group_members.user_id": .deleted, "groups.created_by": .pseudonymous,
        "guest_links.invited_by": .pseudonymous, "jobs.owner_id": .detached, "message_drafts.user_id": .deleted,
        "message_mentions.user_id": .deleted, "message_reactions.user_id": .deleted,
        "message_revisions.edited_by": .pseudonymous, "message_stars.user_id": .deleted,
        "messages.author_id": .detached, "messages.deleted_by": .pseudonymous, "messages.pinned_by": .pseudonymous,
        "mfa_factors.user_id": .deleted, "moderation_reports.author_id": .detached,
        "moderation_reports.reporter_id": .pseudonymous,
        "moderation_reports.resolved_by": .pseudonymous, "notification_preferences.user_id": .deleted,
        "notification_schedules.user_id": .deleted, "notifications.actor_id": .detached,
        "notifications.user_id": .deleted, "oauth_attempts.user_id": .deleted, "oauth_identities.user_id": .deleted,
        "one_time_tokens.user_id": .deleted, "presence.user_id": .deleted, "presence_leases.user_id": .deleted,
        "privacy_requests.requested_by": .pseudonymous, "privacy_requests.user_id": .pseudonymous,
        "push_subscriptions.user_id": .deleted,
        // In direct rooms alone.
        "room_members.user_id": .pseudonymous,
        "room_preferences.user_id": .deleted, "room_timeouts.set_by": .pseudonymous, "room_timeouts.user_id": .deleted,
        "scheduled_messages.author_id": .deleted, "sellers.user_id": .detached, "settings.updated_by": .pseudonymous,
        "settings.user_id": .deleted, "team_invites.invited_by": .pseudonymous,
        "team_members.invited_by": .pseudonymous, "team_members.user_id": .deleted,
        // Of teams that were deleted before.
        "teams.owner_id": .pseudonymous,
        "thread_states.user_id": .deleted, "user_blocks.blocked_id": .deleted, "user_blocks.user_id": .deleted,
        "user_profiles.user_id": .deleted, "user_roles.granted_by": .pseudonymous, "user_roles.user_id": .deleted,
        "vendors.user_id": .detached, "email_messages.user_id": .deleted,
    ]

    /// The columns that refer to people.
    private func references(_ server: APIServer) throws -> Set<String> {
        let list = try server.sql(
            """
            SELECT string_agg(c.conrelid::regclass || '.' || a.attname, ' ') FROM pg_constraint c
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
            WHERE c.confrelid = 'users'::regclass AND c.contype = 'f'
            """
        )
        return Set(try #require(list).split(separator: " ").map(String.init))
    }

    private func delete(
        _ username: String,
        _ server: APIServer,
        by token: TestTokens,
        because reason: String = "enough"
    ) throws -> APIAnswer {
        try server.ask(
            """
            mutation ($n: String!, $r: String!) { accountDelete(confirmUsername: $n, reason: $r) {
                request { id status scheduledFor note } userErrors { code path } } }
            """,
            ["n": username, "r": reason],
            token: token.access
        )
    }

    /// Lets so many days pass, and runs the job.
    private func pass(days: Int64, _ server: APIServer) async throws {
        server.pass(seconds: days * 86_400 + 60)
        let services = server.identity
        _ = try await server.group.loops[0].start { try await AccountErase(services).run() }
    }

    /// Removes what is left of rooms that were deleted.
    private func sweep(_ server: APIServer) async throws {
        server.pass(seconds: 62)
        let services = server.identity
        try await server.group.loops[0].start { try await RoomSweep(services).run() }
    }

    @Test func `it is decided of every reference to people what becomes of it`() async throws {
        try await APIServer.with { server in
            let found = try references(server)
            #expect(found.symmetricDifference(Self.fates.keys).sorted() == [])
        }
    }

    @Test func `nothing is left that says who somebody was, and what they shared with others stays sound`()
        async throws
    {
        try await APIServer.with { server in
            await server.runJobs()
            let gone = try server.person("zyxida")
            let tokens = TestTokens(access: gone.token, refresh: "", session: "")
            let (friend, owner) = (try server.person("friend"), try server.register("owner"))
            let crowd = try server.group(of: [gone, friend])
            _ = try server.group(of: [gone], name: "Lonely")
            try server.send("what zyx said", to: crowd.general, by: gone)
            try server.send("hello @zyxida", to: crowd.general, by: friend)
            try server.send("hello @friend", to: crowd.general, by: gone)
            try server.sql("UPDATE messages SET body = 'hello' WHERE body LIKE 'hello%'")
            let direct = "mutation ($ids: [ID!]!) { directRoomOpen(userIds: $ids) { room { id } userErrors { code } } }"
            let room = try #require(
                try server.ask(direct, ["ids": [friend.id]], token: gone.token)["data.directRoomOpen.room.id"]
            )
            try server.send("between us", to: room, by: gone)
            _ = try server.conversation(of: gone)
            let team = try server.makeTeam("crew", by: owner)
            try server.sql(
                """
                INSERT INTO team_members (team_id, user_id, role) SELECT t.id, u.id, 'MEMBER' FROM teams t, users u
                    WHERE u.username = 'zyxida';
                UPDATE users SET name = 'Zyxida Nym', status = 'ACTIVE', email_verified_at = now()
                    WHERE username = 'zyxida'
                """
            )
            for text in [
                "profileUpdate(input: {headline: \"zyxida\", bio: \"zyxida\", links: [\"https://zyxida.example\"]}) { __typename }",
                "profileUpdate(input: {displayName: \"Zyxida Nym the Second\"}) { __typename }",
                "apiKeyCreate(input: {name: \"zyxida\", scopes: [PROFILE_READ]}) { __typename }",
                "mfaEnroll(name: \"zyxida\") { __typename }",
                "emailChange(newEmail: \"zyxida2@example.org\") { __typename }",
                "settingsUpdate(settings: [{key: \"appearance.theme\", value: \"dark\"}]) { __typename }",
            ] { _ = try server.ask("mutation { \(text) }", token: gone.token) }
            try await server.untilMailsAreDone()
            // Of what was asked for and called off nothing is left, either.
            #expect(try delete("zyxida", server, by: tokens, because: "zyxida hesitates").codes("accountDelete") == [])
            let cancel = "mutation { accountDeleteCancel { userErrors { code } } }"
            #expect(try server.ask(cancel, token: gone.token).codes("accountDeleteCancel") == [])
            let asked = try delete("ZYXIDA", server, by: tokens, because: "zyxida goes")
            #expect(asked["data.accountDelete.request.status"] == "SCHEDULED", "\(asked.text)")
            try await pass(days: 29, server)
            let requests = "SELECT string_agg(status, ' ' ORDER BY created_at) FROM privacy_requests"
            #expect(try server.sql(requests) == "CANCELLED SCHEDULED")
            try await server.untilMailsAreDone()
            try await pass(days: 2, server)
            #expect(try server.sql(requests) == "CANCELLED COMPLETED")

            let left = try server.sql(
                """
                SELECT string_agg(t.name || ': ' || t.found, E'\\n') FROM (
                    SELECT c.relname AS name, (xpath('/table/row/x/text()', query_to_xml(format(
                        'SELECT t::text AS x FROM %I t WHERE t::text ILIKE ''%%zyxida%%'' LIMIT 1', c.relname),
                        false, false, '')))[1]::text AS found
                    FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
                ) t WHERE t.found IS NOT NULL
                """
            )
            #expect(left == "" || left == nil, "\(left ?? "")")
            let id = "(SELECT id FROM users WHERE status = 'DELETED')"
            for (column, fate) in Self.fates where fate != .pseudonymous {
                let parts = column.split(separator: ".")
                #expect(
                    try server.sql("SELECT count(*) FROM \(parts[0]) WHERE \(parts[1]) = \(id)") == "0",
                    "\(column)"
                )
            }
            // What they shared.
            let seen = try server.ask(
                """
                query ($r: ID!, $d: ID!, $g: ID!, $u: ID!) {
                    room(id: $r) { messages(last: 5) { nodes { body author { id } } } }
                    direct: room(id: $d) { title messages(last: 5) { nodes { body author { id } } } }
                    group(id: $g) { members { nodes { role user { username } } } }
                    user(id: $u) { id } node(id: $u) { id }
                }
                """,
                ["r": crowd.general, "d": room, "g": crowd.id, "u": gone.id],
                token: server.signIn("friend").access
            )
            #expect(seen.text.contains(#"{"body":"what zyx said","author":null}"#), "\(seen.text)")
            #expect(seen.text.contains(#"{"body":"between us","author":null}"#))
            #expect(seen.text.contains(#""nodes":[{"role":"OWNER","user":{"username":"friend"}}]"#))
            #expect(seen.text.contains(#""user":null,"node":null"#) && seen["errors.0.message"] == nil)
            let later = TestPerson(name: "friend", id: friend.id, token: try server.signIn("friend").access)
            try server.send("still here", to: room, by: later)
            try server.send("me too", to: crowd.general, by: later)
            #expect(try server.sql("SELECT count(*) FROM groups WHERE name = 'Lonely'") == "0")
            #expect(try server.sql("SELECT count(*) FROM rooms WHERE deleted_at IS NULL") == "2")
            try await sweep(server)
            #expect(try server.sql("SELECT count(*) FROM rooms") == "2")
            let members = "query ($t: ID!) { team(id: $t) { memberCount owner { username } } }"
            #expect(
                try server.ask(members, ["t": team], token: server.signIn("owner").access)["data.team.memberCount"]
                    == "1"
            )
            // The names are free again, and the log knows that it happened.
            _ = try server.register("zyxida")
            let log = "SELECT outcome || ' ' || actor_kind FROM audit_logs WHERE action = 'privacy.erased'"
            let logged = try #require(try server.sql(log))
            #expect(logged.hasPrefix("SUCCEEDED"))
        }
    }

    @Test func `a direct room goes with the last of its two`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            _ = try server.ask(
                "mutation ($ids: [ID!]!) { directRoomOpen(userIds: $ids) { room { id } } }",
                ["ids": [ben.id]],
                token: ida.token
            )
            for person in [ida, ben] {
                let tokens = TestTokens(access: person.token, refresh: "", session: "")
                #expect(try delete(person.name, server, by: tokens).codes("accountDelete") == [])
            }
            try server.sql(
                "UPDATE privacy_requests SET scheduled_for = now() - interval '1 day' WHERE user_id = (SELECT id FROM users WHERE username = 'ida')"
            )
            try await pass(days: 0, server)
            #expect(try server.sql("SELECT count(*) FROM rooms WHERE deleted_at IS NULL") == "1")
            try await pass(days: 31, server)
            #expect(try server.sql("SELECT count(*) FROM rooms WHERE deleted_at IS NULL") == "0")
            try await sweep(server)
            #expect(try server.sql("SELECT count(*) FROM rooms") == "0")
            #expect(
                try server.sql("SELECT count(DISTINCT username) || ' ' || min(name) FROM users WHERE email IS NULL")
                    == "2 Deleted user"
            )
        }
    }

    @Test func `rooms that go with an account are left at once, with their calls, and emptied afterwards`() async throws
    {
        try await APIServer.with { server in
            let people = try ["ida", "ben", "eve"].map { try server.person($0) }
            let (ida, ben, eve) = (people[0], people[1], people[2])
            let alone = try server.group(of: [ida])
            let conversation = try server.conversation(of: ida)
            for person in [ben, eve] {
                _ = try server.seller(person.name, in: conversation, account: person, by: ida)
            }
            for room in [alone.general, conversation] {
                for number in 0..<3 { try server.send("\(number)", to: room, by: ida) }
            }
            let tokens = TestTokens(access: ida.token, refresh: "", session: "")
            #expect(try delete("ida", server, by: tokens).codes("accountDelete") == [])
            try server.sql("UPDATE privacy_requests SET scheduled_for = now() - interval '1 day'")
            let call = try server.askStart(conversation, on: "b", calling: [eve], by: ben)
            #expect(call["data.callStart.call.status"] == "RINGING", "\(call.text)")
            let events = try server.callEvents(as: eve)
            try await pass(days: 0, server)
            #expect(try events.callEvent() == "CallChanged CANCELLED")
            // No statement has gone through what was said.
            #expect(try server.sql("SELECT count(*) || ' ' || count(author_id) FROM messages") == "6 0")
            let look = "query ($r: ID!) { room(id: $r) { id } viewer { rooms { totalCount } } }"
            let seen = try server.ask(look, ["r": conversation], token: ben.token)
            #expect(seen["data.room.id"] == nil && seen["data.viewer.rooms.totalCount"] == "0", "\(seen.text)")
            #expect(try server.sql("SELECT count(*) FROM groups") == "0")
            try await sweep(server)
            #expect(try server.sql("SELECT count(*) FROM messages") == "0")
            #expect(try server.sql("SELECT count(*) FROM rooms") == "0")
        }
    }

    @Test func `whoever signs in again, or says so, keeps the account`() async throws {
        try await APIServer.with { server in
            await server.runJobs()
            let first = try server.register("ida")
            let second = try server.signIn("ida")
            let key = try #require(
                try server.ask(
                    "mutation { apiKeyCreate(input: {name: \"x\", scopes: [PROFILE_READ]}) { secret } }",
                    token: first.access
                )["data.apiKeyCreate.secret"]
            )
            let cancel = "mutation { accountDeleteCancel { request { status } userErrors { code } } }"
            #expect(try server.ask(cancel, token: first.access).codes("accountDeleteCancel") == ["NOT_FOUND"])
            let asked = try delete("ida", server, by: first)
            let again = try delete("ida", server, by: first)
            #expect(asked["data.accountDelete.request.id"] == again["data.accountDelete.request.id"])
            #expect(try server.viewer(second.access) == nil)
            #expect(try server.viewer(first.access) == "ida")
            #expect(try server.viewer(key) == nil)
            _ = try await server.mail(to: "ida@example.org", "Your account will be deleted")
            let called = try server.ask(cancel, token: first.access)
            #expect(called["data.accountDeleteCancel.request.status"] == "CANCELLED", "\(called.text)")
            _ = try await server.mail(to: "ida@example.org", "Your account stays")
            #expect(try delete("ida", server, by: first).codes("accountDelete") == [])
            let third = try server.signIn("ida")
            let list = "{ viewer { privacyRequests { status user { username } } } }"
            let seen = try server.ask(list, token: third.access)
            #expect(seen.count("data.viewer.privacyRequests") == 2, "\(seen.text)")
            #expect(!seen.text.contains("SCHEDULED"))
            try await pass(days: 40, server)
            #expect(try server.viewer(server.signIn("ida").access) == "ida")
        }
    }

    @Test func `owners hand over first, and get no team meanwhile`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let team = try server.makeTeam("crew", by: ida)
            #expect(try delete("Ida ", server, by: ida).codes("accountDelete") == ["INVALID_INPUT"])
            #expect(try delete("ida", server, by: ida).codes("accountDelete") == ["LAST_OWNER"])
            let ben = try server.join("ben", "crew", as: "MEMBER")
            let transfer = "teamOwnershipTransfer(teamId: $team, toUserId: $user)"
            #expect(try server.refusal(transfer, ["team": team, "user": server.userID(ben)], ida) == nil)
            #expect(try delete("ida", server, by: ida).codes("accountDelete") == [])
            #expect(try server.refusal(transfer, ["team": team, "user": server.userID(ida)], ben) == "NOT_A_MEMBER")
            #expect(try server.refusal("teamCreate(input: {name: \"Mine\"})", [:], ida) == "FORBIDDEN")
            // However it came to be that they own one.
            try server.sql("UPDATE privacy_requests SET status = 'CANCELLED'")
            #expect(try server.refusal(transfer, ["team": team, "user": server.userID(ida)], ben) == nil)
            try server.sql(
                """
                INSERT INTO privacy_requests (id, kind, user_id, requested_by, scheduled_for)
                SELECT gen_random_uuid(), 'ERASURE', id, id, now() FROM users WHERE username = 'ida'
                """
            )
            await server.runJobs()
            try await pass(days: 1, server)
            #expect(try server.sql("SELECT note FROM privacy_requests WHERE status = 'REJECTED'") == "LAST_OWNER")
            _ = try await server.mail(to: "ida@example.org", "Your account was not deleted")
            #expect(try server.sql("SELECT count(*) FROM users WHERE status = 'DELETED'") == "0")
        }
    }

    @Test func `the last who may everything stays`() async throws {
        try await APIServer.with { server in
            let top = try server.register("top", as: "SUPER_ADMIN")
            try server.sql("UPDATE users SET status = 'ACTIVE'")
            #expect(try delete("top", server, by: top).codes("accountDelete") == ["LAST_OWNER"])
        }
    }

    @Test func `what is ordered by those who manage accounts is not called off by signing in`() async throws {
        try await APIServer.with { server in
            let admin = try server.register("boss", as: "ADMIN")
            let ida = try server.register("ida")
            let id = try server.userID(ida)
            #expect(try delete("ida", server, by: ida).codes("accountDelete") == [])
            let order = "adminUserDelete(userId: $user, reason: \"fraud\")"
            let ordered = try server.manage(order, id, by: admin, "request { id status user { username status } }")
            #expect(ordered["data.r.request.user.status"] == "SUSPENDED", "\(ordered.text)")
            #expect(try server.manage(order, id, by: admin).codes("r") == ["INVALID_TRANSITION"])
            #expect(try server.manage(order, server.userID(admin), by: admin).codes("r") == ["FORBIDDEN"])
            #expect(try server.askSignIn("ida", password).codes("signIn") == ["ACCOUNT_SUSPENDED"])
            #expect(try server.manage("adminUserReinstate(userId: $user)", id, by: admin).codes("r") == [])
            #expect(try server.sql("SELECT string_agg(status, ' ') FROM privacy_requests") == "CANCELLED CANCELLED")
            #expect(try server.manage(order, id, by: admin).codes("r") == [])
            try await pass(days: 31, server)
            #expect(try server.sql("SELECT count(*) FROM users WHERE status = 'DELETED'") == "1")
            #expect(try server.askSignIn("ida", password).codes("signIn") == ["INVALID_CREDENTIALS"])
        }
    }

    @Test func `an erasure that was broken off is gone on with`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            try server.send("one", to: group.general, by: ben)
            let conversation = try server.conversation(of: ben)
            for number in 1...5 { try server.send("number \(number)", to: conversation, by: ben) }
            let tokens = TestTokens(access: ben.token, refresh: "", session: "")
            #expect(try delete("ben", server, by: tokens).codes("accountDelete") == [])
            // As a process leaves it that ends behind the first of its steps.
            let user = try #require(try server.sql("SELECT id FROM users WHERE username = 'ben'"))
            let services = server.identity
            try await server.group.loops[0].start {
                try await services.database.pool.transaction { transaction in
                    guard let id = UUID(user) else { return }
                    _ = try await transaction.erase(id, at: services.now)
                }
            }
            try await pass(days: 31, server)
            #expect(try server.sql("SELECT status FROM privacy_requests") == "COMPLETED")
            #expect(try server.sql("SELECT count(*) FROM messages WHERE author_id IS NOT NULL") == "0")
        }
    }
}
