internal import COpenSSL

/// Keys made anew for each run of the tests.
public enum TestKeys {
    /// RSA, 2048 bits.
    public static let rsa = rsaPair.secret
    public static let rsaPublic = rsaPair.open
    public static let weakRSA = KeyPair(rsaBits: 1_024).secret
    public static let p256 = p256Pair.secret
    public static let p256Public = p256Pair.open
    public static let otherP256 = anotherP256()
    public static let p384 = KeyPair(curve: NID_secp384r1).secret

    public static func anotherP256() -> String { KeyPair(curve: NID_X9_62_prime256v1).secret }

    private static let rsaPair = KeyPair(rsaBits: 2_048)
    private static let p256Pair = KeyPair(curve: NID_X9_62_prime256v1)
}

/// A new pair of keys as PEM.
private struct KeyPair {
    let secret: String
    let open: String

    init(rsaBits: Int32) { self.init(EVP_PKEY_RSA) { EVP_PKEY_CTX_set_rsa_keygen_bits($0, rsaBits) } }

    init(curve: Int32) { self.init(EVP_PKEY_EC) { EVP_PKEY_CTX_set_ec_paramgen_curve_nid($0, curve) } }

    private init(_ kind: Int32, _ configure: (OpaquePointer?) -> Int32) {
        let context = EVP_PKEY_CTX_new_id(kind, nil)
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        let isMade =
            EVP_PKEY_keygen_init(context) == 1 && configure(context) == 1 && EVP_PKEY_generate(context, &key) == 1
        precondition(isMade, "OpenSSL makes keys")
        defer { EVP_PKEY_free(key) }
        secret = KeyPair.text { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
        open = KeyPair.text { PEM_write_bio_PUBKEY($0, key) }
    }

    private static func text(_ write: (OpaquePointer?) -> Int32) -> String {
        let memory = BIO_new(BIO_s_mem())
        defer { BIO_free(memory) }
        precondition(write(memory) == 1, "OpenSSL writes keys")
        var bytes = [UInt8](repeating: 0, count: 8_192)
        let count = BIO_read(memory, &bytes, Int32(bytes.count))
        return String(decoding: bytes.prefix(Int(count)), as: UTF8.self)
    }
}
