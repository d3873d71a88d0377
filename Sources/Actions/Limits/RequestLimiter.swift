internal import Data
internal import EventLoop
package import PostgresClient
internal import Synchronization

/// How much of what one may ask for is left.
package struct LimitStatus: Sendable, Equatable {
    package let cost: Double
    package let nodes: Double
    package let limit: Double
    package let remaining: Double
    package let restoredPerSecond: Double
    package let isExceeded: Bool

    /// Seconds until everything is there again.
    package var resetSeconds: Double { restoredPerSecond > 0 ? (limit - remaining) / restoredPerSecond : 0 }
    /// Seconds until there is enough for what was asked.
    package var retryAfterSeconds: Double {
        restoredPerSecond > 0 ? max(0, min(cost, limit) - remaining) / restoredPerSecond : 0
    }
}

/// Who asks too much, by buckets that fill evenly: one for each address of those who are not signed in, one for each person.
///
/// A bucket is in the memory of the process, so that an operation waits for nothing. When a tenth of it was taken since, a
/// statement settles that with a bucket in the database and brings what other processes took: one in ten operations or so at
/// most, after the operation was let in. With N processes somebody may therefore have N tenths more than the limit, once.
package final class RequestLimiter: Sendable {
    package struct Options: Sendable {
        /// Points of a person, by the cost of what they ask for.
        package var points = 1_000.0
        package var pointsPerSecond = 50.0
        /// Operations from an address of those who are not signed in.
        package var anonymousOperations = 100.0
        package var anonymousWindowSeconds = 60.0
        /// Buckets in memory. Beyond, one that is next to full makes room.
        package var buckets = 50_000

        package init() {}
    }

    /// Whose bucket.
    package enum Key: Sendable, Hashable {
        case address(String)
        case actor(UUID)

        fileprivate var text: String {
            switch self {
            case .address(let text): "request:address:\(text)"
            case .actor(let id): "request:actor:\(id)"
            }
        }

        fileprivate var actor: UUID? { if case .actor(let id) = self { id } else { nil } }
    }

    struct Bucket {
        var level: Double
        var filledAt: Timestamp
        /// What was taken here and the database has not been told.
        var unsettled = 0.0
        var isSettling = false
        /// Refusals since then, to find those who do not stop.
        var refusals = 0
        var refusalsSince = Timestamp(microseconds: 0)
    }

    private let options: Options
    private let services: IdentityServices
    private let buckets: Mutex<BoundedTable<Key, Bucket>>
    /// Of single fields, which no other process knows of.
    private let ownBuckets: Mutex<BoundedTable<Key, Bucket>>
    private let refused = Atomic<Int>(0)
    private let settled = Atomic<Int>(0)

    package init(_ services: IdentityServices, _ options: Options = Options()) {
        self.services = services
        self.options = options
        buckets = Mutex(BoundedTable(limit: options.buckets))
        ownBuckets = Mutex(BoundedTable(limit: options.buckets))
    }

    /// Operations that were refused, statements that settled buckets, and buckets that made room.
    package var counts: (refused: Int, settled: Int, evicted: Int) {
        (
            refused.load(ordering: .relaxed), settled.load(ordering: .relaxed),
            buckets.withLock { $0.evictions }
        )
    }

    /// Takes what an operation costs, or nothing if there is not enough.
    package func take(_ key: Key, points: Double, nodes: Double, from client: ClientInfo) -> LimitStatus {
        let now = services.clock()
        let (size, rate) = bounds(of: key)
        let cost =
            switch key {
            case .address: 1.0
            case .actor: min(max(1, points), size)
            }
        let (status, settles, refusals) = buckets.withLock { buckets in
            var bucket: Bucket
            if let known = buckets[key] {
                bucket = known
            } else {
                bucket = Bucket(level: size, filledAt: now)
                buckets.insert(bucket, for: key) { share(of: $0, $1, at: now) }
            }
            bucket.fill(to: size, by: rate, at: now)
            let isExceeded = bucket.level < cost
            if isExceeded {
                bucket.countRefusal(at: now)
            } else {
                bucket.level -= cost
                bucket.unsettled += cost
            }
            let settles = bucket.unsettled >= size / 10 && !bucket.isSettling
            if settles { bucket.isSettling = true }
            buckets[key] = bucket
            let status = LimitStatus(
                cost: cost,
                nodes: nodes,
                limit: size,
                remaining: max(0, bucket.level),
                restoredPerSecond: rate,
                isExceeded: isExceeded
            )
            return (status, settles ? bucket.unsettled : nil, isExceeded ? bucket.refusals : 0)
        }
        if status.isExceeded { refused.add(1, ordering: .relaxed) }
        if let settles { settle(key, settles, size, rate) }
        if refusals == 1 {
            services.suspect(.limitExceeded, key.actor, client)
        }
        if refusals == 10 { report(key, client) }
        return status
    }

    /// Gives back what an operation that was let in did not cost; how much is left then. Nil where it cost as much as was taken.
    package func giveBack(_ key: Key, _ status: LimitStatus, actual: Double) -> LimitStatus? {
        let points = status.cost - max(1, actual)
        guard points > 0 else { return nil }
        let remaining = buckets.withLock { buckets -> Double? in
            guard var bucket = buckets[key] else { return nil }
            bucket.level = min(status.limit, bucket.level + points)
            // Below zero it is what the database has to give back, too.
            bucket.unsettled -= points
            buckets[key] = bucket
            return bucket.level
        }
        return LimitStatus(
            cost: max(1, actual),
            nodes: status.nodes,
            limit: status.limit,
            remaining: max(0, remaining ?? status.remaining + points),
            restoredPerSecond: status.restoredPerSecond,
            isExceeded: false
        )
    }

    /// Takes a use of a field by an address, as this process alone counts them: for what must be answered while the database is
    /// away.
    package func takeHere(_ field: String, from client: ClientInfo, _ size: Int, perSeconds window: Int) throws {
        let now = services.clock()
        let (size, rate) = (Double(size), Double(size) / Double(window))
        let key = Key.address("\(field) \(client.limitKey)")
        let missing = ownBuckets.withLock { buckets in
            var bucket: Bucket
            if let known = buckets[key] {
                bucket = known
            } else {
                bucket = Bucket(level: size, filledAt: now)
                buckets.insert(bucket, for: key) { $1.level / size }
            }
            bucket.fill(to: size, by: rate, at: now)
            let missing = max(0, 1 - bucket.level)
            if missing == 0 { bucket.level -= 1 }
            buckets[key] = bucket
            return missing
        }
        guard missing > 0 else { return }
        refused.add(1, ordering: .relaxed)
        throw TooManyRequests(retryAfterSeconds: max(1, Int((missing / rate).rounded(.up))))
    }

    private func bounds(of key: Key) -> (size: Double, perSecond: Double) {
        switch key {
        case .address:
            (options.anonymousOperations, options.anonymousOperations / options.anonymousWindowSeconds)
        case .actor: (options.points, options.pointsPerSecond)
        }
    }

    /// How much of a bucket is there.
    private func share(of key: Key, _ bucket: Bucket, at now: Timestamp) -> Double {
        let (size, rate) = bounds(of: key)
        var bucket = bucket
        bucket.fill(to: size, by: rate, at: now)
        return bucket.level / size
    }

    /// Tells the database what was taken, and takes over what others have; nobody waits for it.
    private func settle(_ key: Key, _ taken: Double, _ size: Double, _ rate: Double) {
        guard let loop = EventLoop.current else { return }
        settled.add(1, ordering: .relaxed)
        _ = loop.startTask { [self] in
            let level = try? await services.database.pool.transaction {
                try await $0.settleBucket(key.text, taken: taken, size: size, perSecond: rate)
            }
            buckets.withLock { buckets in
                guard var bucket = buckets[key] else { return }
                bucket.isSettling = false
                // Below zero where more was given back meanwhile.
                bucket.unsettled -= taken
                if let level { bucket.level = min(bucket.level, level - bucket.unsettled) }
                buckets[key] = bucket
            }
        }
    }

    /// Who goes on ten times within a minute is written to the audit log, once.
    private func report(_ key: Key, _ client: ClientInfo) {
        guard let loop = EventLoop.current else { return }
        let entry = NewAuditEntry("limit.exceeded", .refused, by: key.actor, from: client, errorCode: "RATE_LIMITED")
        _ = loop.startTask { [services] in
            try? await services.database.pool.transaction { try await $0.record(entry) }
        }
    }
}

