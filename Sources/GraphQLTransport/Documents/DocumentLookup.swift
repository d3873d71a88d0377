internal import COpenSSL
import EventLoop
import GraphQLSchema

/// Finds the text of the document a request asks for.
struct DocumentLookup: Sendable {
    let persisted: (any DocumentStore)?
    let trusted: TrustedDocumentPolicy

    struct Found {
        let text: String
        /// What the document is to be kept as, once it has proved to be valid.
        var newID: String?
    }

    func find(_ envelope: Envelope) async throws(GraphQLError) -> Found {
        let id = try id(of: envelope)
        switch trusted {
        case .off: break
        case .only(let store):
            guard let id else {
                throw refusal("Only trusted documents run here: send the ID of one.", "TRUSTED_DOCUMENT_REQUIRED")
            }
            guard let text = await store.document(id) else { throw Self.notFound }
            return Found(text: text)
        case .prefer(let store):
            if let id, let text = await store.document(id) { return Found(text: text) }
        }
        guard let id else {
            guard let query = envelope.query else { throw GraphQLError("Parameter \"query\" is missing.") }
            return Found(text: query)
        }
        guard let persisted else {
            if let query = envelope.query { return Found(text: query) }
            throw refusal("PersistedQueryNotSupported", "PERSISTED_QUERY_NOT_SUPPORTED")
        }
        if let query = envelope.query {
            guard Self.hash(query) == id else {
                throw refusal("The hash is not the document's SHA-256.", "PERSISTED_QUERY_HASH_MISMATCH")
            }
            return Found(text: query, newID: id)
        }
        guard let text = await persisted.document(id) else { throw Self.notFound }
        return Found(text: text)
    }

    /// Keeps a valid document that came with its hash.
    func keep(_ found: Found) async {
        guard let id = found.newID else { return }
        await persisted?.keep(found.text, as: id)
    }

    /// The name of the document, by either way of saying it.
    private func id(of envelope: Envelope) throws(GraphQLError) -> String? {
        if let id = envelope.documentID { return id.hasPrefix("sha256:") ? String(id.dropFirst(7)) : id }
        guard let extent = envelope.extensions["persistedQuery"] else { return nil }
        guard extent["version"] == .int(1), case .string(let hash)? = extent["sha256Hash"] else {
            throw GraphQLError("Extension \"persistedQuery\" must have \"version\" 1 and \"sha256Hash\".")
        }
        return hash
    }

    private func refusal(_ message: String, _ code: String) -> GraphQLError {
        GraphQLError(message, extensions: ["code": .string(code)])
    }

    /// Clients know the message: they send the text the next time.
    private static let notFound = GraphQLError(
        "PersistedQueryNotFound",
        extensions: ["code": .string("PERSISTED_QUERY_NOT_FOUND")]
    )

    static func hash(_ text: String) -> String { hash(Array(text.utf8)) }

    static func hash(_ bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil)
        return Hexadecimal.text(digest)
    }
}
