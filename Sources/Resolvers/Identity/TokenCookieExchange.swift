package import Actions
import Data
import GraphQLEngine

/// What a request shows of tokens that a browser keeps in cookies, and gets of them: decision 28.
package struct TokenCookieExchange: Sendable {
    package enum Change: Sendable {
        case keep(IssuedTokens, access: String)
        case forget
    }

    /// Whether tokens go into cookies, and are not told.
    private let keepsTokens: Bool
    /// The refresh token that the browser has kept.
    let refreshToken: String?
    /// Nil where the answer takes no cookies.
    private let change: (@Sendable (Change) -> Void)?

    package init(keepsTokens: Bool, refreshToken: String?, change: (@Sendable (Change) -> Void)?) {
        self.keepsTokens = keepsTokens
        self.refreshToken = refreshToken
        self.change = change
    }

    /// Whether the tokens are kept; else they are to be told.
    fileprivate func keep(_ issued: IssuedTokens, access: String) -> Bool {
        guard keepsTokens, let change else { return false }
        change(.keep(issued, access: access))
        return true
    }

    fileprivate func forget() { change?(.forget) }
}

extension RequestContext {
    /// What somebody gets who was let in: the tokens, or when those end that their browser keeps.
    func handOut(_ issued: IssuedTokens) async throws -> AuthTokens {
        let access = try await issued.accessToken()
        let isKept = credential?.cookies?.keep(issued, access: access) ?? false
        return AuthTokens(
            accessToken: isKept ? nil : access,
            accessTokenExpiresAt: DateTime(issued.accessTokenExpiresAt),
            refreshToken: isKept ? nil : issued.refreshToken,
            refreshTokenExpiresAt: DateTime(issued.refreshTokenExpiresAt),
            tokenType: isKept ? "Cookie" : "Bearer",
            session: AuthSession(issued.session, current: issued.session.id)
        )
    }

    /// Takes cookies away whose session has ended.
    func forgetTokens() { credential?.cookies?.forget() }
}
