import Foundation
import Testing

@Suite struct TeamLiveTests {
    private let event = "data.teamEvents"

    private func hear(_ server: APIServer, _ team: String, _ token: String, after: String? = nil) throws -> LiveStream {
        try LiveStream(
            server,
            """
            subscription ($t: ID!, $a: String) { teamEvents(teamId: $t, after: $a) { __typename
                ... on LiveEvent { cursor }
                ... on TeamChanged { team { name } }
                ... on TeamMemberChanged { user { username } member { role } }
                ... on TeamInviteChanged { invite { email status } }
                ... on ResyncRequired { reason } ... on AccessRevoked { reason }
            } }
            """,
            ["t": team, "a": after.map { $0 as Any } ?? NSNull()],
            token: token
        )
    }

    private func hearOwn(_ server: APIServer, _ token: String) throws -> LiveStream {
        try LiveStream(
            server,
            """
            subscription { viewerEvents(after: "nowhere") { __typename
                ... on TeamMembershipChanged { teamId team { name viewerMembership { role } } }
                ... on NotificationCreated { notification { type title subject { id } } }
            } }
            """,
            token: token
        )
    }

    private func invite(_ email: String, to team: String, _ owner: TestTokens, _ server: APIServer) throws -> String {
        let answer = try server.ask(
            "mutation ($in: TeamInviteCreateInput!) { teamInviteCreate(input: $in) { invite { id } userErrors { code } } }",
            ["in": ["teamId": team, "email": email, "role": "MEMBER"]],
            token: owner.access
        )
        return try #require(answer["data.teamInviteCreate.invite.id"], "\(answer.text)")
    }

