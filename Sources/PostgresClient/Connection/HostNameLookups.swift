internal import EventLoop
internal import Synchronization

/// Looks for the addresses of hosts on threads, as the C library waits for as long as a name server takes.
///
/// Those who ask for the same hosts have one answer: a name server that is silent keeps one thread however often it is asked,
/// and the other threads are for hosts that can be found.
final class HostNameLookups: Sendable {
    struct Question: Hashable, Sendable {
        let hosts: [String]
        let ports: [String]
    }

    private let threads: BlockingPool
    private let look: @Sendable (Question) -> HostNames
    private let waiting = Mutex<[Question: [Waiter]]>([:])

    /// As a rule there are three questions: for the primary, a replica, and what leads past a pooler.
    init(threads: Int = 4, _ look: @escaping @Sendable (Question) -> HostNames = { HostNames($0) }) throws {
        self.threads = try BlockingPool(threads: threads, queueLimit: 1_024)
        self.look = look
    }

    /// Nil when it took too long; whoever asks next may still have that answer.
    func answer(to question: Question, within limit: Duration, on loop: EventLoop) async throws -> HostNames? {
        let waiter = Waiter(loop)
        let patience = loop.timer { waiter.end(.success(nil)) }
        patience.set(after: limit.nanoseconds)
        defer { patience.cancel() }
        return try await withUnsafeThrowingContinuation { continuation in
            waiter.continuation = continuation
            ask(question, waiter)
        }
    }

    private func ask(_ question: Question, _ waiter: Waiter) {
        let isFirst = waiting.withLock { waiting in
            waiting[question, default: []].append(waiter)
            return waiting[question]?.count == 1
        }
        guard isFirst else { return }
        waiter.loop.startTask { [self] in
            do { try await threads.run { self.tell(.success(self.look(question)), to: question) } } catch {
                tell(.failure(error), to: question)
            }
        }
    }

    private func tell(_ result: Result<HostNames?, any Error>, to question: Question) {
        for waiter in waiting.withLock({ $0.removeValue(forKey: question) }) ?? [] {
            waiter.loop.execute { waiter.end(result) }
        }
    }
}

/// Somebody who waits for an answer, and goes when it takes too long. `@unchecked Sendable`: confined to its loop.
private final class Waiter: @unchecked Sendable {
    let loop: EventLoop
    var continuation: UnsafeContinuation<HostNames?, any Error>?

    init(_ loop: EventLoop) { self.loop = loop }

    func end(_ result: Result<HostNames?, any Error>) {
        continuation?.resume(with: result)
        continuation = nil
    }
}
