/// An account of a program by Google, which sends messages to the apps of one project of Firebase:
/// https://cloud.google.com/iam/docs/service-account-creds#key-types
package struct FirebaseAccount: Sendable {
    package let project: String
    /// Where the account gets its access tokens.
    package let tokenURL: String
    private let signer: TokenSigner

    /// - Parameter json: the key of the account, as Google's console hands it out. Nil for what is none.
    package init?(json: String) {
        guard let fields = JSONValue(json: Array(json.utf8))?.object,
            let project = fields["project_id"]?.string, project.wholeMatch(of: /[A-Za-z0-9:.\-]{1,100}/) != nil,
            let email = fields["client_email"]?.string, let tokenURL = fields["token_uri"]?.string,
            let pem = fields["private_key"]?.string,
            let key = try? SignatureKey(id: fields["private_key_id"]?.string ?? "", pem: pem), key.algorithm == .rs256,
            let signer = TokenSigner(issuer: email, audience: tokenURL, current: key)
        else { return nil }
        self.project = project
        self.tokenURL = tokenURL
        self.signer = signer
    }

    /// What the account shows for an access token, good for an hour:
    /// https://developers.google.com/identity/protocols/oauth2/service-account
    package func assertion(atSeconds now: Int64) -> String {
        signer.signedHere([
            ("scope", .string("https://www.googleapis.com/auth/firebase.messaging")),
            ("iat", .number(Double(now))), ("exp", .number(Double(now + 3_600))),
        ])
    }
}
