import Credentials
import Foundation
import PostgresTesting
import PythonTesting
import SocketTesting
import Testing

@testable import Server

/// Pairs of keys that sign access tokens, as an operator sets them and as other services use them.
@Suite(.timeLimit(.minutes(5))) struct SigningKeyTests {
    private static let secret = "Zt8mQ2vK7wXc4RbN9pLs6HdJ3fGyT5aU"

    private func problems(_ environment: [String: String], _ files: [String: String] = [:]) -> [String] {
        do throws(Configuration.Fault) {
            _ = try Configuration(environment) { files[$0] }
            return []
        } catch { return error.problems }
    }

    @Test func `a key that cannot sign is told with what is wrong with it, and never repeated`() {
        func problem(_ key: String) -> String? {
            let found = problems(["JWT_PRIVATE_KEY": key])
            return found.count == 1 && !found[0].contains("BEGIN") ? found[0] : "\(found)"
        }
        let kinds = "JWT_PRIVATE_KEY must be a private key in PEM without a pass phrase, of RSA or of the curve P-256"
        #expect(problem("no key") == kinds)
        #expect(problem(TestKeys.p384) == kinds)
        #expect(problem(TestKeys.weakRSA) == "JWT_PRIVATE_KEY must have at least 2048 bits")
        #expect(problem(TestKeys.rsaPublic) == "JWT_PRIVATE_KEY is a public key: it takes the private one to sign")
        #expect(problems(["JWT_PRIVATE_KEY": TestKeys.rsa]) == [] && problems(["JWT_PRIVATE_KEY": TestKeys.p256]) == [])
    }

    @Test func `all that is wrong with keys is told at once`() {
        let keys = [TestKeys.rsaPublic, TestKeys.p256, "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"]
        #expect(
            problems([
                "JWT_PREVIOUS_PUBLIC_KEYS": keys.joined(), "JWT_ACCEPT_SECRETS": "off",
                "JWT_PREVIOUS_SECRETS": "one,one",
            ]) == [
                "JWT_PREVIOUS_SECRETS has one secret twice",
                "JWT_PREVIOUS_PUBLIC_KEYS: number 2 is a private key: keep that, and give its public half",
                "JWT_PREVIOUS_PUBLIC_KEYS: number 3 must be a public key in PEM without a pass phrase, "
                    + "of RSA or of the curve P-256",
                "JWT_ACCEPT_SECRETS can be off only where JWT_PRIVATE_KEY signs",
            ]
        )
        #expect(problems(["JWT_PREVIOUS_PUBLIC_KEYS": "none"]).count == 1)
    }

    @Test func `a key may stand in a file, and on one line`() throws {
        let files = ["/run/key": TestKeys.p256, "/run/keys": TestKeys.rsaPublic + TestKeys.p256Public]
        let environment = ["JWT_PRIVATE_KEY_FILE": "/run/key", "JWT_PREVIOUS_PUBLIC_KEYS_FILE": "/run/keys"]
        let keys = try Configuration(environment) { files[$0] }.signingKeys
        #expect(keys.current?.algorithm == .es256 && keys.current?.canSign == true)
        // The own key may be among the others already: it was made known before it signs.
        #expect(keys.others.map(\.algorithm) == [.rs256] && keys.acceptsSecrets)
        let line = TestKeys.p256.replacing("\n", with: "\\n")
        #expect(try Configuration(["JWT_PRIVATE_KEY": line]) { _ in nil }.signingKeys.current?.id == keys.current?.id)
        let listing = try Configuration(environment) { files[$0] }.listing
        #expect(listing.contains("JWT_PRIVATE_KEY=(set)") && !listing.contains { $0.contains("BEGIN") })
    }

    /// That of jwt.io, whose private half many have copied.
    @Test func `where people rely on it no key is one that everybody has`() {
        let sample = """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2
            OF/2NxApJCzGCEDdfSp6VQO30hyhRANCAAQRWz+jn65BtOMvdyHKcvjBeBSDZH2r
            1RTwjmYSi9R/zpBnuQ4EiMnCqfMPWiZqB4QdbAd0E7oH50VpuZ1P087G
            -----END PRIVATE KEY-----
            """
        let production = [
            "APP_ENV": "production", "DATABASE_URL": "postgres://db", "JWT_SECRET": Self.secret,
            "ENCRYPTION_KEYS": "1:xHKCZUPaW4NQXmAgL7J9lphgQY8QyrYrTI1fzait5fQ=", "JWT_PRIVATE_KEY": sample,
        ]
        #expect(problems(production) == ["JWT_PRIVATE_KEY is a sample that everybody has: make a key"])
        #expect(problems(["JWT_PRIVATE_KEY": sample]) == [])
        #expect(problems(production.merging(["JWT_PRIVATE_KEY": TestKeys.p256]) { $1 }) == [])
    }

    @Test(arguments: [(TestKeys.rsa, TestKeys.rsaPublic, "RS256"), (TestKeys.p256, TestKeys.p256Public, "ES256")])
    func `another service checks tokens by what is published, and nobody is signed out when keys change`(
        key: String,
        publicKey: String,
        algorithm: String
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atrium-keys-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func file(_ name: String, _ text: String) throws -> String {
            let file = folder.appending(path: name)
            try text.write(to: file, atomically: true, encoding: .utf8)
            return file.path
        }
        let always = [
            "DATABASE_URL": try TestCluster.database(), "PUBLIC_URL": "https://api.example", "JWT_SECRET": Self.secret,
            "BCRYPT_ROUNDS": "4",
        ]
        let publicFile = try file("public", publicKey)
        // First a secret signs, while the key to come is known already.
        let bySecret = try KeyedServer(always.merging(["JWT_PREVIOUS_PUBLIC_KEYS_FILE": publicFile]) { $1 })
        let first = try bySecret.register("ida")
        #expect(try bySecret.check(first).keys.map { $0["alg"] as? String } == [algorithm])
        #expect(try bySecret.check(first).error == "PyJWKClientError")
        // Then the key does.
        let withKey = always.merging(["JWT_PRIVATE_KEY_FILE": try file("private", key)]) { $1 }
        let byKey = try KeyedServer(withKey)
        #expect(try byKey.viewer(first) == "ida@example.org")
        let second = try byKey.register("max")
        #expect(try byKey.viewer(second) == "max@example.org")
        // Servers that have not been started anew know it.
        #expect(try bySecret.viewer(second) == "max@example.org")
        let checked = try byKey.check(second, publicFile)
        #expect(checked.claims["iss"] as? String == "https://api.example", "\(checked.error ?? "")")
        #expect((checked.claims["sub"] as? String)?.hasPrefix("usr_") == true)
        #expect(checked.keys.count == 1 && checked.type == "application/json; charset=utf-8")
        for forged in checked.forged + (try byKey.check(first, publicFile).forged) {
            #expect(try byKey.viewer(forged) == nil)
        }
        // At last another key signs, and what secrets have signed is of no use any more.
        let later = try KeyedServer(
            always.merging([
                "JWT_PRIVATE_KEY": TestKeys.otherP256, "JWT_PREVIOUS_PUBLIC_KEYS_FILE": publicFile,
                "JWT_ACCEPT_SECRETS": "off",
            ]) { $1 }
        )
        #expect(try later.viewer(first) == nil)
        #expect(try later.viewer(second) == "max@example.org")
        let third = try later.check(later.register("eve"))
        #expect(third.keys.count == 2 && third.claims["sub"] != nil)
    }
}

