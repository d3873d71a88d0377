/// The answers of one resolved field for all parents of a batch: cells, which point to values, lists, errors or null.
///
/// Lists are flat: however deep they nest and however many parents there are, all values of the field lie in one
/// column, and the next selection runs on all of them at once.
public struct FieldColumn {
    /// One for each parent.
    public internal(set) var cells: [Cell]
    /// One array for each level of lists, outermost first.
    var lists: [ListLevel]
    var errors: [any Error]
    /// Whether any cell, of whatever level, is null or an error.
    var mayHoldNulls: Bool
    var values: Values

    enum Values {
        case leaves(any LeafColumn)
        case objects([ObjectColumn], [CompositeIndex])
        /// The one value, as it was written before.
        case rendered([UInt8])
    }

    /// All lists of one level, laid out one behind the other.
    struct ListLevel {
        /// List `n` holds the cells `bounds[n]..<bounds[n + 1]`.
        var bounds: [Int32] = [0]
        var cells: [Cell] = []
    }

    /// A position of the response: a value, a list, null or an error.
    @frozen public struct Cell: Sendable, Equatable {
        @usableFromInline var rawValue: Int32

        @inlinable init(rawValue: Int32) { self.rawValue = rawValue }

        @usableFromInline static let null = Cell(rawValue: -1)
        @inlinable static func error(_ index: Int) -> Cell { Cell(rawValue: -2 - Int32(truncatingIfNeeded: index)) }
        @inlinable static func value(_ index: Int) -> Cell { Cell(rawValue: Int32(truncatingIfNeeded: index)) }

        /// The number of the value or list.
        var index: Int? { rawValue >= 0 ? Int(rawValue) : nil }
        var error: Int? { rawValue <= -2 ? -2 - Int(rawValue) : nil }
    }
}

extension FieldColumn {
    /// One error for every parent: the resolver as a whole failed.
    init(error: any Error, count: Int) {
        cells = Array(repeating: .error(0), count: count)
        lists = []
        errors = [error]
        mayHoldNulls = true
        values = .objects([], [])
    }

    mutating func setNull(level: Int, _ position: Int) {
        if level == 0 { cells[position] = .null } else { lists[level - 1].cells[position] = .null }
    }
}

/// The leaf values of a column, of whatever Swift type.
protocol LeafColumn {
    /// The values with these numbers, in this order.
    func gathering(_ indices: [Int]) -> any LeafColumn
    func write(_ index: Int, to buffer: inout ResponseBuffer)
}

struct Leaves<Value: OutputLeaf>: LeafColumn {
    let values: [Value]

    func gathering(_ indices: [Int]) -> any LeafColumn { Leaves(values: indices.map { values[$0] }) }

    func write(_ index: Int, to buffer: inout ResponseBuffer) { values[index].write(to: &buffer) }
}
