/// The documents that are measured. They are made, not kept, and always come out the same.
enum SampleDocuments {
    /// What people send.
    static let everyday: [(name: String, text: String)] = [
        ("query-12-fragments", queryWithFragments),
        ("query-plain", plainQuery),
        ("query-100kB", largeQuery),
        ("schema-200kB", schema),
    ]

    /// What someone sends who wants to hurt the server.
    static let hostile: [(name: String, text: String)] = [
        (
            "1,000-nested-lists",
            "{ a(b: " + String(repeating: "[", count: 998) + String(repeating: "]", count: 998) + ") }"
        ),
        ("1,000-nested-selections", String(repeating: "{a", count: 1_000) + String(repeating: "}", count: 1_000)),
        ("100,000-aliases", "{" + (0..<100_000).map { "a\($0): a" }.joined(separator: " ") + "}"),
        (
            "10,000-fragments",
            "{ ...F0 }\n"
                + (0..<10_000).map { "fragment F\($0) on T { ...F\(($0 + 1) % 10_000) }" }.joined(separator: "\n")
        ),
        ("1-MB-name", "{ " + String(repeating: "a", count: 1_000_000) + " }"),
        ("1-MB-string", "{ a(b: \"" + String(repeating: "\\u00e9", count: 166_000) + "\") }"),
        ("1-MB-block-string", "{ a(b: \"\"\"" + String(repeating: "\n é", count: 250_000) + "\"\"\") }"),
        ("1-MB-comment", "{ a } #" + String(repeating: "é", count: 500_000)),
        ("1-MB-number", "{ a(b: " + String(repeating: "9", count: 1_000_000) + ") }"),
        ("1-MB-commas", "{ a" + String(repeating: ",", count: 1_000_000) + "}"),
    ]

    private static let words = [
        "account", "author", "body", "channel", "createdAt", "description", "displayName", "edges", "email", "files",
        "id", "isActive", "items", "lastMessage", "members", "name", "node", "nodes", "owner", "pageInfo",
        "permissions", "price", "role", "status", "tags", "team", "title", "totalCount", "updatedAt", "url",
    ]

    private static func word(_ number: Int) -> String { words[number % words.count] }

    private static func selection(_ number: Int, depth: Int, indent: String) -> String {
        var text = ""
        for field in 0..<5 { text += "\(indent)\(word(number + field * 7))\n" }
        if depth > 0 {
            text += "\(indent)recent: \(word(number + 3))(first: 20, after: $cursor, filter: {status: OPEN}) {\n"
            text += selection(number + 11, depth: depth - 1, indent: indent + "  ")
            text += "\(indent)}\n"
        }
        return text
    }

    /// About 3 kB: twelve fragments, spread some forty times.
    private static let queryWithFragments: String = {
        var text = "query Dashboard($id: ID!, $cursor: String, $withTeam: Boolean = true) {\n"
        for root in 0..<7 {
            text += "  \(word(root * 3))\(root): \(word(root * 5))(id: $id) {\n    id\n"
            for spread in 0..<4 { text += "    ...Part\((root * 4 + spread) % 12)\n" }
            text += "  }\n"
        }
        text += "}\n"
        for fragment in 0..<12 {
            text += "\nfragment Part\(fragment) on Type\(fragment) {\n"
            text += selection(fragment, depth: fragment % 3 == 0 ? 1 : 0, indent: "  ")
            if fragment < 11 { text += "  ...Part\(fragment + 1) @include(if: $withTeam)\n" }
            text += "}\n"
        }
        return text
    }()

    private static let plainQuery = operation("Overview", roots: 8)

    private static let largeQuery = (0..<25).map { operation("Overview\($0)", roots: 12) }.joined(separator: "\n")

    private static func operation(_ name: String, roots: Int) -> String {
        var text = "query \(name)($id: ID!, $cursor: String) {\n"
        for root in 0..<roots {
            text += "  \(word(root * 3))\(root): \(word(root * 5))(id: $id, limit: \(root * 10), sort: {by: NAME}) {\n"
            text += selection(root, depth: 2, indent: "    ")
            text += "  }\n"
        }
        return text + "}\n"
    }

    /// About 200 kB, a third of the fields described.
    private static let schema: String = {
        var text = ""
        for type in 0..<320 {
            text +=
                "\"\"\"\nWhat number \(type) stands for, in a sentence or two;\nthe second line says when.\n\"\"\"\n"
            text += "type Type\(type) implements Node & Timestamped @key(fields: \"id\") {\n  id: ID!\n"
            for field in 0..<9 {
                if field % 3 == 0 { text += "  \"\"\"The \(word(field)) of it, as people wrote it.\"\"\"\n" }
                text += "  \(word(type + field))\(field): [Type\((type + field) % 320)!]!\n"
            }
            text += "  items(first: Int = 20, after: String, orderBy: Order! = {field: NAME}): Connection! "
            text += "@listSize(slicingArguments: [\"first\"])\n}\n\n"
            text += "enum State\(type) { ACTIVE CLOSED @deprecated(reason: \"Gone\") }\n\n"
            text += "input Input\(type) {\n  name: String! = \"none\"\n  limit: Int\n  state: State\(type)\n}\n\n"
        }
        return text
    }()
}
