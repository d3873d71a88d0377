import Testing

@Suite(.timeLimit(.minutes(3))) struct MessageSearchTests {
    private let search = """
        query ($q: String!, $r: ID, $g: ID, $a: ID, $n: Int = 20, $c: String) {
            messageSearch(query: $q, roomId: $r, groupId: $g, authorId: $a, first: $n, after: $c) {
                nodes { body } pageInfo { hasNextPage endCursor } } }
        """

    @Test func `words are found in the rooms that are seen, and nowhere else`() async throws {
        try await APIServer.with { server in
            let (ida, ben, eve) = (try server.person("ida"), try server.person("ben"), try server.person("eve"))
            let (group, second) = (try server.group(of: [ida, ben]), try server.group(of: [ida], name: "Second"))
            let made = try server.askChannel("secret", in: group, isPrivate: true, by: ida)
            let secret = try #require(made["data.channelCreate.channel.id"])
            try server.send("The harbour opens at dawn", to: group.general, by: ida)
            try server.send("harbour fees are due", to: group.general, by: ben)
            try server.send("harbour, in secret", to: secret, by: ida)
            try server.send("harbour, far away", to: second.general, by: ida)
            func found(_ query: String, _ more: [String: Any] = [:], by person: TestPerson) throws -> [String] {
                let answer = try server.ask(search, ["q": query].merging(more) { $1 }, token: person.token)
                return (0..<answer.count("data.messageSearch.nodes")).compactMap {
                    answer["data.messageSearch.nodes.\($0).body"]
                }
            }
            #expect(
                try found("harbour", by: ida) == [
                    "harbour, far away", "harbour, in secret", "harbour fees are due", "The harbour opens at dawn",
                ]
            )
            #expect(try found("harbour", by: ben) == ["harbour fees are due", "The harbour opens at dawn"])
            #expect(try found("harbour", by: eve) == [])
            #expect(try found("harbour -fees", by: ben) == ["The harbour opens at dawn"])
            #expect(try found("\"at dawn\"", by: ben) == ["The harbour opens at dawn"])
            #expect(try found("harbour", ["r": secret], by: ida) == ["harbour, in secret"])
            #expect(try found("harbour", ["r": secret], by: ben) == [])
            #expect(try found("harbour", ["g": second.id], by: ida) == ["harbour, far away"])
            #expect(try found("harbour", ["a": ben.id], by: ida) == ["harbour fees are due"])
            #expect(try found("harbour", ["r": ben.id], by: ida) == [])
            for odd in ["'", "& | !", "\\", "a:*", String(repeating: "(", count: 200)] {
                #expect(try found(odd, by: ida) == [], "\(odd)")
            }
            let first = try server.ask(search, ["q": "harbour", "n": 3], token: ida.token)
            #expect(first["data.messageSearch.pageInfo.hasNextPage"] == "1")
            let cursor = try #require(first["data.messageSearch.pageInfo.endCursor"])
            #expect(try found("harbour", ["c": cursor], by: ida) == ["The harbour opens at dawn"])
            // What is deleted or edited away is not found any more.
            try server.sql("UPDATE messages SET body = '', deleted_at = now() WHERE body LIKE '%fees%'")
            #expect(try found("fees", by: ida) == [])
        }
    }

    @Test func `a page of messages is asked for around a number`() async throws {
        try await APIServer.with { server in
            let ida = try server.person("ida")
            let group = try server.group(of: [ida])
            for number in 1...21 { try server.send("message \(number)", to: group.general, by: ida) }
            let look = """
                query ($id: ID!, $s: Int, $n: Int = 5, $a: String) { room(id: $id) {
                    messages(around: $s, first: $n, after: $a) { nodes { seq } pageInfo { endCursor } } } }
                """
            func seqs(_ more: [String: Any]) throws -> [String] {
                let answer = try server.ask(look, ["id": group.general].merging(more) { $1 }, token: ida.token)
                return (0..<answer.count("data.room.messages.nodes")).compactMap {
                    answer["data.room.messages.nodes.\($0).seq"]
                }
            }
            #expect(try seqs(["s": 10]) == ["12", "11", "10", "9", "8"])
            #expect(try seqs(["s": 21]).prefix(3) == ["21", "20", "19"])
            #expect(try seqs(["s": 1]) == ["3", "2", "1"])
            #expect(try seqs(["s": 2_000_000_000]).first == "21")
            let answer = try server.ask(look, ["id": group.general, "s": 10], token: ida.token)
            let cursor = try #require(answer["data.room.messages.pageInfo.endCursor"])
            #expect(try seqs(["a": cursor]) == ["7", "6", "5", "4", "3"])
            let both = try server.ask(look, ["id": group.general, "s": 10, "a": cursor], token: ida.token)
            #expect(both.errorCode == "BAD_USER_INPUT")
        }
    }
}
