public import GraphQLLanguage

/// A rule that a text of the type system keeps, before a schema is built from it.
public struct SDLRule: Sendable {
    /// The name graphql-js gives the rule.
    public let name: String
    let check: @Sendable (_ text: SDLText, _ report: inout SDLReport) -> Void

    init(_ name: String, check: @escaping @Sendable (_ text: SDLText, _ report: inout SDLReport) -> Void) {
        self.name = name
        self.check = check
    }

    /// The rules of graphql-js, in its order.
    public static let specified: [SDLRule] = [
        loneSchemaDefinition, uniqueOperationTypes, uniqueTypeNames, uniqueEnumValueNames, uniqueFieldDefinitionNames,
        uniqueArgumentDefinitionNames, uniqueDirectiveNames, knownTypeNames, knownDirectives,
        uniqueDirectivesPerLocation, possibleTypeExtensions, knownArgumentNamesOnDirectives, uniqueArgumentNames,
        uniqueInputFieldNames, providedRequiredArgumentsOnDirectives,
    ]

    /// The rules that an own schema is held against: also those that graphql-js does not have.
    public static let all: [SDLRule] = specified + [onlyTypeSystemDefinitions, listDepth, oneOfOnDefinition]

    /// What is wrong with a text, in the order in which one walk over it would find it.
    ///
    /// - Parameters:
    ///   - schema: what the text extends, if it does.
    ///   - suggestsNames: whether messages ask "Did you mean".
    public static func errors(
        in document: Document,
        extending schema: Schema? = nil,
        rules: [SDLRule] = specified,
        suggestsNames: Bool = true
    ) -> [GraphQLError] {
        let text = SDLText(document, extending: schema)
        var report = SDLReport(suggestsNames: suggestsNames)
        for (number, rule) in rules.enumerated() {
            report.begin(rule: number)
            rule.check(text, &report)
        }
        return report.errors(in: document)
    }
}
