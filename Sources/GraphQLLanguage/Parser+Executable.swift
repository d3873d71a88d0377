/// https://spec.graphql.org/September2025/#sec-Document and the sections up to directives.
extension Parser {
    mutating func document() throws(SyntaxError) {
        let index = open(.document)
        repeat { try definition() } while token.kind != .endOfFile
        close(index)
    }

    private mutating func definition() throws(SyntaxError) {
        let first = token
        if first.kind == .braceLeft { return try shorthandQuery() }
        // The description belongs to the definition behind it, whose node has to come first.
        let index = open(.document)
        let hasDescription = try description()
        if token.kind == .name {
            if try executableDefinition(index) { return close(index) }
            if try typeSystemDefinition(index) { return close(index) }
            if hasDescription {
                throw error(
                    "Unexpected description, descriptions are supported only on type definitions.",
                    at: first
                )
            }
            if isKeyword("extend") {
                try typeSystemExtension(index)
                return close(index)
            }
        } else if hasDescription, token.kind == .braceLeft {
            throw error(
                "Unexpected description, descriptions are not supported on shorthand queries.",
                at: first
            )
        }
        throw unexpected(token)
    }

    private mutating func shorthandQuery() throws(SyntaxError) {
        let index = open(.operationDefinition)
        try selectionSet()
        close(index)
    }

    private mutating func executableDefinition(_ index: Int) throws(SyntaxError) -> Bool {
        if isKeyword("fragment") {
            try fragmentDefinition(index)
            return true
        }
        guard let operation = operationFlags() else { return false }
        become(index, .operationDefinition, operation)
        try advance()
        if token.kind == .name { try name(index) }
        try optionalMany(.parenLeft, .parenRight) { (parser) throws(SyntaxError) in try parser.variableDefinition() }
        try directives(isConstant: false)
        try selectionSet()
        return true
    }

    /// The operation the current token names.
    func operationFlags() -> Node.Flags? {
        if isKeyword("query") { return [] }
        if isKeyword("mutation") { return .mutation }
        return isKeyword("subscription") ? .subscription : nil
    }

    private mutating func variableDefinition() throws(SyntaxError) {
        let index = open(.variableDefinition)
        try description()
        let variable = open(.variable)
        try expect(.dollar)
        setText(index, token)
        try name(variable)
        close(variable)
        try expect(.colon)
        try type()
        if try take(.equals) { try value(isConstant: true) }
        try directives(isConstant: true)
        close(index)
    }

    private mutating func fragmentDefinition(_ index: Int) throws(SyntaxError) {
        become(index, .fragmentDefinition)
        try advance()
        if isKeyword("on") { throw unexpected(token) }
        try name(index)
        try expect(keyword: "on")
        try namedType()
        try directives(isConstant: false)
        try selectionSet()
    }

    // MARK: Selections

    private mutating func selectionSet() throws(SyntaxError) {
        try nested { (parser) throws(SyntaxError) in
            let index = parser.open(.selectionSet)
            try parser.many(.braceLeft, .braceRight) { (parser) throws(SyntaxError) in
                if parser.token.kind == .spread { try parser.fragment() } else { try parser.field() }
            }
            parser.close(index)
        }
    }

    @inline(never)
    private mutating func field() throws(SyntaxError) {
        let index = open(.field)
        let first = token
        try name(index)
        if try take(.colon) {
            let alias = open(.alias, start: first.start)
            setText(alias, first)
            close(alias)
            try name(index)
        }
        try arguments(isConstant: false)
        try directives(isConstant: false)
        if token.kind == .braceLeft { try selectionSet() }
        close(index)
    }

    @inline(never)
    private mutating func fragment() throws(SyntaxError) {
        let index = open(.inlineFragment)
        try expect(.spread)
        let hasCondition = try take(keyword: "on")
        if !hasCondition, token.kind == .name {
            become(index, .fragmentSpread)
            try name(index)
            try directives(isConstant: false)
        } else {
            if hasCondition { try namedType() }
            try directives(isConstant: false)
            try selectionSet()
        }
        close(index)
    }

