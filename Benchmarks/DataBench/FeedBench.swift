import Data
import EventLoop
import PostgresClient

/// Events through the log and the feed of one loop: how late they are, and whether those who come back miss any.
///
/// `@unchecked Sendable`: confined to its loop.
final class FeedBench: @unchecked Sendable {
    private static let topics = 100
    private static let perTransaction = 5
    private let loop: EventLoop
    private let pool: PostgresPool
    private let feed: EventFeed
    /// When each event was committed, and told, by its number.
    private var committed: [UInt64] = []
    private var told: [UInt64] = []
    private var isOver = false

    init(_ connection: String, _ loop: EventLoop) {
        self.loop = loop
        var options = PoolOptions(connection)
        // A disk that is too slow for the rate makes for a smaller rate, and no refusals.
        options.queueLimit = 1_000_000
        options.queueDeadline = .seconds(60)
        options.statementDeadline = .seconds(60)
        pool = PostgresPool(options, on: loop)
        feed = EventFeed(pool)
    }

    /// 5,000 events a second over a hundred topics, each with a subscriber.
    func run(seconds: Int) async throws {
        let rate = 5_000
        let total = rate * seconds
        committed = Array(repeating: 0, count: total)
        told = Array(repeating: 0, count: total)
        for topic in 0..<Self.topics {
            let subscription = try await feed.subscribe(to: "bench:\(topic)")
            loop.startTask { [self] in
                while case .event(let event)? = try? await subscription.next() {
                    told[number(in: event.payload.text)] = EventLoop.monotonicTime()
                }
            }
        }
        let begin = EventLoop.monotonicTime()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for start in stride(from: 0, to: total, by: Self.perTransaction) {
                let due = begin + UInt64(start) * 1_000_000_000 / UInt64(rate)
                let now = EventLoop.monotonicTime()
                if due > now { try await loop.sleep(for: .nanoseconds(Int64(due - now))) }
                group.addTask { [self] in
                    try await write(start..<(start + Self.perTransaction), topic: start / Self.perTransaction)
                    let now = EventLoop.monotonicTime()
                    for number in start..<(start + Self.perTransaction) { committed[number] = now }
                }
            }
            try await group.waitForAll()
        }
        let duration = Double(EventLoop.monotonicTime() - begin) / 1_000_000_000
        try await loop.sleep(for: .milliseconds(500))
        let missing = told.count { $0 == 0 }
        let late = zip(committed, told).map { $1 > $0 ? Double($1 - $0) / 1_000_000 : 0 }.sorted()
        print("events\t\(total)\tper second\t\(Int(Double(total) / duration))\tmissing\t\(missing)")
        for share in [0.5, 0.9, 0.99, 0.999, 1] {
            print("p\(share * 100)\t\(late[min(late.count - 1, Int(Double(late.count) * share))]) ms")
        }
    }

    /// Subscribers that are cut again and again and come back with the last place they know, under the same load.
    func reconnect(_ count: Int) async throws {
        let readers = 50
        let writer = loop.startTask { [self] in
            var number = 0
            while !isOver {
                try? await write(number..<(number + Self.perTransaction), topic: 0)
                number += Self.perTransaction
                try? await loop.sleep(for: .milliseconds(1))
            }
            return number
        }
        let faults = try await withThrowingTaskGroup(of: Int.self) { group in
            for reader in 0..<readers {
                group.addTask { [self] in
                    var (last, faults) = (0, 0)
                    for round in 0..<(count / readers) {
                        let subscription = try await feed.subscribe(to: "bench:0", after: last)
                        var stretch = 1 + (round * 37 + reader * 11) % 50
                        while stretch > 0, let item = try await subscription.next() {
                            guard case .event(let event) = item else { continue }
                            if event.seq != last + 1 { faults += 1 }
                            last = event.seq
                            stretch -= 1
                        }
                        subscription.cancel()
                    }
                    return faults
                }
            }
            return try await group.reduce(0, +)
        }
        isOver = true
        print("reconnections\t\(count)\tevents written\t\(await writer.value)\tlost or repeated\t\(faults)")
    }

    private func write(_ numbers: Range<Int>, topic: Int) async throws {
        let events = numbers.map { number in
            NewEvent(topic: "bench:\(topic % Self.topics)", kind: "bench", payload: JSONText("{\"n\": \(number)}"))
        }
        try await pool.transaction { try await $0.append(events, waking: self.feed) }
    }

    private func number(in payload: String) -> Int {
        payload.utf8.reduce(0) { $1 >= 48 && $1 <= 57 ? $0 * 10 + Int($1) - 48 : $0 }
    }
}
