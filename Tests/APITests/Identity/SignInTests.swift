import Actions
import SocketTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct SignInTests {
    @Test func `a wrong password and an unknown name are the same answer`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            let wrong = try server.askSignIn("ida", "wrong horse battery")
            #expect(wrong.codes("signIn") == ["INVALID_CREDENTIALS"])
            #expect(try server.askSignIn("nobody", "wrong horse battery").text == wrong.text)
            #expect(try server.askSignIn("nobody@example.org", "").text == wrong.text)
            #expect(try server.sql("SELECT count(*) FROM audit_logs WHERE error_code = 'INVALID_CREDENTIALS'") == "3")
        }
    }

    @Test func `and they take the same time`() async throws {
        try await APIServer.with(cost: 9) { server in
            try server.register("ida")
            let clock = ContinuousClock()
            var (known, unknown): ([Duration], [Duration]) = ([], [])
            for round in 0..<4 {
                known.append(try clock.measure { _ = try server.askSignIn("ida", "wrong \(round)") })
                unknown.append(try clock.measure { _ = try server.askSignIn("nobody", "wrong \(round)") })
                try server.sql("DELETE FROM sign_in_failures")
            }
            let ratio = try #require(unknown.min()) / #require(known.min())
            #expect(ratio > 0.6 && ratio < 1.7, "unknown takes \(ratio) of the time of wrong")
        }
    }

    @Test func `while a password is hashed all others are answered`() async throws {
        try await APIServer.with(cost: 13) { server in
            try server.register("ida")
            let socket = try server.socket()
            try socket.send(
                server.request(
                    "mutation ($p: String!) { signIn(input: {identifier: \"ida\", password: $p}) { userErrors { code } } }",
                    ["p": password]
                )
            )
            let clock = ContinuousClock()
            for _ in 0..<10 { #expect(try server.ask("{ __typename }").errorCode == nil) }
            let asked = clock.now
            #expect(try APIAnswer(from: socket).codes("signIn") == [])
            // A hash takes some hundred milliseconds, which the loop must not: what came behind it was answered before.
            #expect(asked.duration(to: clock.now) > .milliseconds(50))
        }
    }

    @Test(arguments: ["ida", "nobody"])
    func `the fifth failure locks a name for a minute, whether it exists or not`(name: String) async throws {
        try await APIServer.with { server in
            try server.register("ida")
            // An address is locked too; what it failed for is forgotten, to see the name's own.
            let forgetAddress = "DELETE FROM sign_in_failures WHERE key = sha256('address:127.0.0.1')"
            for _ in 0..<5 {
                #expect(try server.askSignIn(name, "wrong").codes("signIn") == ["INVALID_CREDENTIALS"])
                try server.sql(forgetAddress)
            }
            let locked = try server.askSignIn(name, password)
            #expect(locked.codes("signIn") == ["ACCOUNT_LOCKED"])
            #expect(locked["data.signIn.userErrors.0.retryAt"]?.hasSuffix("Z") == true)
            let left = "SELECT round(extract(epoch FROM locked_until - last_at) / 60) FROM sign_in_failures"
            #expect(try server.sql(left) == "1")
            // Each further failure doubles the time, up to an hour.
            for minutes in ["2", "4", "8", "16", "32", "60", "60"] {
                try server.sql("UPDATE sign_in_failures SET locked_until = now()")
                #expect(try server.askSignIn(name, "wrong").codes("signIn") == ["INVALID_CREDENTIALS"])
                try server.sql(forgetAddress)
                #expect(try server.sql(left) == minutes)
            }
        }
    }

    @Test func `whoever signs in has no failures any more`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            for _ in 0..<3 {
                for _ in 0..<3 { _ = try server.askSignIn("ida", "wrong") }
                try server.sql("DELETE FROM sign_in_failures WHERE key = sha256('address:127.0.0.1')")
                _ = try server.signIn("ida")
            }
            #expect(try server.sql("SELECT count(*) FROM sign_in_failures") == "0")
        }
    }

    @Test func `one password tried on many names locks the address`() async throws {
        try await APIServer.with { server in
            for number in 0..<5 { _ = try server.askSignIn("user\(number)", "Spring2026!!") }
            try server.register("ida")
            #expect(try server.askSignIn("ida", password).codes("signIn") == ["ACCOUNT_LOCKED"])
        }
    }

    @Test func `of an address a failure is forgotten every ten minutes, of an account none is`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            let failed = """
                INSERT INTO sign_in_failures (key, failures, last_at)
                VALUES (sha256('address:127.0.0.1'), 9, now() - interval '75 minutes')
                """
            try server.sql(failed)
            try server.sql(
                """
                INSERT INTO sign_in_failures (key, failures, last_at)
                SELECT sha256(convert_to('user:' || id, 'UTF8')), 3, now() - interval '75 minutes' FROM users
                """
            )
            _ = try server.askSignIn("ida", "wrong")
            let failures = "SELECT string_agg(failures::text, ' ' ORDER BY failures) FROM sign_in_failures"
            #expect(try server.sql(failures) == "3 4")
            #expect(try server.askSignIn("ida", password).codes("signIn") == [])
            try server.sql("DELETE FROM sign_in_failures")
            try server.sql(failed.replacing("75 minutes", with: "30 minutes"))
            _ = try server.askSignIn("nobody", "wrong")
            let minutes = "SELECT round(extract(epoch FROM max(locked_until) - now()) / 60) FROM sign_in_failures"
            #expect(try server.sql(minutes) == "4")
        }
    }

    @Test func `more than ten a minute from one address are too many`() async throws {
        try await APIServer.with(options: { $0.signInsPerMinute = 10 }) { server in
            try server.register("ida")
            for _ in 0..<10 { _ = try server.signIn("ida") }
            let answer = try server.askSignIn("ida", password)
            #expect(answer.errorCode == "RATE_LIMITED")
            #expect(
                answer["errors.0.extensions.retryAfterSeconds"].flatMap { Int($0) }.map { (1...6).contains($0) } == true
            )
        }
    }

    @Test func `only those who know the password learn that an account is suspended`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            try server.sql("UPDATE users SET status = 'SUSPENDED'")
            #expect(try server.askSignIn("ida", "wrong").codes("signIn") == ["INVALID_CREDENTIALS"])
            #expect(try server.askSignIn("ida", password).codes("signIn") == ["ACCOUNT_SUSPENDED"])
            try server.sql("UPDATE users SET status = 'DEACTIVATED'")
            #expect(try server.askSignIn("ida", password).codes("signIn") == ["INVALID_CREDENTIALS"])
        }
    }

    @Test(arguments: [
        ("SUSPENDED", "ACCOUNT_SUSPENDED"), ("DEACTIVATED", "INVALID_CREDENTIALS"),
    ])
    func `an account that is suspended or closed while its password is looked at lets nobody in`(
        status: String,
        code: String
    ) async throws {
        try await APIServer.with { server in
            try server.register("ida")
            let sessions = "SELECT count(*) FROM auth_sessions"
            let before = try server.sql(sessions)
            let held = try HeldTransaction("UPDATE users SET status = '\(status)'", on: server.connectionString)
            #expect(try server.askSignIn("ida", password).codes("signIn") == [code])
            try held.end()
            #expect(try server.sql(sessions) == before)
            let log = "SELECT error_code FROM audit_logs WHERE action = 'session.create' AND outcome = 'REFUSED'"
            #expect(try server.sql(log) == code)
        }
    }

    /// Each way takes the loop two turns, beside what the answer itself takes.
    @Test func `signing in goes to the database three times`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            // Statements are prepared where they are used first.
            for _ in 0..<2 { _ = try server.signIn("ida") }
            let (reads, writes) = (try await server.statements(), try await server.roundTrips())
            _ = try server.signIn("ida")
            #expect(try await server.roundTrips() - writes == 3, "limit and account, the hold, the session with COMMIT")
            #expect(try await server.statements() == reads)
        }
    }

    @Test func `a hash of fewer rounds is replaced at the next sign-in`() async throws {
        try await APIServer.with(cost: 5) { server in
            try server.register("ida")
            try server.sql("UPDATE users SET password_hash = crypt('\(password)', gen_salt('bf', 4))")
            _ = try server.signIn("ida")
            #expect(try server.sql("SELECT left(password_hash, 7) FROM users") == "$2b$05$")
            _ = try server.signIn("ida")
        }
    }
}
