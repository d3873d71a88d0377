public import EventLoop

/// What the server has done; sums over all loops by `HTTPServer.metrics()`.
public struct HTTPServerMetrics: Sendable {
    public var connections: UInt64 = 0
    public var openConnections = 0
    public var requests: UInt64 = 0
    /// Responses by the first digit of their status, 1 to 5.
    public var responses = [UInt64](repeating: 0, count: 6)
    /// Refused requests by `HTTPViolation.rawValue`.
    public private(set) var violations = [UInt64](repeating: 0, count: HTTPViolation.allCases.count)
    /// Connections closed because nothing came.
    public var idleTimeouts: UInt64 = 0
    /// Clients that left before their response.
    public var disconnects: UInt64 = 0
    /// Times reading was paused because a handler or a response was slower than the client.
    public var readPauses: UInt64 = 0
    public var compressed: UInt64 = 0
    /// Handlers that ended without an answer; their clients got a 500.
    public var unanswered: UInt64 = 0
    public var upgrades: UInt64 = 0
    public var webSockets = WebSocketMetrics()
    /// From the turn a request came in to the end of its response being queued, where the configuration asks for it.
    public var durations = Histogram()

    public init() {}

    /// How many requests were refused for this reason.
    public subscript(violation: HTTPViolation) -> UInt64 { violations[Int(violation.rawValue)] }

    mutating func count(_ violation: HTTPViolation) { violations[Int(violation.rawValue)] &+= 1 }

    mutating func countResponse(_ status: HTTPStatus) {
        responses[min(5, Int(status.code / 100))] &+= 1
    }

    static func += (total: inout HTTPServerMetrics, one: HTTPServerMetrics) {
        total.connections &+= one.connections
        total.openConnections += one.openConnections
        total.requests &+= one.requests
        for index in one.responses.indices { total.responses[index] &+= one.responses[index] }
        for index in one.violations.indices { total.violations[index] &+= one.violations[index] }
        total.idleTimeouts &+= one.idleTimeouts
        total.disconnects &+= one.disconnects
        total.readPauses &+= one.readPauses
        total.compressed &+= one.compressed
        total.unanswered &+= one.unanswered
        total.upgrades &+= one.upgrades
        total.webSockets += one.webSockets
        total.durations += one.durations
    }
}
