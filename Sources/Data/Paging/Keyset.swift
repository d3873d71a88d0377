package import PostgresClient

/// Where a row stands in an order.
package protocol PageKey: Sendable {
    static var types: [PostgresType] { get }
    func add(to buffer: inout ParameterBuffer)
    var bytes: [UInt8] { get }
    /// Nil for bytes that no key has.
    init?(bytes: [UInt8])
}

/// The values of the columns that rows are sorted by, none of them null; the last tells rows apart.
package struct Keyset<each Part: PostgresEncodable & PostgresDecodable>: PageKey {
    /// Each value in PostgreSQL's binary form, in which it goes into cursors and statements.
    private let cells: [[UInt8]]

    package init(_ parts: repeat each Part) {
        var cells: [[UInt8]] = []
        repeat cells.append((each parts).wireBytes)
        self.cells = cells
    }

    package static var types: [PostgresType] {
        var types: [PostgresType] = []
        repeat types.append((each Part).parameterType)
        return types
    }

    package func add(to buffer: inout ParameterBuffer) {
        for cell in cells { buffer.add(Bytes(cell)) }
    }

    package var bytes: [UInt8] { cells.reduce(into: []) { KeyCells.append($1, to: &$0) } }

    package init?(bytes: [UInt8]) {
        var cells = KeyCells(rest: bytes[...])
        repeat cells.take((each Part).self)
        guard let taken = cells.taken, cells.rest.isEmpty else { return nil }
        self.cells = taken
    }
}

/// Takes the values of a key apart: each stands behind its length in two bytes.
private struct KeyCells {
    var rest: ArraySlice<UInt8>
    /// Nil once something did not fit.
    var taken: [[UInt8]]? = []

    init(rest: ArraySlice<UInt8>) { self.rest = rest }

    /// What is longer than a cursor can be makes one that is not taken.
    static func append(_ cell: [UInt8], to bytes: inout [UInt8]) {
        let cell = cell.prefix(Int(UInt16.max))
        bytes.append(UInt8(truncatingIfNeeded: cell.count >> 8))
        bytes.append(UInt8(truncatingIfNeeded: cell.count))
        bytes += cell
    }

    mutating func take<Part: PostgresDecodable>(_ type: Part.Type) {
        guard taken != nil, let high = rest.popFirst(), let low = rest.popFirst() else { return taken = nil }
        let length = Int(high) << 8 | Int(low)
        guard rest.count >= length else { return taken = nil }
        let cell = Array(rest.prefix(length))
        rest.removeFirst(length)
        guard cell.withUnsafeBytes({ Part(cell: $0) }) != nil else { return taken = nil }
        taken?.append(cell)
    }
}
