/// One of the codes that sign in once when the authenticator is lost: eighty random bits, written in four groups.
package struct RecoveryCode: Sendable, Equatable, CustomStringConvertible {
    /// Without the letters that look like digits: https://www.crockford.com/base32.html
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    private static let length = 16

    private let characters: [UInt8]

    package static func random(_ count: Int) -> [RecoveryCode] {
        (0..<count).map { _ in RecoveryCode(characters: SecureRandom.bytes(length).map { alphabet[Int($0 & 31)] }) }
    }

    private init(characters: [UInt8]) { self.characters = characters }

    /// Reads it as people type it: in either case, with or without dashes, with O for 0 and I or L for 1.
    package init?(_ text: String) {
        guard text.utf8.count <= 64 else { return nil }
        var characters: [UInt8] = []
        for byte in text.uppercased().utf8 {
            switch byte {
            case UInt8(ascii: "-"), UInt8(ascii: " "): continue
            case UInt8(ascii: "O"): characters.append(UInt8(ascii: "0"))
            case UInt8(ascii: "I"), UInt8(ascii: "L"): characters.append(UInt8(ascii: "1"))
            default:
                guard RecoveryCode.alphabet.contains(byte) else { return nil }
                characters.append(byte)
            }
        }
        guard characters.count == RecoveryCode.length else { return nil }
        self.characters = characters
    }

    /// What the owner writes down: `7K2M-9QXD-P0RT-V4HN`.
    package var text: String {
        stride(from: 0, to: RecoveryCode.length, by: 4)
            .map { String(decoding: characters[$0..<$0 + 4], as: UTF8.self) }.joined(separator: "-")
    }

    /// What is kept, bound to its owner so that equal codes of two people look different.
    package func hash(owner: [UInt8]) -> [UInt8] { Digest.hmacSHA256(characters, key: owner) }

    package var description: String { "a recovery code" }
}
