/// Why a WebSocket ends (RFC 6455 section 7.4).
public struct WebSocketCloseCode: Sendable, Hashable, ExpressibleByIntegerLiteral {
    public let rawValue: UInt16
    public init(_ rawValue: UInt16) { self.rawValue = rawValue }
    public init(integerLiteral value: UInt16) { rawValue = value }

    public static let normal: WebSocketCloseCode = 1000
    public static let goingAway: WebSocketCloseCode = 1001
    public static let protocolError: WebSocketCloseCode = 1002
    public static let unsupportedData: WebSocketCloseCode = 1003
    public static let invalidPayload: WebSocketCloseCode = 1007
    public static let policyViolation: WebSocketCloseCode = 1008
    public static let messageTooBig: WebSocketCloseCode = 1009
    public static let internalError: WebSocketCloseCode = 1011
    public static let tryAgainLater: WebSocketCloseCode = 1013

    /// Whether the code may stand in a close frame: not those that only describe a missing one, and no unassigned ones.
    public var maySend: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}

/// Every rule a client can break, with the close code it gets.
public enum WebSocketViolation: UInt8, CaseIterable, Sendable {
    case unmaskedFrame, reservedBits, unknownOpcode, fragmentedControl, controlTooLong
    case unexpectedContinuation, missingContinuation, lengthNotMinimal
    case badCloseCode, badClosePayload
    case invalidText, invalidCompression
    case frameTooBig, messageTooBig
    case messageTooSlow

    public var code: WebSocketCloseCode {
        switch self {
        case .invalidText, .invalidCompression: .invalidPayload
        case .frameTooBig, .messageTooBig: .messageTooBig
        case .messageTooSlow: .policyViolation
        default: .protocolError
        }
    }
}
