import Actions
import Data
import EventLoop
import GraphQLEngine
import GraphQLTransport
import HTTPServer
import PostgresClient
import Resolvers

/// What may be asked for, and by whom a client is told from its proxies.
struct RequestLimits {
    /// Nil where nothing is limited.
    var options: RequestLimiter.Options?
    /// Whose `X-Forwarded-For` is believed.
    var trustedProxies: [InternetAddress] = []

    init() {}

    /// In development many programs share an address, and nobody attacks.
    init(_ settings: inout Settings, isServing: Bool) {
        for text in (settings.text("TRUSTED_PROXIES") ?? "").split(separator: ",") {
            let text = text.filter { $0 != " " }
            guard let range = InternetAddress(text: String(text)) else {
                settings.add(
                    problem:
                        "TRUSTED_PROXIES must be addresses or ranges such as 10.0.0.0/8, with commas, not \"\(text)\""
                )
                continue
            }
            trustedProxies.append(range)
        }
        guard settings.isOn("ATRIUM_RATE_LIMITS", standard: isServing) else { return }
        var options = RequestLimiter.Options()
        options.points = Double(settings.number("ATRIUM_RATE_POINTS", 1...1_000_000_000, 1_000))
        options.pointsPerSecond = Double(settings.number("ATRIUM_RATE_POINTS_PER_SECOND", 1...1_000_000_000, 50))
        options.anonymousOperations = Double(settings.number("RATE_LIMIT_MAX", 1...1_000_000_000, 100))
        // Thousandths of a second, as it always was.
        let window = settings.number("RATE_LIMIT_WINDOW", 1_000...86_400_000, 60_000)
        options.anonymousWindowSeconds = Double(window) / 1_000
        options.buckets = settings.number("ATRIUM_RATE_BUCKETS", 1...100_000_000, options.buckets)
        self.options = options
    }
}

extension RequestAllowance {
    /// What the answer says of it: https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-07
    func addFields(to fields: inout HTTPFields) {
        guard let status else { return }
        try? fields.append("ratelimit-limit", String(Int(status.limit)))
        try? fields.append("ratelimit-remaining", String(Int(status.remaining)))
        try? fields.append("ratelimit-reset", String(Int(status.resetSeconds.rounded(.up))))
        if status.isExceeded {
            try? fields.append("retry-after", String(max(1, Int(status.retryAfterSeconds.rounded(.up)))))
        }
    }
}

/// Where a request comes from, when known proxies have handed it on.
enum ClientAddress {
    /// Each proxy adds whom it got the request from at the end; what stands before the last one that is not ours was said by
    /// strangers, and may be anything.
    static func of(_ request: HTTPRequest, trusting proxies: [InternetAddress]) -> InternetAddress? {
        // Some proxies add a line of their own where others add to the one there is.
        let forwarded = request.values("x-forwarded-for").map(\.string).joined(separator: ",")
        return of(request.peer.flatMap { InternetAddress($0.octets) }, forwarded, trusting: proxies)
    }

    static func of(
        _ peer: InternetAddress?,
        _ forwarded: String?,
        trusting proxies: [InternetAddress]
    ) -> InternetAddress? {
        guard let peer = peer?.unmapped else { return nil }
        guard let forwarded, proxies.contains(where: peer.isIn) else { return peer }
        var found = peer
        for part in forwarded.split(separator: ",").reversed().prefix(20) {
            guard let address = InternetAddress(text: String(part.filter { $0 != " " })), !part.contains("/") else {
                return found
            }
            found = address.unmapped
            if !proxies.contains(where: address.isIn) { return found }
        }
        return found
    }
}

extension RequestLimiter {
    func addMetrics(to page: inout PrometheusText) {
        let counts = counts
        page.counter(
            "atrium_limit_refusals_total",
            "Operations of those who had asked for enough.",
            UInt64(counts.refused)
        )
        page.counter(
            "atrium_limit_evictions_total",
            "Buckets that made room for others.",
            UInt64(counts.evicted)
        )
        page.counter("atrium_limit_settlements_total", "Statements that settle limits.", UInt64(counts.settled))
    }
}

extension BoundedAuditLog {
    func addMetrics(to page: inout PrometheusText) {
        let counts = counts
        page.counter(
            "atrium_audit_refusals_total",
            "Refusals and failures for the audit log.",
            [
                ("fate=\"written\"", UInt64(counts.written)), ("fate=\"omitted\"", UInt64(counts.omitted)),
                ("fate=\"lost\"", UInt64(counts.lost)),
            ]
        )
    }
}
