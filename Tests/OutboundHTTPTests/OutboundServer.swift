import EventLoop
import HTTPServer
import OutboundHTTP
import Synchronization

/// A server of others, and the client under test, on loops of their own.
struct OutboundServer {
    let group: EventLoopGroup
    let client: OutboundClient
    let port: UInt16

    init(_ options: OutboundOptions = OutboundOptions(), tls: TLSContext? = nil, handler: ServerHandler) throws {
        group = try EventLoopGroup(count: 1)
        port = try HTTPServer(group: group, handler: handler).listen(on: .loopback(), tls: tls).port
        client = OutboundClient(group, options)
    }

    func request(_ method: String = "GET", _ path: String = "/") -> OutboundRequest {
        var request = OutboundRequest(method, "http://127.0.0.1:\(port)\(path)")
        request.reach = .anywhere
        return request
    }

    /// Sends from a loop, as everybody does.
    func send(_ request: OutboundRequest) async throws -> OutboundResponse {
        try await onLoop { [client] in try await client.send(request) }
    }

    func onLoop<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let loop = group.loops[0]
        return try await withCheckedThrowingContinuation { continuation in
            loop.execute {
                loop.startTask {
                    do { continuation.resume(returning: try await body()) } catch {
                        continuation.resume(throwing: error)
                    }
                }
            }
        }
    }

    /// The fault that sending ends with.
    func fault(_ request: OutboundRequest) async -> OutboundFault? {
        do {
            _ = try await send(request)
            return nil
        } catch { return error as? OutboundFault }
    }

    /// Runs `body` and ends everything.
    static func with(
        change: (inout OutboundOptions) -> Void = { _ in },
        tls: TLSContext? = nil,
        handler: ServerHandler = ServerHandler(),
        _ body: (OutboundServer) async throws -> Void
    ) async throws {
        var options = OutboundOptions()
        change(&options)
        let server = try OutboundServer(options, tls: tls, handler: handler)
        do { try await body(server) } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private func stop() async {
        await client.close()
        await group.stop()
    }
}

/// Says back what it was sent at `/`; other paths have answers of their own.
final class ServerHandler: HTTPHandler {
    /// Requests that wait for an answer that does not come.
    let held = Mutex<[HTTPResponder]>([])
    private let counter = Atomic<Int>(0)

    var count: Int { counter.load(ordering: .relaxed) }

    func bodyPolicy(for request: HTTPRequest) -> HTTPBodyPolicy { .collect() }

    func handle(_ request: HTTPRequest, _ responder: HTTPResponder) {
        counter.add(1, ordering: .relaxed)
        switch request.target.string {
        case "/never": held.withLock { $0.append(responder) }
        case "/large": responder.respond(.ok, body: [UInt8](repeating: 7, count: 1 << 20))
        case "/broken": responder.respond(.serviceUnavailable, text: "later")
        case "/redirect": responder.respond(.seeOther, HTTPFields(["location": "/"]))
        default:
            let body = request.withBody { String(decoding: $0, as: UTF8.self) }
            let fields = [
                ("content-type", request["content-type"]), ("expect", request["expect"]),
                ("x-test", request["x-test"]), ("user-agent", request["user-agent"]),
            ].map { "\($0)=\($1?.string ?? "-")" }
            let text = "\(request.method.name) \(request.target.string) \(fields.joined(separator: " ")) \(body)"
            responder.respond(.ok, HTTPFields(["x-answer": "  yes "]), text: text)
        }
    }
}
