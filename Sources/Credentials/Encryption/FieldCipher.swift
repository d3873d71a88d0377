internal import COpenSSL

/// Encrypts single values of tables with AES-256-GCM. A value opens only at its own place, so that somebody who can write
/// to the database still cannot move one person's secret to another's row.
///
/// Kept as: version 1, id of the key, twelve random bytes, ciphertext, sixteen bytes of proof.
package struct FieldCipher: Sendable {
    /// A key and the number it is known by.
    package struct Key: Sendable {
        package let id: UInt8
        let bytes: [UInt8]

        /// Nil unless there are 32 bytes.
        package init?(id: UInt8, bytes: [UInt8]) {
            guard bytes.count == 32 else { return nil }
            self.id = id
            self.bytes = bytes
        }
    }

    /// Where a value stands.
    package struct Place: Sendable {
        let associatedData: [UInt8]

        /// Each part is preceded by its length, so that no two places read the same.
        package init(table: String, column: String, row: [UInt8]) {
            associatedData = [Array(table.utf8), Array(column.utf8), row].flatMap { part in
                (0..<4).map { UInt8(truncatingIfNeeded: part.count >> ((3 - $0) * 8)) } + part
            }
        }
    }

    package enum Fault: Error, Equatable {
        /// Too short, or of a version that is not known.
        case malformed
        case unknownKey(UInt8)
        /// Changed, or moved from another place.
        case notAuthentic
    }

    /// Encrypts; the others only open what was encrypted before.
    private let current: Key
    private let keys: [Key]

    /// The number of the key that encrypts.
    package var currentID: UInt8 { current.id }

    package init(current: Key, previous: [Key] = []) {
        self.current = current
        keys = [current] + previous
    }

    package func seal(_ plaintext: [UInt8], at place: Place) -> [UInt8] {
        let nonce = SecureRandom.bytes(12)
        let sealed = AES256GCM.seal(plaintext, key: current.bytes, nonce: nonce, associatedData: place.associatedData)
        return [1, current.id] + nonce + sealed
    }

    package func open(_ sealed: [UInt8], at place: Place) throws(Fault) -> [UInt8] {
        guard sealed.count >= 30, sealed[0] == 1 else { throw .malformed }
        guard let key = keys.first(where: { $0.id == sealed[1] }) else { throw .unknownKey(sealed[1]) }
        let plaintext = AES256GCM.open(
            Array(sealed[14...]),
            key: key.bytes,
            nonce: Array(sealed[2..<14]),
            associatedData: place.associatedData
        )
        guard let plaintext else { throw .notAuthentic }
        return plaintext
    }

    /// Whether the value is to be encrypted again with the current key.
    package func isOutdated(_ sealed: [UInt8]) -> Bool { sealed.count < 2 || sealed[1] != current.id }
}

/// https://nvlpubs.nist.gov/nistpubs/Legacy/SP/nistspecialpublication800-38d.pdf
enum AES256GCM {
    private static let tagLength = 16

    /// The ciphertext and its tag.
    static func seal(_ plaintext: [UInt8], key: [UInt8], nonce: [UInt8], associatedData: [UInt8]) -> [UInt8] {
        let context = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(context) }
        var output = [UInt8](repeating: 0, count: plaintext.count)
        var tag = [UInt8](repeating: 0, count: tagLength)
        var length: Int32 = 0
        let succeeded =
            EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1
            && EVP_EncryptUpdate(context, nil, &length, associatedData, Int32(associatedData.count)) == 1
            && EVP_EncryptUpdate(context, &output, &length, plaintext, Int32(plaintext.count)) == 1
            && EVP_EncryptFinal_ex(context, &tag, &length) == 1
            && atrium_gcm_get_tag(context, &tag) == 1
        // Neither input nor key can be refused here; going on would store the value in clear or lose it.
        precondition(succeeded, "OpenSSL has AES-256-GCM")
        return output + tag
    }

    /// Nil unless key, nonce, associated data, ciphertext and tag belong together.
    static func open(_ sealed: [UInt8], key: [UInt8], nonce: [UInt8], associatedData: [UInt8]) -> [UInt8]? {
        guard sealed.count >= tagLength, let context = EVP_CIPHER_CTX_new() else { return nil }
        defer { EVP_CIPHER_CTX_free(context) }
        let ciphertext = Array(sealed.dropLast(tagLength))
        let tag = Array(sealed.suffix(tagLength))
        var output = [UInt8](repeating: 0, count: ciphertext.count)
        var rest = [UInt8](repeating: 0, count: tagLength)
        var length: Int32 = 0
        let isAuthentic =
            EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1
            && EVP_DecryptUpdate(context, nil, &length, associatedData, Int32(associatedData.count)) == 1
            && EVP_DecryptUpdate(context, &output, &length, ciphertext, Int32(ciphertext.count)) == 1
            && atrium_gcm_set_tag(context, tag) == 1
            && EVP_DecryptFinal_ex(context, &rest, &length) == 1
        return isAuthentic ? output : nil
    }
}
