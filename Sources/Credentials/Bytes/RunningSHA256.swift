internal import COpenSSL

/// SHA-256 of bytes that come piece by piece.
package struct RunningSHA256: ~Copyable {
    private let context: OpaquePointer

    package init() {
        guard let context = EVP_MD_CTX_new() else { preconditionFailure("there is memory for a digest") }
        self.context = context
        precondition(EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1, "OpenSSL has SHA-256")
    }

    deinit { EVP_MD_CTX_free(context) }

    package mutating func add(_ bytes: [UInt8]) {
        precondition(EVP_DigestUpdate(context, bytes, bytes.count) == 1, "OpenSSL hashes what it is given")
    }

    package consuming func finish() -> [UInt8] {
        var output = [UInt8](repeating: 0, count: 32)
        precondition(EVP_DigestFinal_ex(context, &output, nil) == 1, "OpenSSL ends what it began")
        return output
    }
}
