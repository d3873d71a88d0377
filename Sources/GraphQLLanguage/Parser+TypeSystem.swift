/// https://spec.graphql.org/September2025/#sec-Type-System
extension Parser {
    /// Says whether there was one.
    @discardableResult
    mutating func description() throws(SyntaxError) -> Bool {
        guard token.kind == .string || token.kind == .blockString else { return false }
        try leaf(.description, flags: stringFlags)
        return true
    }

    /// Says whether the current keyword begins a definition of the type system.
    mutating func typeSystemDefinition(_ index: Int) throws(SyntaxError) -> Bool {
        if isKeyword("type") {
            try objectType(index, .objectTypeDefinition)
        } else if isKeyword("input") {
            try inputObjectType(index, .inputObjectTypeDefinition)
        } else if isKeyword("enum") {
            try enumType(index, .enumTypeDefinition)
        } else if isKeyword("interface") {
            try objectType(index, .interfaceTypeDefinition)
        } else if isKeyword("union") {
            try unionType(index, .unionTypeDefinition)
        } else if isKeyword("scalar") {
            try scalarType(index, .scalarTypeDefinition)
        } else if isKeyword("directive") {
            try directiveDefinition(index)
        } else if isKeyword("schema") {
            become(index, .schemaDefinition)
            try advance()
            try directives(isConstant: true)
            try many(.braceLeft, .braceRight) { (parser) throws(SyntaxError) in try parser.operationType() }
        } else {
            return false
        }
        return true
    }

    /// An extension adds something: one that does not is an error at what follows it.
    mutating func typeSystemExtension(_ index: Int) throws(SyntaxError) {
        try advance()
        let addsSomething: Bool
        if isKeyword("type") {
            addsSomething = try objectType(index, .objectTypeExtension)
        } else if isKeyword("input") {
            addsSomething = try inputObjectType(index, .inputObjectTypeExtension)
        } else if isKeyword("enum") {
            addsSomething = try enumType(index, .enumTypeExtension)
        } else if isKeyword("interface") {
            addsSomething = try objectType(index, .interfaceTypeExtension)
        } else if isKeyword("union") {
            addsSomething = try unionType(index, .unionTypeExtension)
        } else if isKeyword("scalar") {
            addsSomething = try scalarType(index, .scalarTypeExtension)
        } else if isKeyword("schema") {
            become(index, .schemaExtension)
            try advance()
            let hasDirectives = try directives(isConstant: true)
            let hasOperations = try optionalMany(.braceLeft, .braceRight) { (parser) throws(SyntaxError) in
                try parser.operationType()
            }
            addsSomething = hasDirectives || hasOperations
        } else {
            throw unexpected(token)
        }
        if !addsSomething { throw unexpected(token) }
    }

    private mutating func operationType() throws(SyntaxError) {
        let operation = token
        let flags = operationFlags()
        let index = open(.operationTypeDefinition, flags: flags ?? [])
        try expect(.name)
        if flags == nil { throw unexpected(operation) }
        try expect(.colon)
        try namedType()
        close(index)
    }

    // Each of the following begins at its keyword and says whether anything follows the name.

    @discardableResult
    private mutating func scalarType(_ index: Int, _ kind: Node.Kind) throws(SyntaxError) -> Bool {
        try keywordAndName(index, kind)
        return try directives(isConstant: true)
    }

    @discardableResult
    private mutating func objectType(_ index: Int, _ kind: Node.Kind) throws(SyntaxError) -> Bool {
        try keywordAndName(index, kind)
        let hasInterfaces = try take(keyword: "implements")
        if hasInterfaces {
            try delimited(by: .ampersand) { (parser) throws(SyntaxError) in try parser.namedType() }
        }
        let hasDirectives = try directives(isConstant: true)
        let hasFields = try optionalMany(.braceLeft, .braceRight) { (parser) throws(SyntaxError) in
            try parser.fieldDefinition()
        }
        return hasInterfaces || hasDirectives || hasFields
    }

    @discardableResult
    private mutating func unionType(_ index: Int, _ kind: Node.Kind) throws(SyntaxError) -> Bool {
        try keywordAndName(index, kind)
        let hasDirectives = try directives(isConstant: true)
        let hasMembers = try take(.equals)
        if hasMembers {
            try delimited(by: .pipe) { (parser) throws(SyntaxError) in try parser.namedType() }
        }
        return hasDirectives || hasMembers
    }

    @discardableResult
    private mutating func enumType(_ index: Int, _ kind: Node.Kind) throws(SyntaxError) -> Bool {
        try keywordAndName(index, kind)
        let hasDirectives = try directives(isConstant: true)
        let hasValues = try optionalMany(.braceLeft, .braceRight) { (parser) throws(SyntaxError) in
            try parser.enumValueDefinition()
        }
        return hasDirectives || hasValues
    }

    @discardableResult
    private mutating func inputObjectType(_ index: Int, _ kind: Node.Kind) throws(SyntaxError) -> Bool {
        try keywordAndName(index, kind)
        let hasDirectives = try directives(isConstant: true)
        let hasFields = try optionalMany(.braceLeft, .braceRight) { (parser) throws(SyntaxError) in
            try parser.inputValueDefinition()
        }
        return hasDirectives || hasFields
    }

    private mutating func keywordAndName(_ index: Int, _ kind: Node.Kind) throws(SyntaxError) {
        become(index, kind)
        try advance()
        try name(index)
    }

    private mutating func fieldDefinition() throws(SyntaxError) {
        let index = open(.fieldDefinition)
        try description()
        try name(index)
        try argumentDefinitions()
        try expect(.colon)
        try type()
        try directives(isConstant: true)
        close(index)
    }

    private mutating func argumentDefinitions() throws(SyntaxError) {
        try optionalMany(.parenLeft, .parenRight) { (parser) throws(SyntaxError) in
            try parser.inputValueDefinition()
        }
    }

    private mutating func inputValueDefinition() throws(SyntaxError) {
        let index = open(.inputValueDefinition)
        try description()
        try name(index)
        try expect(.colon)
        try type()
        if try take(.equals) { try value(isConstant: true) }
        try directives(isConstant: true)
        close(index)
    }

    private mutating func enumValueDefinition() throws(SyntaxError) {
        let index = open(.enumValueDefinition)
        try description()
        if isKeyword("true") || isKeyword("false") || isKeyword("null") {
            throw error(
                "\(description(of: token)) is reserved and cannot be used for an enum value.",
                at: token
            )
        }
        try name(index)
        try directives(isConstant: true)
        close(index)
    }

    private mutating func directiveDefinition(_ index: Int) throws(SyntaxError) {
        become(index, .directiveDefinition)
        try advance()
        try expect(.at)
        try name(index)
        try argumentDefinitions()
        if try take(keyword: "repeatable") { mark(index, .repeatable) }
        try expect(keyword: "on")
        try delimited(by: .pipe) { (parser) throws(SyntaxError) in
            let location = parser.token
            let index = parser.open(.directiveLocation)
            try parser.name(index)
            parser.close(index)
            if DirectiveLocation(rawValue: location.value(in: parser.bytes)) == nil {
                throw parser.unexpected(location)
            }
        }
    }
}
