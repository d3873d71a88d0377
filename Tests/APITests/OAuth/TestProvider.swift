import EventLoop
import Foundation
import HTTPServer
import IdentityProviders
import PostgresClient
import Synchronization
import Testing

@testable import Credentials

/// A provider of the tests' own, which misbehaves as it is told: OpenID Connect below `/`, and GitHub below `/github`.
final class TestProvider: HTTPHandler {
    enum Answer: Sendable {
        case right, slow, garbage, huge, failing, redirect
    }

    enum Signature: Sendable {
        case right
        /// By a key that nobody is told of.
        case foreign
        /// `alg: none`.
        case none
        /// By HMAC, with the provider's public number for a secret.
        case hmac
    }

    struct Conduct: Sendable {
        /// By the paths of requests; all others are answered right.
        var answers: [String: Answer] = [:]
        var signature = Signature.right
        /// Replace what a token would say; null takes away.
        var claims: [String: JSONValue] = [:]
        /// Comes beside the token of identity; nil for none.
        var accessToken: String? = "an access token"
        /// The name of the key.
        var key: String? = "first"
        /// What the list of keys calls it.
        var listedKey = "first"
        var githubEmails = #"[{"email":"octo@example.org","primary":true,"verified":true,"visibility":null}]"#
    }

    private struct Code: Sendable {
        let challenge: String
        let redirectURI: String
        let nonce: String?
    }

    static let clientID = "client 1"
    static let clientSecret = "sec:ret&"

    private let conduct = Mutex(Conduct())
    private let codes = Mutex<[String: Code]>([:])
    private let held = Mutex<[HTTPResponder]>([])
    private let requests = Mutex<[String]>([])
    private let clock: @Sendable () -> Timestamp
    private let group: EventLoopGroup
    private let address = Mutex("")
    private static let rsa = TestRSAKey()

    init(clock: @escaping @Sendable () -> Timestamp) throws {
        self.clock = clock
        group = try EventLoopGroup(count: 1)
        let port = try HTTPServer(group: group, handler: self).listen(on: .loopback()).port
        address.withLock { $0 = "http://127.0.0.1:\(port)" }
    }

    var issuer: String { address.withLock { $0 } }

    /// How it answers from now on.
    func behave(_ change: (inout Conduct) -> Void) { conduct.withLock { change(&$0) } }

    func stop() async { await group.stop() }

    /// How often something was asked for.
    func count(_ path: String) -> Int { requests.withLock { $0.count { $0 == path } } }

