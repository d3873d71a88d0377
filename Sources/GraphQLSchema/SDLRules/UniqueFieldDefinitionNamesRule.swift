import GraphQLLanguage

extension SDLRule {
    /// The fields of an object, interface or input object, its extensions included, have names of their own.
    ///
    /// https://spec.graphql.org/September2025/#sec-Objects.Type-Validation
    static let uniqueFieldDefinitionNames = SDLRule("UniqueFieldDefinitionNamesRule") { text, report in
        uniqueMembers(.fieldDefinition, .inputValueDefinition, what: "Field", in: text, &report) { type in
            type.fields.map(\.name) + type.inputFields.map(\.name)
        }
    }
}
