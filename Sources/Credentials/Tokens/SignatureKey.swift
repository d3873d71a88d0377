internal import COpenSSL

/// How a token may be signed; a key has one of these and never takes part in another.
package enum SignatureAlgorithm: String, Sendable, CaseIterable {
    case hs256 = "HS256"
    case rs256 = "RS256"
    case es256 = "ES256"
}

/// A key that signs or checks tokens, known by an id: https://www.rfc-editor.org/rfc/rfc7518#section-3
package struct SignatureKey: Sendable {
    package enum Fault: Error, Equatable {
        /// A secret below 32 bytes, or RSA below 2048 bits.
        case tooWeak
        /// RSA beyond 8192 bits, of which one signature takes a loop's time for hundreds of requests.
        case tooLarge
        /// Neither RSA nor EC P-256, or no key at all.
        case unknownKind
        /// What the private half signs its public half does not find right.
        case mismatched
    }

    private enum Material: Sendable {
        case secret([UInt8])
        case pair(KeyPair)
    }

    package let id: String
    package let algorithm: SignatureAlgorithm
    /// False for the public half of a pair.
    package let canSign: Bool
    /// The key as others get it, to check what is signed; nil for a secret, which nobody gets.
    package let published: PublicKey?
    private let material: Material

    /// HS256.
    package init(id: String, secret: [UInt8]) throws(Fault) {
        guard secret.count >= 32 else { throw .tooWeak }
        self.id = id
        algorithm = .hs256
        canSign = true
        published = nil
        material = .secret(secret)
    }

    /// RS256 or ES256, by the kind of the key, whose private or public half is given in PEM.
    ///
    /// - Parameter id: nil for the key's thumbprint, which is the same of both halves and in all processes.
    package init(id: String? = nil, pem: String) throws(Fault) {
        guard let pair = KeyPair(pem), let algorithm = try pair.algorithm(), let published = pair.published(algorithm)
        else { throw .unknownKind }
        self.id = id ?? published.thumbprint
        self.algorithm = algorithm
        self.published = published
        canSign = pair.isPrivate
        material = .pair(pair)
        guard canSign else { return }
        let message = Array("atrium.key.1".utf8)
        guard let signature = signature(of: message), isSignature(signature, of: message) else { throw .mismatched }
    }

    /// RS256, by the two numbers of a public key: https://www.rfc-editor.org/rfc/rfc7518#section-6.3.1
    package init(id: String, modulus: [UInt8], exponent: [UInt8]) throws(Fault) {
        guard let pair = KeyPair(modulus: modulus, exponent: exponent), try pair.algorithm() == .rs256 else {
            throw .unknownKind
        }
        self.id = id
        algorithm = .rs256
        canSign = false
        published = pair.published(.rs256)
        material = .pair(pair)
    }

    /// Nil when this is a public key.
    func signature(of message: [UInt8]) -> [UInt8]? {
        switch material {
        case .secret(let secret): return Digest.hmacSHA256(message, key: secret)
        case .pair(let pair):
            guard canSign, let signature = pair.sign(message) else { return nil }
            return algorithm == .es256 ? JoinedSignature.joined(fromDER: signature) : signature
        }
    }

    func isSignature(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        switch material {
        case .secret(let secret): return Digest.areEqual(Digest.hmacSHA256(message, key: secret), signature)
        case .pair(let pair):
            guard algorithm == .es256 else { return pair.verify(signature, of: message) }
            return JoinedSignature.der(fromJoined: signature).map { pair.verify($0, of: message) } ?? false
        }
    }
}

/// A key of OpenSSL.
///
/// `@unchecked Sendable`: OpenSSL counts references atomically, and nothing changes a key once it is read.
private final class KeyPair: @unchecked Sendable {
    private let key: OpaquePointer
    let isPrivate: Bool

    init?(_ pem: String) {
        let bytes = Array(pem.utf8)
        func read(_ parse: (OpaquePointer?) -> OpaquePointer?) -> OpaquePointer? {
            let source = BIO_new_mem_buf(bytes, Int32(bytes.count))
            defer { BIO_free(source) }
            return parse(source)
        }
        defer { ERR_clear_error() }
        if let key = read({ PEM_read_bio_PrivateKey($0, nil, refusePassPhrase, nil) }) {
            self.key = key
            isPrivate = true
        } else if let key = read({ PEM_read_bio_PUBKEY($0, nil, refusePassPhrase, nil) }) {
            self.key = key
            isPrivate = false
        } else {
            return nil
        }
    }

