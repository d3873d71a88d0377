/// The documents that are measured. They are made, not kept, and always come out the same.
enum SampleDocuments {
    /// What people send. The schema accepts it.
    static let everyday: [(name: String, text: String)] = [
        ("query-3kB", query(selections: 8)),
        ("query-3kB-12-fragments-40-spreads", queryWithFragments(fragments: 12, roots: 8)),
        ("query-10kB", query(selections: 28)),
        ("query-100kB", query(selections: 280)),
        ("query-100kB-400-fragments", queryWithFragments(fragments: 400, roots: 267)),
    ]

    /// What someone sends who wants to hurt the server.
    static let hostile: [(name: String, text: String)] = [
        ("100,000-aliases", "{" + (0..<100_000).map { "a\($0): __typename" }.joined(separator: " ") + "}"),
        ("10,000-times-the-same-field", "{" + repeated(10_000) { _ in "node(id: 1) { id }" } + "}"),
        ("10,000-conflicting-fields", "{" + repeated(10_000) { "node(id: \($0)) { id }" } + "}"),
        ("200-conflicts-at-50-levels", nested(conflictsPerLevel: 200, levels: 50)),
        ("doubled-at-30-levels", doubled(levels: 30)),
        ("doubled-fragments-at-100-levels", doubledFragments(levels: 100)),
        ("10,000-fragments-in-a-chain", chain(10_000, isClosed: false)),
        ("10,000-fragments-in-a-ring", chain(10_000, isClosed: true)),
        ("300-fragments-spreading-all", web(300)),
        ("5,000-spreads-of-a-long-chain", manySpreads(of: 3_000, 5_000)),
        ("2,000-operations-with-2,000-fragments", operations(2_000)),
        ("20,000-unknown-fields", "{" + repeated(20_000) { "unknown\($0)" } + "}"),
        ("20,000-unknown-arguments", "{ node(id: 1, " + repeated(20_000) { "a\($0): [\($0)]" } + ") { id } }"),
        ("5,000-unused-variables", "query (" + repeated(5_000) { "$v\($0): Int" } + ") { __typename }"),
        ("100,000-directives", "{ __typename " + repeated(100_000) { _ in "@skip(if: true)" } + "}"),
        ("900-nested-objects", objects(900)),
    ]

    private static func repeated(_ count: Int, _ text: (Int) -> String) -> String {
        (0..<count).map(text).joined(separator: " ")
    }

    // MARK: Everyday

    private static func query(selections: Int) -> String {
        var text = "query Dashboard($id: ID!, $first: Int = 20, $cursor: String, $details: Boolean!) {\n"
        for number in 0..<selections {
            let type = number * 7 % 60
            let filter = "filter: {status: OPEN, text: \"search \(number)\", ids: [\"1\", $id], order: CREATED_DESC}"
            text += """
                  entity\(number): entity\(type)(id: $id) {
                    id
                    title
                    description(length: \(number + 10))
                    status @include(if: $details)
                    owner {
                      id
                      title
                      price(currency: "EUR")
                    }
                    recent: related(first: $first, after: $cursor, \(filter)) {
                      id
                      title
                      createdAt
                      items(first: 5) {
                        __typename
                        ... on Entity\((type * 7 + 3) % 10) {
                          id
                          title
                        }
                      }
                    }
                  }

                """
        }
        return text + "}\n"
    }

    /// Fragments are on an interface and on object types; most of the latter spread the former.
    private static func queryWithFragments(fragments: Int, roots: Int) -> String {
        var text = "query Dashboard($id: ID!, $first: Int = 20, $details: Boolean!) {\n"
        for root in 0..<roots {
            let fragment = root * 2 % fragments
            text += "  root\(root): entity\(fragment % 60)(id: $id) {\n    id\n"
            text += "    ...Part\(fragment)\n    ...Node\(root % 4) @include(if: $details)\n"
            text += "    owner {\n      ...Part\(fragment + 1)\n      ...Node\((root + 1) % 4)\n    }\n  }\n"
        }
        text += "}\n"
        for node in 0..<4 {
            text += "\nfragment Node\(node) on Node {\n  id\n  __typename\n}\n"
        }
        for fragment in 0..<fragments {
            let type = fragment % 60
            text += """

                fragment Part\(fragment) on Entity\(type) {
                  id
                  title
                  status
                  description(length: 80)
                  related(first: $first) {
                    id
                    createdAt
                    title
                  }

                """
            if fragment < 8 || fragment % 2 == 0 { text += "  ...Node\(fragment % 4)\n" }
            text += "}\n"
        }
        return text
    }

    // MARK: Hostile

    private static func nested(conflictsPerLevel: Int, levels: Int) -> String {
        var text = "{ node(id: 1) { ... on Entity0 { "
        for _ in 0..<levels { text += "parent { " }
        text += repeated(conflictsPerLevel) { "x: description(length: \($0))" }
        return text + String(repeating: "} ", count: levels) + "} } }"
    }

    private static func doubled(levels: Int) -> String {
        func half() -> String {
            String(repeating: "parent { ", count: levels) + "title" + String(repeating: " }", count: levels)
        }
        return "{ " + repeated(100) { _ in "entity0(id: 1) { \(half()) \(half()) }" } + " }"
    }

    /// Written out, level n has 2 to the n fields.
    private static func doubledFragments(levels: Int) -> String {
        "{ entity0(id: 1) { ...F0 } }\n"
            + repeated(levels) {
                "fragment F\($0) on Entity0 { parent { ...F\($0 + 1) } parent { id ...F\($0 + 1) } }\n"
            }
            + "fragment F\(levels) on Entity0 { title }"
    }

    private static func chain(_ count: Int, isClosed: Bool) -> String {
        "{ entity0(id: 1) { ...F0 } }\n"
            + repeated(count) { number in
                let last = isClosed ? "...F0" : "id"
                return "fragment F\(number) on Entity0 { \(number == count - 1 ? last : "...F\(number + 1)") }\n"
            }
    }

    private static func web(_ count: Int) -> String {
        let all = repeated(count) { "...F\($0)" }
        return "{ entity0(id: 1) { ...F0 } }\n" + repeated(count) { "fragment F\($0) on Entity0 { \(all) }\n" }
    }

    private static func manySpreads(of chainLength: Int, _ spreads: Int) -> String {
        "{" + repeated(spreads) { "a\($0): entity0(id: 1) { ...F0 }" } + "}\n"
            + repeated(chainLength) {
                "fragment F\($0) on Entity0 { x\($0): id \($0 == chainLength - 1 ? "id" : "...F\($0 + 1)") }\n"
            }
    }

    private static func operations(_ count: Int) -> String {
        repeated(count) { "query Q\($0)($v: Int) { entity0(id: 1) { ...F0 } }\n" }
            + repeated(count) { number in
                let next = number == count - 1 ? "id" : "...F\(number + 1)"
                return "fragment F\(number) on Entity0 { d\(number): description(length: $v) \(next) }\n"
            }
    }

    private static func objects(_ depth: Int) -> String {
        "{ entities0(filter: " + String(repeating: "{all: [", count: depth / 2) + "{}"
            + String(repeating: "]}", count: depth / 2) + ") { id } }"
    }
}
