package import EventLoop
package import PostgresClient

/// Who is connected to one loop: it tells the database for all processes, and goes on telling it.
///
/// Somebody who comes is told of at once, somebody who goes after a while, as most come back: a network changes, a page is
/// loaded anew. The leases of a process that ended without a word run out, and others clear them away.
///
/// `@unchecked Sendable`: confined to its loop.
package final class PresenceRegistry: @unchecked Sendable {
    package struct Options: Sendable {
        /// How long somebody is there after their last connection ended.
        package var grace = Duration.seconds(60)
        /// How often those who are there are told of anew.
        package var renewal = Duration.seconds(20)
        /// How long a lease lasts without that.
        package var leaseSeconds = 90.0
        /// How long somebody who does nothing counts as active.
        package var idleAfter = Duration.seconds(300)
        /// How often it is noted that somebody does something who is connected elsewhere.
        package var noting = Duration.seconds(60)
        /// Of how many people that is known.
        package var notedPeople = 10_000

        package init() {}
    }

    private struct Person {
        var connections = 0
        /// When the last connection ended.
        var leftAt: UInt64 = 0
        var activeAt: UInt64 = 0
        /// Whether there was activity that the database does not know of.
        var isActive = true
        var isIdle = false
    }

    /// What is to be written, of all that came up while something else was.
    private struct Due {
        var held: Set<UUID> = []
        var released: Set<UUID> = []
        var active: Set<UUID> = []
        var tells: Set<UUID> = []
        /// Who has done nothing on this loop for so long that they may be idle.
        var idle: Set<UUID> = []
        var purges = false

        var isEmpty: Bool {
            held.isEmpty && released.isEmpty && active.isEmpty && tells.isEmpty && idle.isEmpty && !purges
        }
    }

    private let pool: PostgresPool
    private let signals: SignalFeed
    private let options: Options
    private let holder: UUID
    private var people: [UUID: Person] = [:]
    /// When it was last noted of those who are connected elsewhere that they do something.
    private var noted: [UUID: UInt64] = [:]
    /// Those who came in this turn.
    private var arrived: [UUID] = []
    private var due = Due()
    private var isWriting = false
    private lazy var renewing = pool.loop.timer { [weak self] in self?.renew() }

    init(_ pool: PostgresPool, _ signals: SignalFeed, _ options: Options) {
        self.pool = pool
        self.signals = signals
        self.options = options
        var random = SystemRandomNumberGenerator()
        holder = UUID(milliseconds: 0, random: &random)
    }

    package static func topic(_ user: UUID) -> String { "presence:\(user)" }

    package func connected(_ user: UUID) {
        pool.loop.assertOnLoop()
        if people.isEmpty { renewing.set(after: options.renewal.nanoseconds) }
        let isNew = people[user] == nil
        people[user, default: Person()].connections += 1
        if isNew {
            if arrived.isEmpty { pool.loop.execute { self.tellArrivals() } }
            arrived.append(user)
        }
        noteActivity(of: user)
    }

    package func disconnected(_ user: UUID) {
        pool.loop.assertOnLoop()
        people[user]?.connections -= 1
        people[user]?.leftAt = pool.loop.now
    }

    /// Somebody has done something, be they connected to this loop or another.
    package func noteActivity(of user: UUID) {
        guard var person = people[user] else { return noteElsewhere(user) }
        person.activeAt = pool.loop.now
        person.isActive = true
        let wasIdle = person.isIdle
        person.isIdle = false
        people[user] = person
        if wasIdle { write([user], active: [user], tells: [user]) }
    }

    private func noteElsewhere(_ user: UUID) {
        let now = pool.loop.now
        if let last = noted[user], now &- last < options.noting.nanoseconds { return }
        if noted.count >= options.notedPeople {
            noted = noted.filter { now &- $0.value < options.noting.nanoseconds }
            if noted.count >= options.notedPeople { noted = [:] }
        }
        noted[user] = now
        write([], active: [user], tells: [])
    }

    func close() {
        renewing.cancel()
        let all = people.keys.sorted()
        people = [:]
        // Behind what is being written, or somebody would be held for whom nobody is there. What cannot be said any more runs
        // out by itself.
        write([], active: [], released: all, tells: [])
    }

    private func tellArrivals() {
        let all = arrived.sorted()
        arrived = []
        write(all, active: all, tells: all)
    }

    private func renew() {
        guard !people.isEmpty else { return }
        renewing.set(after: options.renewal.nanoseconds)
        let now = pool.loop.now
        var (gone, active, idle): ([UUID], [UUID], [UUID]) = ([], [], [])
        for (user, person) in people.sorted(by: { $0.key < $1.key }) {
            if person.connections == 0, now &- person.leftAt >= options.grace.nanoseconds {
                gone.append(user)
                people[user] = nil
                continue
            }
            if person.isActive { active.append(user) }
            people[user]?.isActive = false
            if !person.isIdle, now &- person.activeAt >= options.idleAfter.nanoseconds {
                idle.append(user)
                people[user]?.isIdle = true
            }
        }
        write(people.keys.sorted(), active: active, released: gone, tells: gone, idle: idle, purges: true)
    }

    /// One after the other: somebody who comes back while it is written that they went is there in the end. What fails is
    /// made up for by the next renewal.
    private func write(
        _ held: [UUID],
        active: [UUID],
        released: [UUID] = [],
        tells: [UUID],
        idle: [UUID] = [],
        purges: Bool = false
    ) {
        due.held.subtract(released)
        due.released.formUnion(released)
        due.released.subtract(held)
        due.held.formUnion(held)
        due.active.formUnion(active)
        due.tells.formUnion(tells)
        due.idle.formUnion(idle)
        due.purges = due.purges || purges
        guard !isWriting else { return }
        isWriting = true
        pool.loop.startTask { [self] in
            while let next = takeDue() { await write(next) }
            isWriting = false
        }
    }

    private func takeDue() -> Due? {
        guard !due.isEmpty else { return nil }
        defer { due = Due() }
        return due
    }

    private func write(_ due: Due) async {
        let seconds = Double(options.idleAfter.nanoseconds) / 1e9
        let found = try? await pool.transaction { [holder, options] transaction in
            try await transaction.releasePresence(of: due.released.sorted(), by: holder)
            try await transaction.holdPresence(of: due.held.sorted(), by: holder, seconds: options.leaseSeconds)
            let active = due.active.sorted()
            let back =
                active.isEmpty ? [] : try await transaction.notePresence(activityOf: active, idleAfter: seconds)
            let idle = due.idle.isEmpty ? [] : try await transaction.idleSeconds(of: due.idle.sorted())
            return (purged: due.purges ? try await transaction.purgePresence() : [], back: back, idle: idle)
        }
        var tells = due.tells.union(found?.back ?? [])
        for row in found?.idle ?? [] { if isIdle(row, after: seconds) { tells.insert(row.userID) } }
        for user in tells.sorted() + (found?.purged ?? []) { signals.send("", to: Self.topic(user)) }
    }

    /// Who was active elsewhere is asked for again when that was long enough ago.
    private func isIdle(_ row: IdlePersonRow, after seconds: Double) -> Bool {
        guard row.seconds < seconds else { return true }
        if people[row.userID]?.isIdle == true {
            people[row.userID]?.isIdle = false
            people[row.userID]?.activeAt = pool.loop.now &- UInt64(max(row.seconds, 0) * 1e9)
        }
        return false
    }
}

/// Somebody's connection, as long as it is kept.
package final class PresenceHold: Sendable {
    private let registry: PresenceRegistry
    private let user: UUID
    private let loop: EventLoop

    package init(_ registry: PresenceRegistry, _ user: UUID, on loop: EventLoop) {
        self.registry = registry
        self.user = user
        self.loop = loop
        registry.connected(user)
    }

    deinit { loop.execute { [registry, user] in registry.disconnected(user) } }
}
