import GraphQLSchema

/// What a client says.
enum SocketMessage: Equatable {
    case initialise(Value?)
    case ping(Value?)
    case pong
    case subscribe(id: String, payload: Value)
    case complete(id: String)
    /// Of the older protocol: the client is about to leave.
    case terminate

    /// Bytes of a name of an operation, which is kept while that runs, and said with all that comes of it.
    static let maximumID = 128
    /// Bytes of a message that asks for nothing: what it brings is said back, or is for the application's introduction.
    static let maximumRemark = 16 << 10

    init(_ text: UnsafeRawBufferPointer, _ dialect: SocketDialect) throws(BadEnvelope) {
        let value: Value
        do { value = try Value(json: text.assumingMemoryBound(to: UInt8.self)) } catch {
            throw BadEnvelope("Invalid message: not JSON")
        }
        guard case .object = value else { throw BadEnvelope("Invalid message: not an object") }
        guard case .string(let type)? = value["type"] else { throw BadEnvelope("Invalid message: no type") }
        switch (dialect, type) {
        case (_, "connection_init"): self = .initialise(try Self.payload(of: value))
        case (.transport, "ping"): self = .ping(try Self.payload(of: value))
        case (.transport, "pong"):
            _ = try Self.payload(of: value)
            self = .pong
        case (.transport, "subscribe"), (.older, "start"):
            guard let payload = try Self.payload(of: value) else { throw BadEnvelope("Invalid message: no payload") }
            self = .subscribe(id: try Self.id(of: value), payload: payload)
        case (.transport, "complete"), (.older, "stop"): self = .complete(id: try Self.id(of: value))
        case (.older, "connection_terminate"): self = .terminate
        default: throw BadEnvelope("Invalid message: unknown type")
        }
        if case .subscribe = self { return }
        guard text.count <= Self.maximumRemark else { throw BadEnvelope("Invalid message: too large for its type") }
    }

    private static func payload(of value: Value) throws(BadEnvelope) -> Value? {
        switch value["payload"] {
        case nil, .null?: nil
        case .object(let fields)?: .object(fields)
        default: throw BadEnvelope("Invalid message: payload must be an object")
        }
    }

    private static func id(of value: Value) throws(BadEnvelope) -> String {
        guard case .string(let id)? = value["id"], !id.isEmpty else {
            throw BadEnvelope("Invalid message: id must be a non-empty string")
        }
        guard id.utf8.count <= maximumID else {
            throw BadEnvelope("Invalid message: id has more than \(maximumID) bytes")
        }
        return id
    }
}
