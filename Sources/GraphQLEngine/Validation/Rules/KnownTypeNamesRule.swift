import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Types that are named exist.
    ///
    /// https://spec.graphql.org/September2025/#sec-Fragment-Spread-Type-Existence
    public static let knownTypeNames = ValidationRule("KnownTypeNamesRule") { facts, report in
        guard !facts.unknownTypes.isEmpty else { return }
        let defined = facts.typesDefinedByDocument
        let known = facts.index.schema.types.map(\.name) + defined.sorted()
        for type in facts.unknownTypes {
            if report.isFull { return }
            let name = facts.names.string(type.name)
            if defined.contains(name) { continue }
            let suggestion = report.suggestion(for: name, among: known)
            report.add(
                entering: type.node,
                at: [facts.start(type.node)],
                "Unknown type \"\(name)\"." + suggestion
            )
        }
    }
}

extension Facts {
    /// Where a document defines types, though it must not, references to them are no second mistake.
    fileprivate var typesDefinedByDocument: Set<String> {
        var names: Set<String> = []
        for definition in typeSystemDefinitions {
            switch nodes[Int(definition)].kind {
            case .scalarTypeDefinition, .objectTypeDefinition, .interfaceTypeDefinition, .unionTypeDefinition,
                .enumTypeDefinition, .inputObjectTypeDefinition:
                let name = document.text(of: Int(definition))
                if index.schema.type(named: name) == nil { names.insert(name) }
            default: continue
            }
        }
        return names
    }
}
