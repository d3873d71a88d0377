import GraphQLLanguage
import GraphQLSchema

/// A schema's text, parsed and found sound.
struct SchemaSource {
    let schema: Schema
    let document: Document
    private let lines: LineTable
    /// The schema's own text ends here; the generator's definitions follow.
    let textEnd: Int

    static func read(_ text: [UInt8]) -> Result<SchemaSource, Refusal> {
        let document: Document
        let textEnd = text.count
        do throws(SyntaxError) {
            document = try GeneratorDirectives.complete(text).document
        } catch {
            return .failure(Refusal(diagnostics: [Diagnostic(error.location, nil, error.message)]))
        }
        do throws(InvalidSchema) {
            return .success(SchemaSource(try Schema(building: document), document, textEnd))
        } catch {
            return .failure(Refusal(diagnostics: diagnostics(of: error, in: document)))
        }
    }

    private init(_ schema: Schema, _ document: Document, _ textEnd: Int) {
        self.schema = schema
        self.document = document
        self.textEnd = textEnd
        lines = LineTable(document.bytes)
    }

    private static func diagnostics(of refusal: InvalidSchema, in document: Document) -> [Diagnostic] {
        let coordinates = Coordinates(document)
        return refusal.errors.map { error in
            // Some rules, such as that there is a query type, have no place in the text.
            let location = error.locations.first ?? SourceLocation(line: 1, column: 1)
            return Diagnostic(location, error.locations.first.flatMap(coordinates.coordinate), error.message)
        }
    }

    /// A fault of something that the text says.
    func fault(at origin: SourceReference?, _ coordinate: String, _ message: String) -> Diagnostic {
        Diagnostic(location(origin), coordinate, message)
    }

    /// Whether the schema's author has written it, and not the generator.
    func isOwn(_ origin: SourceReference) -> Bool { Int(document[origin.node].start) < textEnd }

    /// Where a definition's name stands, or the node begins that has none.
    private func location(_ origin: SourceReference?) -> SourceLocation {
        guard let origin else { return SourceLocation(line: 1, column: 1) }
        let node = document[origin.node]
        return lines.location(at: Int(node.kind != .directive && node.hasText ? node.textStart : node.start))
    }

    func location(ofOffset offset: Int) -> SourceLocation { lines.location(at: offset) }
}
