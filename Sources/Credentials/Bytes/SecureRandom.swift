internal import COpenSSL

/// Random numbers that nobody can guess.
package struct SecureRandom: RandomNumberGenerator, Sendable {
    package init() {}

    package static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let succeeded = RAND_bytes(&bytes, Int32(count))
        // Going on without randomness would hand out secrets that can be guessed.
        precondition(succeeded == 1, "the random generator of OpenSSL works")
        return bytes
    }

    package mutating func next() -> UInt64 {
        SecureRandom.bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