    @Test func `what happens in a team is told to those who may know it at that moment`() async throws {
        try await APIServer.with { server in
            let (ida, eve) = (try server.register("ida"), try server.register("eve"))
            let team = try server.makeTeam("crew", by: ida)
            let ben = try server.join("ben", "crew", as: "MEMBER")
            let bensID = try server.userID(ben)
            #expect(try hear(server, team, eve.access).next()?.errorCode == "NOT_FOUND")
            #expect(try hear(server, "team_00000000000000000000000000", ida.access).next()?.errorCode == "NOT_FOUND")
            let (idas, bens) = (try hear(server, team, ida.access), try hear(server, team, ben.access))
            // Invitations are for those who may invite.
            _ = try invite("a@example.org", to: team, ida, server)
            #expect(try idas.next()?["\(event).invite.email"] == "a@example.org")
            let role =
                "mutation ($t: ID!, $u: ID!, $r: TeamRole!) { teamMemberRoleUpdate(teamId: $t, userId: $u, role: $r) { userErrors { code } } }"
            _ = try server.ask(role, ["t": team, "u": bensID, "r": "ADMIN"], token: ida.access)
            let raised = try #require(try bens.next())
            #expect(raised["\(event).user.username"] == "ben", "\(raised.text)")
            #expect(raised["\(event).member.role"] == "ADMIN")
            let cursor = try #require(raised["\(event).cursor"])
            let second = try invite("b@example.org", to: team, ida, server)
            #expect(try bens.next()?["\(event).invite.status"] == "PENDING")
            #expect(try server.refusal("teamInviteRevoke(id: $id)", ["id": second], ida) == nil)
            #expect(try bens.next()?["\(event).invite.status"] == "REVOKED")
            let rename = "mutation ($in: TeamUpdateInput!) { teamUpdate(input: $in) { userErrors { code } } }"
            _ = try server.ask(rename, ["in": ["id": team, "name": "Pier"]], token: ida.access)
            #expect(try bens.next()?["\(event).team.name"] == "Pier")
            let out = "teamMemberRemove(teamId: $team, userId: $user)"
            #expect(try server.refusal(out, ["team": team, "user": bensID], ida) == nil)
            let end = try #require(try bens.next())
            #expect(end["\(event).__typename"] == "AccessRevoked", "\(end.text)")
            #expect(end["\(event).reason"] == "NOT_A_MEMBER")
            #expect(try bens.next() == nil)
            // From a cursor what was missed is told first, and to nobody else.
            let again = try hear(server, team, ida.access, after: cursor)
            for status in ["REVOKED", "REVOKED"] { #expect(try again.next()?["\(event).invite.status"] == status) }
            #expect(try again.next()?["\(event).team.name"] == "Pier")
            let gone = try #require(try again.next())
            #expect(gone["\(event).user.username"] == "ben")
            #expect(gone["\(event).member.role"] == nil)
            #expect(try again.next()?["\(event).__typename"] == "CaughtUp")
            #expect(try hear(server, team, ida.access, after: "x").next()?["\(event).reason"] == "UNKNOWN_CURSOR")
            #expect(try hear(server, team, ben.access, after: cursor).next()?.errorCode == "NOT_FOUND")
        }
    }

    @Test func `a team that is deleted ends what is listened to, and its people hear of it`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let team = try server.makeTeam("crew", by: ida)
            let ben = try server.join("ben", "crew", as: "GUEST")
            let (bens, own) = (try hear(server, team, ben.access), try hearOwn(server, ben.access))
            _ = try own.next()
            #expect(try server.refusal("teamDelete(id: $team)", ["team": team], ida) == nil)
            #expect(try bens.next()?["\(event).__typename"] == "AccessRevoked")
            #expect(try bens.next() == nil)
            let told = try #require(try own.next())
            #expect(told["data.viewerEvents.teamId"] == team, "\(told.text)")
            #expect(told["data.viewerEvents.team.name"] == nil)
            #expect(try hear(server, team, ben.access).next()?.errorCode == "NOT_FOUND")
            #expect(try server.refusal("teamRestore(id: $team)", ["team": team], ida) == nil)
            let back = try #require(try own.next())
            #expect(back["data.viewerEvents.team.viewerMembership.role"] == "GUEST", "\(back.text)")
        }
    }

    @Test func `whose place in a team is changed by others finds it among the notifications`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.register("ida"), try server.register("ben"))
            let team = try server.makeTeam("crew", by: ida)
            let bensID = try server.userID(ben)
            // An address that nobody has confirmed may be anybody's.
            let first = try invite("ben@example.org", to: team, ida, server)
            #expect(try server.sql("SELECT count(*) FROM notifications WHERE type = 'team.invite'") == "0")
            #expect(try server.refusal("teamInviteRevoke(id: $id)", ["id": first], ida) == nil)
            try server.sql("UPDATE users SET email_verified_at = now(), status = 'ACTIVE'")
            server.pass(seconds: 2)
            let own = try hearOwn(server, ben.access)
            _ = try own.next()
            let event = "data.viewerEvents"
            let id = try invite("BEN@example.org", to: team, ida, server)
            let told = try #require(try own.next())
            #expect(told["\(event).notification.type"] == "team.invite", "\(told.text)")
            #expect(told["\(event).notification.subject.id"] == id)
            // The invitation has a mail of its own.
            #expect(try server.sql("SELECT count(*) FROM notification_deliveries") == "0")
            #expect(try server.refusal("teamInviteAccept(by: {id: $id})", ["id": id], ben) == nil)
            // What somebody does themselves is no news to them.
            #expect(try own.next()?["\(event).team.viewerMembership.role"] == "MEMBER")
            #expect(
                try server.refusal("teamOwnershipTransfer(teamId: $t, toUserId: $u)", ["t": team, "u": bensID], ida)
                    == nil
            )
            #expect(try own.next()?["\(event).team.viewerMembership.role"] == "OWNER")
            #expect(try own.next()?["\(event).notification.title"] == "The team “Team crew” is yours now")
            let idas = try server.userID(ida)
            let out = ["t": team, "u": idas]
            #expect(try server.refusal("teamMemberRemove(teamId: $t, userId: $u)", out, ben) == nil)
            let inbox = try server.inbox(ida.access)["data.viewer.notifications.nodes.0.title"]
            #expect(inbox == "You do not belong to the team “Team crew” any more")
        }
    }
}
