import Credentials
import Glibc

/// What signs access tokens.
enum SigningSecret {
    /// Why a secret cannot be used in production; nil when it can.
    static func objection(to secret: String) -> String? {
        let bytes = Array(secret.utf8)
        if bytes.count < 32 { return "must have at least 32 characters" }
        if Set(bytes).count < 10 { return "repeats itself: take random characters" }
        let folded = secret.lowercased()
        let samples = ["change", "sample", "example", "secret", "default", "password", "your-", "your_", "development"]
        if samples.contains(where: folded.contains) { return "is a sample: take random characters" }
        return nil
    }

    /// The id of a key is of its hash, so that it is the same in all processes and tells nothing.
    static func key(_ secret: String) throws(SignatureKey.Fault) -> SignatureKey {
        let bytes = Array(secret.utf8)
        // Of use for tokens only, and always long enough; production has asked for more than that before.
        let derived = Digest.hmacSHA256(Array("atrium.access-token.1".utf8), key: bytes)
        return try SignatureKey(id: Base64URL.encode(Digest.sha256(derived).prefix(6)), secret: derived)
    }

    /// The one that is set, or that of this machine.
    static func of(_ configuration: Configuration) throws -> String {
        try configuration.signingSecret ?? ofThisMachine(".atrium/secret")
    }

    /// The secret of a machine where nothing is set: made once, and closed to everyone else.
    static func ofThisMachine(_ path: String) throws -> String {
        if let known = TextFile.read(path), known.utf8.count >= 32 { return known }
        let secret = Base64URL.encode(SecureRandom.bytes(32))
        try TextFile.write(secret, to: path, mode: 0o600)
        return secret
    }
}

/// Small files of text.
enum TextFile {
    struct Fault: Error, CustomStringConvertible {
        let path: String
        let reason: String
        var description: String { "\(path) cannot be written: \(reason)" }
    }

    /// At most 64 KiB.
    static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        var count = 0
        while count < bytes.count {
            let read = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress! + count, $0.count - count)
            }
            guard read >= 0 else { return nil }
            if read == 0 { return String(validating: bytes[..<count], as: UTF8.self) }
            count += read
        }
        return nil
    }

    /// Makes the folder too.
    static func write(_ text: String, to path: String, mode: mode_t) throws {
        if let slash = path.lastIndex(of: "/") { mkdir(String(path[..<slash]), 0o755) }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw Fault(path: path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        let written = Array(text.utf8).withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard written == text.utf8.count else { throw Fault(path: path, reason: "the disk is full") }
    }
}
