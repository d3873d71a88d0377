package import PostgresClient

/// An encrypted value and the row it is of.
package struct SealedValueRow: PostgresRow, Equatable {
    package let row: UUID
    package let value: Bytes

    package init(from reader: inout RowReader) throws {
        row = try reader.next()
        value = try reader.next()
    }
}

/// A column whose values are encrypted for their row: every one stands here, or its values keep their keys for ever.
package struct EncryptedColumn: Sendable {
    package let table: String
    package let column: String
    let outdated: Statement<SealedValueRow, UUID, Int32, Int>
    let replace: Command<UUID, Bytes, Bytes>

    package static let all = [authenticators, pushKeys]

    private static let authenticators = EncryptedColumn(
        table: "mfa_factors",
        column: "secret_enc",
        outdated: EncryptionStatements.outdatedAuthenticators,
        replace: EncryptionStatements.replaceAuthenticator
    )
    private static let pushKeys = EncryptedColumn(
        table: "push_subscriptions",
        column: "keys_enc",
        outdated: EncryptionStatements.outdatedPushKeys,
        replace: EncryptionStatements.replacePushKeys
    )
}

extension Session {
    /// Values that another key than this one has encrypted, by their rows, behind this one.
    package func outdatedValues(
        of column: EncryptedColumn,
        after row: UUID,
        key: UInt8,
        limit: Int
    ) async throws -> [SealedValueRow] {
        try await rows(column.outdated, row, Int32(key), limit)
    }
}

extension Transaction {
    /// Nothing happens to a value that somebody has changed meanwhile: it has the new key already.
    package func replace(
        _ old: SealedValueRow,
        with value: [UInt8],
        in column: EncryptedColumn
    ) async throws -> Bool {
        try await execute(column.replace, old.row, old.value, Bytes(value)) == 1
    }
}

enum EncryptionStatements {
    static let outdatedAuthenticators = Statement<SealedValueRow, UUID, Int32, Int>(
        """
        SELECT id, coalesce(secret_enc, '') FROM mfa_factors
        WHERE id > $1 AND secret_enc IS NOT NULL AND get_byte(secret_enc, 1) <> $2 ORDER BY id LIMIT $3
        """
    )
    static let replaceAuthenticator = Command<UUID, Bytes, Bytes>(
        "UPDATE mfa_factors SET secret_enc = $3 WHERE id = $1 AND secret_enc = $2"
    )
    static let outdatedPushKeys = Statement<SealedValueRow, UUID, Int32, Int>(
        """
        SELECT id, keys_enc FROM push_subscriptions
        WHERE id > $1 AND get_byte(keys_enc, 1) <> $2 ORDER BY id LIMIT $3
        """
    )
    static let replacePushKeys = Command<UUID, Bytes, Bytes>(
        "UPDATE push_subscriptions SET keys_enc = $3 WHERE id = $1 AND keys_enc = $2"
    )
    static let all: [any CheckableStatement] = [
        outdatedAuthenticators, replaceAuthenticator, outdatedPushKeys, replacePushKeys,
    ]
}
