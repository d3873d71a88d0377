import Foundation
import Testing

@testable import Credentials

@Suite struct WebPushTests {
    private func bytes(_ text: String) throws -> [UInt8] { try #require(Base64URL.decode(text.utf8)) }

    private var keys: WebPushKeys {
        get throws {
            try #require(
                WebPushKeys(
                    p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
                    auth: "BTBZMqHH6r4Tts7J_aSIgg"
                )
            )
        }
    }

    /// https://www.rfc-editor.org/rfc/rfc8291#section-5
    @Test func `the message of the specification is as it says`() throws {
        let sender = try #require(
            P256PrivateKey(scalar: try bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))
        )
        #expect(
            Base64URL.encode(sender.publicKey)
                == "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
        )
        let message = WebPushMessage.encrypted(
            Array("When I grow up, I want to be a watermelon".utf8),
            for: try keys,
            by: sender,
            salt: try bytes("DGv6ra1nlYgDCS1FRnbzlw")
        )
        #expect(
            Base64URL.encode(try #require(message))
                == "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        )
    }

    @Test func `no two messages are alike, and one that is too long is none`() throws {
        let keys = try keys
        let one = try #require(WebPushMessage.encrypted([1, 2, 3], for: keys))
        let other = try #require(WebPushMessage.encrypted([1, 2, 3], for: keys))
        #expect(one != other && one.count == 86 + 3 + 1 + 16)
        let longest = [UInt8](repeating: 7, count: WebPushMessage.mostBytes)
        #expect(WebPushMessage.encrypted(longest, for: keys)?.count == 4_096)
        #expect(WebPushMessage.encrypted(longest + [7], for: keys) == nil)
    }

    @Test(arguments: [
        ("", "BTBZMqHH6r4Tts7J_aSIgg"),
        ("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "BTBZ"),
        // No point of the curve, and the point at infinity.
        (
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw8",
            "BTBZMqHH6r4Tts7J_aSIgg"
        ),
        ("AA", "BTBZMqHH6r4Tts7J_aSIgg"), ("nonsense!", "BTBZMqHH6r4Tts7J_aSIgg"),
    ])
    func `what is no key of a browser is refused`(key: String, secret: String) {
        #expect(WebPushKeys(p256dh: key, auth: secret) == nil)
    }

    @Test func `a sender is the same for the same secret and signs for one service`() throws {
        let sender = PushSender(secret: "a secret of these tests", contact: "mailto:ops@example.org")
        #expect(sender.publicKey == PushSender(secret: "a secret of these tests", contact: "x").publicKey)
        #expect(sender.publicKey != PushSender(secret: "another secret", contact: "x").publicKey)
        #expect(try bytes(sender.publicKey).count == 65)
        let known = PushSender(privateKey: "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw", contact: "x")
        #expect(
            known?.publicKey
                == "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
        )
        let zero = String(repeating: "A", count: 43)
        for none in ["", "AAAA", zero, "nonsense!"] { #expect(PushSender(privateKey: none, contact: "x") == nil) }
        let field = try #require(sender.authorization(for: "https://push.example", expiresAtSeconds: 1_700_000_000))
        let match = try #require(field.wholeMatch(of: /vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)/))
        #expect(match.4 == sender.publicKey)
        #expect(
            String(decoding: try bytes(String(match.2)), as: UTF8.self)
                == #"{"aud":"https://push.example","exp":1700000000,"sub":"mailto:ops@example.org"}"#
        )
        // The public half, as others read it, checks the signature.
        let head = try bytes("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE".replacingOccurrences(of: "+", with: "-"))
        let der = Data(head + (try bytes(sender.publicKey)).dropFirst()).base64EncodedString()
        let pem = "-----BEGIN PUBLIC KEY-----\n\(der)\n-----END PUBLIC KEY-----\n"
        let key = try SignatureKey(id: "vapid", pem: pem)
        let signed = Array("\(match.1).\(match.2)".utf8)
        #expect(key.isSignature(try bytes(String(match.3)), of: signed))
        #expect(!key.isSignature(try bytes(String(match.3)), of: signed + [0]))
        #expect(sender.authorization(for: "https://a\"b", expiresAtSeconds: 0) == nil)
    }
}
