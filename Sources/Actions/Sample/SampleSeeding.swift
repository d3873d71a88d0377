internal import Credentials
internal import Data
internal import PostgresClient

/// Fills a database with the sample world, as one transaction. Doing it again adds what is missing.
package struct SampleSeeding {
    /// Somebody else has a name or an address of one of its people.
    package struct NameTaken: Error, Equatable, CustomStringConvertible {
        package let username: String

        package var description: String {
            "somebody else is \(username): the sample world is for a database without other people"
        }
    }

    private let services: IdentityServices
    private let world: SampleWorld

    package init(_ services: IdentityServices, _ world: SampleWorld = .standard) {
        self.services = services
        self.world = world
    }

    package func run() async throws {
        let hash = try await services.hasher.hash(SampleWorld.password)
        try await services.database.pool.transaction { try await seed(hash, in: $0) }
    }

    /// Does nothing, and answers false, where others than the people of this world have registered.
    package func runUnlessOthersAreThere() async throws -> Bool {
        let isFree = try await services.database.pool.transaction { transaction in
            if try await transaction.hasNoUsers() { return true }
            return try await !transaction.session.users(world.people.prefix(1).map { world.user($0.username) }).isEmpty
        }
        if isFree { try await run() }
        return isFree
    }

    /// Whether the people of this world are here.
    package func isThere() async throws -> Bool {
        let first = world.people.prefix(1).map { world.user($0.username) }
        return try await !services.database.pool.transaction { try await $0.session.users(first) }.isEmpty
    }

    private func seed(_ hash: String, in transaction: Transaction) async throws {
        let known = Set(try await transaction.session.users(world.people.map { world.user($0.username) }).map(\.id))
        for person in world.people where !known.contains(world.user(person.username)) {
            let user = NewUser(
                id: world.user(person.username),
                email: person.email,
                username: person.username,
                name: person.name,
                passwordHash: hash,
                status: "ACTIVE",
                locale: "en",
                timeZone: person.timeZone
            )
            guard try await transaction.insert(user, roles: person.roles) else {
                throw NameTaken(username: person.username)
            }
            try await transaction.setProfile(headline: person.headline, bio: person.bio, of: user.id)
        }
        for part in SampleParts.all { try await part.add(to: world, in: transaction) }
    }
}
