import GraphQLLanguage
import GraphQLSchema

/// Directives that an executable document defines, though it must not: uses of them are checked against that.
extension Facts {
    /// By name, the node of the last definition.
    var directivesDefinedByDocument: [NameID: Int32] {
        guard !typeSystemDefinitions.isEmpty else { return [:] }
        var used: [String: NameID] = [:]
        for directive in directives { used[names.string(directive.name)] = directive.name }
        var definitions: [NameID: Int32] = [:]
        for definition in typeSystemDefinitions where nodes[Int(definition)].kind == .directiveDefinition {
            if let name = used[document.text(of: Int(definition))] { definitions[name] = definition }
        }
        return definitions
    }

    func locations(of definition: Int32) -> [DirectiveLocation] {
        document.children(of: Int(definition)).compactMap {
            document[$0].kind == .directiveLocation ? DirectiveLocation(rawValue: document.text(of: $0)) : nil
        }
    }

    /// The nodes of the arguments of a definition.
    func argumentDefinitions(of definition: Int32) -> [Int] {
        document.children(of: Int(definition)).filter { document[$0].kind == .inputValueDefinition }
    }
}
