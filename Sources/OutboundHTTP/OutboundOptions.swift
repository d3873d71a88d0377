/// What can be set about requests to other servers.
package struct OutboundOptions: Sendable {
    /// Requests of one loop at a time; the others wait.
    package var concurrency = 32
    /// Those that may wait; beyond, they are refused.
    package var queue = 1_000
    package var connectTimeout = Duration.seconds(5)
    /// Connections of one loop kept open for the next request.
    package var keptConnections = 32
    /// A PEM file of those who are trusted to name servers, in place of the system's.
    package var authorities: String?
    package var userAgent = "atrium"
    /// Where names lead in place of what they are resolved to, as `push.example:443:192.0.2.1`; each counts as if it had been
    /// resolved.
    package var addresses: [String] = []
    package var circuit = CircuitOptions()
    /// Asked before each request for whoever wants to hear of it; nil when nobody ever does.
    package var observer: (@Sendable () -> OutboundObserver?)?

    package init() {}
}

/// Hears what became of a request.
package struct OutboundObserver: Sendable {
    let report: @Sendable (_ method: String, _ host: String, Result<Int, any Error>) -> Void

    /// - Parameter report: gets the method, the server's name, and the status of its answer or why there was none.
    package init(report: @escaping @Sendable (_ method: String, _ host: String, Result<Int, any Error>) -> Void) {
        self.report = report
    }
}

/// When a server that fails is left alone.
package struct CircuitOptions: Sendable {
    /// Failures in a row.
    package var failures = 5
    /// For the first time; doubled for each failed probe.
    package var opensFor = Duration.seconds(10)
    package var opensAtMost = Duration.seconds(300)
    /// Servers that are remembered; others are always asked.
    package var servers = 10_000

    package init() {}
}

/// What was asked of other servers so far.
package struct OutboundMetrics: Sendable, Equatable {
    /// Answers, and mails that were taken.
    package var answered: UInt64 = 0
    package var cancelled: UInt64 = 0
    private var faults = [UInt64](repeating: 0, count: OutboundFault.words.count)
    package var running = 0
    package var waiting = 0
    /// Servers that are left alone.
    package var openCircuits = 0

    /// How often there was no answer, by reasons.
    package var failed: [(word: String, count: UInt64)] { Array(zip(OutboundFault.words, faults)) }

    mutating func count(_ fault: OutboundFault) {
        if let index = OutboundFault.words.firstIndex(of: fault.word) { faults[index] += 1 }
    }

    static func += (total: inout OutboundMetrics, one: OutboundMetrics) {
        total.answered += one.answered
        total.cancelled += one.cancelled
        for index in total.faults.indices { total.faults[index] += one.faults[index] }
        total.running += one.running
        total.waiting += one.waiting
    }
}
