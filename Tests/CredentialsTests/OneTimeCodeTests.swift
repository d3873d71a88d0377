import Testing

@testable import Credentials

@Suite struct OneTimeCodeTests {
    private let password = OneTimePassword(secret: Array("12345678901234567890".utf8))

    /// https://www.rfc-editor.org/rfc/rfc6238#appendix-B
    @Test(arguments: [
        (Int64(59), "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
    ])
    func `codes are those of RFC 6238`(seconds: Int64, code: String) {
        #expect(password.code(step: seconds / 30, digits: 8) == code)
        #expect(password.step(of: String(code.suffix(6)), atSeconds: seconds, after: nil) == seconds / 30)
    }

    @Test func `a clock may be off by one step`() {
        let code = password.code(step: 100)
        #expect(
            [98, 99, 100, 101, 102].map { password.step(of: code, atSeconds: $0 * 30, after: nil) != nil } == [
                false, true, true, true, false,
            ]
        )
    }

    @Test func `a code is used once, and no earlier one after it`() {
        let now: Int64 = 100 * 30
        #expect(password.step(of: password.code(step: 100), atSeconds: now, after: 99) == 100)
        #expect(password.step(of: password.code(step: 100), atSeconds: now, after: 100) == nil)
        #expect(password.step(of: password.code(step: 99), atSeconds: now, after: 100) == nil)
    }

    @Test(arguments: ["", "28708", "2870822", "28708a", "２８７０８２", " 287082"])
    func `what is not six digits is no code`(code: String) {
        #expect(password.step(of: code, atSeconds: 59, after: nil) == nil)
    }

    @Test func `an authenticator can be told the secret`() {
        #expect(
            password.address(issuer: "Atrium Test", account: "ida+1@example.org")
                == "otpauth://totp/Atrium%20Test:ida%2B1%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                + "&issuer=Atrium%20Test&algorithm=SHA1&digits=6&period=30"
        )
    }

    @Test func `a recovery code is known however it is typed`() throws {
        let codes = RecoveryCode.random(10)
        #expect(Set(codes.map(\.text)).count == 10)
        let code = codes[0]
        #expect(code.text.wholeMatch(of: /[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/) != nil)
        let typed = code.text.lowercased().replacing("-", with: " ").replacing("0", with: "o").replacing("1", with: "l")
        #expect(RecoveryCode(typed) == code)
        #expect(RecoveryCode(String(code.text.dropLast())) == nil)
        #expect(RecoveryCode(code.text + "7") == nil)
        #expect(RecoveryCode("UUUU-UUUU-UUUU-UUUU") == nil)
        #expect(RecoveryCode(String(repeating: "-", count: 100_000)) == nil)
        #expect(code.hash(owner: [1]) != code.hash(owner: [2]))
        #expect(!"\(code)".contains(code.text))
    }
}
