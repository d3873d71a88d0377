import Foundation
import SocketTesting
import Testing

@testable import Server

/// Tokens that browsers keep in cookies: decision 28.
@Suite(.timeLimit(.minutes(3))) struct TokenCookieTests {
    private static let access = "__Host-atrium-access"
    private static let refresh = "__Host-atrium-refresh"

    private func with(
        _ cookies: TokenCookies? = TestPage.cookies(),
        _ body: (APIServer, TestPage) async throws -> Void
    ) async throws {
        let server = try await APIServer(cookies: cookies)
        do { try await body(server, TestPage(server)) } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    @Test func `whoever asks for cookies gets both, and no token in the answer`() async throws {
        try await with { server, page in
            try server.register("ida")
            let answer = try page.signIn("ida")
            let path = "data.signIn.outcome.tokens"
            #expect(answer.json["\(path).tokenType"] == "Cookie" && answer.json["\(path).session.id"] != nil)
            #expect(answer.json["\(path).accessToken"] == nil && answer.json["\(path).refreshToken"] == nil)
            let kept = try #require(page.cookies[Self.access])
            #expect(!answer.json.text.contains(kept) && !answer.json.text.contains(page.cookies[Self.refresh] ?? kept))
            #expect(answer.cookies.count == 2)
            let rest = "; Path=/; Max-Age=([0-9]+); HttpOnly; SameSite=Strict; Secure"
            let lasting = try answer.cookies.map { cookie in
                try #require(cookie.firstMatch(of: Regex<(Substring, Substring)>(rest))).1
            }
            #expect(lasting.compactMap { Int($0) }.map { ($0 + 5) / 10 } == [90, 259_200])
            #expect(try page.viewer == "ida")
        }
    }

    @Test func `whoever does not ask gets tokens as ever`() async throws {
        try await with { server, page in
            try server.register("ida")
            let answer = try page.signIn("ida", "x-request-id: a")
            #expect(answer.cookies == [] && answer.json["data.signIn.outcome.tokens.tokenType"] == "Bearer")
            #expect(answer.json["data.signIn.outcome.tokens.refreshToken"] != nil)
        }
    }

    @Test func `registering and a second step keep tokens as well`() async throws {
        try await with { server, page in
            let ida = try server.register("ida")
            let authenticator = try TestAuthenticator.enroll(ida, server)
            let challenge = try page.signIn("ida")
            #expect(challenge.cookies == [])
            let passed = try page.ask(
                "mutation ($in: MfaVerifyInput!) { mfaVerify(input: $in) { \(TestPage.tokens) userErrors { code } } }",
                [
                    "in": [
                        "challengeToken": challenge.json["data.signIn.outcome.challengeToken"] ?? "",
                        "code": authenticator.code(server),
                    ]
                ],
                TestPage.wish
            )
            #expect(passed.cookies.count == 2 && passed.json["data.mfaVerify.tokens.tokenType"] == "Cookie")
            #expect(try page.viewer == "ida")
            let other = TestPage(server)
            let registered = try other.ask(
                "mutation ($in: AccountRegisterInput!) { accountRegister(input: $in) { \(TestPage.tokens) } }",
                ["in": ["email": "max@example.org", "username": "max", "displayName": "max", "password": password]],
                TestPage.wish
            )
            #expect(registered.json["data.accountRegister.tokens.accessToken"] == nil && registered.cookies.count == 2)
            #expect(try other.viewer == "max")
        }
    }

    @Test func `a session goes on by its cookie, once for each, and what is over is taken away`() async throws {
        try await with { server, page in
            try server.register("ida")
            _ = try page.signIn("ida")
            let first = page.cookies
            server.pass(seconds: 1_000)
            #expect(try page.viewer == nil)
            // Only who asks for cookies may go on by one: a script gets no token of it.
            let told = try page.refresh("x-request-id: a")
            #expect(told.json.codes("sessionRefresh") == ["TOKEN_INVALID"] && page.cookies == first)
            let renewed = try page.refresh()
            #expect(renewed.json["data.sessionRefresh.tokens.tokenType"] == "Cookie" && renewed.cookies.count == 2)
            #expect(page.cookies[Self.refresh] != first[Self.refresh])
            #expect(try page.viewer == "ida")
            // Somebody has copied the first one.
            server.pass(seconds: 60)
            let thief = TestPage(server)
            thief.cookies = first
            #expect(try thief.refresh().json.codes("sessionRefresh") == ["TOKEN_REUSED"])
            #expect(thief.cookies == [:])
            server.pass(seconds: 2)
            #expect(try page.viewer == nil)
            #expect(try page.refresh().json.codes("sessionRefresh") == ["TOKEN_INVALID"] && page.cookies == [:])
        }
    }

    @Test func `signing out takes them away, and what is ended elsewhere is of no use a second later`() async throws {
        try await with { server, page in
            let there = try server.register("ida")
            let session = try #require(page.signIn("ida").json["data.signIn.outcome.tokens.session.id"])
            #expect(try page.viewer == "ida")
            _ = try server.ask(
                "mutation ($id: ID!) { authSessionRevoke(id: $id) { sessionId } }",
                ["id": session],
                token: there.access
            )
            server.pass(seconds: 2)
            let over = try page.ask("{ viewer { user { username } } }")
            #expect(over.json.errorCode == "UNAUTHENTICATED")
            _ = try page.signIn("ida")
            let kept = page.cookies
            let out = try page.ask("mutation { signOut { sessionId } }")
            #expect(out.json["data.signOut.sessionId"] != nil && page.cookies == [:])
            #expect(out.cookies.count == 2 && out.cookies.allSatisfy { $0.contains("=; Path=/; Max-Age=0; HttpOnly") })
            page.cookies = kept
            #expect(try page.viewer == nil)
        }
    }

    @Test func `whoever leaves after the access token is over leaves no session behind`() async throws {
        try await with { server, page in
            try server.register("ida")
            let session = try #require(page.signIn("ida").json["data.signIn.outcome.tokens.session.id"])
            page.cookies[Self.access] = nil
            let kept = page.cookies
            let out = "mutation { signOut { sessionId } }"
            #expect(try page.ask(out).json.errorCode == "UNAUTHENTICATED")
            let ended = try page.ask(out, [:], TestPage.wish)
            #expect(ended.json["data.signOut.sessionId"] == session && page.cookies == [:], "\(ended.json.text)")
            page.cookies = kept
            #expect(try page.refresh().json.codes("sessionRefresh") == ["TOKEN_INVALID"])
            page.cookies = kept
            let again = try page.ask(out, [:], TestPage.wish)
            #expect(again.json["data.signOut.sessionId"] == nil && again.json.errorCode == nil && page.cookies == [:])
        }
    }

    @Test func `a cookie without a name passes for none that has one`() async throws {
        try await with { server, page in
            try server.register("ida")
            _ = try page.signIn("ida")
            let (access, refresh) = (page.cookies[Self.access] ?? "", page.cookies[Self.refresh] ?? "")
            page.cookies = [:]
            let viewer = try page.ask("{ viewer { user { username } } }", [:], "cookie: =\(Self.access)=\(access)")
            #expect(viewer.json["data.viewer.user.username"] == nil && viewer.json.errorCode == nil)
            let refreshed = try page.ask(
                "mutation { sessionRefresh(input: {}) { \(TestPage.tokens) userErrors { code } } }",
                [:],
                TestPage.wish,
                "cookie: =\(Self.refresh)=\(refresh)"
            )
            #expect(refreshed.json.codes("sessionRefresh") == ["TOKEN_INVALID"])
        }
    }

    @Test(arguments: [
        ("https://app.example" as String?, "same-site" as String?, 200), ("https://app.example", nil, 200),
        ("https://app.example", "same-origin", 200), (nil, "same-origin", 200), (nil, nil, 403),
        (nil, "same-site", 403),
        (nil, "none", 403), (nil, "cross-site", 403), ("https://app.example", "cross-site", 403),
        ("https://app.example", "none", 403), ("null", "same-site", 403), ("https://evil.example", nil, 403),
        ("https://evil.example", "same-site", 403), ("https://evil.example", "cross-site", 403),
        ("https://app.example.evil.example", "same-site", 403), ("http://app.example", "same-site", 403),
    ])
    func `a cookie counts for pages of this site alone`(origin: String?, site: String?, status: Int) async throws {
        try await with { server, page in
            let ida = try server.register("ida")
            _ = try page.signIn("ida")
            (page.origin, page.site) = (origin, site)
            let change = "mutation { profileUpdate(input: { displayName: \"changed\" }) { userErrors { code } } }"
            for answer in [
                try page.ask(change), try page.get("{ viewer { user { username } } }", "graphql-require-preflight: 1"),
            ] {
                #expect(answer.status == status)
                if status == 403 { #expect(answer.json.errorCode == "FOREIGN_ORIGIN") }
            }
            let name = try server.ask("{ viewer { user { displayName } } }", token: ida.access)[
                "data.viewer.user.displayName"
            ]
            #expect(name == (status == 200 ? "changed" : "ida"))
            // Neither does anybody get one.
            let other = TestPage(server)
            (other.origin, other.site) = (origin, site)
            #expect(try other.signIn("ida").status == status)
            #expect(other.cookies.isEmpty == (status == 403))
            // Who shows who they are otherwise needs none.
            #expect(
                try page.ask("{ viewer { user { username } } }", [:], "authorization: Bearer \(ida.access)").status
                    == 200
            )
            let socket = try page.openSocket()
            if status == 403 { #expect(!String(decoding: socket.said, as: UTF8.self).contains("ida")) }
        }
    }

    @Test func `what runs without being asked for first does not run by cookies either`() async throws {
        try await with { server, page in
            try server.register("ida")
            _ = try page.signIn("ida")
            let bare = try page.get("{ viewer { user { username } } }")
            #expect(bare.status == 403 && bare.json.errorCode == "PREFLIGHT_REQUIRED")
        }
    }

    @Test func `a socket counts for who opened it, by the origin of its page`() async throws {
        try await with { server, page in
            try server.register("ida")
            _ = try page.signIn("ida")
            // By the rule of this server's sockets only pages of the host open one.
            page.origin = "http://test"
            #expect(try page.openSocket().said.starts(with: [0x88]) || page.openSocket().head.hasPrefix("HTTP/1.1 101"))
            page.origin = nil
            let stranger = try page.openSocket()
            #expect(stranger.head.hasPrefix("HTTP/1.1 101") && stranger.said.starts(with: [0x88]))
            #expect(stranger.said.dropFirst(2).starts(with: [0x11, 0x33]), "4403")
            page.origin = "https://evil.example"
            #expect(try page.openSocket().head.hasPrefix("HTTP/1.1 403"))
        }
        let own = TokenCookies(isEncrypted: true) { origin, _ in origin == "http://test" }
        try await with(own) { server, page in
            try server.register("ida")
            (page.origin, page.site) = ("http://test", nil)
            _ = try page.signIn("ida")
            let socket = try page.openSocket()
            #expect(String(decoding: socket.said, as: UTF8.self).contains(#""username":"ida""#))
        }
    }

    @Test func `a cookie is no key of a program, stands once, and comes behind a header`() async throws {
        try await with { server, page in
            let (ida, max) = (try server.register("ida"), try server.register("max"))
            _ = try page.signIn("ida")
            let answer = try page.ask("{ viewer { user { username } } }", [:], "authorization: Bearer \(max.access)")
            #expect(answer.json["data.viewer.user.username"] == "max")
            let wrong = try page.ask("{ viewer { user { username } } }", [:], "authorization: Basic eDp5")
            #expect(wrong.status == 200 && wrong.json["data.viewer.user.username"] == nil)
            let twice = try page.ask("{ viewer { user { username } } }", [:], "cookie: \(Self.access)=\(max.access)")
            #expect(twice.json["data.viewer.user.username"] == nil)
            for value in ["mk_live_abc_def", ida.refresh, ""] {
                page.cookies = [Self.access: value]
                let answer = try page.ask("{ viewer { user { username } } }")
                #expect(
                    answer.status == 200 && answer.json.errorCode == nil
                        && answer.json["data.viewer.user.username"] == nil
                )
            }
            // Without the prefix a neighbour may have set it.
            page.cookies = ["atrium-access": ida.access]
            #expect(try page.viewer == nil)
        }
    }

    @Test func `ways of answering that take no cookies say so, and so does a server without them`() async throws {
        try await with { server, page in
            try server.register("ida")
            #expect(try page.signIn("ida", "atrium-tokens: yes").status == 400)
            let reserved = try page.signIn("ida", "atrium-tokens: cookie\r\nx-graphql-event-stream-token: x")
            #expect(reserved.status >= 400 && reserved.cookies == [])
            let events = try page.signIn("ida", "atrium-tokens: cookie\r\naccept: application/json")
            #expect(events.cookies.count == 2)
        }
        try await with(nil) { server, page in
            let ida = try server.register("ida")
            let refused = try page.signIn("ida")
            #expect(refused.status == 400 && refused.cookies == [] && !refused.json.text.contains("eyJ"))
            page.cookies = [Self.access: ida.access]
            #expect(try page.viewer == nil)
        }
    }

    @Test func `over plain text, for development, they have no prefix`() async throws {
        try await with(TestPage.cookies(isEncrypted: false)) { server, page in
            try server.register("ida")
            let answer = try page.signIn("ida")
            #expect(page.cookies.keys.sorted() == ["atrium-access", "atrium-refresh"])
            #expect(answer.cookies.allSatisfy { $0.hasSuffix("; HttpOnly; SameSite=Strict") })
            #expect(try page.viewer == "ida")
        }
    }
}
