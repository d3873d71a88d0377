import Actions
import Data
import OutboundHTTP

/// Tokens somebody holds.
struct TestTokens: Hashable {
    let access: String
    let refresh: String
    let session: String
}

let tokenFields = "tokens { accessToken refreshToken session { id } }"
let password = "correct horse battery"

extension APIServer {
    @discardableResult
    func register(_ name: String, password: String = password) throws -> TestTokens {
        let answer = try ask(
            "mutation ($in: AccountRegisterInput!) { accountRegister(input: $in) { \(tokenFields) userErrors { code } } }",
            ["in": ["email": "\(name)@example.org", "username": name, "displayName": name, "password": password]]
        )
        return try tokens(answer, "data.accountRegister")
    }

    func askSignIn(_ identifier: String, _ password: String, userAgent: String = "tests") throws -> APIAnswer {
        try ask(
            """
            mutation ($in: SignInInput!) { signIn(input: $in) {
                outcome { __typename ... on SignInSuccess { \(tokenFields) viewer { user { id } } } }
                userErrors { code message path ... on AuthenticationError { retryAt } }
            } }
            """,
            ["in": ["identifier": identifier, "password": password]],
            userAgent: userAgent
        )
    }

    func signIn(_ identifier: String, userAgent: String = "tests") throws -> TestTokens {
        try tokens(askSignIn(identifier, password, userAgent: userAgent), "data.signIn.outcome")
    }

    func askRefresh(_ token: String, userAgent: String = "tests") throws -> APIAnswer {
        try ask(Self.refresh, ["in": ["refreshToken": token]], userAgent: userAgent)
    }

    static let refresh =
        "mutation ($in: SessionRefreshInput!) { sessionRefresh(input: $in) { \(tokenFields) userErrors { code } } }"

    func tokens(_ answer: APIAnswer, _ path: String) throws -> TestTokens {
        guard let access = answer["\(path).tokens.accessToken"], let refresh = answer["\(path).tokens.refreshToken"],
            let session = answer["\(path).tokens.session.id"]
        else { throw NoTokens(text: answer.text) }
        return TestTokens(access: access, refresh: refresh, session: session)
    }

    /// The user name of whom a token stands for.
    func viewer(_ token: String?) throws -> String? {
        try ask("{ viewer { user { username } } }", token: token)["data.viewer.user.username"]
    }
}

struct NoTokens: Error {
    let text: String
}

extension APIServer {
    /// Runs `body` with a server that is stopped afterwards.
    static func with(
        options change: (inout IdentityOptions) -> Void = { _ in },
        files changeFiles: (inout FileOptions) -> Void = { _ in },
        events: EventFeed.Options = EventFeed.Options(),
        cost: Int = 4,
        outbound: OutboundOptions = OutboundOptions(),
        push: (OutboundClient) throws -> PushServices = { APIServer.pushes($0) },
        _ body: (APIServer) async throws -> Void
    ) async throws {
        var options = APIServer.options
        change(&options)
        var files = APIServer.fileOptions
        changeFiles(&files)
        let server = try await APIServer(
            options,
            files: files,
            events: events,
            cost: cost,
            outbound: outbound,
            push: push
        )
        do { try await body(server) } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }
}
