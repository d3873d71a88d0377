import AuditSchema
import EventLoop
import GraphQLEngine
import GraphQLSchema
import GraphQLTransport
import HTTPServer
import SocketTesting

/// The audit schema on a free port for the length of one test.
struct TransportServer {
    let group: EventLoopGroup
    let server: HTTPServer
    let handler: GraphQLHandler
    let port: UInt16

    /// - Parameter change: changes the configuration, which has the older statuses and no rule against forgery.
    init(
        options: EngineOptions = EngineOptions(),
        _ change: (inout GraphQLConfiguration) -> Void = { _ in },
        http changeHTTP: (inout HTTPServerConfiguration) -> Void = { _ in }
    ) throws {
        try self.init(try Engine.audit(options), change, http: changeHTTP)
    }

    /// Another schema than that.
    init(
        _ engine: Engine,
        _ change: (inout GraphQLConfiguration) -> Void = { _ in },
        http changeHTTP: (inout HTTPServerConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = GraphQLConfiguration()
        configuration.statusCodes = .legacy
        configuration.requiresPreflight = false
        change(&configuration)
        group = try EventLoopGroup()
        handler = GraphQLHandler(engine, configuration)
        var http = HTTPServerConfiguration()
        changeHTTP(&http)
        server = HTTPServer(group: group, configuration: http, handler: handler)
        port = try server.listen(on: .loopback()).port
    }

    init(_ configuration: GraphQLConfiguration, loops: Int) throws {
        group = try EventLoopGroup(count: loops)
        handler = GraphQLHandler(try Engine.audit(), configuration)
        server = HTTPServer(group: group, handler: handler)
        port = try server.listen(on: .loopback()).port
    }

    func stop() async { await group.stop() }

    func client() throws -> TestSocket { try TestSocket(port: port) }

    /// Sends one request on a connection of its own and reads the answer.
    func send(
        _ method: String = "POST",
        _ target: String = "/graphql",
        _ fields: [String: String] = [:],
        body: String? = nil
    ) throws -> TransportAnswer {
        let socket = try client()
        try socket.send(request(method, target, fields, body: body))
        return try TransportAnswer(from: socket, toHead: method == "HEAD")
    }

    /// Sends a POST of JSON.
    func post(_ body: String, _ fields: [String: String] = [:]) throws -> TransportAnswer {
        try send("POST", "/graphql", ["content-type": "application/json"].merging(fields) { $1 }, body: body)
    }
}

func request(_ method: String, _ target: String, _ fields: [String: String], body: String?) -> String {
    var text = "\(method) \(target) HTTP/1.1\r\nhost: test\r\n"
    for (name, value) in fields.sorted(by: { $0.key < $1.key }) { text += "\(name): \(value)\r\n" }
    if let body { text += "content-length: \(body.utf8.count)\r\n" }
    return text + "\r\n" + (body ?? "")
}

/// A response as a client of GraphQL sees it.
struct TransportAnswer {
    let status: Int
    let fields: [String: String]
    let text: String

    init(from socket: TestSocket, toHead: Bool = false) throws {
        let lines = try socket.receiveText(through: "\r\n\r\n").split(separator: "\r\n")
        guard let first = lines.first?.split(separator: " "), first.count > 1, let status = Int(first[1]) else {
            throw SocketFailure(call: "response \(lines)", code: 0)
        }
        self.status = status
        fields = Dictionary(
            lines.dropFirst().map { line in
                let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                return (parts[0].lowercased(), parts[1].drop { $0 == " " }.description)
            }
        ) { "\($0), \($1)" }
        if toHead || status == 204 || status == 304 || status == 101 {
            text = ""
        } else if let length = fields["content-length"].flatMap({ Int($0) }) {
            text = try socket.receiveText(exactly: length)
        } else {
            var body: [UInt8] = []
            while true {
                let line = try socket.receiveText(through: "\r\n")
                guard let size = Int(line.dropLast(1), radix: 16) else {
                    throw SocketFailure(call: "chunk size \(line)", code: 0)
                }
                body += try socket.receive(exactly: size)
                _ = try socket.receive(exactly: 2)
                if size == 0 { break }
            }
            text = String(decoding: body, as: UTF8.self)
        }
    }

    var type: String { fields["content-type"] ?? "" }
    var json: Value? { try? Value(json: text) }
    var data: Value? { json?["data"] }
    var hasErrors: Bool { if case .list(let errors)? = json?["errors"] { !errors.isEmpty } else { false } }
    var firstError: Value? { if case .list(let errors)? = json?["errors"] { errors.first } else { nil } }
    var message: String? { if case .string(let text)? = firstError?["message"] { text } else { nil } }
    var code: Value? { firstError?["extensions"]?["code"] }
}
