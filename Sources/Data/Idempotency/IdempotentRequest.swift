package import PostgresClient

/// Something that somebody wants done once, however often it is asked for: whose key, which, and what for.
package struct IdempotentRequest: Sendable {
    /// `user:…`, `api_key:…`: keys of one are nothing to another.
    package let principal: String
    package let key: String
    /// What is done.
    package let field: String
    /// Of what with; the same key for something else is a mistake.
    package let hash: Bytes

    package init(principal: String, key: String, field: String, hash: Bytes) {
        self.principal = principal
        self.key = key
        self.field = field
        self.hash = hash
    }
}

/// The right to do what was asked for, until it ends. Whoever has lost it settles nothing any more.
package struct IdempotencyClaim: Sendable, Equatable {
    let principal: String
    let key: String
    /// When it ends; no two claims of a key end at the same moment.
    let until: Timestamp
}

/// What a key is worth to those who come with it.
package enum IdempotencyState: Sendable, Equatable {
    /// To be done now.
    case claimed(IdempotencyClaim)
    /// Done before; these are the ids of what was made or changed.
    case done(ids: [String])
    /// Others are doing it.
    case inProgress(since: Timestamp)
    /// It was for something else.
    case usedOtherwise(firstAt: Timestamp)
}

/// Another one has taken over: what was done is not to be committed.
package struct LostIdempotencyClaim: Error {}
