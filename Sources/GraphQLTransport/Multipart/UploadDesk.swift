import EventLoop
import HTTPServer
import Synchronization

/// Where multipart requests are taken in: so many at a time, with the threads that write their files.
final class UploadDesk: Sendable {
    let limits: UploadLimits
    let pool: BlockingPool
    private let running = Atomic<Int>(0)
    private let refused = Atomic<UInt64>(0)

    init(_ limits: UploadLimits) {
        self.limits = limits
        do { pool = try BlockingPool(threads: limits.threads, queueLimit: max(1, limits.maximumRequests)) } catch {
            preconditionFailure("a server that starts can have \(limits.threads) more threads: \(error)")
        }
    }

    /// How many requests found no place.
    var refusals: UInt64 { refused.load(ordering: .relaxed) }

    func enter() throws(Refusal) {
        let before = running.wrappingAdd(1, ordering: .relaxed).oldValue
        guard before >= limits.maximumRequests else { return }
        leave()
        refused.wrappingAdd(1, ordering: .relaxed)
        throw Refusal(.serviceUnavailable, "Too many uploads at a time.", code: "TOO_MANY_UPLOADS")
    }

    func leave() { running.wrappingSubtract(1, ordering: .relaxed) }
}