    /// What its page does once its user has agreed: the address that it sends the browser back to.
    func agree(at authorization: String) throws -> String {
        let query = try #require(FormText.decode(String(authorization.split(separator: "?", maxSplits: 1)[1])))
        #expect(query["client_id"] == Self.clientID && query["code_challenge_method"] == "S256")
        let code = UUID().uuidString
        let redirectURI = try #require(query["redirect_uri"])
        let entry = Code(
            challenge: try #require(query["code_challenge"]),
            redirectURI: redirectURI,
            nonce: query["nonce"]
        )
        codes.withLock { $0[code] = entry }
        return FormText.address(redirectURI, with: [("code", code), ("state", try #require(query["state"]))])
    }

    // MARK: HTTP

    func handle(_ request: HTTPRequest, _ responder: HTTPResponder) {
        let path = request.path.string
        requests.withLock { $0.append(path) }
        let json = HTTPFields(["content-type": "application/json"])
        switch conduct.withLock({ $0.answers[path] ?? .right }) {
        case .right:
            let (status, text) = answer(path, request)
            responder.respond(status, json, text: text)
        case .slow: held.withLock { $0.append(responder) }
        case .garbage: responder.respond(.ok, json, text: "{\"issuer\":")
        case .huge: responder.respond(.ok, json, body: [UInt8](repeating: UInt8(ascii: " "), count: 100 << 20))
        case .failing: responder.respond(.badGateway)
        case .redirect: responder.respond(.seeOther, HTTPFields(["location": "http://169.254.169.254/"]))
        }
    }

    private func answer(_ path: String, _ request: HTTPRequest) -> (HTTPStatus, String) {
        switch path {
        case "/.well-known/openid-configuration":
            let text = JSONValue.json([
                ("issuer", .string(issuer)), ("authorization_endpoint", .string(issuer + "/authorize")),
                ("token_endpoint", .string(issuer + "/token")), ("jwks_uri", .string(issuer + "/keys")),
            ])
            return (.ok, text)
        case "/keys": return (.ok, keys)
        case "/token": return openIDToken(request)
        case "/github/login/oauth/access_token": return githubToken(request)
        case "/github/user" where request["authorization"]?.string == "Bearer gho_token":
            return (.ok, #"{"login":"octo","id":583231,"name":"Octo Cat","plan":{"name":"free"}}"#)
        case "/github/user/emails" where request["authorization"]?.string == "Bearer gho_token":
            return (.ok, conduct.withLock { $0.githubEmails })
        default: return (.notFound, "{}")
        }
    }

    private var keys: String {
        let listed = conduct.withLock { $0.listedKey }
        let (modulus, exponent) = (Base64URL.encode(Self.rsa.modulus), Base64URL.encode(Self.rsa.exponent))
        return """
            {"keys":[{"kty":"EC","crv":"P-256","kid":"elliptic","x":"AA","y":"AA"},
            {"kty":"RSA","use":"sig","alg":"RS256","kid":"\(listed)","n":"\(modulus)","e":"\(exponent)"}]}
            """
    }

    /// Takes a code as https://www.rfc-editor.org/rfc/rfc7636#section-4.6 wants it.
    private func taken(_ form: [String: String]) -> Code? {
        guard let code = form["code"], let found = codes.withLock({ $0.removeValue(forKey: code) }),
            let verifier = form["code_verifier"], (43...128).contains(verifier.utf8.count),
            Base64URL.encode(Digest.sha256(verifier.utf8)) == found.challenge,
            form["redirect_uri"] == found.redirectURI
        else { return nil }
        return found
    }

    private func form(_ request: HTTPRequest) -> [String: String] {
        request.withBody { FormText.decode(String(decoding: $0, as: UTF8.self)) ?? [:] }
    }

    private func openIDToken(_ request: HTTPRequest) -> (HTTPStatus, String) {
        let credentials = Base64.encode(Array("client%201:sec%3Aret%26".utf8))
        guard request["authorization"]?.string == "Basic \(credentials)" else {
            return (.unauthorized, #"{"error":"invalid_client"}"#)
        }
        guard let code = taken(form(request)) else { return (.badRequest, #"{"error":"invalid_grant"}"#) }
        var answer: [(String, JSONValue)] = [("token_type", .string("Bearer")), ("id_token", .string(token(code)))]
        if let access = conduct.withLock({ $0.accessToken }) { answer.append(("access_token", .string(access))) }
        return (.ok, JSONValue.json(answer))
    }

    private func githubToken(_ request: HTTPRequest) -> (HTTPStatus, String) {
        let form = form(request)
        guard form["client_id"] == Self.clientID, form["client_secret"] == Self.clientSecret else {
            return (.ok, #"{"error":"incorrect_client_credentials"}"#)
        }
        guard taken(form) != nil else { return (.ok, #"{"error":"bad_verification_code"}"#) }
        return (.ok, #"{"access_token":"gho_token","scope":"read:user,user:email","token_type":"bearer"}"#)
    }

    private func token(_ code: Code) -> String {
        let now = Double(clock().microseconds / 1_000_000)
        let conduct = conduct.withLock { $0 }
        var claims: [String: JSONValue] = [
            "iss": .string(issuer), "aud": .string(Self.clientID), "iat": .number(now), "exp": .number(now + 300),
            "nonce": .string(code.nonce ?? ""), "sub": .string("1001"), "email": .string("ida@example.org"),
            "email_verified": .boolean(true), "name": .string("Ida Elsewhere"),
        ]
        for (name, value) in conduct.claims { claims[name] = value == .null ? nil : value }
        let algorithm =
            switch conduct.signature {
            case .right, .foreign: "RS256"
            case .none: "none"
            case .hmac: "HS256"
            }
        var header: [(String, JSONValue)] = [("alg", .string(algorithm))]
        if let key = conduct.key { header.append(("kid", .string(key))) }
        let payload = JSONValue.json(claims.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        let message = Base64URL.encode(JSONValue.json(header).utf8) + "." + Base64URL.encode(payload.utf8)
        return message + "." + Base64URL.encode(signature(of: Array(message.utf8), conduct.signature))
    }

    private func signature(of message: [UInt8], _ kind: Signature) -> [UInt8] {
        func signed(_ pem: String) -> [UInt8] {
            (try? SignatureKey(id: "", pem: pem))?.signature(of: message) ?? []
        }
        return switch kind {
        case .right: signed(Self.rsa.pem)
        case .foreign: signed(TestRSAKey().pem)
        case .none: []
        case .hmac: Digest.hmacSHA256(message, key: Self.rsa.modulus)
        }
    }
}
