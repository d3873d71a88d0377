import EventLoop
import Testing

@testable import Credentials

@Suite struct PasswordTests {
    private static let pool: BlockingPool? = try? BlockingPool(threads: 2, queueLimit: 8)

    private func hasher(cost: Int = 4) throws -> PasswordHasher {
        try PasswordHasher(cost: cost, pool: #require(Self.pool))
    }

    /// From the tests of jBCrypt, which others took over: https://www.mindrot.org/projects/jBCrypt/
    @Test(arguments: [
        ("", "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s."),
        ("a", "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe"),
        ("abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"),
        ("abcdefghijklmnopqrstuvwxyz", "$2a$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC"),
        ("~!@#$%^&*()      ~!@#$%^&*()PNBFRD", "$2a$06$fPIsBO8qRqkjj273rfaOI.HtSV9jLDpTbZn782DC6/t7qT67P6FfO"),
    ])
    func `published hashes are those of their passwords and of no others`(password: String, hash: String) async throws {
        let hasher = try hasher()
        #expect(try await hasher.verify(password, against: hash).isCorrect)
        #expect(try await !hasher.verify(password + "x", against: hash).isCorrect)
    }

    @Test(arguments: [
        "correct horse battery staple", "pä55wörter ☃ 密码", String(repeating: "long ", count: 40), "with\0zero inside",
    ])
    func `a password is known by its hash`(password: String) async throws {
        let hasher = try hasher()
        let hash = try await hasher.hash(password)
        #expect(hash.hasPrefix("$2b$04$") && hash.utf8.count == 60)
        #expect(try await hasher.verify(password, against: hash) == .init(isCorrect: true, isOutdated: false))
        #expect(try await hasher.hash(password) != hash)
    }

    @Test func `what is beyond the 72 bytes of bcrypt counts, and so does what follows a zero`() async throws {
        let hasher = try hasher()
        let start = String(repeating: "x", count: 80)
        let hash = try await hasher.hash(start + "a")
        #expect(try await !hasher.verify(start + "b", against: hash).isCorrect)
        let zero = try await hasher.hash("before\0after")
        #expect(try await !hasher.verify("before\0other", against: zero).isCorrect)
        #expect(try await !hasher.verify("before", against: zero).isCorrect)
    }

    @Test func `a hash of fewer rounds is outdated`() async throws {
        let hash = try await hasher(cost: 4).hash("correct horse")
        #expect(
            try await hasher(cost: 5).verify("correct horse", against: hash) == .init(isCorrect: true, isOutdated: true)
        )
    }

    @Test(arguments: ["", "*0", "plain", "$1$abc$def", "$2b$04$short", String(repeating: "$", count: 60)])
    func `what is no bcrypt hash fits no password`(hash: String) async throws {
        #expect(try await !hasher().verify("plain", against: hash).isCorrect)
        #expect(try await !hasher().verify("", against: hash).isCorrect)
    }

    @Test func `for nobody as much work is done as for somebody`() async throws {
        let hasher = try hasher(cost: 9)
        let hash = try await hasher.hash("correct horse")
        let clock = ContinuousClock()
        var known: [Duration] = []
        var unknown: [Duration] = []
        for _ in 0..<7 {
            known.append(try await clock.measure { _ = try await hasher.verify("wrong horse", against: hash) })
            unknown.append(try await clock.measure { _ = try await hasher.verify("wrong horse", against: nil) })
        }
        // Leaving the work out would make it a thousand times faster; the fastest of each are the least disturbed.
        let ratio = try #require(unknown.min()) / #require(known.min())
        #expect(ratio > 0.5 && ratio < 2)
        #expect(try await !hasher.verify("", against: nil).isCorrect)
    }

    @Test func `when too many wait the next is refused at once`() async throws {
        let pool = try BlockingPool(threads: 1, queueLimit: 1)
        let hasher = try PasswordHasher(cost: 10, pool: pool)
        let refused = await withTaskGroup(of: Bool.self) { tasks in
            for _ in 0..<8 {
                tasks.addTask {
                    do { _ = try await hasher.hash("correct horse") } catch {
                        return error as? BlockingPool.Refusal == .queueFull
                    }
                    return false
                }
            }
            return await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(refused > 0 && refused < 8)
    }

    @Test(arguments: [
        ("short", PasswordRules.Weakness.tooShort(minimum: 10)),
        (String(repeating: "ab1", count: 100), .tooLong(maximum: 200)),
        ("aaaaaaaaaaaa", .tooRegular), ("abcdefghijkl", .tooRegular), ("9876543210", .tooRegular),
        ("Password123!", .wellKnown), ("P@ssw0rd2026", .wellKnown), ("qwertyuiop1", .wellKnown),
        ("clearwater99", .namesItsOwner), ("ida.clearwater", .namesItsOwner),
    ])
    func `a password that others guess is weak`(password: String, weakness: PasswordRules.Weakness) {
        #expect(PasswordRules.weakness(of: password, names: ["ida@clearwater.example", "Ida Clearwater"]) == weakness)
    }

    @Test(arguments: [
        "correct horse battery", "my password is a long sentence", "clearwater tastes of tin", "密码密码一二三四五六七八",
    ])
    func `a long one that is not guessed is strong, whatever its characters`(password: String) {
        #expect(PasswordRules.weakness(of: password, names: ["ida@clearwater.example", "Ida Clearwater"]) == nil)
    }
}