extension RequestLimiter.Bucket {
    fileprivate mutating func fill(to size: Double, by perSecond: Double, at now: Timestamp) {
        let passed = Double(max(0, now.microseconds - filledAt.microseconds)) / 1_000_000
        level = min(size, level + passed * perSecond)
        filledAt = now
    }

    fileprivate mutating func countRefusal(at now: Timestamp) {
        if now.microseconds - refusalsSince.microseconds > 60_000_000 {
            refusalsSince = now
            refusals = 0
        }
        refusals += 1
    }
}

extension IdentityServices {
    /// Takes from the bucket that a field has for somebody, or for their address; throws when it is empty.
    package func limitField(
        _ coordinate: String,
        of principal: Principal?,
        from client: ClientInfo,
        _ size: Int,
        perSeconds window: Int
    ) async throws {
        let key = principal.map { $0.user.id.description } ?? client.limitKey
        try await limit("field:\(coordinate)", by: key, size, perSeconds: window)
    }

    /// Whose bucket an operation takes from, as far as it can be told without asking the database: a token's signature shows
    /// whose it is, and a key's owner is known once it was shown. Whoever is not known counts by their address.
    package func limitKey(token: String?, client: ClientInfo) -> RequestLimiter.Key {
        let address = RequestLimiter.Key.address(client.limitKey)
        guard let token else { return address }
        if IdentityServices.isAPIKey(token) { return knownOwner(apiKey: token).map { .actor($0) } ?? address }
        return accessTokens.read(token, at: clock()).map { .actor($0.userID) } ?? address
    }
}
