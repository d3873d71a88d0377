import Credentials
import Testing

@Suite struct BytesTests {
    /// https://www.rfc-editor.org/rfc/rfc4648#section-10
    @Test(arguments: [
        ("", "", ""), ("f", "Zg", "MY"), ("fo", "Zm8", "MZXQ"), ("foo", "Zm9v", "MZXW6"), ("foob", "Zm9vYg", "MZXW6YQ"),
        ("fooba", "Zm9vYmE", "MZXW6YTB"), ("foobar", "Zm9vYmFy", "MZXW6YTBOI"),
    ])
    func `bytes have the texts of RFC 4648`(bytes: String, base64: String, base32: String) {
        #expect(Base64URL.encode(bytes.utf8) == base64)
        #expect(Base64URL.decode(base64) == Array(bytes.utf8))
        #expect(Base32.encode(bytes.utf8) == base32)
    }

    @Test func `all bytes come back`() {
        let bytes = (0...255).map { UInt8($0) }
        #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        #expect(Base64URL.encode([0xfb, 0xff]) == "-_8")
    }

    @Test(arguments: ["Zg==", "Zh", "Z", "Zm9", "+/8", "Zm 9v", "Zm9v\n", "Zm9vZ"])
    func `a text that is not the one of its bytes is refused`(text: String) { #expect(Base64URL.decode(text) == nil) }

    /// https://www.rfc-editor.org/rfc/rfc4231#section-4.3 and https://www.rfc-editor.org/rfc/rfc2202#section-3
    @Test func `hashes are those of the standards`() {
        let message = Array("what do ya want for nothing?".utf8)
        #expect(
            hexadecimal(Digest.hmacSHA256(message, key: Array("Jefe".utf8)))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        )
        #expect(
            hexadecimal(Digest.hmacSHA1(message, key: Array("Jefe".utf8))) == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
        )
        #expect(
            hexadecimal(Digest.sha256(Array("abc".utf8)))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
    }

    @Test func `texts are equal in all bytes or not at all`() {
        #expect(Digest.areEqual([1, 2], [1, 2]))
        #expect(!Digest.areEqual([1, 2], [1, 3]))
        #expect(!Digest.areEqual([1, 2], [1, 2, 3]))
        #expect(Digest.areEqual([], []))
    }

    @Test func `random bytes do not repeat`() {
        #expect(Set((0..<1_000).map { _ in SecureRandom.bytes(16) }).count == 1_000)
        var random = SecureRandom()
        #expect(Set((0..<1_000).map { _ in random.next() }).count == 1_000)
    }
}

func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = Array(hexadecimal.filter { !$0.isWhitespace })
    return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0..<$0 + 2]), radix: 16) }
}
