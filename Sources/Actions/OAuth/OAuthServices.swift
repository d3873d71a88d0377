internal import Credentials
package import Data
package import IdentityProviders
internal import PostgresClient

/// What signing in by accounts elsewhere works with.
package struct OAuthServices: Sendable {
    /// How long somebody may take to come back.
    static let seconds: Int64 = 600

    package let identity: IdentityServices
    private let providers: [OAuthProviderKind: any IdentityProvider]
    /// Where people may be led back to: these addresses as they stand, and nothing below them.
    private let returnAddresses: [String]
    /// Where this server is reached, without a slash at its end.
    private let publicURL: String
    /// Hears why a provider has not said who somebody is.
    private let report: @Sendable (OAuthProviderKind, ProviderFault) -> Void

    package init(
        identity: IdentityServices,
        providers: [OAuthProviderKind: any IdentityProvider],
        returnAddresses: [String],
        publicURL: String,
        report: @escaping @Sendable (OAuthProviderKind, ProviderFault) -> Void = { _, _ in }
    ) {
        self.identity = identity
        self.providers = providers
        self.returnAddresses = returnAddresses
        self.publicURL = publicURL
        self.report = report
    }

    /// Whom people can sign in by.
    package var configured: [OAuthProviderKind] { OAuthProviderKind.allCases.filter { providers[$0] != nil } }

    /// Whether cookies go over TLS alone.
    package var isEncrypted: Bool { publicURL.hasPrefix("https://") }

    func provider(_ kind: OAuthProviderKind) -> (any IdentityProvider)? { providers[kind] }

    func mayReturn(to address: String) -> Bool { returnAddresses.contains(address) }

    func address(_ kind: OAuthProviderKind, _ step: String) -> String {
        "\(publicURL)/auth/oauth/\(kind.pathName)/\(step)"
    }

    func note(_ fault: ProviderFault, of kind: OAuthProviderKind) { report(kind, fault) }

    /// Holds up those who begin and come back without end: of each sign-in there are four steps.
    func limit(from client: ClientInfo) async throws {
        let size = identity.options.oauthStepsPerMinute
        try await identity.limit("oauth", by: client.limitKey, size, perSeconds: 60)
    }

    /// What binds a browser's way to the browser.
    func round(
        _ kind: OAuthProviderKind,
        _ returning: OpaqueToken,
        _ browser: OpaqueToken,
        _ attempt: OAuthAttemptRow
    ) -> BrowserRound {
        BrowserRound(
            redirectURI: address(kind, "callback"),
            state: returning.text,
            beganAtSeconds: Double(attempt.createdAt.microseconds) / 1_000_000,
            derivedBy: browser.derived
        )
    }
}

extension OAuthProviderKind {
    /// In addresses.
    package var pathName: String {
        switch self {
        case .google: "google"
        case .github: "github"
        }
    }

    /// As people know it.
    var name: String {
        switch self {
        case .google: "Google"
        case .github: "GitHub"
        }
    }
}

extension IdentityServices {
    /// The time for what reckons in seconds.
    var seconds: Double { Double(clock().microseconds) / 1_000_000 }
}
