import Actions
import Data
import EventLoop
import Mail
import SocketTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct APIKeyTests {
    private static let create = """
        mutation ($in: ApiKeyCreateInput!) { apiKeyCreate(input: $in) {
            secret apiKey { id prefix status scopes allowedIpRanges lastUsedAt } userErrors { code path }
        } }
        """

    struct Key {
        let id: String
        let secret: String
    }

    private func make(
        _ scopes: [String],
        of owner: TestTokens,
        _ server: APIServer,
        ranges: [String] = []
    ) throws -> Key {
        let answer = try server.ask(
            Self.create,
            ["in": ["name": "robot", "scopes": scopes, "allowedIpRanges": ranges]],
            token: owner.access
        )
        return Key(
            id: try #require(answer["data.apiKeyCreate.apiKey.id"], "\(answer.text)"),
            secret: try #require(answer["data.apiKeyCreate.secret"])
        )
    }

    @Test func `a program with a key does what its scopes allow, as its owner`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let team = try server.makeTeam("crew", by: ida)
            let key = try make(["PROFILE_READ", "TEAM_READ"], of: ida, server)
            let viewer = try server.ask(
                """
                { viewer { email teams { nodes { slug } }
                    authentication { method scopes lastVerifiedAt session { id } apiKey { prefix status } } } }
                """,
                token: key.secret
            )
            #expect(viewer["data.viewer.email"] == "ida@example.org")
            #expect(viewer["data.viewer.teams.nodes.0.slug"] == "crew")
            #expect(viewer["data.viewer.authentication.method"] == "API_KEY")
            #expect(viewer.count("data.viewer.authentication.scopes") == 2)
            #expect(viewer["data.viewer.authentication.apiKey.status"] == "ACTIVE")
            #expect(viewer.text.contains(#""session":null"#) && viewer.text.contains(#""lastVerifiedAt":null"#))
            let found = try server.ask(
                "query ($id: ID!) { team(id: $id) { slug } node(id: $id) { id } }",
                ["id": team],
                token: key.secret
            )
            #expect(found["data.team.slug"] == "crew" && found["data.node.id"] == team)
        }
    }

    @Test func `what no scope allows is refused, whatever its owner may`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let team = try server.makeTeam("crew", by: ida)
            let key = try make(["CHAT_READ"], of: ida, server)
            let user = try server.userID(ida)
            func reason(_ text: String, _ secret: String = key.secret) throws -> String? {
                try server.ask(text, token: secret)["errors.0.extensions.reason"]
            }
            #expect(try reason("{ team(id: \"\(team)\") { slug } }") == "MISSING_SCOPE")
            #expect(try reason("{ viewer { email } }") == "MISSING_SCOPE")
            #expect(
                try reason("mutation { teamUpdate(input: {id: \"\(team)\", name: \"Mine\"}) { userErrors { code } } }")
                    == "MISSING_SCOPE"
            )
            for id in [team, user, key.id, ida.session] {
                let node = try server.ask(
                    "query ($id: ID!) { node(id: $id) { __typename } }",
                    ["id": id],
                    token: key.secret
                )
                #expect(node.text == #"{"data":{"node":null}}"#)
            }
            let wide = try make(
                [
                    "PROFILE_READ", "PROFILE_WRITE", "TEAM_READ", "TEAM_WRITE", "CHAT_READ", "CHAT_WRITE", "FILE_READ",
                    "FILE_WRITE", "NOTIFICATION_READ", "NOTIFICATION_WRITE", "NOTIFICATION_SEND", "AUDIT_READ",
                ],
                of: ida,
                server
            )
            for field in ["authSessions { id }", "securityLog { nodes { action } }", "apiKeys { nodes { id } }"] {
                #expect(try reason("{ viewer { \(field) } }", wide.secret) == "SESSION_REQUIRED", "\(field)")
            }
            for mutation in [
                "signOut { sessionId }", "signOutEverywhere { revokedCount }",
                "apiKeyRevoke(id: \"\(wide.id)\") { userErrors { code } }",
                "apiKeyCreate(input: {name: \"x\", scopes: [CHAT_READ]}) { secret }",
                "passwordChange(input: {currentPassword: \"\(password)\", newPassword: \"another one entirely\"}) { revokedSessions }",
                "teamDelete(id: \"\(team)\") { deletedTeamId }", "accountDeactivate { isDeactivated }",
            ] {
                #expect(try reason("mutation { \(mutation) }", wide.secret) == "SESSION_REQUIRED", "\(mutation)")
            }
            #expect(try server.viewer(ida.access) == "ida")
        }
    }

    @Test func `a key that is wrong, revoked, over or shown elsewhere is as good as none`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let scopes = ["PROFILE_READ"]
            let good = try make(scopes, of: ida, server, ranges: ["127.0.0.0/8", "10.1.2.3/16"])
            #expect(try server.viewer(good.secret) == "ida")
            let elsewhere = try make(scopes, of: ida, server, ranges: ["10.0.0.0/8", "::1"])
            #expect(try server.viewer(elsewhere.secret) == nil)
            let other = try make(scopes, of: ida, server)
            let prefix = good.secret.prefix(21)
            let forged = [
                String(prefix) + other.secret.dropFirst(21), String(good.secret.dropLast()), good.secret + "A",
                "mk_live_",
                "mk_live_aaaaaaaaaaaa_" + String(repeating: "A", count: 43), good.secret.uppercased(),
            ]
            for secret in forged { #expect(try server.viewer(secret) == nil, "\(secret)") }
            #expect(try server.ask("{ node(id: \"usr_1\") { id } }", token: forged[0]).errorCode == "UNAUTHENTICATED")
            let revoke = "mutation ($id: ID!) { apiKeyRevoke(id: $id) { apiKey { status } userErrors { code } } }"
            #expect(
                try server.ask(revoke, ["id": good.id], token: ida.access)["data.apiKeyRevoke.apiKey.status"]
                    == "REVOKED"
            )
            #expect(try server.viewer(good.secret) == nil)
            let eve = try server.register("eve")
            #expect(try server.ask(revoke, ["id": other.id], token: eve.access).codes("apiKeyRevoke") == ["NOT_FOUND"])
            #expect(try server.viewer(other.secret) == "ida")
            try server.sql("UPDATE api_keys SET expires_at = now() + interval '1 minute'")
            server.pass(seconds: 61)
            #expect(try server.viewer(other.secret) == nil)
            let third = try make(scopes, of: ida, server)
            try server.sql("UPDATE users SET status = 'SUSPENDED' WHERE username = 'ida'")
            server.pass(seconds: 2)
            #expect(try server.viewer(third.secret) == nil)
        }
    }

    @Test func `the secret before counts on for as long as was said`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let key = try make(["PROFILE_READ"], of: ida, server)
            let rotate = """
                mutation ($id: ID!, $s: Int! = 60) { apiKeyRotate(id: $id, overlapSeconds: $s) { secret userErrors { code } } }
                """
            let new = try #require(
                try server.ask(rotate, ["id": key.id], token: ida.access)["data.apiKeyRotate.secret"]
            )
            #expect(new.prefix(21) == key.secret.prefix(21) && new != key.secret)
            #expect(try server.viewer(new) == "ida")
            #expect(try server.viewer(key.secret) == "ida")
            server.pass(seconds: 61)
            #expect(try server.viewer(key.secret) == nil)
            #expect(try server.viewer(new) == "ida")
            let newest = try #require(
                try server.ask(rotate, ["id": key.id, "s": 0], token: ida.access)["data.apiKeyRotate.secret"]
            )
            #expect(try server.viewer(new) == nil)
            #expect(try server.viewer(newest) == "ida")
            try server.sql("UPDATE api_keys SET status = 'REVOKED'")
            let late = try server.ask(rotate, ["id": key.id], token: ida.access)
            #expect(late.codes("apiKeyRotate") == ["INVALID_TRANSITION"])
        }
    }

    @Test func `what is wrong with a key to be is told at once`() async throws {
        try await APIServer.with(options: { $0.keyLimit = 2 }) { server in
            let ida = try server.register("ida")
            let bad: [String: Any] = [
                "name": " ", "scopes": [String](), "allowedIpRanges": ["10.0.0.0/33"],
                "expiresAt": "2020-01-01T00:00:00Z",
            ]
            let answer = try server.ask(Self.create, ["in": bad], token: ida.access)
            #expect(answer.codes("apiKeyCreate").count == 4 && Set(answer.codes("apiKeyCreate")) == ["INVALID_INPUT"])
            for _ in 0..<2 { _ = try make(["CHAT_READ"], of: ida, server) }
            let third = try server.ask(Self.create, ["in": ["name": "x", "scopes": ["CHAT_READ"]]], token: ida.access)
            #expect(third.codes("apiKeyCreate") == ["QUOTA_EXCEEDED"])
            server.pass(seconds: 700)
            let late = try server.ask(Self.create, ["in": ["name": "x", "scopes": ["CHAT_READ"]]], token: ida.access)
            #expect(late["errors.0.extensions.reason"] == "REAUTHENTICATION_REQUIRED")
        }
    }

    @Test func `no key is kept in clear, its use is written down, and what it does is told by its prefix`() async throws
    {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let key = try make(["PROFILE_READ", "TEAM_WRITE"], of: ida, server)
            let made = try server.ask(
                "mutation { teamCreate(input: {name: \"Crew\", slug: \"crew\"}) { userErrors { code } } }",
                token: key.secret
            )
            #expect(made.codes("teamCreate") == [], "\(made.text)")
            #expect(
                try server.sql(
                    "SELECT actor_kind || ' ' || (metadata ->> 'apiKey') FROM audit_logs WHERE action = 'team.create'"
                )
                    == "API_KEY \(key.secret.dropFirst(8).prefix(12))"
            )
            #expect(try server.sql("SELECT count(*) FROM api_keys WHERE last_used_at IS NOT NULL") == "1")
            let everything = try server.sql(
                """
                SELECT string_agg(query_to_xml(format('SELECT * FROM %I', tablename), true, true, '')::text, '')
                FROM pg_tables WHERE schemaname = 'public'
                """
            )
            #expect(everything?.contains("crew") == true && everything?.contains(key.secret.dropFirst(21)) == false)
        }
    }

    @Test func `the owner is mailed of each key, and of each new secret`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try server.sql("UPDATE users SET email_verified_at = now(), status = 'ACTIVE'")
            await server.runJobs()
            let key = try make(["PROFILE_READ"], of: ida, server)
            _ = try server.ask(
                "mutation ($id: ID!) { apiKeyRotate(id: $id) { userErrors { code } } }",
                ["id": key.id],
                token: ida.access
            )
            let made = try await server.mail(to: "ida@example.org", "A key was made")
            #expect(made.text.contains("“robot”") && !made.text.contains(key.secret))
            _ = try await server.mail(to: "ida@example.org", "A key has a new secret")
            let told = "SELECT count(*) FROM notifications WHERE type = 'account.access'"
            #expect(try server.sql(told) == "2")
            // Told by mail once, not by that of the notification besides.
            let brought = "SELECT count(*) FROM notification_deliveries WHERE channel = 'EMAIL'"
            #expect(try server.sql(brought) == "0")
        }
    }

    @Test func `the use of a key is that of its secret, from where it may be used`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let key = try make(["PROFILE_READ"], of: ida, server)
            let elsewhere = try make(["PROFILE_READ"], of: ida, server, ranges: ["10.0.0.0/8"])
            let forged = String(key.secret.prefix(21)) + String(repeating: "A", count: 43)
            #expect(try server.viewer(forged) == nil)
            #expect(try server.viewer(elsewhere.secret) == nil)
            let used = "SELECT count(*) FROM api_keys WHERE last_used_at IS NOT NULL"
            #expect(try server.sql(used) == "0")
            // Nor does somebody who tries hide the use by its owner.
            #expect(try server.viewer(key.secret) == "ida")
            #expect(try server.sql(used) == "1")
        }
    }

    @Test func `what a secret has let in ends with that secret`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let key = try make(["PROFILE_READ"], of: ida, server)
            let identity = server.identity
            func goesOn(_ principal: Principal) async throws -> Bool {
                try await server.group.loops[0].start { try await identity.goesOn(principal) }
            }
            let old = try await server.group.loops[0].start {
                try await identity.principal(apiKey: key.secret, from: nil)
            }
            let subscriber = try old.get()
            #expect(try await goesOn(subscriber))
            _ = try server.ask(
                "mutation ($id: ID!) { apiKeyRotate(id: $id, overlapSeconds: 60) { userErrors { code } } }",
                ["id": key.id],
                token: ida.access
            )
            #expect(try await goesOn(subscriber))
            server.pass(seconds: 61)
            #expect(try await !goesOn(subscriber))
        }
    }

    @Test func `ten requests with a key cost one look-up`() async throws {
        try await APIServer.with { server in
            let key = try make(["PROFILE_READ"], of: server.register("ida"), server)
            #expect(try server.viewer(key.secret) == "ida")
            let before = try await server.statements()
            for _ in 0..<10 { #expect(try server.viewer(key.secret) == "ida") }
            #expect(try await server.statements() - before <= 1)
        }
    }
}
