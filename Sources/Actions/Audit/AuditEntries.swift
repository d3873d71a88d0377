internal import Data
internal import PostgresClient

/// The entries of a stretch of the log in their order, read portion by portion.
struct AuditEntries {
    private let database: Database
    private let end: Int
    private let portion: Int
    private var from: Int
    private var entries: ArraySlice<AuditHashRow> = []
    private var isReadThrough: Bool

    init(_ database: Database, from: Int, through end: Int, portion: Int) {
        self.database = database
        self.from = from
        self.end = end
        self.portion = portion
        isReadThrough = from > end
    }

    /// The next one, if its number is none behind this.
    mutating func next(through place: Int) async throws -> AuditHashRow? {
        if entries.isEmpty, !isReadThrough {
            let found = try await database.session.auditHashes(from: from, through: end, limit: portion)
            let last = found.last?.sequence ?? end
            isReadThrough = found.count < portion || last >= end
            from = last &+ 1
            entries = found[...]
        }
        guard let entry = entries.first, entry.sequence <= place else { return nil }
        return entries.removeFirst()
    }
}
