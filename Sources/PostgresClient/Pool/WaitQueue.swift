/// Those who wait for a connection, in the order they came.
struct WaitQueue {
    struct Waiter {
        let ticket: UInt64
        let deadline: UInt64
        let continuation: UnsafeContinuation<PostgresConnection, any Error>
    }

    private var waiters = Ring<Waiter>()
    /// Left before their turn; their places are skipped.
    private var gone: Set<UInt64> = []

    var count: Int { waiters.count - gone.count }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ waiter: Waiter) { waiters.append(waiter) }

    mutating func removeFirst() -> Waiter? {
        while !waiters.isEmpty {
            let waiter = waiters.removeFirst()
            if gone.remove(waiter.ticket) == nil { return waiter }
        }
        return nil
    }

    mutating func remove(ticket: UInt64) -> Waiter? {
        for index in 0..<waiters.count where waiters[index].ticket == ticket && !gone.contains(ticket) {
            gone.insert(ticket)
            return waiters[index]
        }
        return nil
    }

    /// Those whose time is over, and when that of the next one is.
    mutating func removeExpired(at now: UInt64) -> (expired: [Waiter], next: UInt64?) {
        var expired: [Waiter] = []
        var next: UInt64?
        for index in 0..<waiters.count where !gone.contains(waiters[index].ticket) {
            let waiter = waiters[index]
            if waiter.deadline <= now {
                expired.append(waiter)
                gone.insert(waiter.ticket)
            } else {
                next = min(next ?? .max, waiter.deadline)
            }
        }
        // The first to come are mostly the first to go: where nobody is served, the queue stays small all the same.
        while !waiters.isEmpty, gone.remove(waiters[0].ticket) != nil { _ = waiters.removeFirst() }
        return (expired, next)
    }
}
