internal import Credentials

/// What a token says whose signature, issuer, audience and end are right: the rest of
/// https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
struct IDTokenClaims {
    static let skewSeconds = 60.0

    let identity: ProvidedIdentity

    init(
        _ claims: [String: ClaimValue],
        clientID: String,
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
