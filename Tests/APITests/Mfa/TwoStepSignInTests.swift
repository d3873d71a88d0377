import Actions
import PostgresClient
import SocketTesting
import Testing

@testable import Credentials

@Suite(.timeLimit(.minutes(3))) struct TwoStepSignInTests {
    private static let signIn = """
        mutation ($in: SignInInput!) { signIn(input: $in) {
            outcome { __typename ... on MfaChallenge { challengeToken factors } ... on SignInSuccess { \(tokenFields) } }
            userErrors { code }
        } }
        """
    private static let verify = """
        mutation ($in: MfaVerifyInput!) { mfaVerify(input: $in) {
            \(tokenFields) viewer { user { username } } userErrors { code }
        } }
        """

    /// Somebody whose sign-ins ask for a code.
    private func prepare(_ name: String, _ server: APIServer) throws -> (TestTokens, TestAuthenticator) {
        let tokens = try server.register(name)
        return (tokens, try TestAuthenticator.enroll(tokens, server))
    }

    private func challenge(_ name: String, _ server: APIServer, _ secret: String = password) throws -> String {
        let answer = try server.ask(Self.signIn, ["in": ["identifier": name, "password": secret]])
        #expect(answer["data.signIn.outcome.__typename"] == "MfaChallenge", "\(answer.text)")
        return try #require(answer["data.signIn.outcome.challengeToken"])
    }

    private func verify(_ challenge: String, _ code: String, _ server: APIServer) throws -> APIAnswer {
        try server.ask(Self.verify, ["in": ["challengeToken": challenge, "code": code]])
    }

    @Test func `a password alone lets nobody in whose sign-ins ask for a code, and a code is good once`() async throws {
        try await APIServer.with { server in
            let (_, phone) = try prepare("ida", server)
            let sessions = try server.sql("SELECT count(*) FROM auth_sessions")
            let first = try challenge("ida", server)
            #expect(try server.sql("SELECT count(*) FROM auth_sessions") == sessions)
            let now = phone.code(server)
            let wrong = now == "000000" ? "000001" : "000000"
            #expect(try verify(first, wrong, server).codes("mfaVerify") == ["MFA_INVALID"])
            let entered = try verify(first, now, server)
            #expect(entered["data.mfaVerify.viewer.user.username"] == "ida", "\(entered.text)")
            let tokens = try server.tokens(entered, "data.mfaVerify")
            #expect(try server.viewer(tokens.access) == "ida")
            #expect(try verify(first, now, server).codes("mfaVerify") == ["TOKEN_EXPIRED"])
            let second = try challenge("ida", server)
            #expect(try verify(second, now, server).codes("mfaVerify") == ["MFA_INVALID"])
            server.pass(seconds: 30)
            #expect(try verify(second, phone.code(server), server).codes("mfaVerify") == [])
        }
    }

    @Test func `an authenticator that was not shown to work asks nobody for a code`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let phone = try TestAuthenticator.begin(ida, server)
            _ = try server.signIn("ida")
            let wrong = try server.ask(TestAuthenticator.confirm, ["id": phone.id, "code": "12345"], token: ida.access)
            #expect(wrong.codes("mfaConfirm") == ["MFA_INVALID"])
            let eve = try server.register("eve")
            let right = phone.code(server)
            let others = try server.ask(TestAuthenticator.confirm, ["id": phone.id, "code": right], token: eve.access)
            #expect(others.codes("mfaConfirm") == ["NOT_FOUND"])
            _ = try server.signIn("ida")
        }
    }

    @Test func `a recovery code opens once, however it is typed, and its owner is told`() async throws {
        try await APIServer.with { server in
            let (_, phone) = try prepare("ida", server)
            let typed = phone.recoveryCodes[0].lowercased().replacing("-", with: " ")
            let tokens = try server.tokens(verify(challenge("ida", server), typed, server), "data.mfaVerify")
            #expect(
                try verify(challenge("ida", server), phone.recoveryCodes[0], server).codes("mfaVerify") == [
                    "MFA_INVALID"
                ]
            )
            let viewer = try server.ask(
                "{ viewer { recoveryCodesLeft mfaFactors { name confirmedAt } notifications { nodes { type } } } }",
                token: tokens.access
            )
            #expect(viewer["data.viewer.recoveryCodesLeft"] == "9")
            #expect(viewer["data.viewer.notifications.nodes.0.type"] == "account.mfa")
            let renewed = try server.ask(
                "mutation { mfaRecoveryCodesRenew { recoveryCodes userErrors { code } } }",
                token: tokens.access
            )
            let new = try #require(renewed["data.mfaRecoveryCodesRenew.recoveryCodes.0"])
            #expect(
                try verify(challenge("ida", server), phone.recoveryCodes[1], server).codes("mfaVerify") == [
                    "MFA_INVALID"
                ]
            )
            #expect(try verify(challenge("ida", server), new, server).codes("mfaVerify") == [])
        }
    }

    @Test func `codes cannot be tried out, and knowing the password does not help`() async throws {
        try await APIServer.with { server in
            let (_, phone) = try prepare("ida", server)
            var codes: [String] = []
            for number in 0..<6 {
                let answer = try verify(challenge("ida", server), "00000\(number)", server)
                codes += answer.codes("mfaVerify")
                if number == 4 { break }
            }
            #expect(codes.allSatisfy { $0 == "MFA_INVALID" } && codes.count == 5)
            let locked = try server.ask(Self.signIn, ["in": ["identifier": "ida", "password": password]])
            #expect(locked.codes("signIn") == ["ACCOUNT_LOCKED"])
            try server.sql("DELETE FROM sign_in_failures")
            #expect(try verify(challenge("ida", server), phone.code(server), server).codes("mfaVerify") == [])
        }
    }

    @Test func `of many codes at once no more are looked at than one after the other`() async throws {
        try await APIServer.with { server in
            _ = try prepare("ida", server)
            let challenges = try (0..<12).map { _ in try challenge("ida", server) }
            let sockets = try challenges.enumerated().map { number, challenge in
                let socket = try server.socket()
                let code = String(repeating: "0", count: 4) + "\(10 + number)"
                try socket.send(
                    server.request(Self.verify, ["in": ["challengeToken": challenge, "code": code]])
                )
                return socket
            }
            let codes = try sockets.flatMap { try APIAnswer(from: $0).codes("mfaVerify") }
            #expect(codes.filter { $0 == "MFA_INVALID" }.count == 5 && codes.count == 12, "\(codes)")
        }
    }

    @Test func `codes of one account are counted wherever they come from`() async throws {
        try await APIServer.with(options: { $0.secondStepsPerMinute = 2 }) { server in
            _ = try prepare("ida", server)
            let challenges = try (0..<3).map { _ in try challenge("ida", server) }
            let answers = try challenges.map { try verify($0, "000000", server) }
            #expect(answers.map(\.errorCode) == [nil, nil, "RATE_LIMITED"])
        }
    }

    @Test(arguments: [true, false])
    func `a sign-in that waits for a code ends with the password it began with`(isReset: Bool) async throws {
        try await APIServer.with { server in
            let (tokens, phone) = try prepare("ida", server)
            let waiting = try challenge("ida", server)
            let newPassword = "quite another sentence"
            if isReset {
                await server.runJobs()
                _ = try server.ask("mutation { passwordResetRequest(email: \"ida@example.org\") { accepted } }")
                let token = try await server.mailedToken(to: "ida@example.org", "Choose a new password")
                _ = try server.ask(
                    "mutation ($in: PasswordResetInput!) { passwordReset(input: $in) { userErrors { code } } }",
                    ["in": ["token": token, "newPassword": newPassword]]
                )
            } else {
                _ = try server.ask(
                    "mutation ($in: PasswordChangeInput!) { passwordChange(input: $in) { userErrors { code } } }",
                    ["in": ["currentPassword": password, "newPassword": newPassword]],
                    token: tokens.access
                )
            }
            #expect(try verify(waiting, phone.code(server), server).codes("mfaVerify") == ["TOKEN_EXPIRED"])
            let fresh = try challenge("ida", server, newPassword)
            #expect(try verify(fresh, phone.code(server), server).codes("mfaVerify") == [])
        }
    }

    @Test func `a challenge is over after five minutes, and others' are none`() async throws {
        try await APIServer.with { server in
            let (_, phone) = try prepare("ida", server)
            let token = try challenge("ida", server)
            server.pass(seconds: 301)
            let late = phone.code(server)
            for token in [token, "", "mc_" + String(repeating: "A", count: 43), String(token.dropLast())] {
                #expect(try verify(token, late, server).codes("mfaVerify") == ["TOKEN_EXPIRED"])
            }
            try server.sql("UPDATE users SET status = 'SUSPENDED'")
            let suspended = try server.ask(Self.signIn, ["in": ["identifier": "ida", "password": password]])
            #expect(suspended.codes("signIn") == ["ACCOUNT_SUSPENDED"])
        }
    }

    @Test func `one code at the same moment lets one in`() async throws {
        try await APIServer.with { server in
            let (_, phone) = try prepare("ida", server)
            let challenges = try (0..<4).map { _ in try challenge("ida", server) }
            let code = phone.code(server)
            let sockets = try challenges.map { token in
                let socket = try server.socket()
                try socket.send(
                    server.request(Self.verify, ["in": ["challengeToken": token, "code": code]])
                )
                return socket
            }
            let answers = try sockets.map { try APIAnswer(from: $0) }
            #expect(answers.filter { $0.codes("mfaVerify") == [] }.count == 1)
        }
    }

    @Test func `a proof of who one is asks for the code as well, and switching off for the proof`() async throws {
        try await APIServer.with { server in
            let (ida, phone) = try prepare("ida", server)
            server.pass(seconds: 700)
            let disable = "mutation ($id: ID!) { mfaDisable(factorId: $id) { viewer { email } userErrors { code } } }"
            let refused = try server.ask(disable, ["id": phone.id], token: ida.access)
            #expect(refused["errors.0.extensions.reason"] == "REAUTHENTICATION_REQUIRED")
            let prove = """
                mutation ($p: String!, $c: String) { reauthenticate(password: $p, code: $c) { validUntil userErrors { code } } }
                """
            func proving(_ variables: [String: Any]) throws -> [String] {
                try server.ask(prove, variables, token: ida.access).codes("reauthenticate")
            }
            #expect(try proving(["p": password]) == ["MFA_INVALID"])
            #expect(try proving(["p": "wrong", "c": phone.code(server)]) == ["INVALID_CREDENTIALS"])
            #expect(try proving(["p": password, "c": phone.code(server)]) == [])
            // The proof is dated by the database, which this clock is ahead of.
            try server.sql("UPDATE auth_sessions SET verified_at = now() + interval '800 seconds'")
            server.pass(seconds: 2)
            let done = try server.ask(disable, ["id": phone.id], token: ida.access)
            #expect(done.codes("mfaDisable") == [], "\(done.text)")
            _ = try server.signIn("ida")
            #expect(try server.sql("SELECT count(*) FROM mfa_factors") == "0")
        }
    }

    @Test func `an account whose address nobody has confirmed gets no authenticator`() async throws {
        try await APIServer.with { server in
            let stranger = try server.register("ida")
            let enroll = "mutation { mfaEnroll(name: \"phone\") { factor { id } userErrors { code } } }"
            let refused = try server.ask(enroll, token: stranger.access)
            #expect(refused.codes("mfaEnroll") == ["EMAIL_UNVERIFIED"], "\(refused.text)")
            #expect(try server.sql("SELECT count(*) FROM mfa_factors") == "0")
            let entry = "SELECT error_code FROM audit_logs WHERE action = 'account.mfa_enroll' AND outcome = 'REFUSED'"
            #expect(try server.sql(entry) == "EMAIL_UNVERIFIED")
            try server.sql("UPDATE users SET email_verified_at = now()")
            #expect(try server.ask(enroll, token: stranger.access).codes("mfaEnroll") == [])
        }
    }

    @Test func `no secret of an authenticator and no code is kept in clear`() async throws {
        try await APIServer.with { server in
            let (_, phone) = try prepare("ida", server)
            let code = phone.code(server)
            let token = try challenge("ida", server)
            _ = try verify(token, code, server)
            let everything = try #require(
                try server.sql(
                    """
                    SELECT string_agg(query_to_xml(format('SELECT * FROM %I', tablename), true, true, '')::text, '')
                    FROM pg_tables WHERE schemaname = 'public'
                    """
                )
            )
            let hex = phone.password.secret.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            for secret in [hex, Base32.encode(phone.password.secret), Base64URL.encode(phone.password.secret), token] {
                #expect(!everything.contains(secret))
            }
            for code in phone.recoveryCodes { #expect(!everything.contains(code)) }
            // Moved to another row, a secret does not open.
            try server.sql("UPDATE mfa_factors SET id = gen_random_uuid() WHERE kind = 'TOTP'")
            server.pass(seconds: 60)
            let moved = try verify(challenge("ida", server), phone.code(server), server)
            #expect(moved.errorCode == "INTERNAL", "\(moved.text)")
        }
    }
}