    // MARK: Arguments, directives, values, types

    @inline(never)
    private mutating func arguments(isConstant: Bool) throws(SyntaxError) {
        try optionalMany(.parenLeft, .parenRight) { (parser) throws(SyntaxError) in
            try parser.nameAndValue(.argument, isConstant: isConstant)
        }
    }

    @inline(never)
    private mutating func nameAndValue(_ kind: Node.Kind, isConstant: Bool) throws(SyntaxError) {
        let index = open(kind)
        try name(index)
        try expect(.colon)
        try value(isConstant: isConstant)
        close(index)
    }

    /// Says whether there was any.
    @discardableResult
    @inline(never)
    mutating func directives(isConstant: Bool) throws(SyntaxError) -> Bool {
        guard token.kind == .at else { return false }
        while token.kind == .at {
            let index = open(.directive)
            try advance()
            try name(index)
            try arguments(isConstant: isConstant)
            close(index)
        }
        return true
    }

    mutating func value(isConstant: Bool) throws(SyntaxError) {
        switch token.kind {
        case .int: try leaf(.intValue)
        case .float: try leaf(.floatValue)
        case .string, .blockString: try leaf(.stringValue, flags: stringFlags)
        case .name: try nameValue()
        case .dollar: try variable(isConstant: isConstant)
        case .bracketLeft: try listValue(isConstant: isConstant)
        case .braceLeft: try objectValue(isConstant: isConstant)
        default: throw unexpected(token)
        }
    }

    @inline(never)
    private mutating func nameValue() throws(SyntaxError) {
        if isKeyword("true") {
            try leaf(.booleanValue, flags: .isTrue)
        } else if isKeyword("false") {
            try leaf(.booleanValue)
        } else if isKeyword("null") {
            try leaf(.nullValue)
        } else {
            try leaf(.enumValue)
        }
    }

    @inline(never)
    private mutating func listValue(isConstant: Bool) throws(SyntaxError) {
        try nested { (parser) throws(SyntaxError) in
            let index = parser.open(.listValue)
            try parser.advance()
            while try !parser.take(.bracketRight) { try parser.value(isConstant: isConstant) }
            parser.close(index)
        }
    }

    @inline(never)
    private mutating func objectValue(isConstant: Bool) throws(SyntaxError) {
        try nested { (parser) throws(SyntaxError) in
            let index = parser.open(.objectValue)
            try parser.advance()
            while try !parser.take(.braceRight) { try parser.nameAndValue(.objectField, isConstant: isConstant) }
            parser.close(index)
        }
    }

    @inline(never)
    private mutating func variable(isConstant: Bool) throws(SyntaxError) {
        let dollar = token
        let index = open(.variable)
        try advance()
        if isConstant {
            guard token.kind == .name else { throw unexpected(dollar) }
            throw error("Unexpected variable \"$\(token.value(in: bytes))\" in constant value.", at: dollar)
        }
        try name(index)
        close(index)
    }

    var stringFlags: Node.Flags {
        var flags: Node.Flags = token.kind == .blockString ? .block : []
        if token.hasEscapes { flags.formUnion(.escapes) }
        return flags
    }

    mutating func type() throws(SyntaxError) {
        let index: Int
        if token.kind == .bracketLeft {
            index = open(.listType)
            try nested { (parser) throws(SyntaxError) in
                try parser.advance()
                try parser.type()
                try parser.expect(.bracketRight)
            }
            close(index)
        } else {
            index = try namedType()
        }
        if try take(.bang) { mark(index, .nonNull) }
    }

    @discardableResult
    mutating func namedType() throws(SyntaxError) -> Int {
        let index = open(.namedType)
        try name(index)
        close(index)
        return index
    }
}
