internal import PostgresClient

/// A column that a list is sorted by, as its statement names it.
package struct SortColumn: Sendable {
    let name: StaticString
    let isDescending: Bool

    package static func ascending(_ name: StaticString) -> SortColumn { SortColumn(name: name, isDescending: false) }
    package static func descending(_ name: StaticString) -> SortColumn { SortColumn(name: name, isDescending: true) }
}

/// The four statements of a list: from either end, or from a cursor in either direction. Each is plain SQL with an order
/// that an index can give.
///
/// In the text `{after}` stands for the condition that a row is behind the cursor, `{order}` for the sorted columns and
/// `{limit}` for the number of rows. The statement's own parameters come first.
struct PagedSQL: Sendable {
    let fromStart: StatementText
    let afterCursor: StatementText
    let fromEnd: StatementText
    let beforeCursor: StatementText
    /// What cursors of the list are signed for: its name and its order.
    let purpose: String

    init(
        _ name: StaticString,
        _ template: StaticString,
        _ columns: [SortColumn],
        parameters: [PostgresType],
        key: [PostgresType]
    ) {
        precondition(columns.count == key.count, "the key of \(name) has another number of columns than its order")
        let template = "\(template)"
        for part in ["{after}", "{order}", "{limit}"] {
            precondition(template.contains(part), "the statement of \(name) has no \(part)")
        }
        func text(isBackward: Bool, hasCursor: Bool) -> StatementText {
            let first = parameters.count + 1
            let condition = hasCursor ? Self.condition(columns, isBackward: isBackward, first: first) : "TRUE"
            let limit = "$\(first + (hasCursor ? key.count : 0))"
            let sql = template.replacing("{after}", with: condition)
                .replacing("{order}", with: Self.order(columns, isBackward: isBackward))
                .replacing("{limit}", with: limit)
            return StatementText(
                sql,
                parameters: parameters + (hasCursor ? key : []) + [Int.parameterType],
                name: "\(name)"
            )
        }
        fromStart = text(isBackward: false, hasCursor: false)
        afterCursor = text(isBackward: false, hasCursor: true)
        fromEnd = text(isBackward: true, hasCursor: false)
        beforeCursor = text(isBackward: true, hasCursor: true)
        purpose = "\(name) by \(Self.order(columns, isBackward: false))"
    }

    var all: [StatementText] { [fromStart, afterCursor, fromEnd, beforeCursor] }

    func text(for request: PageRequest, hasCursor: Bool) -> StatementText {
        if request.isBackward { return hasCursor ? beforeCursor : fromEnd }
        return hasCursor ? afterCursor : fromStart
    }

    private static func order(_ columns: [SortColumn], isBackward: Bool) -> String {
        columns.map { "\($0.name) \($0.isDescending == isBackward ? "ASC" : "DESC")" }.joined(separator: ", ")
    }

    /// A comparison of rows where all columns go one way, which is what an index answers best; else column by column.
    private static func condition(_ columns: [SortColumn], isBackward: Bool, first: Int) -> String {
        func sign(_ column: SortColumn) -> String { column.isDescending == isBackward ? ">" : "<" }
        if columns.allSatisfy({ $0.isDescending == columns[0].isDescending }) {
            let names = columns.map { "\($0.name)" }.joined(separator: ", ")
            let places = columns.indices.map { "$\(first + $0)" }.joined(separator: ", ")
            return "(\(names)) \(sign(columns[0])) (\(places))"
        }
        var condition = ""
        for (index, column) in columns.enumerated().reversed() {
            let place = "$\(first + index)"
            let isBehind = "\(column.name) \(sign(column)) \(place)"
            condition =
                condition.isEmpty ? isBehind : "(\(isBehind) OR (\(column.name) = \(place) AND \(condition)))"
        }
        // Says the same again in a form that bounds a scan of the index.
        return "(\(columns[0].name) \(sign(columns[0]))= $\(first) AND \(condition))"
    }
}

/// One of a list's statements, to be held against the schema.
struct PagedVariant<Row: PostgresRow>: CheckableStatement {
    let text: StatementText
    func columnNotes() throws -> [RowReader.ColumnNote] { try RowReader.notes(of: Row.self) }
}
