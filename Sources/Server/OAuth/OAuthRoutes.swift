import Actions
import Data
import EventLoop
import HTTPServer
import IdentityProviders
import PostgresClient

/// The plain HTTP of signing in by accounts elsewhere: where a browser sets out, and where providers send it back to.
struct OAuthRoutes: Sendable {
    private let services: OAuthServices
    private let proxies: [InternetAddress]
    /// Hears of what went wrong without a client's doing.
    private let report: @Sendable (any Error) -> Void

    init(
        _ services: OAuthServices,
        trusting proxies: [InternetAddress] = [],
        report: @escaping @Sendable (any Error) -> Void = { _ in }
    ) {
        self.services = services
        self.proxies = proxies
        self.report = report
    }

    func add(to router: inout HTTPRouter) {
        for kind in services.configured {
            let path = "/auth/oauth/\(kind.pathName)"
            router.on(.get, path + "/begin") { request, responder in
                // What only looks must not use up what is good once.
                guard request.method == .get else { return responder.respond(.methodNotAllowed) }
                responder.startTask { await begin(kind, request, $0) }
            }
            router.on(.get, path + "/callback") { request, responder in
                guard request.method == .get else { return responder.respond(.methodNotAllowed) }
                responder.startTask { await comeBack(kind, request, $0) }
            }
        }
    }

    private func begin(_ kind: OAuthProviderKind, _ request: HTTPRequest, _ responder: HTTPResponder) async {
        await answer(responder) {
            guard let ticket = Self.query(of: request)?["ticket"] else { return nil }
            let departure = try await OAuthBegin(services, from: client(of: request))
                .run(kind, ticket: ticket, browser: request.cookie(cookieName))
            guard let departure else { return nil }
            var fields = Self.fields
            try fields.append("location", departure.address)
            try fields.append("set-cookie", setCookie(departure.browser))
            return fields
        }
    }

    private func comeBack(_ kind: OAuthProviderKind, _ request: HTTPRequest, _ responder: HTTPResponder) async {
        await answer(responder) {
            guard let query = Self.query(of: request) else { return nil }
            let address = try await OAuthReturn(services, from: client(of: request))
                .run(kind, query, browser: request.cookie(cookieName))
            guard let address else { return nil }
            var fields = Self.fields
            try fields.append("location", address)
            return fields
        }
    }

    /// Leads the browser on; where nothing says where to, it is told to begin anew.
    private func answer(_ responder: HTTPResponder, _ make: () async throws -> HTTPFields?) async {
        do {
            if let fields = try await make() { return responder.respond(.seeOther, fields) }
            responder.respond(
                .badRequest,
                Self.fields,
                text: "This sign-in was not begun here, or ended: begin anew.\n"
            )
        } catch let error as TooManyRequests {
            var fields = Self.fields
            try? fields.append("retry-after", String(error.retryAfterSeconds))
            responder.respond(.tooManyRequests, fields, text: "Too many sign-ins from here: wait a moment.\n")
        } catch {
            if !(error is CancellationError) { report(error) }
            responder.respond(.internalServerError)
        }
    }

    // MARK: The browser's secret

    /// With its prefix, browsers take it from this host alone, and over TLS.
    private var cookieName: String { services.isEncrypted ? "__Host-atrium-oauth" : "atrium-oauth" }

    private func setCookie(_ secret: String) -> String {
        // Lax: a provider's page leads here, and nothing else of another site brings it along.
        "\(cookieName)=\(secret); Path=/; Max-Age=600; HttpOnly; SameSite=Lax"
            + (services.isEncrypted ? "; Secure" : "")
    }

    private func client(of request: HTTPRequest) -> ClientInfo {
        ClientInfo(request, trusting: proxies, requestID: services.identity.newID().description)
    }

    private static func query(of request: HTTPRequest) -> [String: String]? {
        FormText.decode(request.query?.string ?? "")
    }

    /// What these addresses hold is secret: nothing keeps it, and no other page is told of it.
    private static let fields = HTTPFields([
        "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    ])
}
