import GraphQLLanguage
import GraphQLSchema

/// The schema's text as the engine gets it: without comments and white space, and without what speaks to the generator.
enum EmbeddedSDL {
    static func text(of source: SchemaSource) -> String {
        let kept = removing(stripped(source), from: Array(source.document.bytes[..<source.textEnd]))
        do throws(SyntaxError) { return String(decoding: try Minifier.minify(kept), as: UTF8.self) } catch {
            preconditionFailure("a text without some of its definitions is still made of tokens: \(error.message)")
        }
    }

    private static func removing(_ ranges: [Range<Int>], from bytes: [UInt8]) -> [UInt8] {
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        var position = 0
        for range in ranges {
            kept += bytes[position..<range.lowerBound]
            // What stood before and behind stays apart.
            kept.append(UInt8(ascii: " "))
            position = range.upperBound
        }
        return kept + bytes[position...]
    }

    private static func stripped(_ source: SchemaSource) -> [Range<Int>] {
        let document = source.document
        var ranges: [Range<Int>] = []
        let definitions = Array(document.children(of: 0)).filter { Int(document[$0].start) < source.textEnd }
        for (index, definition) in definitions.enumerated() {
            let end = index + 1 < definitions.count ? Int(document[definitions[index + 1]].start) : source.textEnd
            if isForGenerator(definition, in: document) {
                ranges.append(Int(document[definition].start)..<end)
                continue
            }
            for node in definition..<Int(document[definition].next) where isForGenerator(directive: node, in: document)
            {
                ranges.append(Int(document[node].start)..<self.end(ofDirective: node, in: document))
            }
        }
        return ranges
    }

    private static func isForGenerator(directive node: Document.Index, in document: Document) -> Bool {
        document[node].kind == .directive && GeneratorDirectives.stripped.contains(document.text(of: node))
    }

    /// Definitions of the generator's directives, and extensions that say nothing but such directives.
    private static func isForGenerator(_ definition: Document.Index, in document: Document) -> Bool {
        switch document[definition].kind {
        case .directiveDefinition:
            let name = document.text(of: definition)
            return name == "resolver" || GeneratorDirectives.stripped.contains(name)
        case .schemaExtension, .scalarTypeExtension, .objectTypeExtension:
            return document.children(of: definition).allSatisfy { isForGenerator(directive: $0, in: document) }
        default: return false
        }
    }

    /// Behind the parenthesis that closes the arguments; between the last of them and it stand only brackets, white
    /// space and comments.
    private static func end(ofDirective node: Document.Index, in document: Document) -> Int {
        let subtree = node..<Int(document[node].next)
        var position = subtree.map { Int(document[$0].textEnd) }.max() ?? Int(document[node].textEnd)
        guard subtree.count > 1 else { return position }
        while document.bytes[position] != UInt8(ascii: ")") {
            if document.bytes[position] == UInt8(ascii: "#") {
                while !isLineEnd(document.bytes[position]) { position += 1 }
            }
            position += 1
        }
        return position + 1
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
}
