package import PostgresClient

/// The id of an object as clients see it: what kind it is, and its UUID in Crockford's base 32.
///
/// `usr_01J9ZC8Q3V7M2N5R4T6W8X0Y1A`: https://www.crockford.com/base32.html
package enum GlobalID {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xff, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    package static func text(_ prefix: String, _ id: UUID) -> String {
        var characters = [UInt8](repeating: 0, count: 26)
        var (high, low) = (id.high, id.low)
        for index in stride(from: 25, through: 0, by: -1) {
            characters[index] = alphabet[Int(low & 31)]
            low = low >> 5 | high << 59
            high >>= 5
        }
        return prefix + "_" + String(decoding: characters, as: UTF8.self)
    }

    /// Nil for an id of another kind, and for what is none.
    package static func uuid(_ prefix: String, _ text: String) -> UUID? {
        let utf8 = Array(text.utf8)
        let start = prefix.utf8.count + 1
        guard utf8.count == start + 26, text.hasPrefix(prefix + "_") else { return nil }
        var (high, low): (UInt64, UInt64) = (0, 0)
        for (index, character) in utf8[start...].enumerated() {
            let value = values[Int(character)]
            // 26 characters have room for 130 bits: the first stands for three.
            guard value != 0xff, index > 0 || value < 8 else { return nil }
            high = high << 5 | low >> 59
            low = low << 5 | UInt64(value)
        }
        return UUID(high: high, low: low)
    }
}
