/// A number that tells texts apart: FNV-1a, which is the same on every machine and in every run.
enum Fingerprint {
    static func of(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash
    }

    static func short(_ text: String) -> String { String(of(text) & 0xFF_FFFF, radix: 16) }
}
