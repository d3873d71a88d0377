import Credentials
import Testing

@testable import IdentityProviders

/// What providers say of themselves.
@Suite(.timeLimit(.minutes(3))) struct OpenIDDocumentTests {
    private func metadata(_ change: (inout [String: JSONValue]) -> Void) throws -> OpenIDMetadata {
        var fields: [String: JSONValue] = [
            "issuer": .string("https://id.example"), "authorization_endpoint": .string("https://id.example/a"),
            "token_endpoint": .string("https://token.example/t"), "jwks_uri": .string("https://keys.example/k"),
        ]
        change(&fields)
        return try OpenIDMetadata(.object(fields), issuer: "https://id.example")
    }

    @Test func `the addresses of a provider may be elsewhere, but not in clear`() throws {
        #expect(try metadata { _ in }.tokenEndpoint == "https://token.example/t")
        for wrong in ["http://id.example/t", "ftp://id.example/t", "/t", "", "https://id.example/ t", "https://a/\r\n"]
        {
            #expect(throws: ProviderFault.self) { try metadata { $0["token_endpoint"] = .string(wrong) } }
        }
        #expect(throws: ProviderFault.self) { try metadata { $0["jwks_uri"] = nil } }
    }

    @Test func `the description of another provider is not believed`() {
        for issuer in ["https://evil.example", "https://id.example/", ""] {
            #expect(throws: ProviderFault.untrusted("the discovery document is of another issuer")) {
                try metadata { $0["issuer"] = .string(issuer) }
            }
        }
        #expect(throws: ProviderFault.self) { try OpenIDMetadata(.list([]), issuer: "https://id.example") }
        #expect(throws: ProviderFault.self) { try OpenIDMetadata(nil, issuer: "https://id.example") }
    }

    /// https://www.rfc-editor.org/rfc/rfc7515#appendix-A.2
    private static let modulus = """
        ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-\
        pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg6\
        65xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyu\
        XpoQ
        """

    private func key(_ change: (inout [String: JSONValue]) -> Void = { _ in }) -> JSONValue {
        var fields: [String: JSONValue] = [
            "kty": .string("RSA"), "kid": .string("1"), "n": .string(Self.modulus), "e": .string("AQAB"),
        ]
        change(&fields)
        return .object(fields)
    }

    private func count(_ keys: [JSONValue]) throws -> Int {
        try OpenIDKeys.read(.object(["keys": .list(keys)])).count
    }

    @Test func `keys for signing by RS256 are taken, and no others`() throws {
        let good: [JSONValue] = [
            key(), key { $0["use"] = .string("sig") }, key { $0["alg"] = .string("RS256") }, key { $0["kid"] = nil },
        ]
        #expect(try count(good) == 4)
        let wrong: [JSONValue] = [
            key { $0["kty"] = .string("oct") }, key { $0["use"] = .string("enc") },
            key { $0["alg"] = .string("HS256") },
            key { $0["alg"] = .string("PS256") }, key { $0["n"] = nil }, key { $0["n"] = .string("AQAB") },
            key { $0["n"] = .string(String(repeating: "A", count: 2_000)) }, key { $0["e"] = .string("AQ") },
            key { $0["e"] = .string("Ag") }, key { $0["e"] = .string("") }, key { $0["e"] = .string("!") }, .null,
        ]
        #expect(try count(wrong) == 0)
    }

    @Test func `a list of keys without end is none`() {
        #expect(throws: ProviderFault.self) { try count([JSONValue](repeating: key(), count: 33)) }
        #expect(throws: ProviderFault.self) { try OpenIDKeys.read(.object(["keys": .string("")])) }
        #expect(throws: ProviderFault.self) { try OpenIDKeys.read(nil) }
    }
}
