package import PostgresClient

/// The lists of many parents, of each one page, in one statement. Declared once, as a static constant.
///
/// The first parameter is an array of the parents' keys, and the first column says by its number, from 1, whose row it is.
/// The same name for the table inside and for the rows outside lets `{order}` stand in both places:
///
///     static let messages = PagedLists<MessageRow, Keyset<Int>, UUID>(
///         "Room.messages",
///         by: [.descending("m.seq")],
///         key: { Keyset($0.seq) },
///         """
///         SELECT parent.number, m.* FROM unnest($1) WITH ORDINALITY AS parent (id, number)
///         CROSS JOIN LATERAL (
///             SELECT m.id, m.seq, m.body FROM messages m WHERE m.room_id = parent.id AND {after}
///             ORDER BY {order} LIMIT {limit}
///         ) AS m
///         ORDER BY parent.number, {order}
///         """
///     )
package struct PagedLists<
    Row: PostgresRow,
    Key: PageKey,
    Parent: PostgresEncodable,
    each Parameter: PostgresEncodable
>: Sendable {
    let sql: PagedSQL
    let key: @Sendable (Row) -> Key

    package init(
        _ name: StaticString,
        by columns: [SortColumn],
        key: @escaping @Sendable (Row) -> Key,
        _ template: StaticString
    ) {
        var types = [[Parent].parameterType]
        repeat types.append((each Parameter).parameterType)
        sql = PagedSQL(name, template, columns, parameters: types, key: Key.types)
        self.key = key
    }

    /// For `DataStatements`.
    package var variants: [any CheckableStatement] { sql.all.map { PagedVariant<ListItem<Row>>(text: $0) } }
}

/// A row of one of several lists.
package struct ListItem<Row: PostgresRow>: PostgresRow {
    /// Whose list it is in, from 1.
    let parent: Int
    let row: Row

    package init(from reader: inout RowReader) throws {
        parent = try reader.next()
        row = try Row(from: &reader)
    }
}

extension StatementRunner {
    /// The same page of each parent's list, in the order of the parents.
    package func pages<Row, Key, Parent, each Parameter>(
        _ lists: PagedLists<Row, Key, Parent, repeat each Parameter>,
        _ request: PageRequest,
        of parents: [Parent],
        _ parameters: repeat each Parameter
    ) async throws -> [Page<Row>] {
        let place = try request.place(in: lists.sql.purpose, as: Key.self)
        guard !parents.isEmpty else { return [] }
        let result = try await run(lists.sql.text(for: request, hasCursor: place != nil)) { buffer in
            buffer.add(parents)
            repeat buffer.add(each parameters)
            place?.add(to: &buffer)
            buffer.add(request.size + 1)
        }
        var found = [[Row]](repeating: [], count: parents.count)
        for item in try result.rows(ListItem<Row>.self) { found[item.parent - 1].append(item.row) }
        return found.map { Page($0, request, lists.sql.purpose, key: lists.key) }
    }
}
