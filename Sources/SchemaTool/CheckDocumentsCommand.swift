import GraphQLEngine
import GraphQLLanguage
import GraphQLSchema

enum CheckDocumentsCommand {
    static let usage = "check-documents SCHEMA FILE…"

    static func run(_ words: [String]) throws(Failure) -> Outcome {
        let arguments = try Arguments(words, files: 2...Int.max, usage: usage)
        let schema = try TextFile(arguments.files[0]).schema()
        var documents = JoinedDocuments()
        var faults: [Diagnostic] = []
        for name in arguments.files.dropFirst() {
            let file = try TextFile(name)
            do throws(Failure) {
                _ = try file.document()
                documents.append(file)
            } catch {
                guard case .invalid(let diagnostics) = error else { throw error }
                faults += diagnostics
            }
        }
        // What a file that cannot be read defines would be missing everywhere else.
        if faults.isEmpty {
            let document: Document
            do throws(SyntaxError) { document = try Document(parsing: documents.bytes, limits: .schema) } catch {
                throw .file("the documents are too large together")
            }
            faults = DocumentValidator(schema).validate(document).map(documents.diagnostic)
        }
        for fault in faults { Output.line(fault.text) }
        return faults.isEmpty ? .fine : .problems
    }
}

/// The documents of a client as one text: fragments are found in whichever file they are, and names count for all.
private struct JoinedDocuments {
    private(set) var bytes: [UInt8] = []
    private var files: [(name: String, firstLine: Int)] = []

    mutating func append(_ file: TextFile) {
        let end = SourceLocation(offset: bytes.count, in: bytes)
        files.append((file.name, end.line))
        // A line end of its own, so that no two files share a line.
        bytes += file.bytes + [UInt8(ascii: "\n")]
    }

    func diagnostic(_ error: GraphQLError) -> Diagnostic {
        guard let location = error.locations.first, let file = files.last(where: { $0.firstLine <= location.line })
        else { return Diagnostic(error, file: "documents") }
        return Diagnostic(
            error.message,
            file: file.name,
            at: SourceLocation(line: location.line - file.firstLine + 1, column: location.column)
        )
    }
}
