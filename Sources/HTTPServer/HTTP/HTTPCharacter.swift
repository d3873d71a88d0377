/// The character classes of RFC 9110 section 5.6 and RFC 3986, as two 128-bit sets.
enum HTTPCharacter {
    /// `tchar`: letters, digits and !#$%&'*+-.^_`|~
    static func isToken(_ byte: UInt8) -> Bool { contains(tokenLow, tokenHigh, byte) }

    /// What a host and port may hold: unreserved, sub-delims, percent, colon and the brackets of IPv6.
    static func isHost(_ byte: UInt8) -> Bool { contains(hostLow, hostHigh, byte) }

    /// Any visible ASCII but `#`: a fragment never goes on the wire.
    static func isTarget(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7f && byte != UInt8(ascii: "#") }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    /// What a field value may not hold: controls but tab, and DEL. Bytes from 0x80 are let through as opaque.
    static func isControl(_ byte: UInt8) -> Bool { (byte < 0x20 && byte != 0x09) || byte == 0x7f }

    static func lowercase(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    static func hexadecimal(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte - 0x30)
        case 0x41...0x46: Int(byte - 0x41 + 10)
        case 0x61...0x66: Int(byte - 0x61 + 10)
        default: nil
        }
    }

    // One bit for each character of the sets above, as literals: computed ones would be asked for by a lock each time.
    private static let tokenLow: UInt64 = 0x03ff_6cfa_0000_0000
    private static let tokenHigh: UInt64 = 0x57ff_ffff_c7ff_fffe
    private static let hostLow: UInt64 = 0x2fff_7ff2_0000_0000
    private static let hostHigh: UInt64 = 0x47ff_fffe_afff_fffe

    private static func contains(_ low: UInt64, _ high: UInt64, _ byte: UInt8) -> Bool {
        byte < 128 && (byte < 64 ? low : high) >> UInt64(byte & 63) & 1 == 1
    }
}
