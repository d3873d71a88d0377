/// Writes a syntax tree as text, in the form of graphql-js's `print`: two spaces of indentation, one selection or
/// definition a line, arguments on lines of their own where a field would pass 80 columns.
///
/// Recursion follows the nesting of the document, which the parser has bounded.
struct Printer {
    let document: Document
    private(set) var output: [UInt8] = []
    private var depth = 0
    /// Braces would belong to the definition before them.
    private var followsOpenDefinition = false

    private static let maxLineLength = 80

    init(_ document: Document) {
        self.document = document
    }

    mutating func print(_ index: Document.Index) {
        switch document[index].kind {
        case .document: definitions(of: index)
        case .operationDefinition: operation(index)
        case .variableDefinition: variableDefinition(index)
        case .fragmentDefinition: fragment(index)
        case .selectionSet: block(document.children(of: index))
        case .field: field(index)
        case .alias, .namedType, .listType: type(index)
        case .argument, .objectField: nameAndValue(index)
        case .fragmentSpread:
            write("...")
            text(index)
            directives(of: index)
        case .inlineFragment: inlineFragment(index)
        case .directive:
            write("@")
            text(index)
            list(.argument, of: index, "(", ", ", ")")
        case .variable, .intValue, .floatValue, .stringValue, .booleanValue, .nullValue, .enumValue, .listValue,
            .objectValue:
            value(index)
        case .description: string(index)
        default: typeSystem(index)
        }
    }

    // MARK: Operations and fragments

    private mutating func definitions(of index: Document.Index) {
        for definition in document.children(of: index) {
            if !output.isEmpty { write("\n\n") }
            print(definition)
            followsOpenDefinition =
                document[definition].kind.mayHaveMembers && output.last != UInt8(ascii: "}")
        }
    }

    private mutating func operation(_ index: Document.Index) {
        let node = document[index]
        let children = document.children(of: index)
        description(of: index)
        // A query that has nothing in front of its selections is written in the short form.
        let isShorthand =
            node.operation == .query && !node.hasText && !followsOpenDefinition
            && children.allSatisfy { document[$0].kind == .selectionSet }
        if !isShorthand {
            write(node.operation.rawValue)
            let hasVariables = document.child(.variableDefinition, of: index) != nil
            if node.hasText || hasVariables { write(" ") }
            if node.hasText { text(index) }
            variableDefinitions(of: index)
            directives(of: index)
            write(" ")
        }
        selectionSet(of: index)
    }

    /// Described variables stand on lines of their own, not indented: that is how graphql-js has it.
    private mutating func variableDefinitions(of index: Document.Index) {
        let isDescribed = document.children(of: index).contains {
            document[$0].kind == .variableDefinition && document.child(.description, of: $0) != nil
        }
        if isDescribed {
            list(.variableDefinition, of: index, "(\n", "\n", "\n)")
        } else {
            list(.variableDefinition, of: index, "(", ", ", ")")
        }
    }

    private mutating func variableDefinition(_ index: Document.Index) {
        description(of: index)
        write("$")
        text(index)
        typeAndDefault(of: index)
        directives(of: index)
    }

    private mutating func fragment(_ index: Document.Index) {
        description(of: index)
        write("fragment ")
        text(index)
        typeCondition(of: index)
        directives(of: index)
        write(" ")
        selectionSet(of: index)
    }

    private mutating func inlineFragment(_ index: Document.Index) {
        write("...")
        typeCondition(of: index)
        directives(of: index)
        write(" ")
        selectionSet(of: index)
    }

    private mutating func typeCondition(of index: Document.Index) {
        guard let type = document.child(.namedType, of: index) else { return }
        write(" on ")
        text(type)
    }

    private mutating func selectionSet(of index: Document.Index) {
        if let selections = document.child(.selectionSet, of: index) { print(selections) }
    }

    private mutating func field(_ index: Document.Index) {
        let start = output.count
        if let alias = document.child(.alias, of: index) {
            text(alias)
            write(": ")
        }
        text(index)
        let argumentsStart = output.count
        list(.argument, of: index, "(", ", ", ")")
        if output.count > argumentsStart, writtenLength(from: start) > Self.maxLineLength {
            rewind(to: argumentsStart)
            lines(.argument, of: index)
        }
        directives(of: index)
        if let selections = document.child(.selectionSet, of: index) {
            write(" ")
            print(selections)
        }
    }

    /// UTF-16 code units written since an offset, the indentation of the surroundings not counted.
    private func writtenLength(from start: Int) -> Int {
        var length = 0
        for byte in output[start...] {
            length += byte.utf16Length
            if byte == UInt8(ascii: "\n") { length -= 2 * depth }
        }
        return length
    }

    // MARK: Values and types

