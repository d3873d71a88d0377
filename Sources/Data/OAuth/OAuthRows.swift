package import PostgresClient

/// With whom people can have an account elsewhere.
package enum OAuthProviderKind: String, Sendable, CaseIterable {
    case google = "GOOGLE"
    case github = "GITHUB"
}

/// What a way to a provider is for.
package enum OAuthPurpose: String, Sendable {
    case signIn = "SIGN_IN"
    case link = "LINK"
}

/// A way to a provider and back that has begun.
package struct OAuthAttemptRow: PostgresRow, Equatable {
    package let returnTo: String
    package let createdAt: Timestamp
    package let expiresAt: Timestamp

    package init(from row: inout RowReader) throws {
        returnTo = try row.next()
        createdAt = try row.next()
        expiresAt = try row.next()
    }
}

/// One that has come back.
package struct OAuthReturnRow: PostgresRow, Equatable {
    package let provider: String
    package let intent: String
    /// Who is to be linked.
    package let userID: UUID?
    package let expiresAt: Timestamp
    /// Why the provider has not said who it is.
    package let fault: String?
    package let subject: String?
    package let email: String?
    package let name: String?

    package init(from row: inout RowReader) throws {
        provider = try row.next()
        intent = try row.next()
        userID = try row.next()
        expiresAt = try row.next()
        fault = try row.next()
        subject = try row.next()
        email = try row.next()
        name = try row.next()
    }
}

/// An account elsewhere by which somebody signs in.
package struct OAuthIdentityRow: PostgresRow, Equatable {
    package let userID: UUID
    package let provider: String
    package let subject: String
    package let email: String?
    package let linkedAt: Timestamp
    package let lastUsedAt: Timestamp?

    package init(from row: inout RowReader) throws {
        userID = try row.next()
        provider = try row.next()
        subject = try row.next()
        email = try row.next()
        linkedAt = try row.next()
        lastUsedAt = try row.next()
    }
}
