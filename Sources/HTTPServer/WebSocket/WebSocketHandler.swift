/// What stands above a WebSocket. All calls come on its loop; the pointers are valid during the call only.
public protocol WebSocketHandler: AnyObject {
    /// A whole text message, valid UTF-8.
    func received(text: UnsafeRawBufferPointer, on socket: WebSocket)
    func received(binary: UnsafeRawBufferPointer, on socket: WebSocket)
    /// The queue fell below the low-water mark after it had passed the high one.
    func outputDrained(on socket: WebSocket)
    /// The server is going down.
    func drain(on socket: WebSocket)
    /// The last call.
    func closed(_ end: WebSocketEnd, on socket: WebSocket)
}

extension WebSocketHandler {
    public func outputDrained(on socket: WebSocket) {}
    public func drain(on socket: WebSocket) { socket.close(.goingAway, reason: "server is going down") }
}

/// How a WebSocket ended.
public enum WebSocketEnd: Sendable, Equatable {
    /// By the client's close frame; without a code when it had none.
    case client(WebSocketCloseCode?, reason: String)
    /// By ours.
    case server(WebSocketCloseCode, reason: String)
    /// Without a close frame.
    case lost
}
