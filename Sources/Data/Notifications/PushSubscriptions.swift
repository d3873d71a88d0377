package import PostgresClient

/// Who brings messages to a device.
package enum PushProviderKind: String, PostgresEnumeration, Sendable {
    case webPush = "WEB_PUSH"
    case firebase = "FCM"
}

/// A device that takes messages for somebody.
package struct PushSubscriptionRow: PostgresRow, Equatable {
    package let id: UUID
    package let userID: UUID
    package let provider: PushProviderKind
    /// The address of a browser, or the token of an app.
    package let endpoint: String
    /// Encrypted for this row.
    package let sealedKeys: Bytes
    package let deviceName: String?
    package let createdAt: Timestamp
    package let lastUsedAt: Timestamp?
    /// Messages in a row that were not taken.
    package let failures: Int32

    package init(from row: inout RowReader) throws {
        id = try row.next()
        userID = try row.next()
        provider = try row.next()
        endpoint = try row.next()
        sealedKeys = try row.next()
        deviceName = try row.next()
        createdAt = try row.next()
        lastUsedAt = try row.next()
        failures = try row.next()
    }
}

package struct NewPushSubscription: Sendable {
    package let id: UUID
    package let userID: UUID
    package let sessionID: UUID
    package let provider: PushProviderKind
    package let endpoint: String
    package let sealedKeys: [UInt8]
    package let deviceName: String?
    package let createdAt: Timestamp

    package init(
        id: UUID,
        userID: UUID,
        sessionID: UUID,
        provider: PushProviderKind,
        endpoint: String,
        sealedKeys: [UInt8],
        deviceName: String?,
        createdAt: Timestamp
    ) {
        self.id = id
        self.userID = userID
        self.sessionID = sessionID
        self.provider = provider
        self.endpoint = endpoint
        self.sealedKeys = sealedKeys
        self.deviceName = deviceName
        self.createdAt = createdAt
    }
}

// Those of sessions that have ended are gone for all who ask.
extension StatementRunner {
    /// The oldest first.
    package func pushSubscriptions(of user: UUID, at now: Timestamp) async throws -> [PushSubscriptionRow] {
        try await rows(PushSubscriptionStatements.ofUser, user, now)
    }

    package func pushSubscriptions(_ ids: [UUID], at now: Timestamp) async throws -> [PushSubscriptionRow] {
        try await rows(PushSubscriptionStatements.byID, ids, now)
    }
}

extension Transaction {
    /// The one with this endpoint, whosever it is and whatever has become of their session. Nobody else changes it
    /// meanwhile.
    package func lockPushSubscription(endpoint: String) async throws -> PushSubscriptionRow? {
        try await first(PushSubscriptionStatements.lockByEndpoint, endpoint)
    }

    package func insert(_ subscription: NewPushSubscription) async throws {
        try await execute(
            PushSubscriptionStatements.insert,
            subscription.id,
            subscription.userID,
            subscription.sessionID,
            subscription.provider,
            subscription.endpoint,
            Bytes(subscription.sealedKeys),
            subscription.deviceName,
            subscription.createdAt
        )
    }

    package func deletePushSubscription(_ id: UUID) async throws {
        try await execute(PushSubscriptionStatements.delete, id)
    }

    /// False for one that is not the user's.
    package func deletePushSubscription(_ id: UUID, of user: UUID) async throws -> Bool {
        try await execute(PushSubscriptionStatements.deleteOwn, id, user) == 1
    }

    /// That it took a message.
    package func usePushSubscription(_ id: UUID, at now: Timestamp) async throws {
        try await execute(PushSubscriptionStatements.use, id, now)
    }

    /// That it did not, which it may do so many times in a row.
    package func failPushSubscription(_ id: UUID, most: Int32) async throws {
        try await execute(PushSubscriptionStatements.fail, id)
        try await execute(PushSubscriptionStatements.deleteFailing, id, most)
    }

    /// Forgets those of sessions that have ended; how many there were.
    package func purgePushSubscriptions(at now: Timestamp) async throws -> Int {
        try await execute(PushSubscriptionStatements.purge, now)
    }
}

enum PushSubscriptionStatements {
    static let ofUser = Statement<PushSubscriptionRow, UUID, Timestamp>(
        """
        SELECT p.id, p.user_id, p.provider, p.endpoint, p.keys_enc, p.device_name, p.created_at, p.last_used_at, p.failures
        FROM push_subscriptions p JOIN auth_sessions s ON s.id = p.session_id
        WHERE p.user_id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 ORDER BY p.created_at, p.id
        """
    )
    static let byID = Statement<PushSubscriptionRow, [UUID], Timestamp>(
        """
        SELECT p.id, p.user_id, p.provider, p.endpoint, p.keys_enc, p.device_name, p.created_at, p.last_used_at, p.failures
        FROM push_subscriptions p JOIN auth_sessions s ON s.id = p.session_id
        WHERE p.id = ANY ($1) AND s.revoked_at IS NULL AND s.expires_at > $2 ORDER BY p.id
        """
    )
    static let lockByEndpoint = Statement<PushSubscriptionRow, String>(
        """
        SELECT p.id, p.user_id, p.provider, p.endpoint, p.keys_enc, p.device_name, p.created_at, p.last_used_at, p.failures
        FROM push_subscriptions p WHERE p.endpoint = $1 FOR UPDATE
        """
    )
    static let insert = Command<UUID, UUID, UUID, PushProviderKind, String, Bytes, String?, Timestamp>(
        """
        INSERT INTO push_subscriptions (id, user_id, session_id, provider, endpoint, keys_enc, device_name, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """
    )
    static let delete = Command<UUID>("DELETE FROM push_subscriptions WHERE id = $1")
    static let deleteOwn = Command<UUID, UUID>("DELETE FROM push_subscriptions WHERE id = $1 AND user_id = $2")
    static let use = Command<UUID, Timestamp>(
        "UPDATE push_subscriptions SET last_used_at = $2, failures = 0 WHERE id = $1"
    )
    static let fail = Command<UUID>("UPDATE push_subscriptions SET failures = failures + 1 WHERE id = $1")
    static let deleteFailing = Command<UUID, Int32>("DELETE FROM push_subscriptions WHERE id = $1 AND failures >= $2")
    static let purge = Command<Timestamp>(
        """
        DELETE FROM push_subscriptions p USING auth_sessions s
        WHERE s.id = p.session_id AND (s.revoked_at IS NOT NULL OR s.expires_at <= $1)
        """
    )
    static let all: [any CheckableStatement] = [
        ofUser, byID, lockByEndpoint, insert, delete, deleteOwn, use, fail, deleteFailing, purge,
    ]
}
