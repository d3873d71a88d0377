/// A read whose rows are too many for memory, taken from a cursor in chunks. Declared once, as a static constant.
public struct StreamedStatement<Row: PostgresRow, each Parameter: PostgresEncodable>: Sendable {
    @usableFromInline let declare: Command<repeat each Parameter>
    @usableFromInline let fetch: Statement<Row>
    @usableFromInline let close: PlainCommand

    /// `chunk` rows are held at a time.
    public init(_ sql: StaticString, chunk: Int = 500) {
        precondition(chunk > 0, "a chunk has rows")
        let name = "stream_\(StatementText.takeIndex())"
        declare = Command(sql: "DECLARE \(name) NO SCROLL CURSOR FOR \(sql)")
        fetch = Statement(sql: "FETCH FORWARD \(chunk) FROM \(name)")
        close = Command(sql: "CLOSE \(name)")
    }
}

extension Transaction {
    /// Hands out the rows chunk by chunk; the next one is fetched when `body` has done with the last.
    public func stream<Row, each Parameter>(
        _ statement: StreamedStatement<Row, repeat each Parameter>,
        _ parameters: repeat each Parameter,
        chunks body: ([Row]) async throws -> Void
    ) async throws {
        try await execute(statement.declare, repeat each parameters)
        while true {
            let chunk = try await rows(statement.fetch)
            if chunk.isEmpty { break }
            try await body(chunk)
        }
        try await execute(statement.close)
    }
}
