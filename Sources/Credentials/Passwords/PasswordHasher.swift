internal import CCrypt
internal import COpenSSL
package import EventLoop
import Glibc

/// Passwords as bcrypt hashes, computed on threads of their own: one takes a loop's time for hundreds of requests.
package struct PasswordHasher: Sendable {
    package enum Fault: Error { case cannotHash }

    /// What a password is to a hash.
    package struct Verdict: Sendable, Equatable {
        package let isCorrect: Bool
        /// Whether the hash is weaker than what is made now, so that the password is to be hashed again.
        package let isOutdated: Bool
    }

    /// The number of rounds is two to the power of this.
    package let cost: Int
    private let pool: BlockingPool
    /// What nobody's password hashes to, checked for those who do not exist so that they cost the same time.
    private let decoy: String

    /// `cost` is from 4 to 17. Blocks for the time of one hash.
    package init(cost: Int, pool: BlockingPool) throws {
        precondition((4...17).contains(cost), "a cost is between what bcrypt allows and what a request may take")
        self.cost = cost
        self.pool = pool
        decoy = try Bcrypt.hash(SecureRandom.bytes(24).map { $0 | 1 }, cost: cost)
    }

    /// Throws `BlockingPool.Refusal` when too many wait already.
    package func hash(_ password: String) async throws -> String {
        let phrase = Passphrase(password)
        return try await pool.run { [cost] in try Bcrypt.hash(phrase.bytes, cost: cost) }
    }

    /// Takes the same time whether there is a hash or not; without one no password is correct.
    package func verify(_ password: String, against hash: String?) async throws -> Verdict {
        let phrase = Passphrase(password)
        let stored = hash ?? decoy
        let isCorrect = try await pool.run { Bcrypt.isCorrect(phrase.bytes, stored) }
        guard hash != nil else { return Verdict(isCorrect: false, isOutdated: false) }
        return Verdict(isCorrect: isCorrect, isOutdated: Bcrypt.cost(of: stored).map { $0 < cost } ?? true)
    }
}

/// What bcrypt is given for a password. It reads 72 bytes at most and stops at a zero, so passwords beyond that are
/// hashed before; with a key, so that a list of plain SHA-256 hashes from elsewhere is of no use against ours.
struct Passphrase: Sendable {
    let bytes: [UInt8]

    init(_ password: String) {
        let utf8 = Array(password.utf8)
        if utf8.count <= 72, !utf8.contains(0) {
            bytes = utf8
        } else {
            bytes = Array(Base64URL.encode(Digest.hmacSHA256(utf8, key: Array("atrium.password.1".utf8))).utf8)
        }
    }
}

/// bcrypt as libxcrypt has it: https://manpages.debian.org/bookworm/libcrypt-dev/crypt.5.en.html
enum Bcrypt {
    static func hash(_ phrase: [UInt8], cost: Int) throws -> String {
        var setting = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        let salt = SecureRandom.bytes(16).map { CChar(bitPattern: $0) }
        guard crypt_gensalt_rn("$2b$", UInt(cost), salt, 16, &setting, Int32(setting.count)) != nil,
            let hash = run(phrase, setting)
        else { throw PasswordHasher.Fault.cannotHash }
        return hash
    }

    static func isCorrect(_ phrase: [UInt8], _ hash: String) -> Bool {
        guard cost(of: hash) != nil, let computed = run(phrase, Array(hash.utf8CString)) else { return false }
        return Digest.areEqual(Array(computed.utf8), Array(hash.utf8))
    }

    /// The cost in `$2b$12$…`; nil for what is no bcrypt hash.
    static func cost(of hash: String) -> Int? {
        let parts = hash.split(separator: "$", omittingEmptySubsequences: false)
        guard hash.utf8.count == 60, parts.count == 4, parts[0].isEmpty, ["2a", "2b", "2y"].contains(parts[1]) else {
            return nil
        }
        return Int(parts[2])
    }

    private static func run(_ phrase: [UInt8], _ setting: [CChar]) -> String? {
        // 32 KiB, which hold the password too: wiped before they are given back.
        let data = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        data.initialize(to: crypt_data())
        defer {
            OPENSSL_cleanse(data, MemoryLayout<crypt_data>.size)
            data.deallocate()
        }
        var text = phrase.map { CChar(bitPattern: $0) } + [0]
        defer { OPENSSL_cleanse(&text, text.count) }
        guard let result = crypt_r(text, setting, data) else { return nil }
        let hash = String(cString: result)
        return hash.hasPrefix("*") ? nil : hash
    }
}
