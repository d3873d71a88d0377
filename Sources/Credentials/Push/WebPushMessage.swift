internal import COpenSSL

/// Where a browser wants its messages to, and how they are made unreadable for whoever delivers them.
package struct WebPushKeys: Sendable, Equatable {
    /// Of the browser: a point of P-256.
    package let publicKey: [UInt8]
    package let secret: [UInt8]

    /// `p256dh` and `auth` of https://www.w3.org/TR/push-api/#pushencryptionkeyname-enumeration; nil for what is none.
    package init?(p256dh: String, auth: String) {
        guard let key = Self.bytes(p256dh), let secret = Self.bytes(auth) else { return nil }
        self.init(publicKey: key, secret: secret)
    }

    package init?(publicKey: [UInt8], secret: [UInt8]) {
        guard publicKey.count == 65, publicKey[0] == 4, secret.count == 16,
            P256PrivateKey.random().sharedSecret(with: publicKey) != nil
        else { return nil }
        self.publicKey = publicKey
        self.secret = secret
    }

    /// Browsers give them with padding or without.
    private static func bytes(_ text: String) -> [UInt8]? {
        guard text.utf8.count <= 128 else { return nil }
        var utf8 = Array(text.utf8)
        while utf8.last == UInt8(ascii: "=") { utf8.removeLast() }
        return Base64URL.decode(utf8)
    }
}

/// A message that only one browser can read: https://www.rfc-editor.org/rfc/rfc8291
package enum WebPushMessage {
    /// Bytes of a message: with its header and its proof it is one record of at most 4,096.
    package static let mostBytes = 3_993

    /// The body of the request, in the content encoding `aes128gcm`; nil for a message that is too long.
    package static func encrypted(_ message: [UInt8], for keys: WebPushKeys) -> [UInt8]? {
        encrypted(message, for: keys, by: .random(), salt: SecureRandom.bytes(16))
    }

    /// - Parameters:
    ///   - sender: a key for this message alone.
    ///   - salt: the same.
    static func encrypted(
        _ message: [UInt8],
        for keys: WebPushKeys,
        by sender: P256PrivateKey,
        salt: [UInt8]
    ) -> [UInt8]? {
        guard message.count <= mostBytes, let shared = sender.sharedSecret(with: keys.publicKey) else { return nil }
        let input = expanded(
            Digest.hmacSHA256(shared, key: keys.secret),
            Array("WebPush: info".utf8) + [0] + keys.publicKey + sender.publicKey
        )
        let random = Digest.hmacSHA256(input, key: salt)
        let key = expanded(random, Array("Content-Encoding: aes128gcm".utf8) + [0]).prefix(16)
        let nonce = expanded(random, Array("Content-Encoding: nonce".utf8) + [0]).prefix(12)
        // The delimiter of the last record: https://www.rfc-editor.org/rfc/rfc8188#section-2
        guard let sealed = AES128GCM.seal(message + [2], key: Array(key), nonce: Array(nonce)) else { return nil }
        let recordSize: [UInt8] = [0, 0, 16, 0]
        return salt + recordSize + [UInt8(sender.publicKey.count)] + sender.publicKey + sealed
    }

    /// The first block of https://www.rfc-editor.org/rfc/rfc5869#section-2.3, which is as long as anything needed here.
    private static func expanded(_ key: [UInt8], _ info: [UInt8]) -> [UInt8] { Digest.hmacSHA256(info + [1], key: key) }
}

private enum AES128GCM {
    /// The ciphertext and its proof.
    static func seal(_ plaintext: [UInt8], key: [UInt8], nonce: [UInt8]) -> [UInt8]? {
        guard let context = EVP_CIPHER_CTX_new() else { return nil }
        defer { EVP_CIPHER_CTX_free(context) }
        var output = [UInt8](repeating: 0, count: plaintext.count)
        var tag = [UInt8](repeating: 0, count: 16)
        var length: Int32 = 0
        guard EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), nil, key, nonce) == 1,
            EVP_EncryptUpdate(context, &output, &length, plaintext, Int32(plaintext.count)) == 1,
            EVP_EncryptFinal_ex(context, &tag, &length) == 1, atrium_gcm_get_tag(context, &tag) == 1
        else { return nil }
        return output + tag
    }
}
