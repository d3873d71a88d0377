import GraphQLLanguage

extension Document {
    /// The tree as text: `kind:text!(children)`, so that tests can state it.
    func outline(_ index: Index = 0) -> String {
        let node = self[index]
        var result = "\(node.kind)"
        if node.hasText { result += ":" + text(of: index) }
        if node.flags.contains(.nonNull) { result += "!" }
        let children = children(of: index).map { outline($0) }
        return children.isEmpty ? result : result + "(" + children.joined(separator: " ") + ")"
    }

    /// The outline of a document's only definition.
    static func outline(ofDefinition text: String) throws -> String {
        try Document(parsing: text).outline(1)
    }
}

/// The syntax error of a piece of work as `message line:column`; nil where there was none.
func syntaxError(_ work: () throws -> Void) -> String? {
    do {
        try work()
        return nil
    } catch let error as SyntaxError {
        return "\(error.message) \(error.location.line):\(error.location.column)"
    } catch {
        return "\(error)"
    }
}
