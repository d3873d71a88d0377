import GraphQLLanguage
import GraphQLSchema

/// Reads `@defer` and `@stream`: https://github.com/graphql/graphql-spec/pull/1110.
extension Planner {
    /// The use of `@defer` that what is in a fragment stands in: a new one if the fragment is deferred.
    mutating func deferral(by fragment: Document.Index, in usage: Int32) throws(GraphQLError) -> Int32 {
        guard let directive = enabledDirective("defer", of: fragment) else { return usage }
        guard deferUsages.count < limits.deferrals else {
            throw GraphQLError(
                "Operation defers more than \(limits.deferrals) fragments.",
                extensions: ["code": .string("QUERY_TOO_LARGE")]
            )
        }
        let parent = usage == Self.notDeferred ? nil : deferUsages[Int(usage)]
        deferUsages.append(DeferUsage(id: deferUsages.count, label: label(of: directive), parent: parent))
        return Int32(deferUsages.count - 1)
    }

    /// The directive of a name on a node, unless its argument `if` is false.
    func enabledDirective(_ name: String, of node: Document.Index) -> Document.Index? {
        for directive in document.children(of: node)
        where document[directive].kind == .directive && document.text(of: directive) == name {
            if let condition = argument("if", of: directive), boolean(condition) == false { return nil }
            return directive
        }
        return nil
    }

    func label(of directive: Document.Index) -> String? {
        guard let value = argument("label", of: directive), document[value].kind == .stringValue else { return nil }
        return document.stringValue(of: value)
    }

    func initialCount(of directive: Document.Index) -> StreamUsage.Count {
        guard let value = argument("initialCount", of: directive) else { return .literal(0) }
        switch document[value].kind {
        case .variable: return .variable(document.text(of: value))
        default: return .literal(Int(document.text(of: value)) ?? 0)
        }
    }

    private func argument(_ name: String, of directive: Document.Index) -> Document.Index? {
        for argument in document.children(of: directive)
        where document[argument].kind == .argument && document.text(of: argument) == name {
            return document.value(of: argument)
        }
        return nil
    }
}
