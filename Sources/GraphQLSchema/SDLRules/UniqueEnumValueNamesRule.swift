import GraphQLLanguage

extension SDLRule {
    /// The values of an enum, its extensions included, have names of their own.
    ///
    /// https://spec.graphql.org/September2025/#sec-Enums.Type-Validation
    static let uniqueEnumValueNames = SDLRule("UniqueEnumValueNamesRule") { text, report in
        uniqueMembers(.enumValueDefinition, what: "Enum value", in: text, &report) { type in type.values.map(\.name) }
    }
}
