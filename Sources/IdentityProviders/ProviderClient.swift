internal import Credentials
internal import OutboundHTTP

/// Asks a provider, and reads JSON from it: within seconds, up to a size, and nowhere that nobody has configured.
struct ProviderClient: Sendable {
    private static let maximumBytes = 256 << 10

    let client: OutboundClient
    /// What an operator has configured may be anywhere; what else a provider names must be for everybody to reach.
    let configured: [String]
    let deadline: Duration

    struct Answer {
        let status: Int
        let json: JSONValue?

        /// The word by which a provider says no: https://www.rfc-editor.org/rfc/rfc6749#section-5.2
        var error: String? { json?.object?["error"]?.string.map { String($0.prefix(64)) } }
    }

    func get(_ url: String, fields: [(String, String)] = []) async throws(ProviderFault) -> Answer {
        try await send(OutboundRequest("GET", url), fields)
    }

    func post(_ url: String, form: [(String, String)], fields: [(String, String)]) async throws(ProviderFault) -> Answer
    {
        var request = OutboundRequest("POST", url)
        request.body = Array(FormText.encode(form).utf8)
        return try await send(request, fields + [("content-type", "application/x-www-form-urlencoded")])
    }

    private func send(_ request: OutboundRequest, _ fields: [(String, String)]) async throws(ProviderFault) -> Answer {
        var request = request
        request.fields = ([("accept", "application/json")] + fields).map { (name: $0.0, value: $0.1) }
        request.deadline = deadline
        request.maximumBytes = ProviderClient.maximumBytes
        request.reach = configured.contains { Self.isWithin(request.url, $0) } ? .anywhere : .publicOnly
        let response: OutboundResponse
        do { response = try await client.send(request) } catch {
            throw .unavailable((error as? OutboundFault)?.word ?? "cancelled")
        }
        // Redirects are not followed: nothing that a provider says here is said by leading elsewhere.
        guard (200..<300).contains(response.status) || (400..<500).contains(response.status) else {
            throw .unavailable("status \(response.status)")
        }
        return Answer(status: response.status, json: JSONValue(json: response.body))
    }

    /// Whether an address is at the origin of another one.
    private static func isWithin(_ url: String, _ base: String) -> Bool {
        func origin(_ text: String) -> Substring? {
            guard let start = text.firstRange(of: "://")?.upperBound else { return nil }
            return text.prefix(upTo: text[start...].firstIndex { "/?#".contains($0) } ?? text.endIndex)
        }
        guard let wanted = origin(base) else { return false }
        return origin(url) == wanted
    }
}

/// What stays of a text of a provider that people are to see: nil for nothing, or too much.
enum ProviderText {
    static func subject(_ text: String?) -> String? {
        // https://openid.net/specs/openid-connect-core-1_0.html#IDToken: at most 255 characters of ASCII.
        guard let text, (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ (0x20..<0x7f) ~= $0 }) else {
            return nil
        }
        return text
    }

    /// As it stands or not at all: what is left of an address is somebody else's.
    static func email(_ text: String?) -> String? {
        guard let text, text.utf8.count <= 254, text.utf8.allSatisfy({ (0x21..<0x7f) ~= $0 }) else { return nil }
        return text
    }

    static func name(_ text: String?) -> String? { text.map { String($0.unicodeScalars.prefix(200)) } }
}
