import COpenSSL

/// A pair of RSA keys, made anew for each run of the tests.
struct TestRSAKey: Sendable {
    let pem: String
    let modulus: [UInt8]
    let exponent: [UInt8]

    init() {
        let context = EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nil)
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        let isMade =
            EVP_PKEY_keygen_init(context) == 1 && EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2_048) == 1
            && EVP_PKEY_generate(context, &key) == 1
        precondition(isMade, "OpenSSL makes keys")
        defer { EVP_PKEY_free(key) }
        let memory = BIO_new(BIO_s_mem())
        defer { BIO_free(memory) }
        precondition(PEM_write_bio_PrivateKey(memory, key, nil, nil, 0, nil, nil) == 1, "OpenSSL writes keys")
        var bytes = [UInt8](repeating: 0, count: 8_192)
        let count = BIO_read(memory, &bytes, Int32(bytes.count))
        pem = String(decoding: bytes.prefix(Int(count)), as: UTF8.self)
        modulus = TestRSAKey.number("n", of: key)
        exponent = TestRSAKey.number("e", of: key)
    }

    private static func number(_ name: String, of key: OpaquePointer?) -> [UInt8] {
        var number: OpaquePointer?
        precondition(EVP_PKEY_get_bn_param(key, name, &number) == 1, "an RSA key has its numbers")
        defer { BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: Int(BN_num_bits(number) + 7) / 8)
        let count = BN_bn2bin(number, &bytes)
        return Array(bytes.prefix(Int(count)))
    }
}
