import EventLoop
import GraphQLEngine
import GraphQLSchema
import HTTPServer
import Synchronization

/// Where multipart requests are taken in: so many at a time, with the threads that write their files.
final class UploadDesk: Sendable {
    let limits: UploadLimits
    let pool: BlockingPool
    private let running = Atomic<Int>(0)
    private let refused = Atomic<UInt64>(0)
    private let turnedAway = Atomic<UInt64>(0)

    init(_ limits: UploadLimits) {
        self.limits = limits
        do { pool = try BlockingPool(threads: limits.threads, queueLimit: max(1, limits.maximumRequests)) } catch {
            preconditionFailure("a server that starts can have \(limits.threads) more threads: \(error)")
        }
    }

    /// How many requests found no place.
    var refusals: UInt64 { refused.load(ordering: .relaxed) }

    /// How many requests came from those who may bring no files.
    var strangers: UInt64 { turnedAway.load(ordering: .relaxed) }

    /// Why the request may bring no files, whoever sends it.
    func refusal(of context: @autoclosure () -> ExecutionContext) async -> GraphQLError? {
        guard let error = await limits.refusal?(context()) else { return nil }
        turnedAway.wrappingAdd(1, ordering: .relaxed)
        return error
    }

    func enter() throws(Refusal) {
        let before = running.wrappingAdd(1, ordering: .relaxed).oldValue
        guard before >= limits.maximumRequests else { return }
        leave()
        refused.wrappingAdd(1, ordering: .relaxed)
        throw Refusal(.serviceUnavailable, "Too many uploads at a time.", code: "TOO_MANY_UPLOADS")
    }

    func leave() { running.wrappingSubtract(1, ordering: .relaxed) }
}
