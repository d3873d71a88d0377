package import PostgresClient

/// A file, as far as the database knows it; its bytes are in a storage.
package struct FileRow: PostgresRow, Equatable {
    package let id: UUID
    /// Nil once the owner's account is gone.
    package let ownerID: UUID?
    package let purpose: String
    package let filename: String
    package let contentType: String
    package let byteSize: Int
    /// Of its bytes; until they are there, what they must have, if that was said.
    package let sha256: Bytes?
    package let storageKey: String
    package let status: String
    package let rejection: String?
    package let visibility: String
    package let width: Int32?
    package let height: Int32?
    /// How many things hold it.
    package let references: Int32
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    package init(from row: inout RowReader) throws {
        id = try row.next()
        ownerID = try row.next()
        purpose = try row.next()
        filename = try row.next()
        contentType = try row.next()
        byteSize = try row.next()
        sha256 = try row.next()
        storageKey = try row.next()
        status = try row.next()
        rejection = try row.next()
        visibility = try row.next()
        width = try row.next()
        height = try row.next()
        references = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
    }
}

/// A file to be.
package struct NewFile: Sendable {
    package let id: UUID
    package let ownerID: UUID
    package let purpose: String
    package let filename: String
    package let contentType: String
    package let byteSize: Int
    package let sha256: [UInt8]?
    package let storageKey: String

    package init(
        id: UUID,
        ownerID: UUID,
        purpose: String,
        filename: String,
        contentType: String,
        byteSize: Int,
        sha256: [UInt8]?,
        storageKey: String
    ) {
        self.id = id
        self.ownerID = ownerID
        self.purpose = purpose
        self.filename = filename
        self.contentType = contentType
        self.byteSize = byteSize
        self.sha256 = sha256
        self.storageKey = storageKey
    }
}

/// What was found out about a file once its bytes were there.
package struct FileFacts: Sendable {
    package let contentType: String
    package let sha256: [UInt8]
    package let width: Int?
    package let height: Int?

    package init(contentType: String, sha256: [UInt8], width: Int?, height: Int?) {
        self.contentType = contentType
        self.sha256 = sha256
        self.width = width
        self.height = height
    }
}
