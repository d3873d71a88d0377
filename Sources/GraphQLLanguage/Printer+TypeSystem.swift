extension Printer {
    /// https://spec.graphql.org/September2025/#sec-Type-System
    mutating func typeSystem(_ index: Document.Index) {
        description(of: index)
        switch document[index].kind {
        case .schemaDefinition, .schemaExtension:
            write(document[index].kind == .schemaExtension ? "extend schema" : "schema")
            directives(of: index)
            members(.operationTypeDefinition, of: index)
        case .operationTypeDefinition:
            write(document[index].operation.rawValue)
            write(": ")
            if let type = document.type(of: index) { text(type) }
        case .scalarTypeDefinition: definition("scalar ", index)
        case .scalarTypeExtension: definition("extend scalar ", index)
        case .objectTypeDefinition: fields("type ", index)
        case .objectTypeExtension: fields("extend type ", index)
        case .interfaceTypeDefinition: fields("interface ", index)
        case .interfaceTypeExtension: fields("extend interface ", index)
        case .unionTypeDefinition: union("union ", index)
        case .unionTypeExtension: union("extend union ", index)
        case .enumTypeDefinition: definition("enum ", index, members: .enumValueDefinition)
        case .enumTypeExtension: definition("extend enum ", index, members: .enumValueDefinition)
        case .inputObjectTypeDefinition: definition("input ", index, members: .inputValueDefinition)
        case .inputObjectTypeExtension: definition("extend input ", index, members: .inputValueDefinition)
        case .fieldDefinition:
            text(index)
            argumentDefinitions(of: index)
            typeAndDefault(of: index)
            directives(of: index)
        case .inputValueDefinition:
            text(index)
            typeAndDefault(of: index)
            directives(of: index)
        case .enumValueDefinition: definition("", index)
        case .directiveDefinition:
            write("directive @")
            text(index)
            argumentDefinitions(of: index)
            if document[index].flags.contains(.repeatable) { write(" repeatable") }
            list(.directiveLocation, of: index, " on ", " | ", "")
        default: text(index)
        }
    }

    private mutating func definition(
        _ keyword: StaticString,
        _ index: Document.Index,
        members kind: Node.Kind? = nil
    ) {
        write(keyword)
        text(index)
        directives(of: index)
        if let kind { members(kind, of: index) }
    }

    private mutating func fields(_ keyword: StaticString, _ index: Document.Index) {
        write(keyword)
        text(index)
        list(.namedType, of: index, " implements ", " & ", "")
        directives(of: index)
        members(.fieldDefinition, of: index)
    }

    private mutating func union(_ keyword: StaticString, _ index: Document.Index) {
        definition(keyword, index)
        list(.namedType, of: index, " = ", " | ", "")
    }

    private mutating func members(_ kind: Node.Kind, of index: Document.Index) {
        guard document.child(kind, of: index) != nil else { return }
        write(" ")
        block(document.children(of: index).filter { document[$0].kind == kind })
    }

    /// Arguments stand on one line, unless one of them has a description or a block string of several lines.
    private mutating func argumentDefinitions(of index: Document.Index) {
        let start = output.count
        list(.inputValueDefinition, of: index, "(", ", ", ")")
        if output[start...].contains(UInt8(ascii: "\n")) {
            rewind(to: start)
            lines(.inputValueDefinition, of: index)
        }
    }
}
