import Actions
import HTTPServer

/// The public keys by which other services check access tokens: https://www.rfc-editor.org/rfc/rfc7517#section-5
struct KeyRoutes: Sendable {
    static let path = "/.well-known/jwks.json"

    private let keys: String

    init(_ services: IdentityServices) { keys = services.publishedKeys }

    func add(to router: inout HTTPRouter) {
        router.on(.get, Self.path) { [keys] _, responder in responder.respond(.ok, Self.fields, text: keys) }
    }

    /// Kept for less long than a key is known before it signs.
    private static let fields = HTTPFields([
        "content-type": "application/json; charset=utf-8", "cache-control": "public, max-age=300",
        "x-content-type-options": "nosniff",
    ])
}
