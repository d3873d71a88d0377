internal import Credentials
package import PostgresClient

/// A small world to explore: the same people, teams and ids wherever it is made.
///
/// Every module adds its part: a `SamplePart` in its folder, and its line in `SampleParts`.
package struct SampleWorld: Sendable {
    /// What opens every account of it; anybody may read it here, so it is refused where people rely on the server.
    package static let password = "lamp in the garden"

    package let people: [SamplePerson]

    /// The id of something of this name, such as `team/northlight`: always the same, so that nothing is made twice.
    package func id(_ name: String) -> UUID {
        var random = NamedRandom(name)
        return UUID(milliseconds: SampleWorld.startMilliseconds, random: &random)
    }

    /// The id of the user of this name.
    package func user(_ username: String) -> UUID { id("user/" + username) }

    /// 5 January 2026, 8:00.
    private static let startMilliseconds: UInt64 = 1_767_600_000_000
}

/// Somebody of the sample world.
package struct SamplePerson: Sendable {
    package let username: String
    package let name: String
    package let roles: [String]
    package let headline: String
    package let bio: String
    package let timeZone: String

    package var email: String { username + "@atrium.example" }

    init(_ username: String, _ name: String, _ roles: [String] = [], zone: String, _ headline: String, _ bio: String) {
        self.username = username
        self.name = name
        self.roles = ["MEMBER"] + roles
        self.headline = headline
        self.bio = bio
        timeZone = zone
    }
}

/// What a module adds to the sample world.
package protocol SamplePart: Sendable {
    /// Adds what is not there yet; the people are. Running it again changes nothing.
    func add(to world: SampleWorld, in transaction: Transaction) async throws
}

/// The parts of all modules, in the order in which they stand on each other.
enum SampleParts {
    static let all: [any SamplePart] = [SampleTeams(), SampleChat(), SampleConversations()]
}

/// Numbers that follow from a name.
private struct NamedRandom: RandomNumberGenerator {
    private var numbers: [UInt64] = []

    init(_ name: String) {
        let digest = Digest.sha256("atrium.sample.1/\(name)".utf8)
        for start in [0, 8] {
            numbers.append(digest[start..<(start + 8)].reduce(0) { $0 << 8 | UInt64($1) })
        }
    }

    mutating func next() -> UInt64 {
        numbers.append(numbers.removeFirst())
        return numbers[numbers.count - 1]
    }
}
