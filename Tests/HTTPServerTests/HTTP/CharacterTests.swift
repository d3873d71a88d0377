import Testing

@testable import HTTPServer

@Suite(.timeLimit(.minutes(3))) struct CharacterTests {
    @Test func `the sets hold what the specifications list`() {
        let token = Set("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
        let host = Set("!$%&'()*+,;=:[]-._~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
        for byte in UInt8.min...UInt8.max {
            #expect(HTTPCharacter.isToken(byte) == token.contains(byte))
            #expect(HTTPCharacter.isHost(byte) == host.contains(byte))
            #expect(HTTPCharacter.isControl(byte) == ((byte < 32 && byte != 9) || byte == 127))
        }
    }

    @Test func `a host that is told at one look is one by the rules`() {
        func isHost(_ text: [UInt8], _ rule: (UnsafeRawBufferPointer) -> Bool) -> Bool { text.withUnsafeBytes(rule) }
        let signs = Array("a.-:0[]@/".utf8)
        var texts: [[UInt8]] = [[]]
        var plain = 0
        for _ in 0..<5 {
            texts = texts.flatMap { text in signs.map { text + [$0] } }
            for text in texts where isHost(text, HTTPHost.isPlain) {
                plain += 1
                #expect(isHost(text, HTTPHost.isValidWithSigns), "\(String(decoding: text, as: UTF8.self))")
            }
        }
        #expect(plain > 1_000)
        for text in ["a:", "a-b.c:65535", "localhost"] { #expect(isHost(Array(text.utf8), HTTPHost.isPlain)) }
    }
}
