import Data
import EventLoop
import PostgresClient
import PostgresTesting
import Testing
import WaitTesting

@Suite(.timeLimit(.minutes(3))) struct IdempotentWorkTests {
    private struct Refused: Error {}

    /// Used on one loop.
    private final class Count: @unchecked Sendable {
        var runs = 0
        var isHolding = true
    }

    /// Adding a row again would be another row: nothing but the key keeps a repetition out.
    private static let add = Command<String>("INSERT INTO ledger (entry) VALUES ($1)")
    private static let entries = Statement<Int>("SELECT count(*) FROM ledger")

    private static func request(_ key: String = "key-0001", hash: UInt8 = 1) -> IdempotentRequest {
        IdempotentRequest(principal: "user:1", key: key, field: "Mutation.add", hash: Bytes([hash]))
    }

    private func withLedger<Value: Sendable>(
        _ body: @escaping @Sendable (PostgresPool) async throws -> Value
    ) async throws -> Value {
        let database = try await migratedDatabase()
        try TestCluster.execute("CREATE TABLE ledger (entry text NOT NULL)", on: database)
        return try await withPool(database, { _ in }, body)
    }

    private static func add(_ claim: IdempotencyClaim, _ id: String, _ pool: PostgresPool) async throws -> String {
        try await pool.transaction { transaction in
            try await transaction.execute(Self.add, "entry")
            try await transaction.settle(claim, ids: [id])
            return id
        }
    }

    @Test func `what is asked for again was done, once`() async throws {
        try await withLedger { pool in
            let work = IdempotentWork(pool)
            let id = "thing 2"
            for attempt in 0..<3 {
                let outcome = try await work.run(Self.request()) { try await Self.add($0, id, pool) }
                switch outcome {
                case .done(let made): #expect(attempt == 0 && made == id)
                case .repeated(let ids): #expect(attempt > 0 && ids == [id])
                default: Issue.record("\(outcome)")
                }
            }
            #expect(try await pool.session().one(Self.entries) == 1)
            // Keys of another are other keys.
            let other = IdempotentRequest(principal: "user:2", key: "key-0001", field: "f", hash: Bytes([1]))
            guard case .done = try await work.run(other, { try await Self.add($0, id, pool) }) else {
                Issue.record("a key was shared")
                return
            }
            #expect(try await pool.session().one(Self.entries) == 2)
        }
    }

    @Test func `the same key for something else is refused`() async throws {
        try await withLedger { pool in
            let work = IdempotentWork(pool)
            let id = "thing 2"
            _ = try await work.run(Self.request()) { try await Self.add($0, id, pool) }
            let outcome = try await work.run(Self.request(hash: 2)) { try await Self.add($0, id, pool) }
            guard case .usedOtherwise = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(try await pool.session().one(Self.entries) == 1)
        }
    }

    @Test func `those who come meanwhile wait, and get what came of it`() async throws {
        try await withLedger { pool in
            let work = IdempotentWork(pool)
            let count = Count()
            let ids = try await withThrowingTaskGroup(of: [String].self) { group in
                for number in 0..<10 {
                    group.addTask {
                        let outcome = try await work.run(Self.request()) { claim in
                            count.runs += 1
                            try await pool.loop.sleep(for: .milliseconds(200))
                            return try await Self.add(claim, "thing \(number)", pool)
                        }
                        switch outcome {
                        case .done(let id): return [id]
                        case .repeated(let ids): return ids
                        default: return []
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(count.runs == 1)
            #expect(Set(ids).count == 1 && ids[0].count == 1)
            #expect(try await pool.session().one(Self.entries) == 1)
        }
    }

    @Test func `those who have no time are told that it goes on`() async throws {
        try await withLedger { pool in
            var options = IdempotentWork.Options()
            options.patience = .milliseconds(100)
            let work = IdempotentWork(pool, options)
            let count = Count()
            let slow = pool.loop.startTask {
                try? await work.run(Self.request()) { claim in
                    count.runs += 1
                    while count.isHolding { try await pool.loop.sleep(for: .milliseconds(5)) }
                    return try await Self.add(claim, "thing 1", pool)
                }
            }
            try await eventually { count.runs != 0 }
            let outcome = try await work.run(Self.request()) { try await Self.add($0, "thing 2", pool) }
            count.isHolding = false
            _ = await slow.value
            guard case .inProgress = outcome else {
                Issue.record("\(outcome)")
                return
            }
        }
    }

    @Test func `what failed or did nothing leaves no key behind`() async throws {
        try await withLedger { pool in
            let work = IdempotentWork(pool)
            await #expect(throws: Refused.self) {
                _ = try await work.run(Self.request()) { _ -> Int in throw Refused() }
            }
            let refused = try await work.run(Self.request(), hasHappened: { $0 }) { _ in false }
            guard case .done(false) = refused else {
                Issue.record("\(refused)")
                return
            }
            // Even for something else.
            let outcome = try await work.run(Self.request(hash: 9)) {
                try await Self.add($0, "thing 1", pool)
            }
            guard case .done = outcome else {
                Issue.record("\(outcome)")
                return
            }
        }
    }

    @Test func `whoever took too long is overtaken, and commits nothing`() async throws {
        try await withLedger { pool in
            var options = IdempotentWork.Options()
            options.lease = .milliseconds(50)
            let work = IdempotentWork(pool, options)
            let count = Count()
            await #expect(throws: LostIdempotencyClaim.self) {
                _ = try await work.run(Self.request()) { claim in
                    if count.runs > 0 { return "thing 0" }
                    count.runs += 1
                    try await pool.loop.sleep(for: .milliseconds(100))
                    let other = try await work.run(Self.request()) {
                        try await Self.add($0, "thing 1", pool)
                    }
                    guard case .done = other else { throw Refused() }
                    return try await Self.add(claim, "thing 2", pool)
                }
            }
            let entries = try await pool.session().one(Self.entries)
            #expect(entries == 1)
        }
    }

    @Test func `a key that has expired may be used for anything`() async throws {
        try await withLedger { pool in
            let work = IdempotentWork(pool)
            _ = try await work.run(Self.request()) { try await Self.add($0, "thing 1", pool) }
            try await pool.transaction {
                _ = try await $0.execute(
                    PlainCommand("UPDATE idempotency_keys SET expires_at = now() - interval '1 second'")
                )
            }
            let outcome = try await work.run(Self.request(hash: 7)) {
                try await Self.add($0, "thing 2", pool)
            }
            guard case .done = outcome else {
                Issue.record("\(outcome)")
                return
            }
        }
    }

    @Test func `work that is cancelled leaves no key behind`() async throws {
        try await withLedger { pool in
            let work = IdempotentWork(pool)
            let task = pool.loop.startTask { () -> Bool in
                do {
                    _ = try await work.run(Self.request()) { _ -> String in
                        try await pool.loop.sleep(for: .seconds(60))
                        return ""
                    }
                } catch is CancellationError { return true } catch {}
                return false
            }
            let keys = Statement<Int>("SELECT count(*) FROM idempotency_keys")
            try await eventually { try await pool.session().one(keys) != 0 }
            task.cancel()
            #expect(await task.value)
            #expect(try await pool.session().one(keys) == 0)
            guard case .done = try await work.run(Self.request(), { try await Self.add($0, "thing", pool) }) else {
                Issue.record("the key was kept")
                return
            }
        }
    }
}
