import Foundation
import Testing

/// Which groups and channels somebody finds.
@Suite(.timeLimit(.minutes(3))) struct GroupDirectoryTests {
    private let list = """
        query ($f: GroupFilter, $n: Int, $a: String, $l: Int, $b: String) {
            groups(filter: $f, first: $n, after: $a, last: $l, before: $b) {
                nodes { name }
                totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }
        """

    private func names(_ answer: APIAnswer) -> [String] {
        (0..<answer.count("data.groups.nodes")).compactMap { answer["data.groups.nodes.\($0).name"] }
    }

    private func found(_ filter: [String: Any], by person: TestPerson, _ server: APIServer) throws -> [String] {
        let answer = try server.ask(list, ["f": filter, "n": 20], token: person.token)
        #expect(answer["data.groups.totalCount"] == "\(names(answer).count)", "\(answer.text)")
        return names(answer)
    }

    @Test func `everybody finds what is not for the invited alone, and those the rest whom it is for`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            for (name, visibility) in [("Open", "PUBLIC"), ("Asking", "REQUEST_TO_JOIN"), ("Hidden", "INVITE_ONLY")] {
                _ = try server.group(of: [ida], name: name, visibility: visibility)
            }
            let shared = try server.group(of: [ida, ben], name: "Shared", visibility: "INVITE_ONLY")
            try server.sql("UPDATE groups SET description = 'About boats' WHERE name <> 'Asking'")
            #expect(try found([:], by: ida, server) == ["Asking", "Hidden", "Open", "Shared"])
            #expect(try found([:], by: ben, server) == ["Asking", "Open", "Shared"])
            #expect(try found(["search": "HIDDEN"], by: ben, server) == [])
            #expect(try found(["search": "boat"], by: ben, server) == ["Open", "Shared"])
            #expect(try found(["search": "pen"], by: ben, server) == ["Open"])
            #expect(try found(["joined": true], by: ben, server) == ["Shared"])
            #expect(try found(["joined": false], by: ben, server) == ["Asking", "Open"])
            #expect(try found(["visibility": ["INVITE_ONLY"]], by: ben, server) == ["Shared"])
            #expect(try found(["visibility": ["PUBLIC"], "joined": false], by: ben, server) == ["Open"])
            #expect(try found(["visibility": [String]()], by: ben, server) == [])
            // No character has a meaning of its own.
            for search in ["%", "_", "\\", "'", "\u{0}%"] {
                #expect(try found(["search": search], by: ida, server) == [])
            }
            #expect(try server.ask(list, ["f": ["search": ""]], token: ida.token).errorCode == "BAD_USER_INPUT")
            #expect(try server.ask(list).errorCode == "UNAUTHENTICATED")
            // Who has left one that only the invited see finds it no more, and an archived one is in no list.
            _ = try server.remove(ben, from: shared, by: ida)
            try server.sql("UPDATE groups SET archived_at = now() WHERE name = 'Open'")
            #expect(try found([:], by: ben, server) == ["Asking"])
        }
    }

    @Test func `who does not belong to a group sees what it is about, and how many do`() async throws {
        try await APIServer.with { server in
            let people = try ["ida", "ben", "eve"].map { try server.person($0) }
            _ = try server.group(of: [people[0], people[1]], visibility: "PUBLIC")
            let look = """
                { groups(first: 1) { nodes { slug description memberCount viewerRole viewerPermissions
                    members(first: 5) { nodes { role } } channels(first: 5) { nodes { name } totalCount } } } }
                """
            let answer = try server.ask(look, token: people[2].token)
            let group = "data.groups.nodes.0"
            #expect(answer["\(group).slug"] != nil && answer["\(group).memberCount"] == "2", "\(answer.text)")
            #expect(answer["\(group).viewerRole"] == nil && answer.count("\(group).viewerPermissions") == 0)
            #expect(answer.count("\(group).members.nodes") == 0 && answer.count("\(group).channels.nodes") == 0)
            #expect(answer["\(group).channels.totalCount"] == "0")
        }
    }

    @Test func `the list goes on in both directions, whoever's the groups are, by two statements a page`() async throws
    {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let expected = (1...7).map { "Group \($0)" }
            for (number, name) in expected.enumerated() {
                let visibility = number.isMultiple(of: 2) ? "INVITE_ONLY" : "PUBLIC"
                _ = try server.group(of: [ida, ben], name: name, visibility: visibility)
            }
            _ = try server.group(of: [ida], name: "Group 3 of others")
            var seen: [String] = []
            var cursor: String?
            repeat {
                let answer = try server.ask(list, ["n": 3, "a": cursor ?? NSNull()], token: ben.token)
                seen += names(answer)
                #expect(answer["data.groups.totalCount"] == "7", "\(answer.text)")
                cursor =
                    answer["data.groups.pageInfo.hasNextPage"] == "1" ? answer["data.groups.pageInfo.endCursor"] : nil
            } while cursor != nil
            #expect(seen == expected)
            var backward: [String] = []
            repeat {
                let place: [String: Any] = ["n": NSNull(), "l": 3, "b": cursor ?? NSNull()]
                let answer = try server.ask(list, place, token: ben.token)
                backward = names(answer) + backward
                cursor =
                    answer["data.groups.pageInfo.hasPreviousPage"] == "1"
                    ? answer["data.groups.pageInfo.startCursor"] : nil
            } while cursor != nil
            #expect(backward == expected)
            let before = try await server.statements()
            _ = try server.ask("{ groups(first: 5) { nodes { name memberCount } } }", token: ben.token)
            #expect(try await server.statements() - before == 2)
        }
    }

    @Test func `a channel is found by its id and its address, by those who see it`() async throws {
        try await APIServer.with { server in
            let people = try ["ida", "ben", "eve"].map { try server.person($0) }
            let (ida, ben, eve) = (people[0], people[1], people[2])
            let group = try server.group(of: [ida, ben], name: "Harbour", visibility: "PUBLIC")
            let made = try server.askChannel("secret", in: group, isPrivate: true, by: ida)
            let secret = try #require(made["data.channelCreate.channel.id"])
            let slug = try #require(try server.sql("SELECT slug FROM groups"))
            func byID(_ id: String, _ person: TestPerson) throws -> String? {
                let answer = try server.ask(
                    "query ($id: ID!) { channel(id: $id) { id } }",
                    ["id": id],
                    token: person.token
                )
                #expect(answer.errorCode == nil, "\(answer.text)")
                return answer["data.channel.id"]
            }
            func byName(_ group: String, _ channel: String, _ person: TestPerson) throws -> String? {
                let answer = try server.ask(
                    "query ($g: String!, $c: String!) { channelByName(group: $g, channel: $c) { id } }",
                    ["g": group, "c": channel],
                    token: person.token
                )
                #expect(answer.errorCode == nil, "\(answer.text)")
                return answer["data.channelByName.id"]
            }
            #expect(try byID(group.general, ben) == group.general && byName(slug, "general", ben) == group.general)
            #expect(try byName(slug.uppercased(), "GENERAL", ben) == group.general)
            #expect(try byID(secret, ida) == secret && byName(slug, "secret", ida) == secret)
            // What somebody does not see is answered as what is not there.
            #expect(try byID(secret, ben) == nil && byName(slug, "secret", ben) == nil)
            #expect(try byID(group.general, eve) == nil && byName(slug, "general", eve) == nil)
            for name in ["", "nothing", "a\u{0}b"] {
                #expect(try byName(slug, name, ida) == nil && byName(name, "general", ida) == nil)
            }
            // A room of another kind is no channel.
            let direct = try server.directRoom(of: [ida, ben])
            for id in [direct, group.id, ida.id, "room_"] { #expect(try byID(id, ida) == nil) }
            #expect(try server.ask("{ channel(id: \"room_x\") { id } }").errorCode == "UNAUTHENTICATED")
        }
    }
}
