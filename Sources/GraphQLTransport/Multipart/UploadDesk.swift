import EventLoop
import GraphQLEngine
import GraphQLSchema
import HTTPServer
import Synchronization

/// Where multipart requests are taken in: so many at a time, with the threads that write their files.
final class UploadDesk: Sendable {
    let limits: UploadLimits
    let pool: BlockingPool
    /// Requests that are read, by whose they are.
    private let running = Mutex<[String: Int]>([:])
    private let late = Atomic<UInt64>(0)
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
    func refusal(of context: ExecutionContext) async -> GraphQLError? {
        guard let error = await limits.refusal?(context) else { return nil }
        turnedAway.wrappingAdd(1, ordering: .relaxed)
        return error
    }

    /// How many requests did not come in time.
    var latecomers: UInt64 { late.load(ordering: .relaxed) }

    func countLate() { late.wrappingAdd(1, ordering: .relaxed) }

    /// Takes a place, of which nobody has all.
    func enter(_ client: String) throws(Refusal) {
        let status: HTTPStatus? = running.withLock { running in
            if running.values.reduce(0, +) >= limits.maximumRequests { return .serviceUnavailable }
            if running[client, default: 0] >= limits.maximumRequestsPerClient { return .tooManyRequests }
            running[client, default: 0] += 1
            return nil
        }
        guard let status else { return }
        refused.wrappingAdd(1, ordering: .relaxed)
        throw Refusal(status, "Too many uploads at a time.", code: "TOO_MANY_UPLOADS")
    }

    func leave(_ client: String) {
        running.withLock { running in
            let left = running[client, default: 1] - 1
            running[client] = left > 0 ? left : nil
        }
    }
}
