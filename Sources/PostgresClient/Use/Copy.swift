internal import EventLoop

/// `COPY table (columns) FROM STDIN (FORMAT binary)` for columns of these types. Declared once, as a static constant.
public struct CopyIn<each Column: PostgresEncodable>: Sendable {
    let sql: String

    public init(_ sql: StaticString) { self.sql = "\(sql)" }
}

/// `COPY … TO STDOUT`, in whatever format it says.
public struct CopyOut: Sendable {
    let sql: String

    public init(_ sql: StaticString) { self.sql = "\(sql)" }
}

/// Writes rows in COPY's binary format: https://www.postgresql.org/docs/15/sql-copy.html
public struct CopyWriter<each Column: PostgresEncodable>: ~Copyable {
    private let sink: CopySink
    private var buffer = ParameterBuffer()

    /// Bytes sent at once.
    private static var piece: Int { 65_536 }

    init(_ sink: CopySink) {
        self.sink = sink
        for byte in [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0, 0, 0, 0, 0, 0, 0, 0, 0] as [UInt8] {
            buffer.append(byte)
        }
    }

    public mutating func write(_ values: repeat each Column) async throws {
        var count: Int16 = 0
        repeat count += CopyWriter.one(each values)
        buffer.append(count)
        repeat buffer.append(element: each values)
        if buffer.bytes.count >= CopyWriter.piece { try await flush() }
    }

    mutating func end() async throws {
        buffer.append(Int16(-1))
        try await flush()
    }

    private static func one(_ value: some Any) -> Int16 { 1 }

    private mutating func flush() async throws {
        // libpq copies; the bytes are taken out first, as waiting inside their borrow is not possible.
        let bytes = buffer.bytes.array()
        buffer.clear()
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        defer { copy.deallocate() }
        copy.copyBytes(from: bytes)
        try await sink.write(UnsafeRawBufferPointer(copy))
    }
}

extension Transaction {
    /// Adds the rows that `body` writes; how many there were.
    public func copy<each Column>(
        into copy: CopyIn<repeat each Column>,
        _ body: (inout CopyWriter<repeat each Column>) async throws -> Void
    ) async throws -> Int {
        try await begin()
        return try await connection.copyIn(copy.sql, deadline: deadline) { sink in
            var writer = CopyWriter<repeat each Column>(sink)
            try await body(&writer)
            try await writer.end()
        }
    }

    /// Hands out the pieces of a copy as they come; while `body` waits, the server does too.
    public func copy(
        out copy: CopyOut,
        _ body: (UnsafeRawBufferPointer) async throws -> Void
    ) async throws {
        try await begin()
        try await connection.copyOut(copy.sql, deadline: deadline, body)
    }

    private func begin() async throws {
        guard !hasBegun else { return }
        _ = try await run(TransactionControl.ping) { _ in }
    }
}
