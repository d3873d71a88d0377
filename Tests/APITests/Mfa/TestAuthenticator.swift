import Actions
import Data
import PostgresClient
import Testing

@testable import Credentials

/// An authenticator of somebody who uses the application.
struct TestAuthenticator {
    static let confirm = """
        mutation ($id: ID!, $code: String!) { mfaConfirm(factorId: $id, code: $code) {
            factor { confirmedAt } recoveryCodes userErrors { code }
        } }
        """

    let id: String
    let password: OneTimePassword
    var recoveryCodes: [String] = []

    /// One that was not shown to work.
    static func begin(_ tokens: TestTokens, _ server: APIServer) throws -> TestAuthenticator {
        let session = try #require(GlobalID.uuid("ses", tokens.session))
        try server.sql(
            """
            UPDATE users SET email_verified_at = coalesce(email_verified_at, now())
            WHERE id = (SELECT user_id FROM auth_sessions WHERE id = '\(session)')
            """
        )
        let answer = try server.ask(
            "mutation { mfaEnroll(name: \"phone\") { factor { id confirmedAt } otpauthUri userErrors { code } } }",
            token: tokens.access
        )
        let address = try #require(answer["data.mfaEnroll.otpauthUri"], "\(answer.text)")
        let secret = try #require(address.firstMatch(of: /secret=([A-Z2-7]+)/)?.output.1)
        return TestAuthenticator(
            id: try #require(answer["data.mfaEnroll.factor.id"]),
            password: OneTimePassword(secret: try #require(decoded(String(secret))))
        )
    }

    /// One whose codes sign-ins ask for, and whose present code was not used.
    static func enroll(_ tokens: TestTokens, _ server: APIServer) throws -> TestAuthenticator {
        var authenticator = try begin(tokens, server)
        let variables = ["id": authenticator.id, "code": authenticator.code(server)]
        let answer = try server.ask(confirm, variables, token: tokens.access)
        #expect(answer.count("data.mfaConfirm.recoveryCodes") == 10, "\(answer.text)")
        authenticator.recoveryCodes = (0..<10).compactMap { answer["data.mfaConfirm.recoveryCodes.\($0)"] }
        // The code that confirmed was used.
        server.pass(seconds: 90)
        return authenticator
    }

    /// What it shows now.
    func code(_ server: APIServer) -> String {
        password.code(step: server.identity.now.microseconds / 30_000_000)
    }

    /// https://www.rfc-editor.org/rfc/rfc4648#section-6
    private static func decoded(_ text: String) -> [UInt8]? {
        var (bits, count, bytes): (UInt32, Int, [UInt8]) = (0, 0, [])
        for character in text.utf8 {
            guard let value = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8).firstIndex(of: character) else {
                return nil
            }
            (bits, count) = (bits << 5 | UInt32(value), count + 5)
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }
}
