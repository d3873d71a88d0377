internal import COpenSSL
import Glibc

/// A self-signed certificate and its key as PEM files in a directory that goes with the object.
public final class TestCertificate {
    public let certificateFile: String
    public let keyFile: String
    private let directory: String

    public init(commonName: String) throws {
        var template = Array("/tmp/atrium-tls-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SocketFailure(call: "mkdtemp", code: errno) }
        directory = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        certificateFile = directory + "/certificate.pem"
        keyFile = directory + "/key.pem"
        try write(commonName: commonName)
    }

    deinit {
        unlink(certificateFile)
        unlink(keyFile)
        rmdir(directory)
    }

    /// Writes a new pair over the old one.
    public func write(commonName: String) throws {
        var key: OpaquePointer?
        let generator = EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nil)
        EVP_PKEY_keygen_init(generator)
        EVP_PKEY_keygen(generator, &key)
        EVP_PKEY_CTX_free(generator)
        let certificate = X509_new()
        defer {
            X509_free(certificate)
            EVP_PKEY_free(key)
        }
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1)
        X509_gmtime_adj(X509_getm_notBefore(certificate), -3_600)
        X509_gmtime_adj(X509_getm_notAfter(certificate), 86_400)
        X509_set_pubkey(certificate, key)
        let name = X509_get_subject_name(certificate)
        X509_NAME_add_entry_by_txt(
            name,
            "CN",
            MBSTRING_ASC,
            Array(commonName.utf8),
            Int32(commonName.utf8.count),
            -1,
            0
        )
        X509_set_issuer_name(certificate, name)
        guard X509_sign(certificate, key, nil) > 0 else { throw SocketFailure(call: "X509_sign", code: 0) }
        try writeFile(certificateFile) { PEM_write_bio_X509($0, certificate) }
        try writeFile(keyFile) { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
    }

    /// Writes the key anew, so that only those who know the passphrase can read it.
    public func encryptKey(with passphrase: String) throws {
        let file = BIO_new_file(keyFile, "r")
        let key = PEM_read_bio_PrivateKey(file, nil, nil, nil)
        BIO_free(file)
        defer { EVP_PKEY_free(key) }
        let bytes = Array(passphrase.utf8)
        try writeFile(keyFile) {
            PEM_write_bio_PrivateKey($0, key, EVP_aes_256_cbc(), bytes, Int32(bytes.count), nil, nil)
        }
    }

    private func writeFile(_ path: String, _ body: (OpaquePointer?) -> Int32) throws {
        let file = BIO_new_file(path, "w")
        defer { BIO_free(file) }
        guard body(file) == 1 else { throw SocketFailure(call: "write \(path)", code: errno) }
    }
}
