/// What names are compared by: their length and first eight bytes, which are the whole of most names, and a hash.
@frozen public struct NameKey: Sendable {
    /// The first eight bytes, the first one lowest; shorter names are filled with zeros.
    public let prefix: UInt64
    public let hash: UInt64
    public let length: UInt32

    /// Reads the name at `start..<end` of a text.
    @inlinable public init(_ text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int, hasher: NameHasher) {
        let length = end - start
        prefix = Self.word(text, at: start, length: min(length, 8))
        var hash = hasher.begin(prefix: prefix, length: length)
        var position = start + 8
        while position < end {
            hash = hasher.continue(hash, with: Self.word(text, at: position, length: min(end - position, 8)))
            position += 8
        }
        self.hash = hash
        self.length = UInt32(truncatingIfNeeded: length)
    }

    /// Up to eight bytes as a number.
    @inlinable @inline(__always)
    static func word(_ text: UnsafeBufferPointer<UInt8>, at start: Int, length: Int) -> UInt64 {
        if start + 8 <= text.count, let base = text.baseAddress {
            let word = UnsafeRawPointer(base + start).loadUnaligned(as: UInt64.self).littleEndian
            return length == 8 ? word : word & ((1 << UInt64(length * 8)) - 1)
        }
        var word: UInt64 = 0
        for offset in 0..<length { word |= UInt64(text[start + offset]) << UInt64(offset * 8) }
        return word
    }

    /// Whether two names whose bytes lie at these places are the same.
    @inlinable @inline(__always)
    public func equals(
        _ other: NameKey,
        _ text: UnsafeBufferPointer<UInt8>,
        at start: Int,
        _ otherText: UnsafeBufferPointer<UInt8>,
        at otherStart: Int
    ) -> Bool {
        guard prefix == other.prefix, length == other.length else { return false }
        guard length > 8 else { return true }
        guard hash == other.hash else { return false }
        for offset in 8..<Int(length) where text[start + offset] != otherText[otherStart + offset] { return false }
        return true
    }
}

/// A keyed hash, so that no document can be written whose names all fall on the same slot.
///
/// Folded multiplication: the key is secret and differs in every process.
@frozen public struct NameHasher: Sendable {
    @usableFromInline let first: UInt64
    @usableFromInline let second: UInt64

    public init() {
        var random = SystemRandomNumberGenerator()
        first = random.next()
        second = random.next() | 1
    }

    @inlinable @inline(__always)
    func begin(prefix: UInt64, length: Int) -> UInt64 {
        fold(prefix ^ first, second &+ UInt64(truncatingIfNeeded: length) &* 0x9E37_79B9_7F4A_7C15)
    }

    @inlinable @inline(__always)
    func `continue`(_ hash: UInt64, with word: UInt64) -> UInt64 { fold(word ^ second, hash ^ first) }

    @inlinable @inline(__always)
    func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
