internal import Credentials

/// One way of a browser to a provider and back. What keeps it from being mixed up with another is derived from a secret that
/// only the browser has, so nothing of it needs to be kept elsewhere.
package struct BrowserRound: Sendable {
    /// Where the provider sends the browser back to.
    let redirectURI: String
    /// Comes back as it is.
    let state: String
    /// Comes back in the provider's token.
    let nonce: String
    /// Shown with the code, so that the code is of no use to others: https://www.rfc-editor.org/rfc/rfc7636
    let verifier: String
    /// What came back is not older.
    let beganAtSeconds: Double

    /// - Parameter derive: makes bytes that nobody knows who has not got the browser's secret, of a text.
    package init(
        redirectURI: String,
        state: String,
        beganAtSeconds: Double,
        derivedBy derive: (String) -> [UInt8]
    ) {
        self.redirectURI = redirectURI
        self.state = state
        self.beganAtSeconds = beganAtSeconds
        nonce = Base64URL.encode(derive("nonce " + state))
        verifier = Base64URL.encode(derive("verifier " + state))
    }

    /// What the provider is told of the verifier: `S256`.
    var challenge: String { Base64URL.encode(Digest.sha256(verifier.utf8)) }
}
