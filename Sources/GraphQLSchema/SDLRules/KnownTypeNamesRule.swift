import GraphQLLanguage

extension SDLRule {
    /// Types that are named are defined.
    ///
    /// https://spec.graphql.org/September2025/#sec-Schema
    static let knownTypeNames = SDLRule("KnownTypeNamesRule") { text, report in
        var options: [String]?
        for definition in text.definitions {
            let isExecutable = text.document[definition].kind.isExecutableDefinition
            for node in definition..<Int(text.document[definition].next)
            where text.document[node].kind == .namedType {
                let name = text.document.text(of: node)
                if text.typeDefinitions[name] != nil || text.schema?.type(named: name) != nil { continue }
                if !isExecutable, BuiltIns.typeNames.contains(name) { continue }
                // The built-in types need no definition, in a text that defines types.
                let known = options ?? text.typeNames.sorted()
                options = known
                let suggestion = report.suggestion(
                    for: name,
                    among: isExecutable ? known : known + BuiltIns.typeNames.subtracting(known).sorted()
                )
                report.add(entering: node, at: text.start(node), message: "Unknown type \"\(name)\"." + suggestion)
            }
        }
    }
}

extension SDLText {
    /// The names of all types that the text or the schema it extends defines.
    var typeNames: Set<String> {
        Set(typeDefinitions.keys).union(schema.map { Array($0.typesByName.keys) } ?? [])
    }
}

extension Node.Kind {
    var isExecutableDefinition: Bool { self == .operationDefinition || self == .fragmentDefinition }
}
