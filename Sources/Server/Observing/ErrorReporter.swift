import Data
import EventLoop
import GraphQLTransport
import OutboundHTTP
import Synchronization

/// Tells a service that gathers errors of those that clients are told nothing of, and of jobs that died.
final class ErrorReporter: Sendable {
    struct Options: Sendable {
        let dsn: SentryDSN
        var environment = "development"
        /// Events of a minute; beyond, they are counted and dropped: a database that is away is one fault, and not a million.
        var perMinute = 60

        init(_ dsn: SentryDSN) { self.dsn = dsn }
    }

    /// How many events may go.
    private final class Quota: Sendable {
        private struct State {
            var left: Int
            var minute: UInt64 = 0
            /// Until then the service wants to be left alone.
            var silentUntil: UInt64 = 0
            var omitted: UInt64 = 0
        }

        private let perMinute: Int
        private let state: Mutex<State>

        init(perMinute: Int) {
            self.perMinute = perMinute
            state = Mutex(State(left: perMinute))
        }

        var omitted: UInt64 { state.withLock { $0.omitted } }

        func takes(at now: UInt64) -> Bool {
            let minute = now / 60_000_000_000
            return state.withLock { state in
                if state.minute != minute { (state.minute, state.left) = (minute, perMinute) }
                guard state.left > 0, now >= state.silentUntil else {
                    state.omitted &+= 1
                    return false
                }
                state.left -= 1
                return true
            }
        }

        func beSilent(until end: UInt64) { state.withLock { $0.silentUntil = max($0.silentUntil, end) } }
    }

    private let options: Options
    private let quota: Quota
    private let outbox: Outbox<ErrorEvent>

    init(_ options: Options, _ client: OutboundClient, on loop: EventLoop) {
        self.options = options
        let quota = Quota(perMinute: options.perMinute)
        self.quota = quota
        outbox = Outbox(Outbox.Options(limit: 100, batch: 1, delay: .zero), on: loop) { events in
            for event in events {
                guard await Self.send(event, options, quota, client) else { return false }
            }
            return true
        }
    }

    /// - Parameter event: made only where it may go: that takes longer than to count it.
    func report(_ event: @autoclosure () -> ErrorEvent) {
        if quota.takes(at: EventLoop.monotonicTime()) { outbox.add(event()) }
    }

    /// Sends what waits, at most for so long.
    func drain(within limit: Duration, on group: EventLoopGroup) async {
        try? await group.loops[0].start { [outbox] in await outbox.drain(within: limit) }
    }

    var counts: Outbox<ErrorEvent>.Counts { outbox.counts }
    /// Events that were not to go.
    var omitted: UInt64 { quota.omitted }

    func addMetrics(to page: inout PrometheusText) {
        let counts = counts
        page.counter(
            "atrium_error_events_total",
            "Faults for those who gather them, by what became of them.",
            [
                ("fate=\"sent\"", counts.sent), ("fate=\"dropped\"", counts.dropped), ("fate=\"lost\"", counts.lost),
                ("fate=\"omitted\"", omitted),
            ]
        )
    }

    private static func send(
        _ event: ErrorEvent,
        _ options: Options,
        _ quota: Quota,
        _ client: OutboundClient
    ) async -> Bool {
        var request = OutboundRequest("POST", options.dsn.endpoint)
        request.fields = [
            (name: "content-type", value: "application/x-sentry-envelope"),
            (name: "x-sentry-auth", value: options.dsn.credential),
        ]
        request.body = event.envelope(environment: options.environment)
        request.maximumBytes = 64 << 10
        // The operator has named it.
        request.reach = .anywhere
        guard let response = try? await client.send(request) else { return false }
        if response.status == 429 {
            // https://develop.sentry.dev/sdk/expected-features/rate-limiting/
            let seconds = min(3_600, response["retry-after"].flatMap { UInt64($0) } ?? 60)
            quota.beSilent(until: EventLoop.monotonicTime() &+ seconds * 1_000_000_000)
        }
        return (200..<300).contains(response.status)
    }
}
