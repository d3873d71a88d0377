import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// A directive that is not repeatable stands once at a place.
    ///
    /// https://spec.graphql.org/September2025/#sec-Directives-Are-Unique-per-Location
    public static let uniqueDirectivesPerLocation = ValidationRule("UniqueDirectivesPerLocationRule") {
        facts,
        report in
        guard facts.directives.count > 1 else { return }
        let own = facts.directivesDefinedByDocument
        var place = [Int32](repeating: -1, count: facts.names.count)
        var first = place
        // A type and its extensions are one place; so are a schema and its extensions.
        var places: [String: Int32] = [:]
        for directive in facts.directives {
            if report.isFull { return }
            let host = facts.place(of: directive, &places)
            let name = Int(directive.name)
            if place[name] != host {
                place[name] = host
                first[name] = directive.node
                continue
            }
            let isRepeatable: Bool
            if let definition = own[directive.name] {
                isRepeatable = facts.nodes[Int(definition)].flags.contains(.repeatable)
            } else if directive.definition >= 0 {
                isRepeatable = facts.index.schema.directives[Int(directive.definition)].isRepeatable
            } else {
                isRepeatable = true
            }
            if isRepeatable { continue }
            report.add(
                entering: directive.host,
                at: [facts.start(first[name]), facts.start(directive.node)],
                "The directive \"@\(facts.names.string(directive.name))\" can only be used once at this location."
            )
        }
    }
}

extension Facts {
    fileprivate func place(of directive: DirectiveFact, _ places: inout [String: Int32]) -> Int32 {
        switch directive.location {
        case .schema, .scalar, .object, .interface, .union, .enum, .inputObject:
            let name = directive.location == .schema ? "" : document.text(of: Int(directive.host))
            return places[name]
                ?? {
                    places[name] = directive.host
                    return directive.host
                }()
        default: return directive.host
        }
    }
}
