import PostgresClient
import PostgresTesting
import Testing

/// Every type goes to the server and back in binary, and the server says as a text what it took it for.
@Suite(.timeLimit(.minutes(3))) struct ValueTests {
    /// What came back, and what the server calls it.
    private struct Echo<Value: PostgresDecodable & Equatable>: PostgresRow {
        let value: Value
        let text: String

        init(from row: inout RowReader) throws {
            value = try row.next()
            text = try row.next()
        }
    }

    private func echo<Value: PostgresDecodable & PostgresEncodable & Equatable>(
        _ statement: Statement<Echo<Value>, Value>,
        _ values: [(Value, String)]
    ) async throws {
        let database = try TestCluster.database()
        let values = values.map { Pair(value: $0.0, text: $0.1) }
        let echoes = try await withPool(database) { pool in
            var echoes: [Echo<Value>] = []
            for pair in values { echoes.append(try await pool.session().one(statement, pair.value)) }
            return echoes
        }
        for (echo, pair) in zip(echoes, values) {
            #expect(echo.value == pair.value)
            #expect(echo.text == pair.text)
        }
    }

    private struct Pair<Value: Sendable>: Sendable {
        let value: Value
        let text: String
    }

    @Test func `numbers and truth`() async throws {
        try await echo(Statement("SELECT $1, $1::text"), [(Int16.min, "-32768"), (7, "7")])
        try await echo(Statement("SELECT $1, $1::text"), [(Int32.min, "-2147483648"), (7, "7")])
        try await echo(Statement("SELECT $1, $1::text"), [(Int64.max, "9223372036854775807")])
        try await echo(Statement("SELECT $1, $1::text"), [(Int.min, "-9223372036854775808")])
        try await echo(Statement("SELECT $1, $1::text"), [(Float(-1.5), "-1.5"), (.infinity, "Infinity")])
        try await echo(Statement("SELECT $1, $1::text"), [(0.1, "0.1"), (-Double.infinity, "-Infinity")])
        try await echo(Statement("SELECT $1, $1::text"), [(true, "true"), (false, "false")])
    }

    @Test func `narrow columns fill wide properties`() async throws {
        let database = try TestCluster.database()
        try await withPool(database) { pool in
            let session = pool.session()
            let two = try await session.one(Statement<Int>("SELECT (-2)::int2"))
            let four = try await session.one(Statement<Int>("SELECT (-2)::int4"))
            let short = try await session.one(Statement<Int32>("SELECT (-2)::int2"))
            let half = try await session.one(Statement<Double>("SELECT 0.5::float4"))
            #expect((two, four, short, half) == (-2, -2, -2, 0.5))
        }
    }

    @Test func `texts and bytes`() async throws {
        let long = String(repeating: "é𝄞", count: 100_000)
        try await echo(Statement("SELECT $1::text, $1::text"), [("", ""), ("a'b\\\"c", "a'b\\\"c"), (long, long)])
        try await echo(Statement("SELECT $1, $1::text"), [(Bytes([0, 255, 1]), "\\x00ff01"), (Bytes([]), "\\x")])
        try await echo(Statement("SELECT $1, $1::text"), [(JSONText(#"{"a": [1, null]}"#), #"{"a": [1, null]}"#)])
    }

    @Test func `uuids`() async throws {
        let text = "0190163d-8694-739b-aea5-966c26f8ad91"
        let uuid = try #require(UUID(text))
        #expect(uuid.description == text)
        #expect(UUID(text.uppercased()) == uuid)
        try await echo(Statement("SELECT $1, $1::text"), [(uuid, text)])
    }

    @Test(arguments: [
        "", "0190163d8694739baea5966c26f8ad91", "0190163d-8694-739b-aea5-966c26f8ad9",
        "0190163d-8694-739b-aea5-966c26f8ad911",
        "g190163d-8694-739b-aea5-966c26f8ad91", "0190163d-8694-739b-aea5-966c26f8ad9é",
    ])
    func `what is no uuid is refused`(text: String) { #expect(UUID(text) == nil) }

    @Test func `a uuid of version 7 is ordered by time`() {
        var random = SystemRandomNumberGenerator()
        let early = UUID(milliseconds: 0x0190_163D_8694, random: &random)
        #expect(early.description.hasPrefix("0190163d-8694-7"))
        #expect(early < UUID(milliseconds: 0x0190_163D_8695, random: &random))
        #expect("89ab".contains(early.description.split(separator: "-")[3].prefix(1)))
    }

    @Test func `times`() async throws {
        try await echo(
            Statement("SELECT $1, $1::text"),
            [
                (Timestamp(microseconds: 0), "1970-01-01 00:00:00+00"),
                (Timestamp(microseconds: 1_700_000_000_123_456), "2023-11-14 22:13:20.123456+00"),
                (.infinity, "infinity"), (.minusInfinity, "-infinity"),
            ]
        )
        try await echo(
            Statement("SELECT $1, $1::text"),
            [(CalendarDate(days: 0), "1970-01-01"), (CalendarDate(days: -1), "1969-12-31")]
        )
        try await echo(Statement("SELECT $1, $1::text"), [(TimeOfDay(microseconds: 3_600_000_001), "01:00:00.000001")])
        let interval = CalendarInterval(months: 14, days: -3, microseconds: 1_500_000)
        try await echo(Statement("SELECT $1, $1::text"), [(interval, "1 year 2 mons -3 days +00:00:01.5")])
    }

    @Test(arguments: [
        "0", "1", "-1", "10000", "12345678901234567890.123456789", "-0.00012", "0.5", "100000000", "0.00000001", "1.10",
        "99999999.9999",
    ])
    func `exact numbers keep every digit`(text: String) async throws {
        let number = try #require(Numeric(text))
        #expect(number.description == text)
        try await echo(Statement("SELECT $1, $1::text"), [(number, text)])
    }

    @Test(arguments: ["", "-", ".", "1e5", "1.2.3", "--1", "٣"])
    func `what is no number is refused`(text: String) { #expect(Numeric(text) == nil) }

    @Test func `addresses`() async throws {
        let four = try #require(InternetAddress([192, 168, 0, 1]))
        let six = try #require(
            InternetAddress([0x20, 1, 0xd, 0xb8] + [UInt8](repeating: 0, count: 12), networkBits: 32)
        )
        try await echo(
            Statement("SELECT $1, host($1) || '/' || masklen($1)"),
            [(four, "192.168.0.1/32"), (six, "2001:db8::/32")]
        )
        #expect(InternetAddress([1, 2, 3]) == nil)
        #expect(InternetAddress([1, 2, 3, 4], networkBits: 33) == nil)
    }

    @Test func `arrays`() async throws {
        try await echo(Statement("SELECT $1, $1::text"), [([1, 2, 3] as [Int], "{1,2,3}"), ([], "{}")])
        try await echo(Statement("SELECT $1, $1::text"), [(["a", "", "b\"c"], #"{a,"","b\"c"}"#)])
        try await echo(
            Statement("SELECT $1, $1::text"),
            [([UUID(high: 1, low: 2)], "{00000000-0000-0001-0000-000000000002}")]
        )
        try await echo(Statement("SELECT $1, $1::text"), [([true, false], "{t,f}")])
        try await echo(
            Statement("SELECT $1, $1::text"),
            [([Timestamp(microseconds: 0)], #"{"1970-01-01 00:00:00+00"}"#)]
        )
        try await echo(Statement("SELECT $1, $1::text"), [([JSONText("1")], "{1}")])
    }

    private struct Maybe: PostgresRow, Equatable {
        let number: Int?
        let text: String?

        init(from row: inout RowReader) throws {
            number = try row.next()
            text = try row.next()
        }
    }

    @Test func `nulls are values of optional properties alone`() async throws {
        let database = try TestCluster.database()
        try await withPool(database) { pool in
            let session = pool.session()
            let none: Int? = nil
            let maybe = try await session.one(Statement<Maybe, Int?, String?>("SELECT $1, $2::text"), none, "")
            #expect(maybe.number == nil)
            #expect(maybe.text == "")
            await #expect(
                throws: PostgresError.badColumn(number: 1, expected: "Int", found: .int8, isNull: true)
            ) { try await session.one(Statement<Int, Int?>("SELECT $1"), none) }
            let countNulls = Statement<Int, [Int?]>("SELECT count(*) FROM unnest($1) x WHERE x IS NULL")
            let nulls = try await session.one(countNulls, [1, nil])
            #expect(nulls == 1)
        }
    }

    @Test func `a column of another type is an error, never another value`() async throws {
        let database = try TestCluster.database()
        try await withPool(database) { pool in
            let session = pool.session()
            await #expect(
                throws: PostgresError.badColumn(number: 1, expected: "Int32", found: .int8, isNull: false)
            ) { try await session.one(Statement<Int32>("SELECT 1::int8")) }
            await #expect(throws: PostgresError.self) { try await session.one(Statement<Int>("SELECT '1'::text")) }
            await #expect(
                throws: PostgresError.badColumn(number: 2, expected: "nothing", found: .int4, isNull: false)
            ) { try await session.one(Statement<Int>("SELECT 1, 2")) }
            await #expect(throws: PostgresError.self) { try await session.one(Statement<Maybe>("SELECT 1")) }
        }
    }

    @Test(arguments: [[0, 1, 0, 0, 0x40, 0x01, 0, 0, 0, 1], [0, 1, 0, 0, 0, 0, 0, 0, 0x27, 0x10]] as [[UInt8]])
    func `bytes that are no number are refused`(bytes: [UInt8]) {
        #expect(bytes.withUnsafeBytes { Numeric(cell: $0) } == nil)
    }

    @Test func `a moment that cannot be said is refused, not another one`() async throws {
        try await withPool(try TestCluster.database()) { pool in
            let moment = Statement<Timestamp, String>("SELECT $1::text::timestamptz")
            let last = try await pool.session().one(moment, "294246-12-31 00:00:00+00")
            #expect(last < .infinity)
            let never = try await pool.session().one(moment, "infinity")
            #expect(never == .infinity)
            await #expect(throws: PostgresError.self) {
                try await pool.session().one(moment, "294260-01-01 00:00:00+00")
            }
        }
    }
}
