import Actions
import HTTPServer
import PostgresClient

extension ClientInfo {
    /// Who sent a request, behind the proxies whose word is taken for it.
    init(_ request: HTTPRequest, trusting proxies: [InternetAddress], requestID: String) {
        self.init(
            address: ClientAddress.of(request, trusting: proxies),
            userAgent: request["user-agent"]?.string ?? "",
            requestID: requestID
        )
    }
}

extension HTTPFields {
    /// Of a line that tells people what is wrong: nothing keeps it, and nothing takes it for anything else.
    static let plainText = HTTPFields([
        "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", "x-content-type-options": "nosniff",
    ])
}
