import GraphQLEngine
import Testing

@Suite struct ResponseBufferTests {
    private func written(_ write: (inout ResponseBuffer) -> Void) -> String {
        var buffer = ResponseBuffer(capacity: 1)
        write(&buffer)
        return String(decoding: buffer.bytes(), as: UTF8.self)
    }

    @Test(arguments: [0, 7, 10, 99, 100, -1, 123_456_789, Int.max, Int.min])
    func `integers are written in full`(value: Int) {
        #expect(written { $0.write(value) } == String(value))
    }

    @Test(arguments: [
        (0.5, "0.5"), (1.0, "1"), (-3.0, "-3"), (1e21, "1e+21"), (0.1, "0.1"), (-0.0, "0"),
    ])
    func `floats are written as short as they read back`(value: Double, text: String) {
        #expect(written { $0.write(value) } == text)
    }

    @Test func `strings are escaped at every offset of a word`() {
        for prefix in 0..<17 {
            for (character, escape) in [("\"", "\\\""), ("\\", "\\\\"), ("\n", "\\n"), ("\u{1}", "\\u0001")] {
                let clean = String(repeating: "é", count: prefix / 2) + String(repeating: "a", count: prefix % 2 + 1)
                #expect(written { $0.write(clean + character + clean) } == "\"\(clean)\(escape)\(clean)\"")
            }
        }
        #expect(written { $0.write("") } == "\"\"")
        #expect(written { $0.write("😀\u{7F}\u{80}") } == "\"😀\u{7F}\u{80}\"")
    }

    @Test func `the buffer grows and can be cut back`() {
        var buffer = ResponseBuffer(capacity: 1)
        for number in 0..<10_000 { buffer.write(number % 10) }
        #expect(buffer.count == 10_000)
        #expect(String(decoding: buffer.bytes().prefix(12), as: UTF8.self) == "012345678901")
    }
}
