/// Addresses that are good for a while, for whoever has them: what an address says is signed as it stands, so there is
/// nothing to be read in two ways.
package struct SignedLinks: Sendable {
    private let keys: [[UInt8]]

    /// - Parameter previous: what links were signed with before, and are good by still.
    package init(secret: String, previous: [String] = []) {
        // Of use for links only, whatever else the secret is for.
        keys = ([secret] + previous).map { Digest.hmacSHA256(Array("atrium.link.1".utf8), key: Array($0.utf8)) }
    }

    /// The path with the time it ends at and a signature; for requests by this method only.
    package func sign(_ method: String, _ path: String, untilSeconds: Int64) -> String {
        let text = path + (path.utf8.contains(UInt8(ascii: "?")) ? "&" : "?") + "exp=\(untilSeconds)"
        return text + "&sig=" + Base64URL.encode(signature(method, text[...], keys[0]))
    }

    package enum Verdict: Sendable, Equatable {
        case good, expired, forged
    }

    /// - Parameter target: path and query as they came.
    package func check(_ method: String, _ target: String, atSeconds now: Int64) -> Verdict {
        guard let (text, given) = Self.parts(target), let signature = Base64URL.decode(given) else { return .forged }
        let isOurs = keys.contains { Digest.areEqual(self.signature(method, text, $0), signature) }
        guard isOurs, let end = text.lastIndex(of: "=").flatMap({ Int64(text[text.index(after: $0)...]) }) else {
            return .forged
        }
        return now < end ? .good : .expired
    }

    /// What is signed, and the signature.
    private static func parts(_ target: String) -> (Substring, Substring)? {
        let mark = "&sig="
        guard target.utf8.count <= 4_096, let range = target.ranges(of: mark).last else { return nil }
        return (target[..<range.lowerBound], target[range.upperBound...])
    }

    private func signature(_ method: String, _ text: Substring, _ key: [UInt8]) -> [UInt8] {
        Digest.hmacSHA256(Array("\(method) \(text)".utf8), key: key)
    }
}
