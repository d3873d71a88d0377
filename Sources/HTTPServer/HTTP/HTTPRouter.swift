/// Plain routes: a path, or everything below one, and the methods it answers. The first match counts.
public struct HTTPRouter: HTTPHandler {
    public typealias Action = @Sendable (HTTPRequest, HTTPResponder) -> Void

    private struct Route {
        let path: [UInt8]
        let isPrefix: Bool
        let method: HTTPMethod
        let body: HTTPBodyPolicy
        let action: Action

        func covers(_ path: UnsafeRawBufferPointer) -> Bool {
            if isPrefix { return path.starts(with: self.path) }
            return path.count == self.path.count && path.elementsEqual(self.path)
        }
    }

    private var routes: [Route] = []

    public init() {}

    /// Adds a route. A path that ends in `/*` covers everything below it. GET answers HEAD too.
    public mutating func on(
        _ method: HTTPMethod,
        _ path: String,
        body: HTTPBodyPolicy = .collect(),
        _ action: @escaping Action
    ) {
        let isPrefix = path.hasSuffix("/*")
        let path = Array((isPrefix ? path.dropLast() : Substring(path)).utf8)
        routes.append(Route(path: path, isPrefix: isPrefix, method: method, body: body, action: action))
    }

    public func bodyPolicy(for request: HTTPRequest) -> HTTPBodyPolicy { route(of: request)?.body ?? .collect() }

    /// The route's action, 405 with the methods that would do, or 404.
    public func handle(_ request: HTTPRequest, _ responder: HTTPResponder) {
        if let route = route(of: request) { return route.action(request, responder) }
        if request.method == .options, request.path.equals("*") {
            // Asks for the server as a whole (RFC 9110 section 9.3.7).
            let all = HTTPMethod.allCases.map(\.name.description).joined(separator: ", ")
            return responder.respond(.noContent, Self.allowing(all))
        }
        let allowed = request.path.withUnsafeBytes { path in
            routes.filter { $0.covers(path) }.map { $0.method.name.description }
        }
        guard !allowed.isEmpty else { return responder.respond(.notFound) }
        let names = allowed.contains("GET") ? allowed + ["HEAD"] : allowed
        responder.respond(.methodNotAllowed, Self.allowing(names.joined(separator: ", ")))
    }

    private static func allowing(_ methods: String) -> HTTPFields {
        var fields = HTTPFields()
        do { try fields.append("allow", methods) } catch { preconditionFailure("method names are tokens") }
        return fields
    }

    private func route(of request: HTTPRequest) -> Route? {
        let method = request.method == .head ? .get : request.method
        return request.path.withUnsafeBytes { path in
            routes.first { ($0.method == request.method || $0.method == method) && $0.covers(path) }
        }
    }
}
