import PostgresClient
import Testing

@testable import Actions

/// What strangers do must not fill the log or the memory.
@Suite struct SuspicionWatchTests {
    private let now = Timestamp(microseconds: 1_800_000_000_000_000)

    private func later(_ seconds: Int64) -> Timestamp {
        Timestamp(microseconds: now.microseconds + seconds * 1_000_000)
    }

    @Test func `so much is told in a minute, and the rest is counted`() {
        let watch = SuspicionWatch()
        let told = (0..<1_000).filter { watch.tells(.keyRefused, of: "\($0)", everySeconds: 60, at: now) }
        #expect(told.count == 60)
        #expect(watch.counts.suspicions[.keyRefused] == 1_000 && watch.counts.untold == 940)
        #expect(watch.tells(.keyRefused, of: "0", everySeconds: 60, at: later(60)))
    }

    @Test func `what anybody can cause hides nothing else`() {
        var options = SuspicionWatch.Options()
        options.watched = 10
        let watch = SuspicionWatch(options)
        for _ in 0..<9 { #expect(watch.refused("a", account: nil, at: now) == []) }
        for number in 0..<1_000 { _ = watch.tells(.keyRefused, of: "\(number)", everySeconds: 60, at: now) }
        #expect(watch.refused("a", account: nil, at: now) == [.signInsRefused])
        #expect(watch.tells(.tokenReused, at: now))
    }

    @Test func `each is told once in a while`() {
        let watch = SuspicionWatch()
        #expect(watch.tells(.keyRefused, of: "a", everySeconds: 60, at: now))
        #expect(!watch.tells(.keyRefused, of: "a", everySeconds: 60, at: later(59)))
        #expect(watch.tells(.keyRefused, of: "b", everySeconds: 60, at: later(59)))
        #expect(watch.tells(.keyRefused, of: "a", everySeconds: 60, at: later(60)))
        // A clock that is set back tells once more, and not never again.
        #expect(watch.tells(.keyRefused, of: "a", everySeconds: 60, at: now))
    }

    @Test func `one account is one, however often it is tried`() {
        let watch = SuspicionWatch()
        for _ in 0..<9 { #expect(watch.refused("a", account: [1, 2, 3], at: now) == []) }
        #expect(watch.refused("a", account: [1, 2, 3], at: now) == [.signInsRefused])
        for other in 0..<3 { #expect(watch.refused("a", account: [UInt8(other)], at: now) == []) }
        #expect(watch.refused("a", account: [9], at: now) == [.accountsTried])
        #expect(watch.refused("a", account: nil, at: now) == [])
    }
}
