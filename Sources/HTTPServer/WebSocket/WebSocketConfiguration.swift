/// Every limit of a WebSocket. What exceeds one is counted in `WebSocketMetrics`.
public struct WebSocketConfiguration: Sendable {
    /// Bytes of one message, after decompression; beyond: close 1009.
    public var maximumMessage = 1 << 20
    /// Bytes of one frame as sent; beyond: close 1009.
    public var maximumFrame = 1 << 20
    /// Bytes of output that may wait for a slow client, besides the newest message; beyond: what waits is dropped and
    /// `slowConsumerCode` sent.
    public var maximumQueue = 1 << 20
    /// Bytes of messages, after decompression, that one socket may bring in a turn of its loop; the rest waits for the next.
    public var maximumTurn = 1 << 18
    /// How long a message may take from its first frame to its last; beyond: close 1008.
    public var messageTimeout = Duration.seconds(60)
    public var slowConsumerCode = WebSocketCloseCode.tryAgainLater
    public var slowConsumerReason = "slow consumer"
    /// A client that has been silent for this long is asked for a sign of life; one that gives none by the next time is
    /// cut off. Nil for never.
    public var pingInterval: Duration? = .seconds(30)
    /// How long to wait for the client's close frame after ours.
    public var closeTimeout = Duration.seconds(5)
    /// Whether permessage-deflate is offered (RFC 7692), without context takeover, so that no connection holds a window.
    public var allowsDeflate = true
    /// Smaller messages are sent as they are.
    public var compressionThreshold = 512

    public init() {}
}

/// What the WebSockets of a server have done.
public struct WebSocketMetrics: Sendable {
    public var opened: UInt64 = 0
    public var open = 0
    public var handshakesRefused: UInt64 = 0
    public var messagesReceived: UInt64 = 0
    public var framesSent: UInt64 = 0
    /// Clients closed because their output queue was full.
    public var slowConsumers: UInt64 = 0
    /// Clients cut off because they gave no sign of life.
    public var lost: UInt64 = 0
    /// Turns in which a client brought so much that the rest had to wait.
    public var postponed: UInt64 = 0
    /// Broken rules by `WebSocketViolation.rawValue`.
    public private(set) var violations = [UInt64](repeating: 0, count: WebSocketViolation.allCases.count)

    public init() {}

    /// How many connections were closed for this reason.
    public subscript(violation: WebSocketViolation) -> UInt64 { violations[Int(violation.rawValue)] }

    mutating func count(_ violation: WebSocketViolation) { violations[Int(violation.rawValue)] &+= 1 }

    static func += (total: inout WebSocketMetrics, one: WebSocketMetrics) {
        total.opened &+= one.opened
        total.open += one.open
        total.handshakesRefused &+= one.handshakesRefused
        total.messagesReceived &+= one.messagesReceived
        total.framesSent &+= one.framesSent
        total.slowConsumers &+= one.slowConsumers
        total.lost &+= one.lost
        total.postponed &+= one.postponed
        for index in one.violations.indices { total.violations[index] &+= one.violations[index] }
    }
}
