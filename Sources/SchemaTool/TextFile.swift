import Glibc
import GraphQLLanguage
import GraphQLSchema
import SchemaGenCore

/// A file that was read; `-` stands for the standard input.
struct TextFile {
    static let mostBytes = 256 << 20

    let name: String
    let bytes: [UInt8]

    init(_ name: String) throws(Failure) {
        let descriptor = name == "-" ? STDIN_FILENO : open(name, O_RDONLY)
        guard descriptor >= 0 else { throw .file("\(name): \(String(cString: strerror(errno)))") }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 else { throw .file("\(name): \(String(cString: strerror(errno)))") }
            if count == 0 { break }
            bytes += chunk[..<count]
            guard bytes.count <= Self.mostBytes else { throw .file("\(name): larger than \(Self.mostBytes) bytes") }
        }
        self.name = name == "-" ? "<stdin>" : name
        self.bytes = bytes
    }

    func document() throws(Failure) -> Document {
        do throws(SyntaxError) { return try Document(parsing: bytes, limits: .schema) } catch {
            throw .invalid([Diagnostic(GraphQLError(error), file: name)])
        }
    }

    /// The schema the file describes, in the language or as the result of an introspection query.
    func schema() throws(Failure) -> Schema {
        name.hasSuffix(".json") ? try introspectedSchema() : try writtenSchema()
    }

    private func writtenSchema() throws(Failure) -> Schema {
        // What speaks to the generator needs no definition, and is no part of what clients see.
        let (document, added): (Document, Set<String>)
        do throws(SyntaxError) { (document, added) = try GeneratorDirectives.complete(bytes) } catch {
            throw .invalid([Diagnostic(GraphQLError(error), file: name)])
        }
        do throws(InvalidSchema) {
            var schema = try Schema(building: document)
            schema.removeDirectives(added)
            return schema
        } catch {
            throw .invalid(error.errors.map { Diagnostic($0, file: name) })
        }
    }

    private func introspectedSchema() throws(Failure) -> Schema {
        let json: Value
        do throws(JSONError) { json = try Value(json: bytes) } catch {
            let location = SourceLocation(offset: error.offset, in: bytes)
            throw .invalid([Diagnostic(error.message, file: name, at: location)])
        }
        let schema: Schema
        do throws(GraphQLError) { schema = try Schema(introspection: json["data"] ?? json) } catch {
            throw .invalid([Diagnostic(error, file: name)])
        }
        let problems = schema.problems()
        guard problems.isEmpty else { throw .invalid(problems.map { Diagnostic($0, file: name) }) }
        return schema
    }
}
