/// A part of a list, in the order of the list.
package struct Page<Row: Sendable>: Sendable {
    package let rows: [Row]
    package let hasNext: Bool
    package let hasPrevious: Bool
    private let makeCursor: @Sendable (Int) -> String

    /// `makeCursor` is asked for the cursors that somebody wants, as each costs a hash.
    package init(_ rows: [Row], hasNext: Bool, hasPrevious: Bool, makeCursor: @escaping @Sendable (Int) -> String) {
        self.rows = rows
        self.hasNext = hasNext
        self.hasPrevious = hasPrevious
        self.makeCursor = makeCursor
    }

    package static var empty: Page { Page([], hasNext: false, hasPrevious: false) { _ in "" } }

    /// The cursor of one of the rows.
    package func cursor(at index: Int) -> String { makeCursor(index) }

    /// The same page of what is made of each row.
    package func map<Other: Sendable>(_ transform: (Row) throws -> Other) rethrows -> Page<Other> {
        Page<Other>(try rows.map(transform), hasNext: hasNext, hasPrevious: hasPrevious, makeCursor: makeCursor)
    }
}

extension Page {
    /// Of rows as a statement gave them: one more than was asked for if there are more, and from the end for a page
    /// before a cursor.
    init<Key: PageKey>(
        _ found: [Row],
        _ request: PageRequest,
        _ purpose: String,
        key: @escaping @Sendable (Row) -> Key
    ) {
        let hasMore = found.count > request.size
        let taken = Array(found.prefix(request.size))
        let rows = request.isBackward ? taken.reversed() : taken
        let isInside = request.cursor != nil
        let signer = request.signer
        self.init(
            rows,
            hasNext: request.isBackward ? isInside : hasMore,
            hasPrevious: request.isBackward ? hasMore : isInside
        ) { signer.seal(key(rows[$0]).bytes, for: purpose) }
    }
}
