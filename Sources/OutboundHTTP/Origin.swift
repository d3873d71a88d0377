/// Scheme, host and port of an address: whom it asks. https://html.spec.whatwg.org/#origin
package struct Origin: Sendable, Hashable {
    package let scheme: String
    /// In small letters, without its port; an address of IPv6 in brackets.
    package let host: String
    /// In small letters, and without the port that the scheme has anyway: one server has one text.
    package let text: String

    /// Nil for what has no scheme or no host, and for names and passwords in addresses.
    package init?(_ url: String) {
        guard let range = url.firstRange(of: "://") else { return nil }
        let scheme = url[..<range.lowerBound].lowercased()
        let authority = url[range.upperBound...].prefix { !"/?#".contains($0) }.lowercased()
        guard !authority.contains("@"), !authority.contains("\\") else { return nil }
        let port = authority.hasSuffix("]") ? nil : authority.lastIndex(of: ":")
        let host = String(port.map { authority[..<$0] } ?? authority[...])
        guard !host.isEmpty else { return nil }
        let isStandard = port.map { authority[$0...].dropFirst() == Self.ports[scheme] ?? "" } ?? false
        self.scheme = scheme
        self.host = host
        text = scheme + "://" + (isStandard ? host : authority)
    }

    package var isOfWeb: Bool { scheme == "https" || scheme == "http" }

    private static let ports = ["http": "80", "https": "443", "smtp": "25", "smtps": "465"]
}
