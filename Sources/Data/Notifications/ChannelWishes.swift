internal import PostgresClient

/// By which channels somebody wants to be told of a category, as far as they have said so, and how often mails come to them.
package struct ChannelWishes: Sendable, Equatable {
    package let on: [String]
    package let off: [String]
    /// `IMMEDIATE`, `HOURLY`, `DAILY`, `WEEKLY` or `OFF`.
    package let digest: String

    init(from row: inout RowReader) throws {
        on = try row.next()
        off = try row.next()
        digest = try row.next()
    }
}
