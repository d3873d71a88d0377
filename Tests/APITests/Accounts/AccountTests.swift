import Actions
import Foundation
import Testing

@Suite(.timeLimit(.minutes(3))) struct AccountTests {
    private static let update = """
        mutation ($in: ProfileUpdateInput!) { profileUpdate(input: $in) {
            user { displayName username headline bio links } userErrors { code path } } }
        """

    @Test func `a profile is changed in part, and cleared by null`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let input: [String: Any] = [
                "displayName": " Ida Ångström ", "headline": "Draws", "bio": "One\nTwo",
                "links": ["https://ida.example/"],
                "timeZone": "Europe/Berlin", "locale": "pt-BR",
            ]
            let changed = try server.ask(Self.update, ["in": input], token: ida.access)
            let user = "\"displayName\":\"Ida Ångström\",\"username\":\"ida\""
            #expect(
                changed.text == """
                    {"data":{"profileUpdate":{"user":{\(user),"headline":"Draws","bio":"One\\nTwo",\
                    "links":["https://ida.example/"]},"userErrors":[]}}}
                    """
            )
            let viewer = try server.ask("{ viewer { locale timeZone } }", token: ida.access)
            #expect(viewer.text == #"{"data":{"viewer":{"locale":"pt-BR","timeZone":"Europe/Berlin"}}}"#)
            let cleared = try server.ask(
                Self.update,
                ["in": ["headline": NSNull(), "links": NSNull()]],
                token: ida.access
            )
            #expect(
                cleared.text == """
                    {"data":{"profileUpdate":{"user":{\(user),"headline":null,"bio":"One\\nTwo","links":[]},\
                    "userErrors":[]}}}
                    """
            )
        }
    }

    @Test func `all that is wrong with a profile is said at once, and nothing is changed`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try server.register("max")
            let input: [String: Any] = [
                "displayName": "\u{202e}adI", "username": "admin", "headline": "a\nb", "bio": "\u{0}",
                "links": ["javascript:alert(1)"], "locale": "english please", "timeZone": "Mars/Olympus",
            ]
            let answer = try server.ask(Self.update, ["in": input], token: ida.access)
            let paths = (0..<7).compactMap { answer["data.profileUpdate.userErrors.\($0).path.1"] }
            #expect(paths == ["displayName", "username", "headline", "bio", "locale", "links", "timeZone"])
            let null = try server.ask(Self.update, ["in": ["username": NSNull()]], token: ida.access)
            #expect(null.codes("profileUpdate") == ["INVALID_INPUT"])
            let taken = try server.ask(Self.update, ["in": ["username": "MAX", "bio": "x"]], token: ida.access)
            #expect(taken.codes("profileUpdate") == ["USERNAME_TAKEN"])
            #expect(try server.sql("SELECT string_agg(bio, '') FROM user_profiles") == "")
        }
    }

    private static let change = """
        mutation ($in: PasswordChangeInput!) { passwordChange(input: $in) {
            revokedSessions userErrors { code path } } }
        """

    @Test func `a new password ends all other sessions, and the old one opens nothing`() async throws {
        try await APIServer.with { server in
            let here = try server.register("ida")
            let there = try server.signIn("ida")
            let input = ["currentPassword": password, "newPassword": "another horse entirely"]
            let answer = try server.ask(Self.change, ["in": input], token: here.access)
            #expect(answer["data.passwordChange.revokedSessions"] == "1", "\(answer.text)")
            #expect(try server.viewer(here.access) == "ida")
            #expect(try server.viewer(there.access) == nil)
            #expect(try server.askRefresh(there.refresh).codes("sessionRefresh") == ["TOKEN_INVALID"])
            #expect(try server.askSignIn("ida", password).codes("signIn") == ["INVALID_CREDENTIALS"])
            #expect(try server.askSignIn("ida", "another horse entirely").codes("signIn").isEmpty)
            #expect(
                try server.sql("SELECT count(*) FROM audit_logs WHERE changes::text || metadata::text ~ 'horse'") == "0"
            )
        }
    }

    @Test func `a session that was left open does not help to guess the password`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let wrong = ["currentPassword": "wrong", "newPassword": "another horse entirely"]
            for _ in 0..<5 {
                let answer = try server.ask(Self.change, ["in": wrong], token: ida.access)
                #expect(answer.codes("passwordChange") == ["INVALID_CREDENTIALS"])
            }
            let right = ["currentPassword": password, "newPassword": "another horse entirely"]
            let locked = try server.ask(Self.change, ["in": right], token: ida.access)
            #expect(locked.codes("passwordChange") == ["ACCOUNT_LOCKED"])
        }
    }

    @Test func `a weak password does not take the place of a good one`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let input = ["currentPassword": password, "newPassword": "aaaaaaaaaaaa"]
            let answer = try server.ask(Self.change, ["in": input], token: ida.access)
            #expect(
                answer.text == """
                    {"data":{"passwordChange":{"revokedSessions":null,\
                    "userErrors":[{"code":"WEAK_PASSWORD","path":["input","newPassword"]}]}}}
                    """
            )
            #expect(try server.askSignIn("ida", password).codes("signIn").isEmpty)
        }
    }

    @Test func `dangerous things ask for a proof that is not old, which a password renews`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try server.sql("UPDATE auth_sessions SET verified_at = now() - interval '11 minutes'")
            server.pass(seconds: 2)
            let close = "mutation { accountDeactivate { isDeactivated userErrors { code } } }"
            let refused = try server.ask(close, token: ida.access)
            #expect(refused["errors.0.extensions.reason"] == "REAUTHENTICATION_REQUIRED")
            let prove = "mutation ($p: String!) { reauthenticate(password: $p) { validUntil userErrors { code } } }"
            let wrong = try server.ask(prove, ["p": "wrong"], token: ida.access)
            #expect(wrong.codes("reauthenticate") == ["INVALID_CREDENTIALS"])
            #expect(try server.ask(prove, ["p": password], token: ida.access)["data.reauthenticate.validUntil"] != nil)
            let closed = try server.ask(close, token: ida.access)
            #expect(closed["data.accountDeactivate.isDeactivated"] == "1", "\(closed.text)")
            #expect(try server.viewer(ida.access) == nil)
            #expect(try server.askSignIn("ida", password).codes("signIn") == ["INVALID_CREDENTIALS"])
        }
    }

    @Test func `nobody leaves a team, or the platform, without anybody in charge`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let team = try server.makeTeam("crew", by: ida)
            let close = "accountDeactivate"
            #expect(try server.refusal(close, [:], ida) == "LAST_OWNER")
            #expect(try server.refusal("teamDelete(id: $team)", ["team": team], ida) == nil)
            try server.sql("INSERT INTO user_roles (user_id, role) SELECT id, 'SUPER_ADMIN' FROM users")
            server.pass(seconds: 2)
            #expect(try server.refusal(close, [:], ida) == "LAST_OWNER")
            #expect(try server.viewer(ida.access) == "ida")
        }
    }
}
