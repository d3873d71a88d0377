import GraphQLEngine

/// A body that the parts of an answer are written to, each when it is there.
protocol PartsWriter {
    /// Returns when the client has taken most of what was written; throws when it has gone.
    func writable() async throws
    func next(_ part: Response)
    func complete()
}

extension EventStreamWriter: PartsWriter {}
