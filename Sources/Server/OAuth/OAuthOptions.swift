import Actions
import Data
import IdentityProviders
import OutboundHTTP

/// By which accounts elsewhere people sign in, and where they are led back to.
struct OAuthOptions {
    var google: OpenIDProvider.Options?
    var github: GitHubProvider.Options?
    var returnAddresses: [String] = []

    init() {}

    /// - Parameters:
    ///   - publicURL: where this server is reached.
    ///   - pages: where the pages are that people see.
    init(_ settings: inout Settings, isServing: Bool, publicURL: String, pages: String) {
        if let (id, secret) = Self.client("OAUTH_GOOGLE_ID", "OAUTH_GOOGLE_SECRET", &settings) {
            let issuer = settings.address("OAUTH_GOOGLE_ISSUER") ?? "https://accounts.google.com"
            Self.check("OAUTH_GOOGLE_ISSUER", issuer, isServing, &settings)
            google = OpenIDProvider.Options(issuer: issuer, clientID: id, clientSecret: secret)
        }
        if let (id, secret) = Self.client("OAUTH_GITHUB_ID", "OAUTH_GITHUB_SECRET", &settings) {
            var options = GitHubProvider.Options(clientID: id, clientSecret: secret)
            options.site = settings.address("OAUTH_GITHUB_URL") ?? options.site
            options.api = settings.address("OAUTH_GITHUB_API_URL") ?? options.api
            Self.check("OAUTH_GITHUB_URL", options.site, isServing, &settings)
            Self.check("OAUTH_GITHUB_API_URL", options.api, isServing, &settings)
            github = options
        }
        let deadline = Duration.seconds(settings.number("ATRIUM_OAUTH_SECONDS", 1...60, 5))
        google?.deadline = deadline
        github?.deadline = deadline
        guard google != nil || github != nil else { return }
        readReturnAddresses(&settings, isServing, pages)
        if isServing, !publicURL.hasPrefix("https://") {
            settings.add(problem: "PUBLIC_URL must begin with https:// where people sign in by accounts elsewhere")
        }
    }

    private mutating func readReturnAddresses(_ settings: inout Settings, _ isServing: Bool, _ pages: String) {
        let name = "OAUTH_REDIRECT_URIS"
        let texts = (settings.text(name) ?? pages + "/oauth").split(separator: ",").map { $0.filter { $0 != " " } }
        for text in texts {
            guard text.wholeMatch(of: /https?:\/\/[^\s\/?#@"'<>\\]+(\/[^\s#"'<>\\]*)?/) != nil,
                text.utf8.allSatisfy({ (0x21..<0x7f) ~= $0 })
            else {
                settings.add(problem: "\(name) must be addresses such as https://app.example/oauth, not \"\(text)\"")
                continue
            }
            Self.check(name, text, isServing, &settings)
            returnAddresses.append(text)
        }
    }

    private static func client(
        _ id: String,
        _ secret: String,
        _ settings: inout Settings
    ) -> (id: String, secret: String)? {
        switch (settings.text(id), settings.text(secret)) {
        case (nil, nil): return nil
        case (let id?, let secret?): return (id, secret)
        default:
            settings.add(problem: "\(id) and \(secret) go together: set both or none")
            return nil
        }
    }

    /// In clear is for this machine alone, and for trying out.
    private static func check(_ name: String, _ address: String, _ isServing: Bool, _ settings: inout Settings) {
        guard !address.hasPrefix("https://") else { return }
        let authority = address.dropFirst("http://".count).prefix { $0 != "/" && $0 != "?" }
        let host = authority.hasPrefix("[") ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
        if isServing || !["127.0.0.1", "localhost", "[::1]"].contains(host) {
            settings.add(problem: "\(name) must begin with https://, not \"\(address)\"")
        }
    }
}

extension OAuthServices {
    /// The services as the configuration wants them.
    init(
        _ configuration: Configuration,
        _ identity: IdentityServices,
        _ client: OutboundClient,
        report: @escaping @Sendable (OAuthProviderKind, ProviderFault) -> Void
    ) {
        var providers: [OAuthProviderKind: any IdentityProvider] = [:]
        if let options = configuration.oauth.google { providers[.google] = OpenIDProvider(options, client) }
        if let options = configuration.oauth.github { providers[.github] = GitHubProvider(options, client) }
        self.init(
            identity: identity,
            providers: providers,
            returnAddresses: configuration.oauth.returnAddresses,
            publicURL: configuration.files.publicURL,
            report: report
        )
    }
}

/// For the log: why nobody can sign in by a provider at the moment.
struct UnusableProvider: Error, CustomStringConvertible {
    let description: String

    init(_ kind: OAuthProviderKind, _ fault: ProviderFault) { description = "\(kind.pathName): \(fault)" }
}
