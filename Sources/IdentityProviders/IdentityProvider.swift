/// Says who somebody is, by an account that they have there: https://www.rfc-editor.org/rfc/rfc6749#section-4.1
package protocol IdentityProvider: Sendable {
    /// Asks it what it must be asked before anybody is sent there, unless that was done a while ago.
    func prepare(atSeconds now: Double) async throws(ProviderFault)

    /// Where a browser is sent, so that its user signs in there and agrees.
    func authorizationURL(for round: BrowserRound, atSeconds now: Double) async throws(ProviderFault) -> String

    /// Who came back with this code. A code is good once.
    func identity(
        for code: String,
        of round: BrowserRound,
        atSeconds now: Double
    ) async throws(ProviderFault)
        -> ProvidedIdentity

    /// Whether a browser that comes back was sent by this provider, if that is said:
    /// https://www.rfc-editor.org/rfc/rfc9207
    func isIssuer(_ issuer: String) -> Bool
}

/// Somebody as a provider knows them.
package struct ProvidedIdentity: Sendable, Equatable {
    /// What they are to the provider for ever, whatever else changes.
    package let subject: String
    /// An address that the provider has confirmed to be theirs; nil for none.
    package let email: String?
    package let name: String?

    package init(subject: String, email: String?, name: String?) {
        self.subject = subject
        self.email = email
        self.name = name
    }
}

/// Why a provider has not said who somebody is.
package enum ProviderFault: Error, Sendable, Equatable {
    /// It is away or slow, or what it answers is no answer. Nobody who signs in can help it.
    case unavailable(String)
    /// It does not know the code, or not any more.
    case refused(String)
    /// What it says is not for us, not of now, or not of this round.
    case untrusted(String)
}
