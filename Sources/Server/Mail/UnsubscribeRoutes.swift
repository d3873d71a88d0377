import Actions
import HTTPServer

/// Where links of mails lead by which their readers want no more of them. Programs that read mails send a POST; people see a page
/// that asks, as programs that only look at links must end nothing.
struct UnsubscribeRoutes: Sendable {
    private let services: IdentityServices
    private let links: UnsubscribeLinks
    /// Hears of what went wrong without a client's doing.
    private let report: @Sendable (any Error) -> Void

    init(
        _ services: IdentityServices,
        _ links: UnsubscribeLinks,
        report: @escaping @Sendable (any Error) -> Void = { _ in }
    ) {
        self.services = services
        self.links = links
        self.report = report
    }

    func add(to router: inout HTTPRouter) {
        let path = UnsubscribeLinks.path + "*"
        router.on(.get, path) { [self] request, responder in
            guard links.read(request.target.string, at: services.now) != nil else { return refuse(responder) }
            responder.respond(.ok, Self.fields, text: Self.question)
        }
        router.on(.post, path, body: .collect(maximum: 4_096)) { [self] request, responder in
            responder.startTask { await end(request, $0) }
        }
    }

    private func end(_ request: HTTPRequest, _ responder: HTTPResponder) async {
        guard let (user, subject) = links.read(request.target.string, at: services.now) else {
            return refuse(responder)
        }
        do {
            guard try await Unsubscribe(services).run(user, subject) else { return refuse(responder) }
            responder.respond(.ok, Self.fields, text: Self.page("<p>You will get no more mails of this kind.</p>"))
        } catch {
            if !(error is CancellationError) { report(error) }
            responder.respond(.internalServerError)
        }
    }

    private func refuse(_ responder: HTTPResponder) {
        responder.respond(.notFound, Self.fields, text: Self.page("<p>This address is none of ours, or has ended.</p>"))
    }

    private static let question = page(
        """
        <p>Do you want no more mails of this kind?</p>
        <form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click">
        <button>No more of these mails</button></form>
        """
    )

    private static func page(_ body: String) -> String {
        """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mails</title>
        <meta name="viewport" content="width=device-width"></head>
        <body style="font:16px/1.5 system-ui,sans-serif;max-width:560px;margin:48px auto;padding:0 16px">
        \(body)</body></html>

        """
    }

    private static let fields = HTTPFields([
        "content-type": "text/html; charset=utf-8", "cache-control": "no-store", "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer", "x-frame-options": "DENY",
        "content-security-policy":
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ])
}
