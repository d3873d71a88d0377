import Data
import PostgresClient
import PostgresTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct PagingTests {
    private let signer = CursorSigner(secret: "of these tests")

    @Test(arguments: [1, 2, 7, 30, 100])
    func `pages from the start and from the end are the whole list`(size: Int32) async throws {
        let database = try await shelf(books: 61)
        try await withPool(database) { pool in
            try await walk(Shelf.byRank, Book.byRank, size, pool.session())
            try await walk(Shelf.mixed, Book.mixed, size, pool.session())
        }
    }

    private func walk<Key>(
        _ list: PagedStatement<Book, Key, UUID>,
        _ isBefore: (Book, Book) -> Bool,
        _ size: Int32,
        _ session: Session
    ) async throws {
        let all = try await session.page(list, request(first: 100), Shelf.first).rows
        #expect(all.count == 61 && all == all.sorted(by: isBefore))
        var forward: [Book] = []
        var after: String?
        repeat {
            let page = try await session.page(list, request(first: size, after: after), Shelf.first)
            #expect(page.hasPrevious == (after != nil))
            forward += page.rows
            #expect(page.hasNext == (forward.count < 61))
            after = page.hasNext ? page.cursor(at: page.rows.count - 1) : nil
        } while after != nil
        #expect(forward == all)
        var backward: [Book] = []
        var before: String?
        repeat {
            let page = try await session.page(list, request(last: size, before: before), Shelf.first)
            #expect(page.hasNext == (before != nil))
            backward = page.rows + backward
            #expect(page.hasPrevious == (backward.count < 61))
            before = page.hasPrevious ? page.cursor(at: 0) : nil
        } while before != nil
        #expect(backward == all)
    }

    @Test func `what comes and goes between two pages neither repeats nor hides others`() async throws {
        let database = try await shelf(books: 20)
        try await withPool(database) { pool in
            let first = try await pool.session().page(Shelf.byRank, request(first: 10), Shelf.first)
            // The row the cursor points at goes, and one comes before it.
            try TestCluster.execute(
                """
                DELETE FROM books WHERE id = '\(first.rows[9].id)';
                INSERT INTO books SELECT gen_random_uuid(), shelf_id, rank + 1, title FROM books
                    WHERE id = '\(first.rows[0].id)'
                """,
                on: database
            )
            let rest = try await pool.session()
                .page(Shelf.byRank, request(first: 100, after: first.cursor(at: 9)), Shelf.first).rows
            #expect(rest.count == 10 && Set(rest.map(\.id)).isDisjoint(with: first.rows.map(\.id)))
        }
    }

    @Test func `a cursor is good for its list, its order and its secret alone`() async throws {
        let database = try await shelf(books: 5)
        try await withPool(database) { pool in
            let session = pool.session()
            let cursor = try await session.page(Shelf.byRank, request(first: 2), Shelf.first).cursor(at: 1)
            let good = try await session.page(Shelf.byRank, request(first: 2, after: cursor), Shelf.first)
            #expect(good.rows.count == 2)
            let foreign = PageFault.foreignCursor(argument: "after")
            await #expect(throws: foreign) {
                try await session.page(Shelf.mixed, request(first: 2, after: cursor), Shelf.first)
            }
            await #expect(throws: foreign) {
                try await session.page(Shelf.namedOtherwise, request(first: 2, after: cursor), Shelf.first)
            }
            await #expect(throws: foreign) {
                let other = try PageRequest(after: cursor, signer: CursorSigner(secret: "another"))
                return try await session.page(Shelf.byRank, other, Shelf.first)
            }
            var changed = [
                "", "A", "null", String(cursor.dropLast()), cursor + "A", cursor + "=", "'; DROP TABLE books; --",
                String(repeating: "A", count: 1_000_000),
            ]
            for index in cursor.indices {
                let letter: Character = cursor[index] == "A" ? "B" : "A"
                changed.append(cursor[..<index] + String(letter) + cursor[cursor.index(after: index)...])
            }
            for cursor in changed {
                await #expect(throws: foreign) {
                    try await session.page(Shelf.byRank, request(first: 2, after: cursor), Shelf.first)
                }
            }
        }
    }

    @Test func `a signed cursor of other values is none`() {
        let key = Keyset(Timestamp(microseconds: 1), UUID(high: 1, low: 2))
        #expect(Keyset<Timestamp, UUID>(bytes: key.bytes)?.bytes == key.bytes)
        #expect(Keyset<UUID, Timestamp>(bytes: key.bytes) == nil)
        #expect(Keyset<Timestamp>(bytes: key.bytes) == nil)
        #expect(Keyset<Timestamp, UUID, Int>(bytes: key.bytes) == nil)
        for length in key.bytes.indices {
            #expect(Keyset<Timestamp, UUID>(bytes: Array(key.bytes.prefix(length))) == nil)
        }
    }

    @Test func `sizes are from 1 to 100, and the ends do not mix`() throws {
        #expect(try request().size == 20)
        for size in [0, -1, 101, .max, .min] as [Int32] {
            #expect(throws: PageFault.size(argument: "first")) { try request(first: size) }
            #expect(throws: PageFault.size(argument: "last")) { try request(last: size) }
        }
        #expect(throws: PageFault.mixed("last", "after")) { try request(after: "x", last: 1) }
        #expect(throws: PageFault.mixed("first", "before")) { try request(first: 1, before: "x") }
        let both = try request(first: 20, last: 5)
        #expect(both.isBackward && both.size == 5)
    }

    @Test func `lists of many parents are one statement, and each its parent's`() async throws {
        let database = try await shelf(books: 61)
        try await withPool(database) { pool in
            let session = pool.session()
            let empty = UUID(high: 7, low: 7)
            let parents = [empty, Shelf.second, Shelf.first, Shelf.second]
            let before = pool.readMetrics.statements.statements
            let pages = try await session.pages(Shelf.ofMany, request(first: 3), of: parents)
            #expect(pool.readMetrics.statements.statements == before + 1)
            for (parent, page) in zip(parents, pages) {
                let alone = try await session.page(Shelf.byRank, request(first: 3), parent)
                #expect(page.rows == alone.rows && page.hasNext == alone.hasNext && !page.hasPrevious)
            }
            let cursor = pages[2].cursor(at: 1)
            let next = try await session.pages(Shelf.ofMany, request(first: 3, after: cursor), of: [Shelf.first])
            #expect(next[0].rows.first == pages[2].rows[2] && next[0].hasPrevious)
            let last = try await session.pages(Shelf.ofMany, request(last: 2), of: parents)
            let whole = try await session.page(Shelf.byRank, request(first: 100), Shelf.first)
            #expect(last[2].rows == Array(whole.rows.suffix(2)) && last[0].rows.isEmpty)
            let none = try await session.pages(Shelf.ofMany, request(), of: [])
            #expect(none.isEmpty)
            #expect(try await session.counts(Shelf.count, of: parents) == [0, 2, 61, 2])
        }
    }

    @Test func `the statements of a list can be held against the schema`() async throws {
        let database = try await shelf(books: 1)
        try await onLoop { loop in
            let connection = try await PostgresConnection.connect(ConnectionOptions(database), on: loop)
            defer { connection.close() }
            for statement in Shelf.byRank.variants + Shelf.mixed.variants + Shelf.ofMany.variants + [Shelf.count] {
                #expect(try await statement.faults(on: connection) == [], "\(statement.text.sql)")
            }
        }
    }

    private func request(
        first: Int32? = nil,
        after: String? = nil,
        last: Int32? = nil,
        before: String? = nil
    ) throws(PageFault) -> PageRequest {
        try PageRequest(first: first, after: after, last: last, before: before, signer: signer)
    }

    /// Books of which several have the same rank.
    private func shelf(books: Int) async throws -> String {
        let database = try TestCluster.database()
        try TestCluster.execute(
            """
            CREATE TABLE books (id uuid PRIMARY KEY, shelf_id uuid NOT NULL, rank bigint NOT NULL, title text NOT NULL);
            INSERT INTO books SELECT md5(n::text)::uuid, '\(Shelf.first)', n / 5, 'book ' || n % 3
                FROM generate_series(1, \(books)) n;
            INSERT INTO books SELECT md5('other' || n)::uuid, '\(Shelf.second)', n, 'other'
                FROM generate_series(1, 2) n;
            """,
            on: database
        )
        return database
    }
}

