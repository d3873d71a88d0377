internal import COpenSSL

/// Hashes and comparisons, by OpenSSL.
package enum Digest {
    package static func sha256(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let input = Array(bytes)
        var output = [UInt8](repeating: 0, count: 32)
        let succeeded = EVP_Digest(input, input.count, &output, nil, EVP_sha256(), nil)
        precondition(succeeded == 1, "OpenSSL has SHA-256")
        return output
    }

    package static func hmacSHA256(_ bytes: some Collection<UInt8>, key: [UInt8]) -> [UInt8] {
        hmac(bytes, key: key, EVP_sha256())
    }

    package static func hmacSHA1(_ bytes: some Collection<UInt8>, key: [UInt8]) -> [UInt8] {
        hmac(bytes, key: key, EVP_sha1())
    }

    private static func hmac(_ bytes: some Collection<UInt8>, key: [UInt8], _ hash: OpaquePointer?) -> [UInt8] {
        let input = Array(bytes)
        var output = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        let result = HMAC(hash, key, Int32(key.count), input, input.count, &output, &length)
        precondition(result != nil, "OpenSSL has HMAC")
        output.removeLast(output.count - Int(length))
        return output
    }

    /// Takes the same time wherever two texts of one length differ.
    package static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        one.count == other.count && CRYPTO_memcmp(one, other, one.count) == 0
    }
}
