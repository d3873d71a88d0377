/// How much all that listeners of a loop share takes, roughly; confined to its loop.
final class SharedWeights: @unchecked Sendable {
    private let limit: Int
    fileprivate(set) var total = 0
    /// How often somebody was told what somebody else had been told.
    fileprivate(set) var repetitions: UInt64 = 0

    init(limit: Int) { self.limit = limit }

    var isFull: Bool { total > limit }
}

/// How much one of those things takes: what hangs on it is added when it was read, as long as it is kept.
final class SharedWeight: @unchecked Sendable {
    private let weights: SharedWeights
    private var bytes = 0
    private var isForgotten = false

    init(_ weights: SharedWeights) { self.weights = weights }

    func add(_ more: Int) {
        guard !isForgotten else { return }
        bytes += more
        weights.total += more
    }

    func noteRepetition() { weights.repetitions &+= 1 }

    func forget() {
        guard !isForgotten else { return }
        isForgotten = true
        weights.total -= bytes
    }
}
