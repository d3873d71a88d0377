internal import Credentials

/// What a provider says of itself: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
struct OpenIDMetadata: Sendable {
    let authorizationEndpoint: String
    let tokenEndpoint: String
    let keysAddress: String

    init(_ json: JSONValue?, issuer: String) throws(ProviderFault) {
        guard let fields = json?.object else { throw .unavailable("the discovery document is no JSON") }
        // Somebody else's description would lead codes to somebody else.
        guard fields["issuer"]?.string == issuer else {
            throw .untrusted("the discovery document is of another issuer")
        }
        let isEncrypted = issuer.hasPrefix("https://")
        func address(_ name: String) throws(ProviderFault) -> String {
            guard let text = fields[name]?.string, text.utf8.count <= 1_024,
                text.utf8.allSatisfy({ (0x21..<0x7f) ~= $0 }), !text.contains("#"),
                text.hasPrefix("https://") || !isEncrypted && text.hasPrefix("http://")
            else { throw .unavailable("the discovery document has no good \(name)") }
            return text
        }
        authorizationEndpoint = try address("authorization_endpoint")
        tokenEndpoint = try address("token_endpoint")
        keysAddress = try address("jwks_uri")
    }
}
