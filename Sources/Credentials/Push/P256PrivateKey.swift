internal import COpenSSL

/// A private key of the curve P-256, which agrees on secrets and signs.
///
/// `@unchecked Sendable`: OpenSSL counts references atomically, and nothing changes a key once it is made.
package final class P256PrivateKey: @unchecked Sendable {
    private let key: OpaquePointer
    /// The point of the curve that goes with it, as 65 bytes.
    package let publicKey: [UInt8]

    /// Nil for a number that the curve does not have, which are few.
    package init?(scalar: [UInt8]) {
        guard scalar.count == 32, let group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1) else { return nil }
        let number = BN_bin2bn(scalar, 32, nil)
        let point = EC_POINT_new(group)
        defer {
            EC_POINT_free(point)
            BN_clear_free(number)
            EC_GROUP_free(group)
            ERR_clear_error()
        }
        guard BN_is_zero(number) == 0, BN_cmp(number, EC_GROUP_get0_order(group)) < 0,
            EC_POINT_mul(group, point, number, nil, nil, nil) == 1
        else { return nil }
        var bytes = [UInt8](repeating: 0, count: 65)
        guard EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, &bytes, 65, nil) == 65,
            let key = atrium_p256_key(number, bytes)
        else { return nil }
        self.key = key
        publicKey = bytes
    }

    deinit { EVP_PKEY_free(key) }

    package static func random() -> P256PrivateKey { derived(from: SecureRandom.bytes(32)) }

    /// The key of these 32 bytes, or of their digest where the curve does not have their number.
    package static func derived(from material: [UInt8]) -> P256PrivateKey {
        var material = material
        // One in four thousand million has no key: more than a few in a row are a broken library.
        for _ in 0..<8 {
            if let key = P256PrivateKey(scalar: material) { return key }
            material = Digest.sha256(material)
        }
        preconditionFailure("OpenSSL makes no keys of P-256")
    }

    /// What only the owners of both keys know; nil when the other is no point of the curve.
    package func sharedSecret(with publicKey: [UInt8]) -> [UInt8]? {
        defer { ERR_clear_error() }
        guard publicKey.count == 65, let other = atrium_p256_key(nil, publicKey) else { return nil }
        defer { EVP_PKEY_free(other) }
        guard let context = EVP_PKEY_CTX_new(key, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        var secret = [UInt8](repeating: 0, count: 32)
        var length = secret.count
        guard EVP_PKEY_derive_init(context) == 1, EVP_PKEY_derive_set_peer(context, other) == 1,
            EVP_PKEY_derive(context, &secret, &length) == 1, length == 32
        else { return nil }
        return secret
    }

    /// ES256: https://www.rfc-editor.org/rfc/rfc7518#section-3.4
    package func signature(of message: [UInt8]) -> [UInt8]? {
        guard let context = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: 80)
        var length = signature.count
        guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1,
            EVP_DigestSign(context, &signature, &length, message, message.count) == 1
        else { return nil }
        return JoinedSignature.joined(fromDER: Array(signature.prefix(length)))
    }
}
