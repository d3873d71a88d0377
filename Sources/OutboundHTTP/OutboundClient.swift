package import EventLoop
internal import Synchronization

/// Asks other servers over HTTP, and gives mails to servers of mails, without holding up the loop that it is called on.
package final class OutboundClient: Sendable {
    private let loops: [EventLoop]
    private let options: OutboundOptions
    private let circuits: Mutex<CircuitBreakers>

    package init(_ group: EventLoopGroup, _ options: OutboundOptions = OutboundOptions()) {
        loops = group.loops
        self.options = options
        circuits = Mutex(CircuitBreakers(options.circuit))
    }

    /// Throws an `OutboundFault` where there is no answer.
    package func send(_ request: OutboundRequest) async throws -> OutboundResponse {
        let transfers = here
        guard request.isWellFormed, let origin = Origin(request.url), origin.isOfWeb else {
            throw transfers.counted(.invalidRequest)
        }
        return try await observed(request.method, origin) {
            try await perform(origin, on: transfers) { try HTTPTransfer.make(request, self.options) }
        }
    }

    /// Gives a mail to a server of mails; returns when that has taken it.
    package func submit(_ mail: MailSubmission) async throws {
        let transfers = here
        guard mail.isWellFormed, let origin = Origin(mail.url), ["smtp", "smtps"].contains(origin.scheme) else {
            throw transfers.counted(.invalidRequest)
        }
        _ = try await observed("SMTP", origin) {
            try await perform(origin, on: transfers) { try MailTransfer.make(mail, self.options) }
        }
    }

    /// Whether requests to this address are refused at the moment, as its server has failed again and again.
    package func leavesAlone(_ url: String) -> Bool {
        guard let origin = Origin(url) else { return false }
        return circuits.withLock { $0.isOpen(origin.text, at: EventLoop.monotonicTime()) }
    }

    /// The counters of all loops together.
    package func metrics() async -> OutboundMetrics {
        var total = OutboundMetrics()
        for loop in loops {
            if let one = try? await loop.run({ self.transfers(on: loop).metrics }) { total += one }
        }
        total.openCircuits = circuits.withLock { $0.openCount(at: EventLoop.monotonicTime()) }
        return total
    }

    /// Gives up what is under way; nothing more is sent.
    package func close() async {
        for loop in loops { try? await loop.run { self.transfers(on: loop).close() } }
    }

    private func observed(
        _ method: String,
        _ origin: Origin,
        _ run: () async throws -> OutboundResponse
    ) async throws -> OutboundResponse {
        guard let observer = options.observer?() else { return try await run() }
        do {
            let response = try await run()
            observer.report(method, origin.host, .success(response.status))
            return response
        } catch {
            observer.report(method, origin.host, .failure(error))
            throw error
        }
    }

    private func perform(
        _ origin: Origin,
        on transfers: LoopTransfers,
        _ make: () throws -> Transfer
    ) async throws -> OutboundResponse {
        let key = origin.text
        guard circuits.withLock({ $0.admits(key, at: EventLoop.monotonicTime()) }) else {
            throw transfers.counted(.circuitOpen)
        }
        do {
            let response = try await transfers.run(try make())
            circuits.withLock {
                if response.status >= 500 {
                    $0.failed(key, at: EventLoop.monotonicTime())
                } else {
                    $0.succeeded(key)
                }
            }
            return response
        } catch {
            let isOfServer = (error as? OutboundFault)?.isOfServer ?? false
            circuits.withLock {
                let now = EventLoop.monotonicTime()
                if isOfServer { $0.failed(key, at: now) } else { $0.abandoned(key, at: now) }
            }
            throw error
        }
    }

    private var here: LoopTransfers {
        guard let loop = EventLoop.current else { preconditionFailure("requests are sent from event loops") }
        return transfers(on: loop)
    }

    private func transfers(on loop: EventLoop) -> LoopTransfers {
        loop.local(of: self) { LoopTransfers(loop, options) }
    }
}
