import EventLoop
import Testing

@Suite struct HexadecimalTests {
    @Test func `every byte is two small digits`() {
        #expect(Hexadecimal.text([]) == "")
        #expect(Hexadecimal.text([0, 9, 10, 15, 16, 0x7f, 0xa0, 255]) == "00090a0f107fa0ff")
        #expect(Hexadecimal.text((0...255).map { UInt8($0) }).utf8.count == 512)
    }
}
