import Foundation
import SocketTesting
import Testing

@testable import Credentials

@Suite struct PublicKeyTests {
    /// The example of https://www.rfc-editor.org/rfc/rfc7638#section-3.1
    @Test func `the thumbprint of RFC 7638 is right`() throws {
        let modulus = """
            0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn\
            64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1\
            n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw
            """
        let key = try SignatureKey(id: "k", modulus: #require(Base64URL.decode(modulus.utf8)), exponent: [1, 0, 1])
        #expect(key.published?.thumbprint == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")
    }

    @Test(arguments: [
        (TestKeys.rsa, TestKeys.rsaPublic, SignatureAlgorithm.rs256), (TestKeys.p256, TestKeys.p256Public, .es256),
    ])
    func `both halves of a pair have one name, and the same is published of them`(
        own: String,
        open: String,
        algorithm: SignatureAlgorithm
    ) throws {
        let (own, open) = (try SignatureKey(pem: own), try SignatureKey(pem: open))
        #expect(own.id == open.id && own.id.count == 43 && own.published == open.published)
        #expect(own.algorithm == algorithm && own.canSign && !open.canSign)
    }

    @Test func `what is published are the public halves alone`() throws {
        let secret = try SignatureKey(id: "s", secret: [UInt8](repeating: 7, count: 32))
        let keys = try [secret, SignatureKey(pem: TestKeys.rsa), SignatureKey(pem: TestKeys.p256)]
        let list =
            try JSONSerialization.jsonObject(with: Data(PublicKey.list(keys).utf8)) as? [String: [[String: String]]]
        let listed = try #require(list?["keys"])
        #expect(listed.map { $0["kid"] } == keys.dropFirst().map(\.id))
        #expect(
            listed.map { $0.keys.sorted() } == [
                ["alg", "e", "kid", "kty", "n", "use"], ["alg", "crv", "kid", "kty", "use", "x", "y"],
            ]
        )
        #expect(listed.map { $0["alg"] } == ["RS256", "ES256"])
        #expect(PublicKey.list([secret]) == #"{"keys":[]}"#)
    }

    /// A coordinate that begins with zeros still has its 32 bytes.
    @Test func `coordinates have the length of the curve`() throws {
        for _ in 0..<300 {
            guard case .p256(let x, let y)? = try SignatureKey(pem: TestKeys.anotherP256()).published else {
                Issue.record("no curve")
                return
            }
            #expect(x.count == 32 && y.count == 32)
        }
    }
}
