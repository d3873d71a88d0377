import Foundation
import SocketTesting
import Testing

@testable import Credentials

@Suite struct TokenSignerTests {
    private static let now = 1_800_000_000.0

    private func secret(_ id: String, _ byte: UInt8 = 7) throws -> SignatureKey {
        try SignatureKey(id: id, secret: [UInt8](repeating: byte, count: 32))
    }

    private func signer(_ current: SignatureKey, _ previous: [SignatureKey] = []) throws -> TokenSigner {
        try #require(
            TokenSigner(issuer: "https://api.example", audience: "atrium", current: current, previous: previous)
        )
    }

    private func claims(_ more: [(String, JSONValue)] = []) -> [(String, JSONValue)] {
        [("sub", .string("usr_1")), ("exp", .number(Self.now + 60))] + more
    }

    private func message(_ header: String) -> [UInt8] { Array("\(header).\(PublishedSignatures.payload)".utf8) }

    @Test func `the signatures of RFC 7515 are right`() throws {
        let (hmac, rsa, elliptic) = (PublishedSignatures.hmac, PublishedSignatures.rsa, PublishedSignatures.elliptic)
        let secret = try SignatureKey(id: "1", secret: #require(Base64URL.decode(hmac.secret)))
        let hmacSignature = try #require(Base64URL.decode(hmac.signature))
        #expect(secret.isSignature(hmacSignature, of: message(hmac.header)))
        #expect(secret.signature(of: message(hmac.header)) == hmacSignature)
        let rsaKey = try SignatureKey(id: "2", pem: PublishedSignatures.rsaKey)
        #expect(rsaKey.isSignature(try #require(Base64URL.decode(rsa.signature)), of: message(rsa.header)))
        let ellipticKey = try SignatureKey(id: "3", pem: PublishedSignatures.ellipticKey)
        let ellipticSignature = try #require(Base64URL.decode(elliptic.signature))
        #expect(ellipticKey.isSignature(ellipticSignature, of: message(elliptic.header)))
        #expect(!ellipticKey.isSignature(ellipticSignature, of: message(rsa.header)))
        #expect([rsaKey.algorithm, ellipticKey.algorithm] == [.rs256, .es256])
        #expect(!rsaKey.canSign && rsaKey.signature(of: [1]) == nil)
    }

    @Test(arguments: [SignatureAlgorithm.rs256, .es256])
    func `a public key checks what its private one signed`(algorithm: SignatureAlgorithm) throws {
        let isRSA = algorithm == .rs256
        let key = try SignatureKey(id: "k", pem: isRSA ? TestKeys.rsa : TestKeys.p256)
        #expect(key.algorithm == algorithm)
        let token = try signer(key).signedHere(claims())
        let publicKey = try SignatureKey(id: "k", pem: isRSA ? TestKeys.rsaPublic : TestKeys.p256Public)
        let other = try signer(secret("own"), [publicKey])
        #expect(try other.verify(token, atSeconds: Self.now)["sub"]?.string == "usr_1")
    }

    /// A joined signature has 64 bytes whatever its numbers are; in DER they are shorter now and then.
    @Test func `each of many elliptic signatures is right`() throws {
        let key = try SignatureKey(id: "k", pem: TestKeys.p256)
        for number in 0..<200 {
            let signature = try #require(key.signature(of: Array("\(number)".utf8)))
            #expect(signature.count == 64 && key.isSignature(signature, of: Array("\(number)".utf8)))
        }
    }

    @Test func `keys that are weak or of other kinds are refused`() {
        #expect(throws: SignatureKey.Fault.tooWeak) {
            try SignatureKey(id: "k", secret: [UInt8](repeating: 1, count: 31))
        }
        #expect(throws: SignatureKey.Fault.tooWeak) { try SignatureKey(id: "k", pem: TestKeys.weakRSA) }
        #expect(throws: SignatureKey.Fault.unknownKind) { try SignatureKey(id: "k", pem: TestKeys.p384) }
        #expect(throws: SignatureKey.Fault.unknownKind) { try SignatureKey(id: "k", pem: "no key") }
    }

    @Test func `a number of one key beside the point of another is refused`() throws {
        func bytes(_ pem: String) throws -> Data {
            let lines = pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }
            return try #require(Data(base64Encoded: lines.joined()))
        }
        // The point is what comes last.
        let mixed = try bytes(TestKeys.p256).dropLast(64) + bytes(TestKeys.otherP256).suffix(64)
        let pem = "-----BEGIN PRIVATE KEY-----\n\(mixed.base64EncodedString())\n-----END PRIVATE KEY-----\n"
        let refusals: [SignatureKey.Fault] = [.mismatched, .unknownKind]
        #expect(
            performing: { try SignatureKey(pem: pem) },
            throws: { ($0 as? SignatureKey.Fault).map(refusals.contains) ?? false }
        )
    }

    @Test func `a token that is remembered is good when it would be let in`() throws {
        let signer = try signer(secret("a"))
        let kinds: [[(String, JSONValue)]] = [
            [("exp", .number(Self.now + 60))], [("exp", .number(Self.now - 1_000))],
            [("exp", .number(Self.now + 60)), ("nbf", .number(Self.now + 40))],
            [("exp", .number(Self.now + 60)), ("nbf", .number(Self.now + 85))],
        ]
        var goodTimes = 0
        for kind in kinds {
            let token = signer.signedHere(kind)
            let offsets = [-2_000.0, -971, -970, 0, 9, 10, 54, 55, 60, 89, 90, 600]
            let good = offsets.filter { (try? signer.verify(token, atSeconds: Self.now + $0)) != nil }
            let times = try signer.verify(token, atSeconds: Self.now + #require(good.first)).times
            #expect(offsets.filter { times.contains(Self.now + $0) } == good, "\(kind)")
            goodTimes += good.count
        }
        #expect(goodTimes > 10)
        for kind in [[], [("exp", .string("late"))], [("exp", .number(Self.now + 60)), ("nbf", .string("soon"))]]
            as [[(String, JSONValue)]]
        {
            #expect(outcome(signer, signer.signedHere(kind)) == .malformed)
        }
        let never = [("exp", JSONValue.number(Self.now + 60)), ("nbf", .number(Self.now + 500))]
        #expect(outcome(signer, signer.signedHere(never), at: Self.now + 80) == .notYetValid)
        #expect(outcome(signer, signer.signedHere(never), at: Self.now + 470) == .expired)
    }

    @Test func `a token says whose it is`() throws {
        let signer = try signer(secret("a"))
        let read = try signer.verify(
            signer.signedHere(claims([("roles", .list([.string("MEMBER")]))])),
            atSeconds: Self.now
        )
        #expect(read["iss"]?.string == "https://api.example" && read["roles"]?.strings == ["MEMBER"])
    }

    @Test func `a key that was replaced still checks`() throws {
        let token = try signer(secret("old", 1)).signedHere(claims())
        let signer = try signer(secret("new", 2), [secret("old", 1)])
        #expect(throws: Never.self) { try signer.verify(token, atSeconds: Self.now) }
        #expect(throws: TokenSigner.Refusal.unknownKey) {
            try self.signer(secret("new", 2)).verify(token, atSeconds: Self.now)
        }
        #expect(TokenSigner(issuer: "i", audience: "a", current: try secret("x"), previous: [try secret("x")]) == nil)
    }

    @Test(arguments: [
        (29.0, nil), (31.0, TokenSigner.Refusal.expired), (1e9, .expired),
    ])
    func `a token ends, give or take what clocks differ`(after: Double, refusal: TokenSigner.Refusal?) throws {
        let signer = try signer(secret("a"))
        let token = signer.signedHere(claims())
        #expect(outcome(signer, token, at: Self.now + 60 + after) == refusal)
    }

    @Test(arguments: [(29.0, nil), (31.0, TokenSigner.Refusal.notYetValid)])
    func `a token begins, give or take what clocks differ`(before: Double, refusal: TokenSigner.Refusal?) throws {
        let signer = try signer(secret("a"))
        let token = signer.signedHere(claims([("nbf", .number(Self.now))]))
        #expect(outcome(signer, token, at: Self.now - before) == refusal)
    }

    @Test func `a token of another issuer or for others is refused`() throws {
        let key = try secret("a")
        let mine = try signer(key)
        let issuer = try #require(TokenSigner(issuer: "https://evil.example", audience: "atrium", current: key))
        #expect(outcome(mine, issuer.signedHere(claims())) == .otherIssuer)
        let audience = try #require(TokenSigner(issuer: "https://api.example", audience: "billing", current: key))
        #expect(outcome(mine, audience.signedHere(claims())) == .otherAudience)
    }

    @Test func `a token signed with another key of the same name is refused`() throws {
        #expect(outcome(try signer(secret("a", 1)), try signer(secret("a", 2)).signedHere(claims())) == .badSignature)
    }

    /// The two classic attacks: https://www.rfc-editor.org/rfc/rfc8725#section-2.1
    @Test func `no algorithm, and a public key taken for a secret, are refused`() throws {
        let signer = try signer(SignatureKey(id: "k", pem: TestKeys.rsa))
        let payload = Base64URL.encode(
            JSONValue.json([("iss", .string("https://api.example")), ("aud", .string("atrium"))] + claims()).utf8
        )
        for algorithm in ["none", "None", "nOnE", ""] {
            let header = Base64URL.encode(#"{"alg":"\#(algorithm)","kid":"k"}"#.utf8)
            #expect(outcome(signer, "\(header).\(payload).") == .otherAlgorithm)
        }
        let header = Base64URL.encode(#"{"alg":"HS256","kid":"k"}"#.utf8)
        let forged = Digest.hmacSHA256(Array("\(header).\(payload)".utf8), key: Array(TestKeys.rsaPublic.utf8))
        #expect(outcome(signer, "\(header).\(payload).\(Base64URL.encode(forged))") == .otherAlgorithm)
        let bare = Base64URL.encode(#"{"alg":"none"}"#.utf8)
        #expect(outcome(signer, "\(bare).\(payload).") == .unknownKey)
        let critical = Base64URL.encode(#"{"alg":"RS256","kid":"k","crit":["b64"],"b64":false}"#.utf8)
        #expect(outcome(signer, "\(critical).\(payload).") == .malformed)
    }

    @Test func `no character of a token can be changed`() throws {
        let signer = try signer(secret("a"))
        let token = Array(signer.signedHere(claims()).utf8)
        for index in token.indices {
            var changed = token
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(outcome(signer, String(decoding: changed, as: UTF8.self)) != nil)
        }
    }

    @Test(arguments: ["", ".", "..", "...", "a.b.c", "a.b", "a.b.c.d", String(repeating: "a", count: 1_000_000)])
    func `what is no token is refused`(text: String) throws {
        #expect(outcome(try signer(secret("a")), text) == .malformed)
    }

    @Test func `a token without an end is refused`() throws {
        let signer = try signer(secret("a"))
        #expect(outcome(signer, signer.signedHere([("sub", .string("usr_1"))])) == .malformed)
        #expect(outcome(signer, signer.signedHere([("exp", .string("9999999999"))])) == .malformed)
    }

    private func outcome(_ signer: TokenSigner, _ token: String, at time: Double = now) -> TokenSigner.Refusal? {
        do {
            _ = try signer.verify(token, atSeconds: time)
            return nil
        } catch { return error }
    }
}
