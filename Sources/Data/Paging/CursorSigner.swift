internal import Credentials

/// Makes the cursors that clients hold, and knows its own: each is signed for the list it points into.
package struct CursorSigner: Sendable {
    private static let signatureLength = 8
    private static let longestText = 8_192

    private let key: [UInt8]

    /// The same secret in all processes, or cursors of one are none of another.
    package init(secret: String) {
        key = Digest.hmacSHA256(Array("atrium.cursor.1".utf8), key: Array(secret.utf8))
    }

    /// Of a secret that ends with the process.
    package static func ofThisProcess() -> CursorSigner {
        CursorSigner(secret: Base64URL.encode(SecureRandom.bytes(32)))
    }

    package func seal(_ place: [UInt8], for purpose: String) -> String {
        Base64URL.encode(signature(of: place[...], for: purpose) + place)
    }

    /// Where the cursor points; nil when it was made by others, or for another purpose.
    package func open(_ text: String, for purpose: String) -> [UInt8]? {
        guard text.utf8.count <= Self.longestText, let bytes = Base64URL.decode(text.utf8),
            bytes.count >= Self.signatureLength
        else { return nil }
        let place = bytes[Self.signatureLength...]
        guard Digest.areEqual(Array(bytes.prefix(Self.signatureLength)), signature(of: place, for: purpose)) else {
            return nil
        }
        return Array(place)
    }

    /// A purpose is text of the program or a topic: it holds no zero, which ends it.
    private func signature(of place: ArraySlice<UInt8>, for purpose: String) -> [UInt8] {
        Array(Digest.hmacSHA256(Array(purpose.utf8) + [0] + place, key: key).prefix(Self.signatureLength))
    }
}
