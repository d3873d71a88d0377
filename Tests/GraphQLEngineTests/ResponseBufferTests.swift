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

    @Test func `integers of every length are written in full`() {
        var values = [0, 1]
        while values[values.count - 1] < Int.max / 10 {
            let next = values[values.count - 1] * 10
            values += [next - 1, next + 1, next]
        }
        for value in values {
            #expect(
                written {
                    $0.write(value); $0.write(-value)
                } == "\(value)\(-value)"
            )
        }
    }

    @Test func `floats read back as what they are, and are no longer than they have to be`() {
        var random = SystemRandomNumberGenerator()
        for round in 0..<20_000 {
            let bits = UInt64.random(in: 0 ... .max, using: &random)
            let scale = [1.0, 8, 10, 100, 1_000, 10_000, 3, 65_536][round % 8]
            let value = round % 3 == 0 ? Double(bitPattern: bits) : Double(Int32(truncatingIfNeeded: bits)) / scale
            guard value.isFinite else { continue }
            let text = written { $0.write(value) }
            #expect(Double(text) == value && text.utf8.count <= value.description.utf8.count, "\(value) \(text)")
        }
    }

    @Test func `texts of every length are written whole, clean or not`() {
        let digits = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
        for count in 0..<100 {
            var text = (0..<count).map { digits[$0 % digits.count] }
            let clean = String(decoding: text, as: UTF8.self)
            #expect(written { $0.write(clean) } == "\"\(clean)\"")
            for position in 0..<count {
                let kept = text[position]
                text[position] = UInt8(ascii: "\n")
                let unclean = String(decoding: text, as: UTF8.self)
                let escaped =
                    "\"\(unclean.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n"))\""
                #expect(written { $0.write(unclean) } == escaped, "\(count) \(position)")
                text[position] = kept
            }
        }
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
