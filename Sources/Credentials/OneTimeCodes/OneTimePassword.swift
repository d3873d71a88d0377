/// Codes of six digits that an authenticator shows for thirty seconds: https://www.rfc-editor.org/rfc/rfc6238
package struct OneTimePassword: Sendable {
    package static let digits = 6
    package static let stepSeconds: Int64 = 30

    package let secret: [UInt8]

    package init(secret: [UInt8]) { self.secret = secret }
    package static func random() -> OneTimePassword { OneTimePassword(secret: SecureRandom.bytes(20)) }

    /// The step in which `code` is right: the present one or a neighbour, for clocks that are off. Steps up to `used` are
    /// refused, so that a code that was seen in passing cannot be used again.
    package func step(of code: String, atSeconds now: Int64, after used: Int64?) -> Int64? {
        let given = Array(code.utf8)
        guard given.count == OneTimePassword.digits else { return nil }
        let present = now / OneTimePassword.stepSeconds
        var found: Int64?
        for step in [present - 1, present, present + 1] where step >= 0 && step > used ?? -1 {
            if Digest.areEqual(Array(self.code(step: step).utf8), given) { found = step }
        }
        return found
    }

    /// https://www.rfc-editor.org/rfc/rfc4226#section-5.3
    func code(step: Int64, digits: Int = OneTimePassword.digits) -> String {
        let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> Int64((7 - $0) * 8)) }
        let hash = Digest.hmacSHA1(counter, key: secret)
        let offset = Int(hash[hash.count - 1] & 15)
        let word = hash[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
        let modulus = (0..<digits).reduce(UInt32(1)) { product, _ in product * 10 }
        let number = String(word % modulus)
        return String(repeating: "0", count: digits - number.utf8.count) + number
    }

    /// What an authenticator reads from a picture: https://github.com/google/google-authenticator/wiki/Key-Uri-Format
    package func address(issuer: String, account: String) -> String {
        let label = percentEncoded(issuer) + ":" + percentEncoded(account)
        return "otpauth://totp/\(label)?secret=\(Base32.encode(secret))&issuer=\(percentEncoded(issuer))"
            + "&algorithm=SHA1&digits=\(OneTimePassword.digits)&period=\(OneTimePassword.stepSeconds)"
    }

    private func percentEncoded(_ text: String) -> String {
        let hexadecimal = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                result.append(byte)
            default: result += [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
