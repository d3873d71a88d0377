package import PostgresClient

/// A file that hangs on a message.
package struct AttachmentRow: PostgresRow, Equatable {
    package let messageID: UUID
    package let position: Int16
    package let caption: String?
    package let file: FileRow

    package init(from row: inout RowReader) throws {
        messageID = try row.next()
        position = try row.next()
        caption = try row.next()
        file = try FileRow(from: &row)
    }
}

extension StatementRunner {
    /// What hangs on messages, in its order. For those alone who see the messages.
    package func attachments(of messages: [UUID]) async throws -> [AttachmentRow] {
        try await rows(AttachmentStatements.ofMessages, messages)
    }
}

enum AttachmentStatements {
    static let ofMessages = Statement<AttachmentRow, [UUID]>(
        """
        SELECT a.message_id, a.position, a.caption, f.id, f.owner_id, f.purpose, f.filename, f.content_type, f.byte_size,
            f.sha256, f.storage_key, f.status, f.rejection, f.visibility, f.width, f.height, f.ref_count, f.created_at,
            f.updated_at
        FROM message_attachments a JOIN files f ON f.id = a.file_id
        WHERE a.message_id = ANY ($1) AND f.status = 'READY' ORDER BY a.message_id, a.position
        """
    )
    static let attach = Command<UUID, [UUID], [String]>(
        """
        INSERT INTO message_attachments (message_id, file_id, position, caption)
        SELECT $1, f.id, f.position, nullif(f.caption, '')
        FROM unnest($2, $3) WITH ORDINALITY AS f (id, caption, position)
        """
    )
    static let delete = Command<UUID>("DELETE FROM message_attachments WHERE message_id = $1")
    static let all: [any CheckableStatement] = [ofMessages, attach, delete]
}
