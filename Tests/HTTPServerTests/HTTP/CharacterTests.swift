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
}
