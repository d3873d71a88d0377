/// How often something took how long, in classes that grow about threefold from a tenth of a millisecond.
public struct Histogram: Sendable {
    /// The upper ends of the classes, in nanoseconds; one more class has none.
    public static let bounds: [UInt64] = [
        100_000, 300_000, 1_000_000, 3_000_000, 10_000_000, 30_000_000, 100_000_000, 300_000_000, 1_000_000_000,
        3_000_000_000, 10_000_000_000,
    ]

    /// By class, the last one beyond all bounds.
    public private(set) var counts = [UInt64](repeating: 0, count: Histogram.bounds.count + 1)
    public private(set) var sum: UInt64 = 0

    public init() {}

    public mutating func add(nanoseconds: UInt64) {
        sum &+= nanoseconds
        var index = 0
        while index < Histogram.bounds.count, nanoseconds > Histogram.bounds[index] { index += 1 }
        counts[index] &+= 1
    }

    public static func += (total: inout Histogram, one: Histogram) {
        total.sum &+= one.sum
        for index in one.counts.indices { total.counts[index] &+= one.counts[index] }
    }
}
