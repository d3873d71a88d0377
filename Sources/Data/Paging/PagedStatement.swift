package import PostgresClient

/// A list that is read page by page. Declared once, as a static constant.
///
///     static let log = PagedStatement<LogRow, Keyset<Timestamp, Int>, UUID>(
///         "Viewer.log",
///         by: [.descending("occurred_at"), .descending("sequence")],
///         key: { Keyset($0.occurredAt, $0.sequence) },
///         "SELECT … FROM log WHERE actor_id = $1 AND {after} ORDER BY {order} LIMIT {limit}"
///     )
package struct PagedStatement<Row: PostgresRow, Key: PageKey, each Parameter: PostgresEncodable>: Sendable {
    let sql: PagedSQL
    let key: @Sendable (Row) -> Key

    /// The name is that of the field; cursors of lists with other names or orders are not taken.
    package init(
        _ name: StaticString,
        by columns: [SortColumn],
        key: @escaping @Sendable (Row) -> Key,
        _ template: StaticString
    ) {
        var types: [PostgresType] = []
        repeat types.append((each Parameter).parameterType)
        sql = PagedSQL(name, template, columns, parameters: types, key: Key.types)
        self.key = key
    }

    /// For `DataStatements`.
    package var variants: [any CheckableStatement] { sql.all.map { PagedVariant<Row>(text: $0) } }
}

extension StatementRunner {
    /// One page; a row more than it has is read, which tells whether there are others.
    package func page<Row, Key, each Parameter>(
        _ list: PagedStatement<Row, Key, repeat each Parameter>,
        _ request: PageRequest,
        _ parameters: repeat each Parameter
    ) async throws -> Page<Row> {
        let place = try request.place(in: list.sql.purpose, as: Key.self)
        let result = try await run(list.sql.text(for: request, hasCursor: place != nil)) { buffer in
            repeat buffer.add(each parameters)
            place?.add(to: &buffer)
            buffer.add(request.size + 1)
        }
        return Page(try result.rows(), request, list.sql.purpose, key: list.key)
    }
}
