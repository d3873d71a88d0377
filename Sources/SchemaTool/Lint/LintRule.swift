import GraphQLSchema

/// One convention that a schema is held against.
struct LintRule: Sendable {
    let name: String
    let summary: String
    let check: @Sendable (Schema, inout LintReport) -> Void

    init(_ name: String, _ summary: String, check: @escaping @Sendable (Schema, inout LintReport) -> Void) {
        self.name = name
        self.summary = summary
        self.check = check
    }

    static let all: [LintRule] = [
        nameCase, domainWords, nounFirstMutations, pluralLists, objectsNotIDs, typeSuffixes, identifiedObjectsAreNodes,
        refusalsCostOneField, nullablePayloads, boundedLists, auditedMutations, deprecationReasons, descriptions,
    ]
}
