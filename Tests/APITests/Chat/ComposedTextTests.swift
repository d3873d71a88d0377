import Testing

@testable import Actions

/// Characters that can be written in several ways are kept in one.
@Suite(.timeLimit(.minutes(3))) struct ComposedTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("Cafe\u{301}", "Caf\u{e9}"), ("\u{1100}\u{1161}", "\u{ac00}"), ("\u{212b}", "\u{c5}"),
        ("q\u{323}\u{307}", "q\u{323}\u{307}"), ("q\u{307}\u{323}", "q\u{323}\u{307}"), ("👩‍👧", "👩‍👧"),
        // Composed again only what may be.
        ("\u{958}", "\u{915}\u{93c}"), ("ﬁ²", "ﬁ²"), ("", ""),
    ])
    func `a text is composed as Unicode says`(text: String, composed: String) {
        // Swift takes both to be equal.
        #expect(Array(ComposedText.of(text).unicodeScalars) == Array(composed.unicodeScalars))
        #expect(Array(ComposedText.of(ComposedText.of(text)).unicodeScalars) == Array(composed.unicodeScalars))
    }

    @Test func `what looks alike is one name, and is found however it is written`() async throws {
        try await APIServer.with { server in
            let ida = try server.person("ida")
            let (apart, composed) = ("Cafe\u{301}", "Caf\u{e9}")
            let group = try server.group(of: [ida], name: apart)
            #expect(try server.sql("SELECT name = U&'Caf\\00E9' FROM groups") == "t")
            let again = try server.ask(
                "mutation ($n: String!) { groupCreate(input: { name: $n }) { userErrors { code } } }",
                ["n": composed],
                token: ida.token
            )
            #expect(again.codes("groupCreate") == ["NAME_TAKEN"], "\(again.text)")
            try server.send("Come to the \(apart)!", to: group.general, by: ida)
            #expect(try server.sql("SELECT body = U&'Come to the Caf\\00E9!' FROM messages") == "t")
            for query in [apart, composed] {
                let found = try server.ask(
                    """
                    query ($q: String!) { messageSearch(query: $q) { nodes { seq } }
                        groups(filter: { search: $q }) { totalCount } }
                    """,
                    ["q": query],
                    token: ida.token
                )
                #expect(found.count("data.messageSearch.nodes") == 1, "\(found.text)")
                #expect(found["data.groups.totalCount"] == "1")
            }
            let profile = try server.ask(
                "mutation ($t: String!) { profileUpdate(input: { bio: $t, displayName: $t }) { userErrors { code } } }",
                ["t": apart],
                token: ida.token
            )
            #expect(profile.codes("profileUpdate") == [], "\(profile.text)")
            #expect(try server.sql("SELECT name = U&'Caf\\00E9' FROM users") == "t")
            #expect(try server.sql("SELECT bio = U&'Caf\\00E9' FROM user_profiles") == "t")
        }
    }
}