    /// A public key of RSA, of at most 8192 bits: beyond, one signature would take long to check.
    init?(modulus: [UInt8], exponent: [UInt8]) {
        // An exponent of one leaves every message its own signature.
        guard (1...1_024).contains(modulus.count), (1...8).contains(exponent.count),
            let last = exponent.last, last % 2 == 1, last > 1 || exponent.dropLast().contains(where: { $0 > 0 })
        else { return nil }
        defer { ERR_clear_error() }
        guard let key = atrium_rsa_public_key(modulus, modulus.count, exponent, exponent.count) else { return nil }
        self.key = key
        isPrivate = false
    }

    deinit { EVP_PKEY_free(key) }

    /// What the key is good for; nil for keys of other kinds.
    func algorithm() throws(SignatureKey.Fault) -> SignatureAlgorithm? {
        if EVP_PKEY_is_a(key, "RSA") == 1 {
            let bits = EVP_PKEY_get_bits(key)
            guard bits >= 2_048 else { throw .tooWeak }
            guard bits <= 8_192 else { throw .tooLarge }
            return .rs256
        }
        return isP256 ? .es256 : nil
    }

    private var isP256: Bool {
        guard EVP_PKEY_is_a(key, "EC") == 1 else { return false }
        var name = [CChar](repeating: 0, count: 64)
        var length = 0
        guard EVP_PKEY_get_group_name(key, &name, name.count, &length) == 1 else { return false }
        return ["prime256v1", "P-256"].contains { $0.utf8.elementsEqual(name.prefix(length).map(UInt8.init)) }
    }

    func published(_ algorithm: SignatureAlgorithm) -> PublicKey? {
        defer { ERR_clear_error() }
        if algorithm == .rs256 {
            guard let exponent = number("e"), let modulus = number("n") else { return nil }
            return .rsa(modulus: modulus, exponent: exponent)
        }
        guard let x = number("qx", bytes: 32), let y = number("qy", bytes: 32) else { return nil }
        return .p256(x: x, y: y)
    }

    /// A number that the key is made of, in as many bytes as it takes, or in so many.
    private func number(_ name: String, bytes: Int? = nil) -> [UInt8]? {
        var number: OpaquePointer?
        guard EVP_PKEY_get_bn_param(key, name, &number) == 1 else { return nil }
        defer { BN_free(number) }
        var octets = [UInt8](repeating: 0, count: bytes ?? Int(BN_num_bits(number) + 7) / 8)
        return BN_bn2binpad(number, &octets, Int32(octets.count)) == octets.count ? octets : nil
    }

    func sign(_ message: [UInt8]) -> [UInt8]? {
        guard let context = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(context) }
        var length = 0
        guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1,
            EVP_DigestSign(context, nil, &length, message, message.count) == 1
        else { return nil }
        var signature = [UInt8](repeating: 0, count: length)
        guard EVP_DigestSign(context, &signature, &length, message, message.count) == 1 else { return nil }
        return Array(signature.prefix(length))
    }

    func verify(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        return EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }
}

/// A server that starts has nobody to type the pass phrase of its key.
private func refusePassPhrase(
    _ buffer: UnsafeMutablePointer<CChar>?,
    _ size: Int32,
    _ isForWriting: Int32,
    _ context: UnsafeMutableRawPointer?
) -> Int32 { -1 }

/// Tokens have the two numbers of an ECDSA signature beside each other, OpenSSL has them in DER:
/// https://www.rfc-editor.org/rfc/rfc7518#section-3.4
enum JoinedSignature {
    static func joined(fromDER der: [UInt8]) -> [UInt8]? {
        let signature = der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return d2i_ECDSA_SIG(nil, &start, buffer.count)
        }
        guard let signature else { return nil }
        defer { ECDSA_SIG_free(signature) }
        var joined = [UInt8](repeating: 0, count: 64)
        let isWritten = joined.withUnsafeMutableBufferPointer { buffer in
            BN_bn2binpad(ECDSA_SIG_get0_r(signature), buffer.baseAddress, 32) == 32
                && BN_bn2binpad(ECDSA_SIG_get0_s(signature), buffer.baseAddress.map { $0 + 32 }, 32) == 32
        }
        return isWritten ? joined : nil
    }

    static func der(fromJoined joined: [UInt8]) -> [UInt8]? {
        guard joined.count == 64, let signature = ECDSA_SIG_new() else { return nil }
        defer { ECDSA_SIG_free(signature) }
        // The signature owns both numbers from here on.
        let numbers = joined.withUnsafeBufferPointer { buffer in
            (BN_bin2bn(buffer.baseAddress, 32, nil), BN_bin2bn(buffer.baseAddress.map { $0 + 32 }, 32, nil))
        }
        guard ECDSA_SIG_set0(signature, numbers.0, numbers.1) == 1 else {
            BN_free(numbers.0)
            BN_free(numbers.1)
            return nil
        }
        var der = [UInt8](repeating: 0, count: 80)
        let length = der.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            return i2d_ECDSA_SIG(signature, &start)
        }
        return length > 0 ? Array(der.prefix(Int(length))) : nil
    }
}
