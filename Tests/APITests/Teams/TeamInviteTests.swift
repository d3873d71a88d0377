import Credentials
import SocketTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct TeamInviteTests {
    private static let create =
        "mutation ($in: TeamInviteCreateInput!) { teamInviteCreate(input: $in) { invite { id status } userErrors { code path } } }"
    private static let accept =
        "mutation ($by: TeamInviteKeyInput!) { teamInviteAccept(by: $by) { member { role team { slug } } userErrors { code } } }"

    /// The id of a new invitation.
    private func invite(_ email: String, to team: String, by owner: TestTokens, _ server: APIServer) throws -> String {
        let answer = try server.ask(
            Self.create,
            ["in": ["teamId": team, "email": email, "role": "MEMBER"]],
            token: owner.access
        )
        return try #require(answer["data.teamInviteCreate.invite.id"], "\(answer.text)")
    }

    @Test func `whoever has confirmed the address sees an invitation at once and accepts it`() async throws {
        try await APIServer.with { server in
            let (ida, max) = (try server.register("ida"), try server.register("max"))
            let team = try server.makeTeam("crew", by: ida)
            let id = try invite("MAX@example.org", to: team, by: ida, server)
            let list = "{ viewer { teamInvites { nodes { id teamName team { id } role invitedBy { username } } } } }"
            #expect(try server.ask(list, token: max.access).count("data.viewer.teamInvites.nodes") == 0)
            let early = try server.ask(Self.accept, ["by": ["id": id]], token: max.access)
            #expect(early.codes("teamInviteAccept") == ["FORBIDDEN"])
            try server.sql("UPDATE users SET email_verified_at = now(), status = 'ACTIVE'")
            server.pass(seconds: 2)
            #expect(
                try server.ask(list, token: max.access).text == """
                    {"data":{"viewer":{"teamInvites":{"nodes":[{"id":"\(id)","teamName":"Team crew","team":null,\
                    "role":"MEMBER","invitedBy":{"username":"ida"}}]}}}}
                    """
            )
            let accepted = try server.ask(Self.accept, ["by": ["id": id]], token: max.access)
            #expect(accepted["data.teamInviteAccept.member.team.slug"] == "crew")
            let again = try server.ask(Self.accept, ["by": ["id": id]], token: max.access)
            #expect(again.codes("teamInviteAccept") == ["INVITE_REVOKED"])
        }
    }

    @Test func `an expired, a revoked and a declined invitation cannot be accepted`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let max = try server.register("max")
            let team = try server.makeTeam("crew", by: ida)
            try server.sql("UPDATE users SET email_verified_at = now(), status = 'ACTIVE'")
            server.pass(seconds: 2)
            let late = try invite("max@example.org", to: team, by: ida, server)
            try server.sql("UPDATE team_invites SET expires_at = now()")
            let tooLate = try server.ask(Self.accept, ["by": ["id": late]], token: max.access)
            #expect(tooLate.codes("teamInviteAccept") == ["INVITE_EXPIRED"])
            // The address can be invited anew.
            let revoked = try invite("max@example.org", to: team, by: ida, server)
            #expect(try server.refusal("teamInviteRevoke(id: $id)", ["id": revoked], ida) == nil)
            #expect(try server.refusal("teamInviteRevoke(id: $id)", ["id": revoked], ida) == "INVALID_TRANSITION")
            let gone = try server.ask(Self.accept, ["by": ["id": revoked]], token: max.access)
            #expect(gone.codes("teamInviteAccept") == ["INVITE_REVOKED"])
            let declined = try invite("max@example.org", to: team, by: ida, server)
            #expect(try server.refusal("teamInviteDecline(by: {id: $id})", ["id": declined], max) == nil)
            let no = try server.ask(Self.accept, ["by": ["id": declined]], token: max.access)
            #expect(no.codes("teamInviteAccept") == ["INVITE_REVOKED"])
            #expect(try server.sql("SELECT count(*) FROM team_members") == "1")
        }
    }

    @Test func `a token opens the invitation of its mail, for its address only`() async throws {
        try await APIServer.with { server in
            let (ida, max, eve) = (try server.register("ida"), try server.register("max"), try server.register("eve"))
            let team = try server.makeTeam("crew", by: ida)
            _ = try invite("max@example.org", to: team, by: ida, server)
            let token = OpaqueToken.random(.teamInvitation)
            let hash = token.hash.map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined()
            try server.sql("UPDATE team_invites SET token_hash = '\\x\(hash)'")
            let look = "query ($t: String!) { teamInviteByToken(token: $t) { teamName team { id } email } }"
            let seen = try server.ask(look, ["t": token.text])
            #expect(
                seen.text
                    == #"{"data":{"teamInviteByToken":{"teamName":"Team crew","team":null,"email":"max@example.org"}}}"#
            )
            for wrong in ["", "mt_x", OpaqueToken.random(.teamInvitation).text, token.text + "'"] {
                let none = try server.ask(look, ["t": wrong])
                #expect(none.text == #"{"data":{"teamInviteByToken":null}}"#)
                let refused = try server.ask(Self.accept, ["by": ["token": wrong]], token: max.access)
                #expect(refused.codes("teamInviteAccept") == ["TOKEN_INVALID"])
            }
            let foreign = try server.ask(Self.accept, ["by": ["token": token.text]], token: eve.access)
            #expect(foreign.codes("teamInviteAccept") == ["FORBIDDEN"])
            let mine = try server.ask(Self.accept, ["by": ["token": token.text]], token: max.access)
            #expect(mine["data.teamInviteAccept.member.role"] == "MEMBER")
        }
    }

    @Test func `nobody is invited twice, nor who is a member, nor to nowhere`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let team = try server.makeTeam("crew", by: ida)
            _ = try invite("max@example.org", to: team, by: ida, server)
            for (email, code) in [
                ("Max@Example.org", "ALREADY_EXISTS"), ("IDA@example.org", "ALREADY_MEMBER"),
                ("nobody", "INVALID_INPUT"),
                ("a@b.org\r\nBcc: x@y.org", "INVALID_INPUT"),
            ] {
                let answer = try server.ask(
                    Self.create,
                    ["in": ["teamId": team, "email": email, "role": "MEMBER"]],
                    token: ida.access
                )
                #expect(answer.codes("teamInviteCreate") == [code], "\(email)")
            }
        }
    }

    @Test func `an invitation that many accept at once makes one member`() async throws {
        try await APIServer.with { server in
            let (ida, max) = (try server.register("ida"), try server.register("max"))
            let team = try server.makeTeam("crew", by: ida)
            try server.sql("UPDATE users SET email_verified_at = now(), status = 'ACTIVE'")
            server.pass(seconds: 2)
            let id = try invite("max@example.org", to: team, by: ida, server)
            let sockets = try (0..<20).map { _ in try server.socket() }
            let request = try server.request(Self.accept, ["by": ["id": id]], token: max.access)
            for socket in sockets { try socket.send(request) }
            let answers = try sockets.map { try APIAnswer(from: $0) }
            #expect(answers.count { $0["data.teamInviteAccept.member.role"] == "MEMBER" } == 1)
            #expect(answers.count { $0.codes("teamInviteAccept") == ["INVITE_REVOKED"] } == 19)
        }
    }
}
