/// How often something took how long, finely enough to tell its quantiles: four classes for each doubling, so that what is told
/// is at most an eighth off.
public struct LatencySketch: Sendable {
    /// Of microseconds; the last class has all that took two minutes and more.
    private static let classCount = 104

    /// None until there is something to count.
    private var counts: [UInt32] = []
    public private(set) var count: UInt64 = 0
    /// In nanoseconds, as `longest`.
    public private(set) var sum: UInt64 = 0
    public private(set) var longest: UInt64 = 0

    public init() {}

    public var mean: UInt64 { count == 0 ? 0 : sum / count }

    public mutating func add(nanoseconds: UInt64) {
        if counts.isEmpty { counts = [UInt32](repeating: 0, count: Self.classCount) }
        counts[Self.place(of: nanoseconds)] &+= 1
        count &+= 1
        sum &+= nanoseconds
        longest = max(longest, nanoseconds)
    }

    /// What this share of them took at most, in nanoseconds: of 0.95 the time that one in twenty exceeds. 0 when there are none.
    public func quantile(_ share: Double) -> UInt64 {
        let wanted = (share * Double(count)).rounded(.up)
        var before = 0.0
        for (place, one) in counts.enumerated() where one > 0 {
            let within = (wanted - before) / Double(one)
            if within <= 1 {
                let (low, width) = Self.bounds(of: place)
                return min(low + UInt64(Double(width) * max(0, within)), longest)
            }
            before += Double(one)
        }
        return longest
    }

    public static func += (total: inout LatencySketch, one: LatencySketch) {
        if total.counts.isEmpty {
            total.counts = one.counts
        } else {
            for index in one.counts.indices { total.counts[index] &+= one.counts[index] }
        }
        total.count &+= one.count
        total.sum &+= one.sum
        total.longest = max(total.longest, one.longest)
    }

    /// The first four classes are a microsecond wide; from then on each four are twice as wide as those before.
    private static func place(of nanoseconds: UInt64) -> Int {
        let value = nanoseconds >> 10
        guard value >= 4 else { return Int(value) }
        let exponent = 63 - value.leadingZeroBitCount
        return min((exponent - 1) * 4 + Int(value >> UInt64(exponent - 2)) & 3, classCount - 1)
    }

    private static func bounds(of place: Int) -> (low: UInt64, width: UInt64) {
        guard place >= 4 else { return (UInt64(place) << 10, 1 << 10) }
        let shift = UInt64(place / 4 - 1)
        return (UInt64(4 + place % 4) << (shift + 10), 1 << (shift + 10))
    }
}
