/// Scalars that a place of a pattern allows.
struct ScalarSet: Sendable {
    var ranges: [ClosedRange<UInt32>]
    var isInverted = false

    init(_ ranges: [ClosedRange<UInt32>], isInverted: Bool = false) {
        self.ranges = ranges
        self.isInverted = isInverted
    }

    init(_ scalar: Unicode.Scalar) {
        self.init([scalar.value...scalar.value])
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        ranges.contains { $0.contains(scalar.value) } != isInverted
    }

    /// The scalars below 64, a bit for each.
    var lowMask: UInt64 { mask(from: 0) }
    /// Those from there to the end of ASCII.
    var highMask: UInt64 { mask(from: 64) }

    private func mask(from first: UInt8) -> UInt64 {
        (0..<64).reduce(0) { $0 | (contains(Unicode.Scalar(first + $1)) ? 1 << UInt64($1) : 0) }
    }

    /// The one scalar of the set, if it holds just one.
    var single: UInt32? {
        guard !isInverted, ranges.count == 1, ranges[0].count == 1 else { return nil }
        return ranges[0].lowerBound
    }

    static let digits = ScalarSet([48...57])
    static let words = ScalarSet([48...57, 65...90, 95...95, 97...122])
    static let lineEnds = ScalarSet([10...10, 13...13, 0x2028...0x2029])
    /// What JavaScript calls white space.
    static let spaces = ScalarSet([
        9...13, 32...32, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
        0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ])

    var inverted: ScalarSet { ScalarSet(ranges, isInverted: !isInverted) }
}
