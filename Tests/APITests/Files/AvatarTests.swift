import Foundation
import Testing

/// Pictures of people and of groups.
@Suite(.timeLimit(.minutes(3))) struct AvatarTests {
    private func upload(_ server: APIServer, purpose: String = "AVATAR", by person: TestPerson) throws -> String {
        let answer = try server.upload(Sample.png(9, 9), name: "me.png", purpose: purpose, token: person.token)
        return try #require(answer["data.fileUpload.file.id"], "\(answer.text)")
    }

    private func setOwn(_ file: Any, by person: TestPerson, _ server: APIServer) throws -> APIAnswer {
        try server.ask(
            """
            mutation ($f: ID) { profileUpdate(input: { avatarFileId: $f }) {
                user { avatar { id image { width } } } userErrors { code path } } }
            """,
            ["f": file],
            token: person.token
        )
    }

    private func set(_ file: Any, of group: TestGroup, by person: TestPerson, _ server: APIServer) throws -> APIAnswer {
        try server.ask(
            """
            mutation ($g: ID!, $f: ID) { groupUpdate(input: { id: $g, avatarFileId: $f }) {
                group { avatar { id } version } userErrors { code path } } }
            """,
            ["g": group.id, "f": file],
            token: person.token
        )
    }

    @Test func `people have a picture of their own, which others see`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let path = "data.profileUpdate.user.avatar"
            let picture = try upload(server, by: ida)
            let first = try setOwn(picture, by: ida, server)
            #expect(first["\(path).id"] == picture && first["\(path).image.width"] == "9", "\(first.text)")
            let look = "query ($id: ID!) { user(id: $id) { avatar { id url } } }"
            let seen = try server.ask(look, ["id": ida.id], token: ben.token)
            #expect(seen["data.user.avatar.id"] == picture && seen["data.user.avatar.url"] != nil, "\(seen.text)")
            // Not one of another's, for another purpose, of another kind, or that is not there.
            let other = try upload(server, by: ben)
            let image = try upload(server, purpose: "IMAGE", by: ida)
            for id in [other, image, ida.id, "file_", ""] {
                let refused = try setOwn(id, by: ida, server)
                #expect(refused.codes("profileUpdate") == ["INVALID_INPUT"], "\(id): \(refused.text)")
                #expect(refused["data.profileUpdate.userErrors.0.path.1"] == "avatarFileId")
            }
            // What is refused leaves the picture as well, whatever it was refused for; the log tells of each.
            let taken =
                "mutation ($f: ID) { profileUpdate(input: {avatarFileId: $f, username: \"ben\"}) { userErrors { code } } }"
            let spare = try upload(server, by: ida)
            for file in [spare as Any, NSNull()] {
                let refused = try server.ask(taken, ["f": file], token: ida.token)
                #expect(refused.codes("profileUpdate") == ["USERNAME_TAKEN"], "\(refused.text)")
            }
            let kept = try server.ask(look, ["id": ida.id], token: ben.token)
            #expect(kept["data.user.avatar.id"] == picture, "\(kept.text)")
            let refusals = "SELECT count(*) FROM audit_logs WHERE action = 'profile.update' AND outcome = 'REFUSED'"
            #expect(try server.sql(refusals + " AND error_code = 'USERNAME_TAKEN'") == "2")
            #expect(try server.sql(refusals + " AND error_code = 'INVALID_INPUT'") == "5")
            // One that is in use is not deleted; one that was replaced can be.
            let delete = "mutation ($id: ID!) { fileDelete(id: $id) { userErrors { code } } }"
            #expect(try server.ask(delete, ["id": picture], token: ida.token).codes("fileDelete") == ["HAS_DEPENDENTS"])
            let next = try upload(server, by: ida)
            #expect(try setOwn(next, by: ida, server)["\(path).id"] == next)
            #expect(try server.ask(delete, ["id": picture], token: ida.token).codes("fileDelete") == [])
            // What else is changed leaves it, and null takes it away.
            let bio = try server.ask(
                "mutation { profileUpdate(input: { bio: \"x\" }) { user { avatar { id } } } }",
                token: ida.token
            )
            #expect(bio["\(path).id"] == next)
            #expect(try setOwn(NSNull(), by: ida, server)["\(path).id"] == nil)
            #expect(
                try server.sql("SELECT sum(ref_count) FROM files") == "0"
            )
        }
    }

    @Test func `a group's picture is set by those who manage it, and seen by those who belong to it`() async throws {
        try await APIServer.with { server in
            let all = try ["ida", "ben", "eve"].map { try server.person($0) }
            let (ida, ben, eve) = (all[0], all[1], all[2])
            let group = try server.group(of: [ida, ben], visibility: "PUBLIC")
            let picture = try upload(server, by: ida)
            let own = try upload(server, by: ben)
            #expect(try set(own, of: group, by: ben, server).codes("groupUpdate") == ["FORBIDDEN"])
            #expect(try set(own, of: group, by: ida, server).codes("groupUpdate") == ["NOT_FOUND"])
            let answer = try set(picture, of: group, by: ida, server)
            #expect(answer["data.groupUpdate.group.avatar.id"] == picture, "\(answer.text)")
            #expect(answer["data.groupUpdate.group.version"] == "2")
            let look = "query ($id: ID!) { group(id: $id) { name avatar { id url } } }"
            #expect(try server.ask(look, ["id": group.id], token: ben.token)["data.group.avatar.id"] == picture)
            let stranger = try server.ask(look, ["id": group.id], token: eve.token)
            #expect(stranger["data.group.name"] != nil && stranger["data.group.avatar.id"] == nil, "\(stranger.text)")
            // A picture and all else are one change.
            let both = try server.ask(
                """
                mutation ($g: ID!, $f: ID) { groupUpdate(input: { id: $g, avatarFileId: $f, description: "x" }) {
                    group { description version avatar { id } } } }
                """,
                ["g": group.id, "f": NSNull()],
                token: ida.token
            )
            #expect(both["data.groupUpdate.group.description"] == "x" && both["data.groupUpdate.group.version"] == "3")
            #expect(both["data.groupUpdate.group.avatar.id"] == nil, "\(both.text)")
            #expect(try set(picture, of: group, by: ida, server)["data.groupUpdate.group.avatar.id"] == picture)
            let renamed = try server.ask(
                "mutation ($g: ID!) { groupUpdate(input: { id: $g, description: \"y\" }) { group { avatar { id } } } }",
                ["g": group.id],
                token: ida.token
            )
            #expect(renamed["data.groupUpdate.group.avatar.id"] == picture, "\(renamed.text)")
            #expect(try set(NSNull(), of: group, by: ida, server)["data.groupUpdate.group.avatar.id"] == nil)
        }
    }
}