    private mutating func nameAndValue(_ index: Document.Index) {
        text(index)
        write(": ")
        if let content = document.value(of: index) { value(content) }
    }

    mutating func value(_ index: Document.Index) {
        switch document[index].kind {
        case .variable:
            write("$")
            text(index)
        case .stringValue: string(index)
        case .listValue:
            write("[")
            items(document.children(of: index), separator: ", ")
            write("]")
        case .objectValue:
            write("{")
            items(document.children(of: index), separator: ", ")
            write("}")
        default: text(index)
        }
    }

    mutating func string(_ index: Document.Index) {
        let value = document.stringValueBytes(of: index)
        guard document[index].flags.contains(.block) else { return output.append(quoting: value) }
        var printed: [UInt8] = []
        printed.append(blockQuoting: value)
        for byte in printed {
            output.append(byte)
            if byte == UInt8(ascii: "\n") { indent() }
        }
    }

    mutating func type(_ index: Document.Index) {
        if document[index].kind == .listType {
            write("[")
            if let element = document.type(of: index) { type(element) }
            write("]")
        } else {
            text(index)
        }
        if document[index].flags.contains(.nonNull) { write("!") }
    }

    /// `: Type = default`
    mutating func typeAndDefault(of index: Document.Index) {
        write(": ")
        if let type = document.type(of: index) { self.type(type) }
        if let content = document.value(of: index) {
            write(" = ")
            value(content)
        }
    }

    // MARK: Parts of definitions

    mutating func description(of index: Document.Index) {
        guard let description = document.child(.description, of: index) else { return }
        string(description)
        newline()
    }

    mutating func directives(of index: Document.Index) {
        list(.directive, of: index, " ", " ", "")
    }

    // MARK: Lists

    /// Nodes with a separator between them.
    mutating func items(_ nodes: some Sequence<Document.Index>, separator: StaticString) {
        var isFirst = true
        for node in nodes {
            if !isFirst { write(separator) }
            isFirst = false
            print(node)
        }
    }

    /// A node's children of one kind between two marks; nothing where there are none.
    mutating func list(
        _ kind: Node.Kind,
        of index: Document.Index,
        _ open: StaticString,
        _ separator: StaticString,
        _ close: StaticString
    ) {
        var isFirst = true
        for child in document.children(of: index) where document[child].kind == kind {
            write(isFirst ? open : separator)
            isFirst = false
            print(child)
        }
        if !isFirst { write(close) }
    }

    /// A node's children of one kind in parentheses, each on a line of its own.
    mutating func lines(_ kind: Node.Kind, of index: Document.Index) {
        block(document.children(of: index).filter { document[$0].kind == kind }, open: "(", close: ")")
    }

    /// Nodes in braces, each on a line of its own; nothing where there are none.
    mutating func block(
        _ nodes: some Sequence<Document.Index>,
        open: StaticString = "{",
        close: StaticString = "}"
    ) {
        var isFirst = true
        for node in nodes {
            if isFirst {
                write(open)
                depth += 1
            }
            isFirst = false
            newline()
            print(node)
        }
        if isFirst { return }
        depth -= 1
        newline()
        write(close)
    }

    // MARK: Text

    /// The node's own text, as it stands in the source.
    mutating func text(_ index: Document.Index) {
        output.append(contentsOf: document.bytes[document.textRange(of: index)])
    }

    mutating func write(_ text: StaticString) {
        output.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func write(_ text: String) {
        output.append(contentsOf: text.utf8)
    }

    private mutating func newline() {
        output.append(UInt8(ascii: "\n"))
        indent()
    }

    private mutating func indent() {
        for _ in 0..<depth { write("  ") }
    }

    /// Forgets what was written since an offset.
    mutating func rewind(to offset: Int) {
        output.removeSubrange(offset...)
    }
}

extension Node.Kind {
    /// Whether braces may follow a definition of the type system, or be left out.
    fileprivate var mayHaveMembers: Bool {
        switch self {
        case .schemaExtension, .objectTypeDefinition, .objectTypeExtension, .interfaceTypeDefinition,
            .interfaceTypeExtension, .enumTypeDefinition, .enumTypeExtension, .inputObjectTypeDefinition,
            .inputObjectTypeExtension:
            true
        default: false
        }
    }
}

extension Document {
    /// The document as text in the canonical form, without a line end behind it.
    ///
    /// Indentation makes it longer than the original by up to twice the nesting for each line: print what strangers
    /// send only under a limit of depth.
    public func printed() -> String { printed(0) }

    /// A node and what it contains as text.
    public func printed(_ index: Index) -> String {
        var printer = Printer(self)
        printer.print(index)
        return String(decoding: printer.output, as: UTF8.self)
    }
}
