import Actions
import GraphQLTransport
import HTTPServer
import PostgresClient
import Resolvers

/// Access and refresh tokens in cookies, where the scripts of a page cannot read them, for browsers of the same site: decision 28.
struct TokenCookies: Sendable {
    /// Asks for cookies in place of tokens. No page of another origin sends it that was not listed.
    static let header: StaticString = "atrium-tokens"

    /// What a request has to do with cookies.
    struct Shown {
        var accessToken: String?
        var exchange: TokenCookieExchange
    }

    /// Whether the cookies go over TLS alone, and are of this host alone. False for development over plain text.
    let isEncrypted: Bool
    /// Whether a page of this origin may use them.
    let allowsOrigin: @Sendable (_ origin: String, _ request: HTTPRequest) -> Bool

    /// With the prefix, browsers take a cookie from this host alone, not from its neighbours.
    private var prefix: String { isEncrypted ? "__Host-" : "" }
    private var accessName: String { prefix + "atrium-access" }
    private var refreshName: String { prefix + "atrium-refresh" }

    /// Nil for requests that show no cookie, or need none as they show who they are otherwise, and ask for none.
    ///
    /// - Parameter isAuthorized: whether somebody is named by a header, or by the introduction of a socket.
    func shown(by connecting: Connecting, isAuthorized: Bool, at now: Timestamp) throws(ConnectionRefused) -> Shown? {
        let request = connecting.request
        let wish = request[Self.header]?.string
        guard wish == nil || wish == "cookie" else {
            throw ConnectionRefused("Header Atrium-Tokens must be \"cookie\".", status: .badRequest)
        }
        let access = isAuthorized ? nil : request.cookie(accessName).flatMap(Self.accessToken)
        guard access != nil || wish != nil else { return nil }
        guard isOfSite(request) else {
            throw ConnectionRefused(
                "Cookies count for pages of this site alone.",
                status: .forbidden,
                code: "FOREIGN_ORIGIN"
            )
        }
        guard wish == nil || connecting.answer != nil else {
            throw ConnectionRefused("This way of answering takes no cookies.", status: .badRequest)
        }
        let change = connecting.answer.map { answer in
            { @Sendable (change: TokenCookieExchange.Change) in
                for line in lines(for: change, at: now) { answer.add("set-cookie", line) }
            }
        }
        return Shown(
            accessToken: access,
            exchange: TokenCookieExchange(
                keepsTokens: wish != nil,
                refreshToken: wish == nil ? nil : request.cookie(refreshName),
                change: change
            )
        )
    }

    /// Whether it is a page of this site that asks, as browsers say themselves: https://www.w3.org/TR/fetch-metadata/
    ///
    /// Who says nothing is no browser, or one from before 2020 that asks by GET: cookies are not for those.
    private func isOfSite(_ request: HTTPRequest) -> Bool {
        let sites = request.values("sec-fetch-site").map(\.string)
        guard sites.allSatisfy({ ["same-origin", "same-site"].contains($0) }) else { return false }
        let origins = request.values("origin").map(\.string)
        guard let origin = origins.first else { return sites == ["same-origin"] }
        return origins.count == 1 && allowsOrigin(origin, request)
    }

    /// A cookie is the token of a person, never the key of a program or of a guest.
    private static func accessToken(_ text: String) -> String? {
        text.utf8.count(where: { $0 == UInt8(ascii: ".") }) == 2 ? text : nil
    }

    private func lines(for change: TokenCookieExchange.Change, at now: Timestamp) -> [String] {
        switch change {
        case .keep(let issued, let access):
            [
                line(accessName, access, until: issued.accessTokenExpiresAt, now),
                line(refreshName, issued.refreshToken, until: issued.refreshTokenExpiresAt, now),
            ]
        case .forget: [line(accessName, "", until: now, now), line(refreshName, "", until: now, now)]
        }
    }

    private func line(_ name: String, _ value: String, until end: Timestamp, _ now: Timestamp) -> String {
        let seconds = max(0, (end.microseconds - now.microseconds) / 1_000_000)
        return "\(name)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict"
            + (isEncrypted ? "; Secure" : "")
    }
}
