/// Where documents are found by what they are called.
public protocol DocumentStore: Sendable {
    /// The document's text; nil when nothing is called so.
    func document(_ id: String) async -> String?
    /// Keeps a document, at least for a while.
    func keep(_ document: String, as id: String) async
}

/// Which documents run.
public enum TrustedDocumentPolicy: Sendable {
    /// Any.
    case off
    /// Those of the store by their names, and any other by its text.
    case prefer(any DocumentStore)
    /// Those of the store only.
    case only(any DocumentStore)
}
