import GraphQLLanguage

/// Writes a schema as text, in the form of graphql-js's `printSchema`.
struct SchemaPrinter {
    let schema: Schema
    let options: SchemaPrintOptions
    private(set) var output = ""

    init(_ schema: Schema, _ options: SchemaPrintOptions) {
        self.schema = schema
        self.options = options
    }

    /// - Parameter isShown: which of the types are written.
    mutating func printAll(_ isShown: (TypeID) -> Bool = { _ in true }) {
        printSchemaDefinition()
        for directive in ordered(schema.directives, by: \.name)
        where !BuiltIns.directiveNames.contains(directive.name) {
            separate()
            print(directive)
        }
        for type in ordered(schema.types, by: \.name) where !BuiltIns.typeNames.contains(type.name) {
            guard let id = schema.type(named: type.name), isShown(id) else { continue }
            separate()
            print(type)
        }
    }

    private mutating func separate() {
        if !output.isEmpty { output += "\n\n" }
    }

    // MARK: Definitions

    /// The definition is left out where it says nothing that is not so by convention.
    private mutating func printSchemaDefinition() {
        let roots = OperationType.allCases.compactMap { operation in
            schema.rootType(for: operation).map { (operation: operation, name: schema[$0].name) }
        }
        let isConventional = roots.allSatisfy { $0.name == $0.operation.conventionalTypeName }
        let directives = options.showsDirectives ? schema.appliedDirectives : []
        if schema.description == nil, isConventional, directives.isEmpty { return }
        printDescription(schema.description)
        output += "schema"
        printApplied(directives)
        output += " {\n"
        for root in roots { output += "  \(root.operation.rawValue): \(root.name)\n" }
        output += "}"
    }

    private mutating func print(_ directive: DirectiveDefinition) {
        printDescription(directive.description)
        output += "directive @\(directive.name)"
        print(directive.arguments, indentation: "")
        if directive.isRepeatable { output += " repeatable" }
        output += " on " + ordered(directive.locations, by: \.rawValue).map(\.rawValue).joined(separator: " | ")
    }

    mutating func print(_ type: NamedType) {
        printDescription(type.description)
        output += "\(type.kind.keyword) \(type.name)"
        switch type.kind {
        case .scalar:
            if options.showsDirectives { return printApplied(type.appliedDirectives) }
            if let url = type.specifiedByURL { output += " @specifiedBy(url: \(StringLiteral.quoted(url)))" }
        case .object, .interface:
            printNames(type.interfaces, " implements ", " & ")
            printApplied(type.appliedDirectives)
            block(ordered(type.fields, by: \.name), \.description) { printer, field in printer.print(field) }
        case .union:
            printApplied(type.appliedDirectives)
            printNames(type.possibleTypes, " = ", " | ")
        case .enum:
            printApplied(type.appliedDirectives)
            block(ordered(type.values, by: \.name), \.description) { printer, value in printer.print(value) }
        case .inputObject:
            if type.isOneOf, !options.showsDirectives { output += " @oneOf" }
            printApplied(type.appliedDirectives)
            block(ordered(type.inputFields, by: \.name), \.description) { printer, field in printer.print(field) }
        }
    }

    private mutating func printNames(_ types: [TypeID], _ introduction: String, _ separator: String) {
        if types.isEmpty { return }
        output += introduction + ordered(types.map { schema[$0].name }, by: \.self).joined(separator: separator)
    }

    // MARK: Members

    private mutating func print(_ field: FieldDefinition) {
        output += field.name
        print(field.arguments, indentation: "  ")
        output += ": \(schema.description(of: field.type))"
        printDirectives(field.appliedDirectives, field.deprecationReason)
    }

    private mutating func print(_ value: EnumValueDefinition) {
        output += value.name
        printDirectives(value.appliedDirectives, value.deprecationReason)
    }

    private mutating func print(_ input: InputValueDefinition) {
        output += "\(input.name): \(schema.description(of: input.type))"
        if let value = schema.printedDefault(of: input, sortsFields: options.sorts) { output += " = \(value)" }
        printDirectives(input.appliedDirectives, input.deprecationReason)
    }

    /// Arguments stand on one line, unless one of them has a description.
    private mutating func print(_ arguments: [InputValueDefinition], indentation: String) {
        if arguments.isEmpty { return }
        let isDescribed = arguments.contains { $0.description != nil }
        output += isDescribed ? "(\n" : "("
        for (number, argument) in ordered(arguments, by: \.name).enumerated() {
            if isDescribed {
                if number > 0 { output += "\n" }
                printDescription(argument.description, indentation: indentation + "  ", isFirst: number == 0)
                output += indentation + "  "
            } else if number > 0 {
                output += ", "
            }
            print(argument)
        }
        output += isDescribed ? "\n\(indentation))" : ")"
    }

    /// Members in braces, each on a line of its own; nothing where there are none.
    private mutating func block<Member>(
        _ members: [Member],
        _ description: KeyPath<Member, String?>,
        print: (inout SchemaPrinter, Member) -> Void
    ) {
        if members.isEmpty { return }
        output += " {\n"
        for (number, member) in members.enumerated() {
            printDescription(member[keyPath: description], indentation: "  ", isFirst: number == 0)
            output += "  "
            print(&self, member)
            output += "\n"
        }
        output += "}"
    }

    // MARK: Directives

    /// All directives of a member, or the one that printed schemas always show.
    private mutating func printDirectives(_ directives: [AppliedDirective], _ deprecationReason: String?) {
        if options.showsDirectives, !directives.isEmpty { return printApplied(directives) }
        guard let deprecationReason else { return }
        output += " @deprecated"
        if deprecationReason != DeprecationReason.default {
            output += "(reason: \(StringLiteral.quoted(deprecationReason)))"
        }
    }

    private mutating func printApplied(_ directives: [AppliedDirective]) {
        guard options.showsDirectives else { return }
        for directive in directives {
            output += " @\(directive.name)"
            if directive.arguments.isEmpty { continue }
            output +=
                "(" + directive.arguments.map { "\($0.name): \($0.value.literal())" }.joined(separator: ", ") + ")"
        }
    }

    // MARK: Descriptions

    /// A described member is set off from the one before it by an empty line.
    private mutating func printDescription(_ description: String?, indentation: String = "", isFirst: Bool = true) {
        guard let description else { return }
        if !isFirst { output += "\n" }
        let literal =
            StringLiteral.canBeBlock(description)
            ? StringLiteral.block(description) : StringLiteral.quoted(description)
        output += indentation
        if indentation.isEmpty {
            output += literal
        } else {
            let lines = literal.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            output += lines.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n" + indentation)
        }
        output += "\n"
    }

    private func ordered<Item>(_ items: [Item], by name: KeyPath<Item, String>) -> [Item] {
        guard options.sorts else { return items }
        return items.sorted { Suggestions.isNaturallyLess($0[keyPath: name], $1[keyPath: name]) }
    }
}

extension NamedType.Kind {
    /// The word that begins a definition.
    var keyword: String {
        switch self {
        case .scalar: "scalar"
        case .object: "type"
        case .interface: "interface"
        case .union: "union"
        case .enum: "enum"
        case .inputObject: "input"
        }
    }
}
