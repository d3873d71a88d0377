import Testing

/// What was looked at first and acted on later, changed in between.
@Suite(.timeLimit(.minutes(3))) struct RaceTests {
    private let replace = "UPDATE users SET password_hash = password_hash || 'x' WHERE username = 'ida'"

    @Test func `a password that is replaced while it is looked at lets nobody in`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            let held = try HeldTransaction(replace, on: server.connectionString)
            let answer = try server.askSignIn("ida", password)
            try held.end()
            #expect(answer.codes("signIn") == ["INVALID_CREDENTIALS"], "\(answer.text)")
            #expect(try server.sql("SELECT count(*) FROM auth_sessions") == "1")
        }
    }

    @Test func `a password that is replaced while it is looked at is not replaced again by who knew it`() async throws {
        try await APIServer.with { server in
            let tokens = try server.register("ida")
            let held = try HeldTransaction(replace, on: server.connectionString)
            let answer = try server.ask(
                "mutation ($in: PasswordChangeInput!) { passwordChange(input: $in) { userErrors { code } } }",
                ["in": ["currentPassword": password, "newPassword": "quite another sentence"]],
                token: tokens.access
            )
            try held.end()
            #expect(answer.codes("passwordChange") == ["INVALID_CREDENTIALS"], "\(answer.text)")
            #expect(try server.sql("SELECT password_hash LIKE '%x' FROM users") == "t")
        }
    }

    /// As the fifth of many guesses at once does.
    private let lock = """
        UPDATE users SET name = name;
        INSERT INTO sign_in_failures (key, failures, locked_until)
        SELECT sha256(convert_to('user:' || id, 'UTF8')), 5, now() + interval '1 hour' FROM users
        """

    @Test func `whoever answers while they are told of a message has read what tells of it`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let room = try server.directRoom(of: [ida, ben])
            try server.send("one", to: room, by: ida)
            let tell = """
                PERFORM FROM room_members m JOIN users u ON u.id = m.user_id WHERE u.username = 'ben' FOR SHARE OF m;
                INSERT INTO notifications (user_id, category, type, title, subject_type, subject_id)
                SELECT u.id, 'CHAT_DIRECT', 'chat.direct', 'told', 'msg', m.id FROM messages m, users u WHERE u.username = 'ben'
                """
            let held = try HeldTransaction(tell, on: server.connectionString)
            try server.send("two", to: room, by: ben)
            try held.end()
            #expect(try server.sql("SELECT count(*) || ' ' || count(read_at) FROM notifications") == "1 1")
        }
    }

    @Test func `whoever decides about a report deletes its message as its author does, and neither waits in vain`()
        async throws
    {
        try await APIServer.with { server in
            let (ida, ben, eve) = (try server.person("ida"), try server.person("ben"), try server.person("eve"))
            let group = try server.group(of: [ida, ben, eve])
            let message = try server.send("bad", to: group.general, by: ben)
            let report = try server.ask(
                "mutation ($m: ID!) { messageReport(messageId: $m, reason: SPAM) { report { id } userErrors { code } } }",
                ["m": message],
                token: eve.token
            )
            let id = try #require(report["data.messageReport.report.id"], "\(report.text)")
            // As by another who deletes it: first the message, then what is reported of it.
            let delete = """
                PERFORM FROM messages WHERE body = 'bad' FOR UPDATE;
                \(HeldTransaction.untilSomebodyWaits)
                PERFORM FROM moderation_reports FOR UPDATE
                """
            let held = try HeldTransaction(delete, on: server.connectionString)
            let answer = try server.ask(
                """
                mutation ($id: ID!) { moderationReportResolve(id: $id, status: ACTIONED, deleteMessage: true) {
                    report { status } userErrors { code } } }
                """,
                ["id": id],
                token: ida.token
            )
            try held.end()
            #expect(answer["data.moderationReportResolve.report.status"] == "ACTIONED", "\(answer.text)")
        }
    }

    @Test func `an account that is locked while a password is looked at lets nobody in`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            let held = try HeldTransaction(lock, on: server.connectionString)
            let answer = try server.askSignIn("ida", password)
            try held.end()
            #expect(answer.codes("signIn") == ["ACCOUNT_LOCKED"], "\(answer.text)")
            #expect(try server.sql("SELECT count(*) FROM auth_sessions") == "1")
        }
    }

    @Test func `an account that is locked while a code is on its way takes none`() async throws {
        try await APIServer.with { server in
            let tokens = try server.register("ida")
            let authenticator = try TestAuthenticator.enroll(tokens, server)
            let challenge = try server.ask(
                """
                mutation ($in: SignInInput!) { signIn(input: $in) { outcome { ... on MfaChallenge { challengeToken } } } }
                """,
                ["in": ["identifier": "ida", "password": password]]
            )
            let token = try #require(challenge["data.signIn.outcome.challengeToken"], "\(challenge.text)")
            let held = try HeldTransaction(lock, on: server.connectionString)
            let answer = try server.ask(
                "mutation ($in: MfaVerifyInput!) { mfaVerify(input: $in) { tokens { accessToken } userErrors { code } } }",
                ["in": ["challengeToken": token, "code": authenticator.code(server)]]
            )
            try held.end()
            #expect(answer.codes("mfaVerify") == ["ACCOUNT_LOCKED"], "\(answer.text)")
            try server.sql("DELETE FROM sign_in_failures")
            let again = try HeldTransaction(lock, on: server.connectionString)
            let proof = try server.ask(
                "mutation ($p: String!, $c: String) { reauthenticate(password: $p, code: $c) { userErrors { code } } }",
                ["p": password, "c": authenticator.code(server)],
                token: tokens.access
            )
            try again.end()
            #expect(proof.codes("reauthenticate") == ["ACCOUNT_LOCKED"], "\(proof.text)")
        }
    }

    @Test func `whoever writes to a channel while it is closed to them is no member of it`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let close = """
                UPDATE channels SET is_private = true;
                DELETE FROM room_members m USING users u WHERE u.id = m.user_id AND u.username <> 'ida'
                """
            let held = try HeldTransaction(close, on: server.connectionString)
            _ = try server.askSend("was it open?", to: group.general, by: ben)
            try held.end()
            let members = """
                SELECT count(*) FROM room_members m JOIN users u ON u.id = m.user_id WHERE u.username = 'ben'
                """
            #expect(try server.sql(members) == "0")
            let seen = try server.ask(
                "query ($id: ID!) { room(id: $id) { title } }",
                ["id": group.general],
                token: ben.token
            )
            #expect(seen["data.room.title"] == nil, "\(seen.text)")
        }
    }

    @Test func `who waits for the room is held to slow mode by what was sent meanwhile`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            try server.send("first", to: group.general, by: ben)
            try server.sql("UPDATE channels SET slow_mode_seconds = 3600")
            let post = """
                UPDATE rooms SET title = title;
                UPDATE room_members SET last_posted_at = now()
                """
            let held = try HeldTransaction(post, on: server.connectionString)
            let answer = try server.askSend("second", to: group.general, by: ben)
            try held.end()
            #expect(answer.codes("messageSend") == ["SLOW_MODE"], "\(answer.text)")
        }
    }
}
