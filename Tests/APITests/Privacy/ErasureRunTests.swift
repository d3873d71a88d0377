import Data
import EventLoop
import Mail
import PostgresClient
import Testing

@testable import Actions

/// What comes between asking for an account to be erased and its erasure.
@Suite(.timeLimit(.minutes(3))) struct ErasureRunTests {
    private func delete(_ name: String, _ server: APIServer, by token: TestTokens) throws {
        let text = "mutation { accountDelete(confirmUsername: \"\(name)\") { userErrors { code } } }"
        #expect(try server.ask(text, token: token.access).codes("accountDelete") == [])
    }

    private func run(_ server: APIServer) async throws {
        let services = server.identity
        _ = try await server.group.loops[0].start { try await AccountErase(services).run() }
    }

    private let statuses = """
        SELECT string_agg(u.name || ' ' || r.status, ', ' ORDER BY r.created_at)
        FROM privacy_requests r JOIN users u ON u.id = r.user_id
        """

    @Test func `one that cannot be erased holds up nobody behind it`() async throws {
        try await APIServer.with { server in
            for name in ["ada", "ben"] { try delete(name, server, by: server.register(name)) }
            try server.sql(
                """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN RAISE EXCEPTION 'not this one'; END $$;
                CREATE TRIGGER refuse BEFORE UPDATE ON users FOR EACH ROW
                    WHEN (NEW.status = 'DELETED' AND OLD.username = 'ada') EXECUTE FUNCTION refuse()
                """
            )
            server.pass(seconds: 31 * 86_400)
            await #expect(throws: AccountErase.Unfinished.self) { try await run(server) }
            #expect(try server.sql(statuses) == "ada SCHEDULED, Deleted user COMPLETED")
            try server.sql("DROP TRIGGER refuse ON users")
            try await run(server)
            #expect(try server.sql(statuses) == "Deleted user COMPLETED, Deleted user COMPLETED")
        }
    }

    @Test func `an erasure that waits for the account is called off until it has it`() async throws {
        try await APIServer.with { server in
            try delete("ida", server, by: server.register("ida"))
            server.pass(seconds: 31 * 86_400)
            let held = try HeldTransaction(
                "PERFORM 1 FROM users FOR UPDATE; UPDATE privacy_requests SET status = 'CANCELLED'",
                on: server.connectionString
            )
            try await run(server)
            try held.end()
            #expect(try server.sql(statuses) == "ida CANCELLED")
            #expect(try server.viewer(server.signIn("ida").access) == "ida")
        }
    }

    /// As the erasure does. Whoever does not wait for it comes between two of its statements.
    private let erasure = """
        PERFORM 1 FROM users FOR NO KEY UPDATE;
        DELETE FROM conversations; DELETE FROM auth_sessions; DELETE FROM group_members;
        \(HeldTransaction.untilSomebodyWaits)
        DELETE FROM one_time_tokens; DELETE FROM mfa_factors;
        UPDATE users SET status = 'DELETED', email = NULL,
            username = 'deleted_' || (SELECT count(*) FROM users others WHERE others.id < users.id), name = 'Deleted user',
            password_hash = NULL, deleted_at = now()
        """

    @Test func `nobody is told that an account stays which is erased at the moment`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try delete("ida", server, by: ida)
            let held = try HeldTransaction(erasure, on: server.connectionString)
            let answer = try server.ask("mutation { accountDeleteCancel { request { id } } }", token: ida.access)
            try held.end()
            #expect(answer.errorCode == "UNAUTHENTICATED", "\(answer.text)")
            #expect(try server.sql(statuses) == "Deleted user SCHEDULED")
            server.pass(seconds: 31 * 86_400)
            try await run(server)
            #expect(try server.sql(statuses) == "Deleted user COMPLETED")
        }
    }

    @Test func `nobody is let in by a second step whose account is erased at the moment`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let authenticator = try TestAuthenticator.enroll(ida, server)
            try delete("ida", server, by: ida)
            let challenge = try server.ask(
                """
                mutation ($in: SignInInput!) { signIn(input: $in) { outcome { ... on MfaChallenge { challengeToken } } } }
                """,
                ["in": ["identifier": "ida", "password": password]]
            )
            let token = try #require(challenge["data.signIn.outcome.challengeToken"], "\(challenge.text)")
            let held = try HeldTransaction(erasure, on: server.connectionString)
            let answer = try server.ask(
                "mutation ($in: MfaVerifyInput!) { mfaVerify(input: $in) { tokens { accessToken } userErrors { code } } }",
                ["in": ["challengeToken": token, "code": authenticator.code(server)]]
            )
            try held.end()
            #expect(answer.codes("mfaVerify") == ["TOKEN_EXPIRED"], "\(answer.text)")
            #expect(try server.sql(statuses) == "Deleted user SCHEDULED")
            #expect(try server.sql("SELECT count(*) FROM auth_sessions") == "0")
        }
    }

    @Test(arguments: [
        "conversationCreate(input: {title: \"plans\", firstMessage: \"hello\"})",
        "groupCreate(input: {name: \"Plans\"})",
        "fileUploadStart(input: {filename: \"me.pdf\", byteSize: 100, purpose: RESUME})",
    ]) func `whoever is erased at the moment makes nothing that stays`(mutation: String) async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let held = try HeldTransaction(erasure, on: server.connectionString)
            let answer = try server.ask("mutation { \(mutation) { userErrors { code } } }", token: ida.access)
            try held.end()
            #expect(answer.errorCode == "UNAUTHENTICATED", "\(answer.text)")
            #expect(try server.sql("SELECT count(*) FROM rooms") == "0")
            #expect(try server.sql("SELECT count(*) FROM groups") == "0")
            #expect(try server.sql("SELECT count(*) FROM files") == "0")
        }
    }

    @Test(arguments: [
        ("scheduled_messages", "messageSchedule(input: {roomId: \"$room\", body: \"hi\", sendAt: \"$soon\"})"),
        ("group_members", "groupJoin(groupId: \"$group\")"),
    ]) func `whoever is erased at the moment joins nothing and leaves nothing to be sent`(
        table: String,
        mutation: String
    ) async throws {
        try await APIServer.with { server in
            let (ida, ben, eve) = (try server.person("ida"), try server.person("ben"), try server.person("eve"))
            let group = try server.group(of: [ida, ben], visibility: "PUBLIC")
            let day = "SELECT to_char(now() + interval '9 days', 'YYYY-MM-DD')"
            let soon = try #require(try server.sql(day)) + "T00:00:00Z"
            let text = mutation.replacing("$room", with: group.general).replacing("$group", with: group.id)
                .replacing("$soon", with: soon)
            let held = try HeldTransaction(erasure, on: server.connectionString)
            let token = table == "group_members" ? eve.token : ben.token
            let answer = try server.ask("mutation { \(text) { userErrors { code } } }", token: token)
            #expect(try !held.isHeld)
            try held.end()
            #expect(try server.sql("SELECT count(*) FROM \(table)") == "0", "\(answer.text)")
        }
    }

    @Test func `who has asked for it while a team was on its way to them does not get it`() async throws {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            let ben = try server.userID(server.join("ben", "crew", as: "MEMBER"))
            let held = try HeldTransaction(
                """
                PERFORM 1 FROM users WHERE username = 'ben' FOR NO KEY UPDATE;
                INSERT INTO privacy_requests (id, kind, user_id, requested_by, scheduled_for)
                SELECT gen_random_uuid(), 'ERASURE', id, id, now() + interval '30 days' FROM users WHERE username = 'ben'
                """,
                on: server.connectionString
            )
            let transfer = "teamOwnershipTransfer(teamId: $team, toUserId: $user)"
            let refusal = try server.refusal(transfer, ["team": team, "user": ben], owner)
            try held.end()
            #expect(refusal == "NOT_A_MEMBER")
            #expect(try server.sql("SELECT u.name FROM teams t JOIN users u ON u.id = t.owner_id") == "owner")
        }
    }

    @Test func `what its owner has asked for is not called off by opening the account`() async throws {
        try await APIServer.with { server in
            let admin = try server.register("boss", as: "ADMIN")
            let ida = try server.register("ida")
            let id = try server.userID(ida)
            try delete("ida", server, by: ida)
            for mutation in [
                "adminUserSuspend(userId: $user, reason: \"by mistake\")", "adminUserReinstate(userId: $user)",
            ] {
                #expect(try server.manage(mutation, id, by: admin).codes("r") == [])
            }
            #expect(try server.sql(statuses) == "ida SCHEDULED")
            _ = try server.signIn("ida")
            #expect(try server.sql(statuses) == "ida CANCELLED")
        }
    }

    @Test func `whose deletion was ordered is told that it was called off`() async throws {
        try await APIServer.with { server in
            let admin = try server.register("boss", as: "ADMIN")
            let id = try server.userID(server.register("ida"))
            await server.runJobs()
            let order = "adminUserDelete(userId: $user, reason: \"fraud\")"
            #expect(try server.manage(order, id, by: admin).codes("r") == [])
            #expect(try server.manage("adminUserReinstate(userId: $user)", id, by: admin).codes("r") == [])
            let mail = try await server.mail(to: "ida@example.org", "Your account stays")
            #expect(mail.text.contains("opened your account again"), "\(mail.text)")
            #expect(try server.sql(statuses) == "ida CANCELLED")
        }
    }

    @Test func `a short name spoils nobody's list`() async throws {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            let gone = try server.join("gone", "crew", as: "ADMIN")
            let ida = try server.person("ida")
            let person = TestPerson(name: "gone", id: try server.userID(gone), token: gone.access)
            let group = try server.group(of: [person, ida])
            try server.sql("UPDATE users SET name = 'e' WHERE username = 'gone'")
            server.pass(seconds: 2)
            let add = "teamMemberAdd(teamId: $team, userId: $user)"
            #expect(try server.refusal(add, ["team": team, "user": ida.id], gone) == nil)
            try server.send("hello @ida", to: group.general, by: person)
            let direct = try server.directRoom(of: [person, ida])
            for body in ["one", "two"] { try server.send(body, to: direct, by: person) }
            try await server.work()
            let titles =
                "SELECT string_agg(title, ', ' ORDER BY type) FROM notifications WHERE user_id = (SELECT id FROM users WHERE username = 'ida')"
            let membership = "You are member of the team “Team crew” now"
            #expect(try server.sql(titles) == "2 new messages, the last by e, e wrote of you, \(membership)")
            try delete("gone", server, by: gone)
            server.pass(seconds: 31 * 86_400)
            try await run(server)
            #expect(try server.sql(titles) == "Deleted user wrote to you, Deleted user wrote of you, \(membership)")
        }
    }
}
