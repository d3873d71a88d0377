import GraphQLLanguage

/// What must hold for every text whatsoever. The fuzz target and the test of its corpus share it.
enum LanguageProperties {
    struct Violation: Error, CustomStringConvertible {
        let description: String
    }

    static func check(_ bytes: [UInt8]) throws {
        let isLexed = try checkTokens(bytes)
        let text = String(decoding: bytes, as: UTF8.self)
        if let document = try parsed(bytes, { (bytes) throws(SyntaxError) in try Document(parsing: bytes) }) {
            try require(isLexed, "what is parsed has tokens")
            try checkRoundTrip(document) { (text) throws(SyntaxError) in try Document(parsing: text) }
            for operation in document.separatedOperations() {
                try checkShape(operation.document)
                try checkRoundTrip(operation.document) { (text) throws(SyntaxError) in try Document(parsing: text) }
            }
        }
        guard isLexed else { return }
        for isConstant in [false, true] {
            let parse = { (text: String) throws(SyntaxError) in
                try Document(parsingValue: text, isConstant: isConstant)
            }
            if let value = try? parse(text) { try checkRoundTrip(value, parse) }
        }
        let parseType = { (text: String) throws(SyntaxError) in try Document(parsingType: text) }
        if let type = try? parseType(text) { try checkRoundTrip(type, parseType) }
        if let coordinate = try? SchemaCoordinate(parsing: text) {
            try require(coordinate.description == text, "a coordinate is written as it was read")
        }
    }

    /// Says whether the whole text has tokens.
    private static func checkTokens(_ bytes: [UInt8]) throws -> Bool {
        var lexer = try Lexer(bytes)
        var end: UInt32 = 0
        do {
            while true {
                let token = try lexer.next()
                try require(token.start >= end && token.end <= bytes.count, "tokens stand one behind the other")
                if token.kind == .endOfFile { break }
                try require(token.end > token.start, "tokens have text")
                _ = token.value(in: bytes)
                end = token.end
            }
        } catch let error as SyntaxError {
            try checkError(error, bytes)
            try require((try? Minifier.minify(bytes)) == nil, "what has no tokens is not minified")
            return false
        }
        let minified = try Minifier.minify(bytes)
        try require(try Minifier.minify(minified) == minified, "minifying is stable")
        return true
    }

    private static func parsed(
        _ bytes: [UInt8],
        _ parse: ([UInt8]) throws(SyntaxError) -> Document
    ) throws -> Document? {
        do {
            let document = try parse(bytes)
            try checkShape(document)
            return document
        } catch let error as SyntaxError {
            try checkError(error, bytes)
            return nil
        }
    }

    private static func checkError(_ error: SyntaxError, _ bytes: [UInt8]) throws {
        try require(error.offset >= 0 && error.offset <= bytes.count, "errors lie within the text")
        try require(error.location.line >= 1 && error.location.column >= 1, "lines and columns count from 1")
        try require(error.message.hasPrefix("Syntax Error: "), "errors say what they are")
    }

    /// Subtrees lie within each other.
    private static func checkShape(_ document: Document) throws {
        var ends: [UInt32] = []
        for (index, node) in document.nodes.enumerated() {
            while let end = ends.last, end <= index { ends.removeLast() }
            try require(node.next > index && node.next <= ends.last ?? UInt32(document.nodes.count), "subtrees nest")
            try require(node.textEnd <= document.bytes.count && node.textStart <= node.textEnd, "texts lie within")
            ends.append(node.next)
        }
    }

    /// Printed or minified, a document is the same tree.
    private static func checkRoundTrip(
        _ document: Document,
        _ parse: (String) throws(SyntaxError) -> Document
    ) throws {
        let printed = document.printed()
        let again = try parse(printed)
        try require(isSameTree(document, again), "printing keeps the tree")
        try require(again.printed() == printed, "printing is stable")
        let minified = try parse(Minifier.minify(printed))
        try require(isSameTree(document, minified), "minifying keeps the tree")
    }

    private static func isSameTree(_ one: Document, _ other: Document) -> Bool {
        guard one.nodes.count == other.nodes.count else { return false }
        return one.nodes.indices.allSatisfy { index in
            let (a, b) = (one[index], other[index])
            guard a.kind == b.kind, a.next == b.next else { return false }
            guard a.flags.subtracting(.escapes) == b.flags.subtracting(.escapes) else { return false }
            guard a.kind == .stringValue || a.kind == .description else {
                return one.text(of: index) == other.text(of: index)
            }
            // Not as strings, which compare equal when only their normal forms are.
            return one.stringValue(of: index).utf8.elementsEqual(other.stringValue(of: index).utf8)
        }
    }

    private static func require(_ condition: Bool, _ property: String) throws {
        if !condition { throw Violation(description: "does not hold: " + property) }
    }
}
