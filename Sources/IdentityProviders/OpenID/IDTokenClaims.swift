internal import Credentials

/// What a token says whose signature, issuer, audience and end are right: the rest of
/// https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
struct IDTokenClaims {
    static let skewSeconds = 60.0

    let identity: ProvidedIdentity

    init(
        _ claims: [String: JSONValue],
        clientID: String,
        accessToken: String?,
        round: BrowserRound,
        atSeconds now: Double
    ) throws(ProviderFault) {
        // One for several must say whom it was made for.
        if let party = claims["azp"] {
            guard party.string == clientID else { throw .untrusted("token for another party") }
        } else if claims["aud"]?.strings?.count != 1 {
            throw .untrusted("token for several, and for none of them")
        }
        guard let issued = claims["iat"]?.number, issued >= round.beganAtSeconds - Self.skewSeconds,
            issued <= now + Self.skewSeconds
        else { throw .untrusted("token of another time") }
        guard let nonce = claims["nonce"]?.string, Digest.areEqual(Array(nonce.utf8), Array(round.nonce.utf8)) else {
            throw .untrusted("token of another round")
        }
        // Of all algorithms that are taken the hash is SHA-256, of which the first half is told:
        // https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowTokenValidation
        if let told = claims["at_hash"] {
            let hash = accessToken.map { Base64URL.encode(Digest.sha256($0.utf8).prefix(16)) }
            guard let told = told.string, let hash, Digest.areEqual(Array(told.utf8), Array(hash.utf8)) else {
                throw .untrusted("token that came with another")
            }
        }
        guard let subject = ProviderText.subject(claims["sub"]?.string) else {
            throw .untrusted("token of nobody")
        }
        let isConfirmed = claims["email_verified"]?.boolean == true
        identity = ProvidedIdentity(
            subject: subject,
            email: isConfirmed ? ProviderText.email(claims["email"]?.string) : nil,
            name: ProviderText.name(claims["name"]?.string)
        )
    }
}
