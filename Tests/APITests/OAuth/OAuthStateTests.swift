import Actions
import SocketTesting
import Testing

@testable import Credentials

/// What binds a sign-in elsewhere to whoever began it, and to their browser.
@Suite(.timeLimit(.minutes(3))) struct OAuthStateTests {
    private let path = "data.oauthComplete.outcome"

    @Test func `the browser's secret is for this host alone, and nothing of the answer is kept`() async throws {
        try await APIServer.withProvider { server, provider in
            let out = try TestBrowser(server).open(server.startOAuth().address)
            #expect(out.status == 303 && out["location"]?.hasPrefix(provider.issuer + "/authorize?") == true)
            let cookie = try #require(out["set-cookie"])
            #expect(cookie.hasPrefix("__Host-atrium-oauth=mob_"))
            for attribute in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure", "; Max-Age=600"] {
                #expect(cookie.contains(attribute))
            }
            #expect(out["cache-control"] == "no-store" && out["referrer-policy"] == "no-referrer")
        }
    }

    @Test func `what comes back in another browser is refused, and the right one can go on`() async throws {
        try await APIServer.withProvider { server, provider in
            let attempt = try server.startOAuth()
            let browser = TestBrowser(server)
            let back = try provider.agree(at: #require(try browser.open(attempt.address)["location"]))
            let stranger = TestBrowser(server)
            #expect(try stranger.open(back).status == 400)
            // One with a cookie of its own, and one with two of them.
            _ = try stranger.open(server.startOAuth().address)
            #expect(try stranger.open(back).status == 400)
            let (name, secret) = try #require(browser.cookies.first)
            stranger.cookies[name] = "\(secret); \(name)=\(secret)"
            #expect(try stranger.open(back).status == 400)
            #expect(provider.count("/token") == 0)
            let code = try #require(try browser.open(back).query()["code"])
            #expect(try server.askOAuthComplete(attempt.state, code)["\(path).__typename"] == "SignInSuccess")
        }
    }

    @Test func `an address that was come back to is good once`() async throws {
        try await APIServer.withProvider { server, provider in
            let attempt = try server.startOAuth()
            let browser = TestBrowser(server)
            let back = try provider.agree(at: #require(try browser.open(attempt.address)["location"]))
            let code = try #require(try browser.open(back).query()["code"])
            #expect(try browser.open(back).status == 400)
            // Nor does the browser set out again.
            #expect(try browser.open(attempt.address).status == 400)
            #expect(provider.count("/token") == 1)
            let first = try server.askOAuthComplete(attempt.state, code)
            #expect(first["\(path).__typename"] == "SignInSuccess", "\(first.text)")
            #expect(try server.askOAuthComplete(attempt.state, code).codes("oauthComplete") == ["OAUTH_STATE_INVALID"])
        }
    }

    @Test func `of two that come back at the same moment one is taken`() async throws {
        try await APIServer.withProvider { server, provider in
            let attempt = try server.startOAuth()
            let browser = TestBrowser(server)
            let back = try provider.agree(at: #require(try browser.open(attempt.address)["location"]))
            let held = try HeldTransaction(holdAttempt, on: server.connectionString)
            let sockets = try (0..<4).map { _ in try browser.begin(back) }
            try held.end()
            let pages = try sockets.map { try browser.page(at: back, from: $0) }
            #expect(pages.map(\.status).sorted() == [303, 400, 400, 400])
            #expect(provider.count("/token") == 1)
            let code = try #require(pages.first { $0.status == 303 }?.query()["code"])
            #expect(try server.askOAuthComplete(attempt.state, code)["\(path).__typename"] == "SignInSuccess")
        }
    }

    /// Lets those who want the attempt come before any of them has it.
    private let holdAttempt = "PERFORM 1 FROM oauth_attempts FOR UPDATE"

    @Test func `of two that end a sign-in at the same moment one is signed in`() async throws {
        try await APIServer.withProvider { server, provider in
            let attempt = try server.startOAuth()
            let browser = TestBrowser(server)
            let back = try provider.agree(at: #require(try browser.open(attempt.address)["location"]))
            let code = try #require(try browser.open(back).query()["code"])
            let complete = """
                mutation ($in: OAuthCompleteInput!) { oauthComplete(input: $in) {
                    outcome { __typename } userErrors { code }
                } }
                """
            let held = try HeldTransaction(holdAttempt, on: server.connectionString)
            let sockets = try (0..<4).map { _ in
                let socket = try server.socket()
                try socket.send(server.request(complete, ["in": ["state": attempt.state, "code": code]]))
                return socket
            }
            try held.end()
            let answers = try sockets.map { try APIAnswer(from: $0) }
            #expect(answers.count { $0["\(path).__typename"] == "SignInSuccess" } == 1)
            #expect(answers.count { $0.codes("oauthComplete") == ["OAUTH_STATE_INVALID"] } == 3)
            #expect(
                try server.sql("SELECT count(*) || ' ' || (SELECT count(*) FROM users) FROM auth_sessions") == "1 1"
            )
        }
    }

    @Test func `what the browser brings is of no use without what whoever began it has kept`() async throws {
        try await APIServer.withProvider { server, provider in
            let attempt = try server.startOAuth()
            let browser = TestBrowser(server)
            let back = try provider.agree(at: #require(try browser.open(attempt.address)["location"]))
            let code = try #require(try browser.open(back).query()["code"])
            for state in [try server.startOAuth().state, OpaqueToken.random(.oauthState).text, "", code] {
                #expect(try server.askOAuthComplete(state, code).codes("oauthComplete") == ["OAUTH_STATE_INVALID"])
            }
            for wrong in [OpaqueToken.random(.oauthCode).text, "", attempt.state, "moc_'"] {
                let answer = try server.askOAuthComplete(attempt.state, wrong)
                #expect(answer.codes("oauthComplete") == ["OAUTH_STATE_INVALID"])
            }
            #expect(try server.askOAuthComplete(attempt.state, code)["\(path).__typename"] == "SignInSuccess")
        }
    }

    @Test func `after ten minutes each step is too late`() async throws {
        try await APIServer.withProvider { server, provider in
            let early = try server.startOAuth()
            let begun = try server.startOAuth()
            let returned = try server.startOAuth()
            let browser = TestBrowser(server)
            let there = try provider.agree(at: #require(try browser.open(begun.address)["location"]))
            let back = try provider.agree(at: #require(try browser.open(returned.address)["location"]))
            let code = try #require(try browser.open(back).query()["code"])
            server.pass(seconds: 601)
            #expect(try browser.open(early.address).status == 400)
            #expect(try browser.open(there).status == 400)
            #expect(try server.askOAuthComplete(returned.state, code).codes("oauthComplete") == ["OAUTH_STATE_INVALID"])
        }
    }

    @Test func `two windows of a browser are on their way at once`() async throws {
        try await APIServer.withProvider { server, provider in
            let (first, second) = (try server.startOAuth(), try server.startOAuth())
            let browser = TestBrowser(server)
            let one = try provider.agree(at: #require(try browser.open(first.address)["location"]))
            let other = try provider.agree(at: #require(try browser.open(second.address)["location"]))
            let codes = [try browser.open(one), try browser.open(other)].map { try? $0.query()["code"] }
            for (attempt, code) in zip([first, second], codes) {
                let answer = try server.askOAuthComplete(attempt.state, #require(code ?? nil))
                #expect(answer["\(path).__typename"] == "SignInSuccess", "\(answer.text)")
            }
        }
    }

    @Test func `codes of two browsers cannot be exchanged`() async throws {
        try await APIServer.withProvider { server, provider in
            let (mine, theirs) = (TestBrowser(server), TestBrowser(server))
            let (attempt, other) = (try server.startOAuth(), try server.startOAuth())
            let back = try provider.agree(at: #require(try mine.open(attempt.address)["location"]))
            let stolen = try provider.agree(at: #require(try theirs.open(other.address)["location"]))
            // The state of mine with the code of theirs: the provider holds the code against the browser's proof.
            let code = try #require(stolen.firstMatch(of: /code=([^&]+)/)?.output.1)
            let forged = back.replacing(/code=[^&]+/, with: "code=\(code)")
            let answer = try server.askOAuthComplete(
                attempt.state,
                try #require(mine.open(forged).query()["code"])
            )
            #expect(answer.codes("oauthComplete") == ["OAUTH_REJECTED"], "\(answer.text)")
        }
    }

    @Test(arguments: [
        "https://evil.example/oauth", "https://app.example/oauth/../evil", "https://app.example/oauth?x=1",
        "https://app.example.evil.example/oauth", "https://app.example@evil.example/oauth", "//evil.example", "",
        "javascript:alert(1)", "https://app.example/oauth#x", "https://APP.example/oauth", "http://app.example/oauth",
    ])
    func `nobody is led to an address that is not configured`(address: String) async throws {
        try await APIServer.withProvider { server, _ in
            let answer = try server.askOAuthStart(returnTo: address)
            #expect(answer.codes("oauthStart") == ["INVALID_INPUT"], "\(answer.text)")
            #expect(answer["data.oauthStart.userErrors.0.path.1"] == "redirectUri")
            #expect(try server.sql("SELECT count(*) FROM oauth_attempts") == "0")
        }
    }

    @Test func `an address of ours with a query keeps it`() async throws {
        try await APIServer.withProvider { server, provider in
            let answer = try server.askOAuthStart(returnTo: "https://app.example/other?from=oauth")
            let browser = TestBrowser(server)
            let there = try browser.open(#require(answer["data.oauthStart.authorizationUrl"]))["location"]
            let back = try browser.open(provider.agree(at: #require(there)))
            #expect(back["location"]?.hasPrefix("https://app.example/other?from=oauth&code=moc_") == true)
        }
    }

    @Test(arguments: [
        "/auth/oauth/google/begin", "/auth/oauth/google/begin?ticket=mot_x", "/auth/oauth/google/begin?ticket=%zz",
        "/auth/oauth/google/callback", "/auth/oauth/google/callback?state=a&state=b&code=c",
        "/auth/oauth/google/callback?state=mor_x&code=%00",
    ])
    func `addresses that lead nowhere say so`(target: String) async throws {
        try await APIServer.withProvider { server, _ in
            let browser = TestBrowser(server)
            browser.cookies["__Host-atrium-oauth"] = OpaqueToken.random(.oauthBrowser).text
            let page = try browser.open("https://api.example" + target)
            #expect(page.status == 400 && page["location"] == nil)
            #expect(try browser.open("https://api.example" + target, method: "HEAD").status == 405)
            #expect(try browser.open("https://api.example/auth/oauth/other/begin").status == 404)
        }
    }

    @Test func `a provider's way is not gone on with at another one's`() async throws {
        try await APIServer.withProvider { server, provider in
            let attempt = try server.startOAuth()
            let browser = TestBrowser(server)
            #expect(try browser.open(attempt.address.replacing("/google/", with: "/github/")).status == 400)
            let back = try provider.agree(at: #require(try browser.open(attempt.address)["location"]))
            #expect(try browser.open(back.replacing("/google/", with: "/github/")).status == 400)
            let mixed = try browser.open(back + "&iss=https%3A%2F%2Fevil.example")
            let answer = try server.askOAuthComplete(attempt.state, try #require(mixed.query()["code"]))
            #expect(answer.codes("oauthComplete") == ["OAUTH_REJECTED"])
            #expect(provider.count("/token") == 0)
        }
    }

    @Test func `the table holds no secret of a sign-in under way`() async throws {
        try await APIServer.withProvider { server, provider in
            let attempt = try server.startOAuth()
            let browser = TestBrowser(server)
            let there = try #require(try browser.open(attempt.address)["location"])
            let code = try #require(try browser.open(provider.agree(at: there)).query()["code"])
            let row = try #require(try server.sql("SELECT row_to_json(a)::text FROM oauth_attempts a"))
            for secret in [attempt.state, code] + browser.cookies.values {
                #expect(!row.contains(secret) && !row.contains(Hex.text(secret)))
            }
        }
    }

    @Test func `somebody who begins without end is held up`() async throws {
        try await APIServer.withProvider(options: { $0.oauthStepsPerMinute = 4 }) { server, _ in
            let attempt = try server.startOAuth()
            for _ in 0..<3 { _ = try server.startOAuth() }
            #expect(try server.askOAuthStart().errorCode == "RATE_LIMITED")
            #expect(try TestBrowser(server).open(attempt.address).status == 429)
        }
    }
}

/// As PostgreSQL shows bytes.
private enum Hex {
    static func text(_ text: String) -> String {
        text.utf8.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
