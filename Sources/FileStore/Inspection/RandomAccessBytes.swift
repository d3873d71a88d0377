/// Bytes that can be read from anywhere, such as those of a file.
package protocol RandomAccessBytes {
    var count: Int { get }
    /// The bytes of the range, as far as there are any.
    func bytes(_ range: Range<Int>) throws -> [UInt8]
}

extension RandomAccessBytes {
    /// Nil unless all of them are there.
    func all(_ start: Int, _ length: Int) throws -> [UInt8]? {
        guard start >= 0, length >= 0, start <= count, length <= count - start else { return nil }
        let found = try bytes(start..<start + length)
        return found.count == length ? found : nil
    }
}

extension [UInt8] {
    /// The number at a place of which the caller knows that it is there.
    func littleEndian(_ start: Int, _ length: Int) -> Int {
        (0..<length).reversed().reduce(0) { $0 << 8 | Int(self[start + $1]) }
    }

    func bigEndian(_ start: Int, _ length: Int) -> Int {
        (0..<length).reduce(0) { $0 << 8 | Int(self[start + $1]) }
    }

    func has(_ text: StaticString, at start: Int = 0) -> Bool {
        guard count - start >= text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { self[start..<start + $0.count].elementsEqual($0) }
    }
}
