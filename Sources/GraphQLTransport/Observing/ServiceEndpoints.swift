import GraphQLEngine
import HTTPServer
import Synchronization

/// What a server tells its operators, each at a path of its own; nil switches one off, as all are at first.
public struct ServiceEndpoints: Sendable {
    /// 200 as long as the process serves at all.
    public var health: String?
    /// 200 while it wants new clients, 503 while it drains or cannot do its work.
    public var readiness: String?
    /// Counters for Prometheus.
    public var metrics: String?
    /// What whoever reads them must know, as the token of `Authorization: Bearer`; nil where everybody may.
    public var metricsToken: String?
    /// The schema as text.
    public var schema: String?

    public init() {}

    /// All of them, where they usually are.
    public static var standard: ServiceEndpoints {
        var endpoints = ServiceEndpoints()
        endpoints.health = "/healthz"
        endpoints.readiness = "/readyz"
        endpoints.metrics = "/metrics"
        endpoints.schema = "/schema.graphql"
        return endpoints
    }
}

/// Whether a server wants new clients.
public final class ServiceReadiness: Sendable {
    private let ready = Atomic(true)

    public init() {}

    public var isReady: Bool { ready.load(ordering: .relaxed) }
    /// From now on balancers are told to look elsewhere.
    public func end() { ready.store(false, ordering: .relaxed) }
}

extension GraphQLHandler {
    /// Answers one of the endpoints; false when the request is for none of them.
    func answerEndpoint(_ request: HTTPRequest, _ responder: HTTPResponder) -> Bool {
        guard let endpoint = endpoint(of: request) else { return false }
        guard request.method == .get || request.method == .head else {
            responder.respond(.methodNotAllowed, HTTPFields(["allow": "GET, HEAD"]))
            return true
        }
        switch endpoint {
        case .health: responder.respond(.ok, Self.plain, text: "ok\n")
        case .readiness:
            guard readiness.isReady else {
                responder.respond(.serviceUnavailable, Self.plain, text: "draining\n")
                return true
            }
            guard let canServe = configuration.canServe else {
                responder.respond(.ok, Self.plain, text: "ready\n")
                return true
            }
            responder.startTask { responder in
                let isReady = await canServe()
                let text = isReady ? "ready\n" : "unavailable\n"
                responder.respond(isReady ? .ok : .serviceUnavailable, Self.plain, text: text)
            }
        case .metrics:
            guard mayReadMetrics(request) else {
                responder.respond(.unauthorized, Self.challenge, text: "A token is needed.\n")
                return true
            }
            responder.startTask { [self] responder in
                guard let server = responder.server else { return responder.respond(.serviceUnavailable) }
                let text = await metricsText(server)
                responder.respond(.ok, Self.prometheus, text: text)
            }
        case .schema: responder.respond(.ok, Self.plain, text: service.engine.schemaText)
        }
        return true
    }

    private enum Endpoint {
        case health, readiness, metrics, schema
    }

    private func endpoint(of request: HTTPRequest) -> Endpoint? {
        let paths = configuration.endpoints
        let path = request.path
        func isAt(_ other: String?) -> Bool {
            guard let other else { return false }
            return path.count == other.utf8.count && path.withUnsafeBytes { $0.elementsEqual(other.utf8) }
        }
        if isAt(paths.health) { return .health }
        if isAt(paths.readiness) { return .readiness }
        if isAt(paths.metrics) { return .metrics }
        return isAt(paths.schema) ? .schema : nil
    }

    /// Compared by their hashes: how long that takes tells nothing of the token.
    private func mayReadMetrics(_ request: HTTPRequest) -> Bool {
        guard let token = configuration.endpoints.metricsToken else { return true }
        let given = request["authorization"]?.string ?? ""
        guard given.prefix(7).lowercased() == "bearer " else { return false }
        return DocumentLookup.hash(String(given.dropFirst(7))) == DocumentLookup.hash(token)
    }

    private static let challenge = HTTPFields([
        "content-type": "text/plain; charset=utf-8", "cache-control": "no-store",
        "www-authenticate": "Bearer realm=\"metrics\"",
    ])
    private static let plain = HTTPFields([
        "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", "x-content-type-options": "nosniff",
    ])
    private static let prometheus = HTTPFields([
        "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store",
    ])
}
