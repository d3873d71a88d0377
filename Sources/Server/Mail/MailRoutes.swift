import Credentials
import HTTPServer
import Mail

/// The mails that were sent, for those who develop: only where they go to a folder, and only in development.
struct MailRoutes: Sendable {
    static let path = "/dev/mails"

    private let folder: MailFolder
    private let report: @Sendable (any Error) -> Void

    init(_ folder: MailFolder, report: @escaping @Sendable (any Error) -> Void) {
        self.folder = folder
        self.report = report
    }

    func add(to router: inout HTTPRouter) {
        router.on(.get, Self.path) { [self] request, responder in
            guard isLocal(request) else { return responder.respond(.forbidden) }
            responder.startTask { responder in
                await answer(responder) {
                    JSONValue.json([("mails", .list(try await folder.mails().map(Self.summary)))])
                }
            }
        }
        router.on(.get, Self.path + "/*") { [self] request, responder in
            guard isLocal(request) else { return responder.respond(.forbidden) }
            let name = String(request.path.string.dropFirst(Self.path.utf8.count + 1))
            responder.startTask { responder in
                await answer(responder) { try await folder.mail(name).map(Self.whole) }
            }
        }
    }

    /// Pages of other sites can lead a name of theirs to this machine, but not change what the browser calls it.
    private func isLocal(_ request: HTTPRequest) -> Bool {
        let host = request["host"]?.string ?? ""
        let name = host.hasPrefix("[") ? Substring(host.prefix { $0 != "]" }) + "]" : host.prefix { $0 != ":" }
        return ["localhost", "127.0.0.1", "[::1]"].contains(name)
    }

    private func answer(_ responder: HTTPResponder, _ make: () async throws -> String?) async {
        do {
            guard let text = try await make() else { return responder.respond(.notFound, Self.fields) }
            responder.respond(.ok, Self.fields, text: text)
        } catch {
            report(error)
            responder.respond(.internalServerError)
        }
    }

    private static let fields = HTTPFields([
        "content-type": "application/json; charset=utf-8", "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    ])

    private static func summary(_ mail: StoredMail) -> JSONValue {
        .object([
            "id": .string(mail.id), "date": .string(mail.date), "to": .string(mail.to),
            "subject": .string(mail.subject),
        ])
    }

    private static func whole(_ mail: StoredMail) -> String {
        JSONValue.json([
            ("id", .string(mail.id)), ("date", .string(mail.date)), ("to", .string(mail.to)),
            ("from", .string(mail.from)), ("subject", .string(mail.subject)), ("text", .string(mail.text)),
            ("html", .string(mail.html)), ("links", .list(mail.links.map(JSONValue.string))),
        ])
    }
}
