import EventLoop
import Testing

@Suite(.timeLimit(.minutes(3))) struct ByteBufferTests {
    @Test func `content survives growth and consumption`() {
        var buffer = ByteBuffer()
        var expected: [UInt8] = []
        for round in 0..<200 {
            let piece = [UInt8](repeating: UInt8(round), count: round * 7 % 93)
            buffer.append(piece)
            expected += piece
            let gone = min(expected.count, round * 5 % 61)
            buffer.consume(gone)
            expected.removeFirst(gone)
            #expect(buffer.array() == expected)
        }
    }

    @Test func `an empty buffer holds no memory`() {
        var buffer = ByteBuffer()
        #expect(buffer.capacity == 0)
        buffer.append("text")
        buffer.release()
        #expect(buffer.capacity == 0 && buffer.isEmpty)
    }

    @Test(arguments: [0, 7, 10, 15, 16, 255, 4_096, -1, -120, Int.max, Int.min])
    func `numbers are written as text`(value: Int) {
        var buffer = ByteBuffer()
        buffer.append(decimal: value)
        #expect(String(decoding: buffer.array(), as: UTF8.self) == String(value))
        guard value >= 0 else { return }
        buffer.clear()
        buffer.append(hexadecimal: value)
        #expect(String(decoding: buffer.array(), as: UTF8.self) == String(value, radix: 16))
    }

    @Test func `a written range can be overwritten in place`() {
        var buffer = ByteBuffer()
        buffer.append("length: ....")
        [UInt8]("1234".utf8).withUnsafeBytes { buffer.overwrite(at: 8, with: $0) }
        #expect(String(decoding: buffer.array(), as: UTF8.self) == "length: 1234")
    }
}
