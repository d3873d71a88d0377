import Foundation
import Testing

@Suite(.timeLimit(.minutes(3))) struct SettingTests {
    private static let update = """
        mutation ($s: [SettingInput!]!) { settingsUpdate(settings: $s) {
            settings { key value isDefault version } userErrors { code path ... on StaleVersionError { currentVersion } }
        } }
        """
    private static let updateTeam = """
        mutation ($team: ID!, $s: [SettingInput!]!) { teamSettingsUpdate(teamId: $team, settings: $s) {
            settings { key value } userErrors { code path }
        } }
        """
    private static let updateApplication = """
        mutation ($s: [SettingInput!]!) { applicationSettingsUpdate(settings: $s) {
            settings { key value } userErrors { code path }
        } }
        """

    private func values(_ answer: APIAnswer, _ path: String) -> [String: String] {
        var values: [String: String] = [:]
        for number in 0..<answer.count(path) {
            if let key = answer["\(path).\(number).key"] { values[key] = answer["\(path).\(number).value"] }
        }
        return values
    }

    @Test func `settings are what they were until somebody changes them, and go back`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let query =
                "{ viewer { settings(prefix: \"appearance.\") { key value isDefault version updatedBy { username } } } }"
            let before = try server.ask(query, token: ida.access)
            #expect(values(before, "data.viewer.settings")["appearance.theme"] == "system")
            #expect(before.count("data.viewer.settings") == 3)
            let dark: [[String: Any]] = [
                ["key": "appearance.theme", "value": "dark"], ["key": "chat.send_with_enter", "value": "false"],
            ]
            let changed = try server.ask(Self.update, ["s": dark], token: ida.access)
            #expect(changed.codes("settingsUpdate") == [], "\(changed.text)")
            let after = try server.ask(query, token: ida.access)
            #expect(values(after, "data.viewer.settings")["appearance.theme"] == "dark")
            #expect(after["data.viewer.settings.0.version"] == "1")
            #expect(after["data.viewer.settings.0.updatedBy.username"] == "ida")
            let back: [[String: Any]] = [["key": "appearance.theme", "value": NSNull()]]
            let restored = try server.ask(Self.update, ["s": back], token: ida.access)
            #expect(restored["data.settingsUpdate.settings.0.value"] == "system")
            #expect(restored["data.settingsUpdate.settings.0.isDefault"] == "1")
            let eve = try server.register("eve")
            #expect(
                values(try server.ask(query, token: eve.access), "data.viewer.settings")["appearance.theme"] == "system"
            )
            #expect(
                try server.sql(
                    "SELECT changes FROM audit_logs WHERE action = 'settings.update' ORDER BY sequence LIMIT 1"
                )?
                .contains(#"{"after": "dark", "field": "appearance.theme", "before": "system"}"#) == true
            )
        }
    }

    @Test func `what is wrong is told at once, and nothing is changed`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let bad: [[String: Any]] = [
                ["key": "appearance.theme", "value": "pink"], ["key": "appearance.density", "value": "compact"],
                ["key": "nothing.such", "value": "1"], ["key": "invites.days", "value": "3"],
                ["key": "registration.open", "value": "false"], ["key": "appearance.density", "value": "comfortable"],
            ]
            let answer = try server.ask(Self.update, ["s": bad], token: ida.access)
            #expect(
                answer.codes("settingsUpdate") == [
                    "INVALID_INPUT", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND", "INVALID_INPUT",
                ]
            )
            #expect(answer["data.settingsUpdate.userErrors.0.path.1"] == "0")
            #expect(try server.sql("SELECT count(*) FROM settings") == "0")
        }
    }

    @Test func `who has seen an older version changes nothing`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            func set(_ value: String, _ version: Int) throws -> APIAnswer {
                let change: [[String: Any]] = [
                    ["key": "appearance.density", "value": "compact"],
                    ["key": "appearance.theme", "value": value, "expectedVersion": version],
                ]
                return try server.ask(Self.update, ["s": change], token: ida.access)
            }
            #expect(try set("dark", 3).codes("settingsUpdate") == ["STALE_VERSION"])
            #expect(try server.sql("SELECT count(*) FROM settings") == "0")
            #expect(try set("dark", 0).codes("settingsUpdate") == [])
            #expect(try set("light", 0)["data.settingsUpdate.userErrors.0.currentVersion"] == "1")
            #expect(try set("light", 1).codes("settingsUpdate") == [])
            #expect(try server.sql("SELECT value FROM settings WHERE key = 'appearance.theme'") == "light")
        }
    }

    @Test func `settings of a team are changed by those who may change it, and mean something`() async throws {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            let member = try server.join("member", "crew", as: "MEMBER")
            let stranger = try server.register("stranger")
            let days: [String: Any] = [
                "team": team,
                "s": [["key": "invites.days", "value": "2"], ["key": "invites.roles", "value": "guest"]],
            ]
            #expect(
                try server.ask(Self.updateTeam, days, token: member.access).codes("teamSettingsUpdate") == ["FORBIDDEN"]
            )
            #expect(
                try server.ask(Self.updateTeam, days, token: stranger.access).codes("teamSettingsUpdate") == [
                    "NOT_FOUND"
                ]
            )
            #expect(try server.ask(Self.updateTeam, days, token: owner.access).codes("teamSettingsUpdate") == [])
            let seen = try server.ask("{ viewer { teams { nodes { settings { key value } } } } }", token: member.access)
            #expect(values(seen, "data.viewer.teams.nodes.0.settings")["invites.days"] == "2")
            func invite(_ role: String) throws -> String? {
                let text = "teamInviteCreate(input: {teamId: $team, email: \"\(role)@example.org\", role: \(role)})"
                return try server.refusal(text, ["team": team], owner)
            }
            #expect(try invite("MEMBER") == "FORBIDDEN")
            #expect(try invite("GUEST") == nil)
            let lasts = "SELECT round(extract(epoch FROM expires_at - created_at) / 86400) FROM team_invites"
            #expect(try server.sql(lasts) == "2")
        }
    }

    @Test func `the platform's are for those who may do everything, and strangers may read what is public`()
        async throws
    {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let close: [String: Any] = ["s": [["key": "registration.open", "value": "false"]]]
            #expect(
                try server.ask(Self.updateApplication, close, token: ida.access)["errors.0.extensions.reason"]
                    == "MISSING_ROLE"
            )
            try server.sql("INSERT INTO user_roles (user_id, role) SELECT id, 'SUPER_ADMIN' FROM users")
            server.pass(seconds: 2)
            #expect(
                try server.ask(Self.updateApplication, close, token: ida.access).codes("applicationSettingsUpdate")
                    == []
            )
            let open = try server.ask(
                "{ applicationSettings(prefix: \"registration\") { key value } settingDefinitions { key } }"
            )
            #expect(open["data.applicationSettings.0.value"] == "false")
            #expect(open.count("data.settingDefinitions") > 8)
            let refused = try server.ask(
                """
                mutation { accountRegister(input: {email: "x@example.org", password: "a long enough one", displayName: "x"}) {
                    userErrors { code } } }
                """
            )
            #expect(refused["errors.0.extensions.reason"] == "REGISTRATION_CLOSED", "\(refused.text)")
        }
    }
}
