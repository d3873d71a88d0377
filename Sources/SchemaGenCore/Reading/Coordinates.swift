import GraphQLLanguage
import GraphQLSchema

/// Finds the schema coordinate of what stands at a place of the text.
struct Coordinates {
    private let document: Document
    private let lines: LineTable

    init(_ document: Document) {
        self.document = document
        lines = LineTable(document.bytes)
    }

    func coordinate(at location: SourceLocation) -> String? {
        guard let definition = lastChild(of: 0, notBehind: location) else { return nil }
        let type = document[definition].kind == .directiveDefinition ? "@" : ""
        guard document[definition].hasText else { return nil }
        let name = type + document.text(of: definition)
        guard let member = lastChild(of: definition, notBehind: location), document[member].kind.isMember else {
            return name
        }
        // The arguments of a directive are its only members.
        if document[definition].kind == .directiveDefinition { return "\(name)(\(document.text(of: member)):)" }
        let memberName = "\(name).\(document.text(of: member))"
        guard let argument = lastChild(of: member, notBehind: location),
            document[argument].kind == .inputValueDefinition
        else { return memberName }
        return "\(memberName)(\(document.text(of: argument)):)"
    }

    private func lastChild(of node: Document.Index, notBehind location: SourceLocation) -> Document.Index? {
        var last: Document.Index?
        for child in document.children(of: node) {
            let start = lines.location(at: Int(document[child].start))
            if (start.line, start.column) > (location.line, location.column) { break }
            last = child
        }
        return last
    }
}

extension Node.Kind {
    fileprivate var isMember: Bool {
        self == .fieldDefinition || self == .inputValueDefinition || self == .enumValueDefinition
    }
}
