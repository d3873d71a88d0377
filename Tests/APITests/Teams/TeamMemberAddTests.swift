import Mail
import Testing
import WaitTesting

@Suite struct TeamMemberAddTests {
    @Test func `somebody is made a member, told of it, and waits for no invitation any more`() async throws {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            let ida = try server.register("ida")
            let user = try server.userID(ida)
            let invite = "teamInviteCreate(input: {teamId: $team, email: \"Ida@example.org\", role: GUEST})"
            #expect(try server.refusal(invite, ["team": team], owner) == nil)
            let answer = try server.ask(
                """
                mutation ($t: ID!, $u: ID!) { teamMemberAdd(teamId: $t, userId: $u) {
                    member { role user { username } invitedBy { username } team { memberCount } } userErrors { code } } }
                """,
                ["t": team, "u": user],
                token: owner.access
            )
            #expect(answer["data.teamMemberAdd.member.user.username"] == "ida", "\(answer.text)")
            #expect(answer["data.teamMemberAdd.member.role"] == "MEMBER")
            #expect(answer["data.teamMemberAdd.member.team.memberCount"] == "2")
            #expect(try server.sql("SELECT status FROM team_invites") == "ACCEPTED")
            let told = try server.ask(
                "{ viewer { notifications { nodes { type title } } teams { nodes { slug } } } }",
                token: ida.access
            )
            let notice = #"{"type":"team.membership","title":"You are member of the team “Team crew” now"}"#
            #expect(told.text.contains(notice), "\(told.text)")
            #expect(told["data.viewer.teams.nodes.0.slug"] == "crew")
            let add = "teamMemberAdd(teamId: $team, userId: $user)"
            #expect(try server.refusal(add, ["team": team, "user": user], owner) == "ALREADY_MEMBER")
        }
    }

    @Test func `nobody is added above one's own role, closed accounts not at all, and members where guests are wanted`()
        async throws
    {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            let admin = try server.join("admina", "crew", as: "ADMIN")
            let user = try server.userID(server.register("ida"))
            func add(_ role: String, _ user: String, by actor: TestTokens) throws -> String? {
                let text = "teamMemberAdd(teamId: $team, userId: $user, role: \(role))"
                return try server.refusal(text, ["team": team, "user": user], actor)
            }
            #expect(try add("OWNER", user, by: owner) == "FORBIDDEN")
            #expect(try add("MEMBER", "usr_00000000000000000000000000", by: admin) == "NOT_FOUND")
            #expect(try add("MEMBER", team, by: admin) == "NOT_FOUND")
            try server.sql("UPDATE users SET status = 'SUSPENDED' WHERE username = 'ida'")
            #expect(try add("MEMBER", user, by: admin) == "NOT_FOUND")
            try server.sql("UPDATE users SET status = 'ACTIVE' WHERE username = 'ida'")
            let only = "teamSettingsUpdate(teamId: $team, settings: [{key: \"invites.roles\", value: \"guest\"}])"
            #expect(try server.refusal(only, ["team": team], owner) == nil)
            #expect(try add("MEMBER", user, by: admin) == "FORBIDDEN")
            #expect(try add("GUEST", user, by: admin) == nil)
        }
    }

    @Test func `nobody is added by whom they have blocked, nor told what those do to them`() async throws {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            let ida = try server.join("ida", "crew", as: "MEMBER")
            let user = try server.userID(ida)
            let block = "userBlock(userId: $user)"
            #expect(try server.refusal(block, ["user": server.userID(owner)], ida) == nil)
            let remove = "teamMemberRemove(teamId: $team, userId: $user)"
            #expect(try server.refusal(remove, ["team": team, "user": user], owner) == nil)
            #expect(try server.sql("SELECT count(*) FROM notifications") == "0")
            let add = "teamMemberAdd(teamId: $team, userId: $user)"
            #expect(try server.refusal(add, ["team": team, "user": user], owner) == "NOT_FOUND")
            #expect(try server.sql("SELECT count(*) FROM team_members") == "1")
            // Whose address it is, and that they have blocked somebody, is not told by an invitation, either.
            try server.sql("UPDATE users SET status = 'ACTIVE', email_verified_at = now()")
            for name in ["ida", "new"] {
                let invite = "teamInviteCreate(input: {teamId: $team, email: \"\(name)@example.org\"})"
                #expect(try server.refusal(invite, ["team": team], owner) == nil)
            }
            let mails = "SELECT string_agg(to_address, ' ') FROM email_messages WHERE template_key = 'team_invitation'"
            #expect(try server.sql(mails) == "new@example.org")
            #expect(try server.sql("SELECT count(*) FROM notifications") == "0")
        }
    }

    @Test func `who is added and removed by turns gets one mail of either until they have read it`() async throws {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            let ida = try server.register("ida")
            try server.sql("UPDATE users SET status = 'ACTIVE', email_verified_at = now()")
            await server.runJobs()
            let user = try server.userID(ida)
            func turn() async throws {
                for mutation in ["teamMemberAdd", "teamMemberRemove"] {
                    let text = "\(mutation)(teamId: $team, userId: $user)"
                    #expect(try server.refusal(text, ["team": team, "user": user], owner) == nil)
                }
                let waiting = "SELECT count(*) FROM jobs WHERE status IN ('QUEUED', 'RUNNING', 'RETRYING')"
                try await eventually("the last mail") { try server.sql(waiting) == "0" }
            }
            func mails() async throws -> Int {
                try await server.mailFolder.mails().count { $0.to == "ida@example.org" && $0.subject.contains("crew") }
            }
            for _ in 1...5 { try await turn() }
            #expect(try server.sql("SELECT string_agg(event_count::text, ' ') FROM notifications") == "5 5")
            // That they are out is mailed though that they are in is unread.
            let subjects = try await server.mailFolder.mails().filter { $0.to == "ida@example.org" }.map(\.subject)
            #expect(subjects.contains("You do not belong to the team “Team crew” any more"), "\(subjects)")
            #expect(try await mails() == 2)
            let read = "mutation { notificationsMarkAllRead { userErrors { code } } }"
            #expect(try server.ask(read, token: ida.access).codes("notificationsMarkAllRead") == [])
            try await turn()
            #expect(try await mails() == 4)
        }
    }

    @Test func `nobody causes another more than five mails at once by what they do to them in teams`() async throws {
        try await APIServer.with { server in
            let (owner, other) = (try server.register("owner"), try server.register("other"))
            let ida = try server.register("ida")
            try server.sql("UPDATE users SET status = 'ACTIVE', email_verified_at = now()")
            await server.runJobs()
            let user = try server.userID(ida)
            func add(_ slug: String, by actor: TestTokens) throws {
                let team = try server.makeTeam(slug, by: actor)
                let text = "teamMemberAdd(teamId: $team, userId: $user)"
                #expect(try server.refusal(text, ["team": team, "user": user], actor) == nil)
            }
            for number in 1...7 { try add("team\(number)", by: owner) }
            try add("of-another", by: other)
            let waiting = "SELECT count(*) FROM jobs WHERE status IN ('QUEUED', 'RUNNING', 'RETRYING')"
            try await eventually("the last mail") { try server.sql(waiting) == "0" }
            let mails = try await server.mailFolder.mails().filter { $0.to == "ida@example.org" }.map(\.subject)
            #expect(mails.count { $0.contains("team") && !$0.contains("of-another") } == 5, "\(mails)")
            #expect(mails.count { $0.contains("of-another") } == 1)
            let kept =
                "SELECT last_error FROM notification_deliveries WHERE status = 'SUPPRESSED' AND channel = 'EMAIL' LIMIT 1"
            #expect(try server.sql(kept) == "too many")
            #expect(try server.sql("SELECT count(*) FROM notifications") == "8")
        }
    }

    @Test func `an invitation that is sent again has another link, and waits anew`() async throws {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            await server.runJobs()
            let made = try server.ask(
                """
                mutation ($t: ID!) { teamInviteCreate(input: {teamId: $t, email: "ida@example.org"}) {
                    invite { id } userErrors { code } } }
                """,
                ["t": team],
                token: owner.access
            )
            let id = try #require(made["data.teamInviteCreate.invite.id"], "\(made.text)")
            let first = try await server.mailedToken(to: "ida@example.org", "Join Team crew")
            try server.sql("UPDATE team_invites SET expires_at = now() + interval '1 hour'")
            let resend = "mutation ($i: ID!) { teamInviteResend(id: $i) { invite { status } userErrors { code } } }"
            let answer = try server.ask(resend, ["i": id], token: owner.access)
            #expect(answer["data.teamInviteResend.invite.status"] == "PENDING", "\(answer.text)")
            #expect(try server.sql("SELECT expires_at > now() + interval '6 days' FROM team_invites") == "t")
            try await server.untilMailsAreDone()
            let tokens = try await server.mailFolder.mails().filter { $0.to == "ida@example.org" }
                .compactMap { $0.links.first?.split(separator: "token=").last.map(String.init) }
            #expect(tokens.count == 2)
            let second = try #require(tokens.first { $0 != first })
            let ida = try server.register("ida")
            let accept = "mutation ($t: String!) { teamInviteAccept(by: {token: $t}) { userErrors { code } } }"
            #expect(
                try server.ask(accept, ["t": first], token: ida.access).codes("teamInviteAccept") == ["TOKEN_INVALID"]
            )
            #expect(try server.ask(accept, ["t": second], token: ida.access).codes("teamInviteAccept") == [])
            for (actor, code) in [
                (owner, "INVALID_TRANSITION"), (ida, "FORBIDDEN"), (try server.register("stranger"), "NOT_FOUND"),
            ] {
                #expect(try server.ask(resend, ["i": id], token: actor.access).codes("teamInviteResend") == [code])
            }
        }
    }
}
