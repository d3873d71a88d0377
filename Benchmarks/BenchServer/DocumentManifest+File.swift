import Glibc
import GraphQLSchema
import GraphQLTransport

extension DocumentManifest {
    enum FileFault: Error {
        case unreadable(String)
        case noManifest(String)
    }

    /// The documents of a JSON object, by their ids.
    init(file path: String) throws {
        guard let file = fopen(path, "r") else { throw FileFault.unreadable(path) }
        defer { fclose(file) }
        var text: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&part, 1, part.count, file), count > 0 { text += part[..<count] }
        guard case .object(let members) = try Value(json: text) else { throw FileFault.noManifest(path) }
        var documents: [String: String] = [:]
        for member in members {
            guard case .string(let document) = member.value else { throw FileFault.noManifest(path) }
            documents[member.name] = document
        }
        self.init(documents)
    }
}