/// The built server, and the client that checks its tokens.
private struct KeyedServer {
    struct Check {
        let type: String?
        let keys: [[String: Any]]
        let claims: [String: Any]
        let error: String?
        /// Tokens that are none.
        let forged: [String]
    }

    private let process: ServerProcess

    init(_ environment: [String: String]) throws { process = try ServerProcess(environment) }

    func register(_ name: String) throws -> String {
        let answer = try process.post(
            """
            {"query":"mutation { accountRegister(input: { email: \\"\(name)@example.org\\", password: \\"correct horse \(name)\\", \
            displayName: \\"\(name)\\" }) { tokens { accessToken } userErrors { __typename } } }"}
            """
        )
        return try String(#require(answer.firstMatch(of: /"accessToken":"([^"]+)"/), "\(answer)").1)
    }

    /// The address of whoever the token is of.
    func viewer(_ token: String) throws -> String? {
        let answer = try process.post(#"{"query":"{ viewer { email } }"}"#, token: token)
        return answer.firstMatch(of: /"email":"([^"]+)"/).map { String($0.1) }
    }

    func check(_ token: String, _ pems: String...) throws -> Check {
        let url = "http://127.0.0.1:\(process.port)"
        let found = try #require(try PythonProgram("ServerTests/token_client.py", [url, token] + pems).object())
        return Check(
            type: found["type"] as? String,
            keys: found["keys"] as? [[String: Any]] ?? [],
            claims: found["claims"] as? [String: Any] ?? [:],
            error: found["error"] as? String,
            forged: found["forged"] as? [String] ?? []
        )
    }
}
