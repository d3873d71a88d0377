import GraphQLLanguage

/// Names are names, and those that begin with two underscores belong to introspection.
///
/// https://spec.graphql.org/September2025/#sec-Names.Reserved-Names
enum NameRules {
    static func check(_ name: String, at place: SourceReference?, _ report: inout TypeSystemReport) {
        guard name.utf8.starts(with: [UInt8(ascii: "_"), UInt8(ascii: "_")]) else { return }
        report.add(
            "Name \"\(name)\" must not begin with \"__\", which is reserved by GraphQL introspection.",
            at: place
        )
    }
}