private struct Book: PostgresRow, Equatable {
    let id: UUID
    let rank: Int
    let title: String

    init(from row: inout RowReader) throws {
        id = try row.next()
        rank = try row.next()
        title = try row.next()
    }

    static func byRank(_ one: Book, _ other: Book) -> Bool { (one.rank, one.id) > (other.rank, other.id) }

    static func mixed(_ one: Book, _ other: Book) -> Bool {
        if one.title != other.title { return one.title < other.title }
        return one.rank != other.rank ? one.rank > other.rank : one.id < other.id
    }
}

private enum Shelf {
    static let first = UUID(high: 1, low: 1)
    static let second = UUID(high: 2, low: 2)

    static let byRank = PagedStatement<Book, Keyset<Int, UUID>, UUID>(
        "Shelf.books",
        by: [.descending("rank"), .descending("id")],
        key: { Keyset($0.rank, $0.id) },
        "SELECT id, rank, title FROM books WHERE shelf_id = $1 AND {after} ORDER BY {order} LIMIT {limit}"
    )
    static let namedOtherwise = PagedStatement<Book, Keyset<Int, UUID>, UUID>(
        "Shelf.others",
        by: [.descending("rank"), .descending("id")],
        key: { Keyset($0.rank, $0.id) },
        "SELECT id, rank, title FROM books WHERE shelf_id = $1 AND {after} ORDER BY {order} LIMIT {limit}"
    )
    static let mixed = PagedStatement<Book, Keyset<String, Int, UUID>, UUID>(
        "Shelf.books",
        by: [.ascending("title"), .descending("rank"), .ascending("id")],
        key: { Keyset($0.title, $0.rank, $0.id) },
        "SELECT id, rank, title FROM books WHERE shelf_id = $1 AND {after} ORDER BY {order} LIMIT {limit}"
    )
    static let ofMany = PagedLists<Book, Keyset<Int, UUID>, UUID>(
        "Shelf.books",
        by: [.descending("book.rank"), .descending("book.id")],
        key: { Keyset($0.rank, $0.id) },
        """
        SELECT parent.number, book.* FROM unnest($1) WITH ORDINALITY AS parent (id, number)
        CROSS JOIN LATERAL (
            SELECT book.id, book.rank, book.title FROM books book WHERE book.shelf_id = parent.id AND {after}
            ORDER BY {order} LIMIT {limit}
        ) AS book
        ORDER BY parent.number, {order}
        """
    )
    static let count = Statement<ParentCount<UUID>, [UUID]>(
        "SELECT shelf_id, count(*) FROM books WHERE shelf_id = ANY ($1) GROUP BY shelf_id"
    )
}
