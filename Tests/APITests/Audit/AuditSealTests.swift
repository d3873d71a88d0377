import Actions
import Data
import EventLoop
import PostgresClient
import PostgresTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct AuditSealTests {
    /// Runs `body` with entries 1, 3 and 4 sealed, 5 not yet, and number 2 lost with its transaction.
    private func withSealedLog(_ body: (APIServer) async throws -> Void) async throws {
        try await APIServer.with { server in
            try server.register("ida")
            try server.sql("BEGIN; \(Self.insert); ROLLBACK")
            for name in ["eve", "bob"] { try server.register(name) }
            try await server.seal()
            try await server.seal()
            try server.register("new")
            try await body(server)
        }
    }

    private static let inserting = "INSERT INTO audit_logs (action, outcome, actor_kind)"
    private static let insert = "\(inserting) VALUES ('session.create', 'SUCCEEDED', 'USER')"

    @Test func `what was written is sealed, and a log that nobody has touched is whole`() async throws {
        try await withSealedLog { server in
            let report = try await server.verify()
            #expect(report.findings == [])
            #expect(report.seals == 1 && report.sealedEntries == 3 && report.unsealedEntries == 1)
            try await server.seal()
            try await server.seal()
            let later = try await server.verify(kept: report.lastSeal)
            #expect(later.findings == [] && later.seals == 2 && later.sealedEntries == 4 && later.unsealedEntries == 0)
            try await server.runNightlyVerification()
        }
    }

    struct Forgery: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let sql: String
        let findings: [AuditVerify.Finding]
    }

    /// Whoever owns the database can switch its triggers off.
    private static let unguarded = "SET session_replication_role = replica;"

    private static let forgeries = [
        Forgery(
            testDescription: "a changed entry",
            sql: "\(unguarded) UPDATE audit_logs SET ip = '10.0.0.1' WHERE sequence = 3",
            findings: [.changed(3)]
        ),
        Forgery(
            testDescription: "a changed entry that is not sealed yet",
            sql: "\(unguarded) UPDATE audit_logs SET outcome = 'REFUSED' WHERE sequence = 5",
            findings: [.changed(5)]
        ),
        Forgery(
            testDescription: "a removed entry",
            sql: "DELETE FROM audit_logs WHERE sequence = 3",
            findings: [.removed(count: 1, from: 1, through: 4)]
        ),
        Forgery(
            testDescription: "an entry put into a gap, with a hash that fits",
            sql: "SELECT setval('audit_logs_sequence', 1); \(insert)",
            findings: [.added(count: 1, from: 1, through: 4)]
        ),
        Forgery(
            testDescription: "an entry in the place of another, with a hash that fits",
            sql: "DELETE FROM audit_logs WHERE sequence = 3; SELECT setval('audit_logs_sequence', 2); \(insert)",
            findings: [.replaced(from: 1, through: 4)]
        ),
        Forgery(
            testDescription: "an entry with the number of another",
            sql: """
                \(unguarded) INSERT INTO audit_logs (sequence, action, outcome, actor_kind, row_hash)
                    VALUES (3, 'x', 'SUCCEEDED', 'USER', '\\x01')
                """,
            findings: [.changed(3), .added(count: 1, from: 1, through: 4)]
        ),
        Forgery(
            testDescription: "an entry before all others",
            sql: """
                \(unguarded) INSERT INTO audit_logs (sequence, action, outcome, actor_kind, row_hash)
                    VALUES (\(Int.min), 'x', 'SUCCEEDED', 'USER', '\\x01')
                """,
            findings: [.changed(.min)]
        ),
        Forgery(
            testDescription: "a seal over fewer entries than there can be",
            sql: "\(unguarded) UPDATE audit_seals SET entries = \(Int.min)",
            findings: [.replaced(from: 1, through: 4)]
        ),
        Forgery(
            testDescription: "a seal over what another is over",
            sql: """
                INSERT INTO audit_seals (from_sequence, through_sequence, entries, previous_seal, seal)
                    VALUES (1, 3, 2, NULL, '\\x01')
                """,
            findings: [.replaced(from: 1, through: 3), .brokenChain(through: 4)]
        ),
        Forgery(
            testDescription: "a seal made up",
            sql: "\(unguarded) UPDATE audit_seals SET previous_seal = '\\x01'",
            findings: [.brokenChain(through: 4)]
        ),
        Forgery(testDescription: "seals cut off", sql: "DELETE FROM audit_seals", findings: [.sealGone]),
    ]

    @Test(arguments: forgeries) func `what was changed, added, removed or cut off is found`(
        forgery: Forgery
    ) async throws {
        try await withSealedLog { server in
            let kept = try await server.verify().lastSeal
            try server.sql("SET app.retention_job = 'on'; \(forgery.sql)")
            let findings = try await server.verify(kept: kept).findings
            #expect(findings == forgery.findings)
            // Without a seal of their own, too.
            #expect(try await server.verify().findings == forgery.findings)
            #expect(try await server.verify(portion: 1).findings == forgery.findings)
            await #expect(throws: AuditLogBroken.self) { try await server.runNightlyVerification() }
        }
    }

    @Test func `what is sealed next does not hide that seals were cut off`() async throws {
        try await withSealedLog { server in
            try server.sql("SET app.retention_job = 'on'; DELETE FROM audit_seals")
            try await server.seal()
            try await server.seal()
            let report = try await server.verify()
            #expect(report.seals == 1 && report.findings == [.brokenChain(through: 5)])
        }
    }

    @Test func `entries that are cut off before they are sealed are missed`() async throws {
        try await withSealedLog { server in
            try await server.seal()
            try server.sql("SET app.retention_job = 'on'; DELETE FROM audit_logs WHERE sequence = 5")
            #expect(try await server.verify().findings == [.endGone(after: 4)])
            try await server.seal()
            #expect(try await server.verify().findings == [.endGone(after: 4)])
        }
    }

    @Test func `a chain that was begun anew does not have the seal that the log tells of`() async throws {
        try await withSealedLog { server in
            try await server.runNightlyVerification()
            let told = "SELECT changes -> 0 ->> 'after' FROM audit_logs WHERE action = 'audit.verify'"
            let seal = try await server.verify().lastSeal
            #expect(try server.sql(told) == seal)
            try server.sql(
                """
                SET app.retention_job = 'on'; \(Self.unguarded)
                DELETE FROM audit_seals; DELETE FROM audit_logs WHERE sequence = 3;
                UPDATE audit_seal_horizon SET sealed_through = 0, last_seal = NULL
                """
            )
            for _ in 0..<2 { try await server.seal() }
            #expect(try await server.verify().findings == [])
            for _ in 0..<2 {
                let broken = await #expect(throws: AuditLogBroken.self) { try await server.runNightlyVerification() }
                #expect(broken?.findings == [.sealGone])
            }
            let outcomes =
                "SELECT string_agg(outcome, ' ' ORDER BY sequence) FROM audit_logs WHERE action = 'audit.verify'"
            #expect(try server.sql(outcomes) == "SUCCEEDED FAILED FAILED")
        }
    }

    @Test(arguments: [
        "UPDATE audit_logs SET action = 'x'", "DELETE FROM audit_logs", "TRUNCATE audit_logs",
        "TRUNCATE audit_logs_default", "UPDATE audit_seals SET entries = 0", "DELETE FROM audit_seals",
        "TRUNCATE audit_seals",
    ]) func `the database refuses to change the log`(sql: String) async throws {
        try await withSealedLog { server in
            let refusal = #expect(throws: TestCluster.Refusal.self) { try server.sql(sql) }
            #expect(refusal?.state == "55000")
        }
    }

    @Test func `a log that was not sealed for long is sealed bit by bit, and one statement hashes so many entries`()
        async throws
    {
        try await APIServer.with { server in
            let database = server.database
            let loop = server.group.loops[0]
            try server.sql("\(Self.inserting) SELECT 'x', 'SUCCEEDED', 'USER' FROM generate_series(1, 25)")
            try await server.seal()
            let first = try await loop.start {
                try await database.pool.transaction { try await $0.sealAuditLog(batch: 4, seals: 2) }
            }
            #expect(first.entries == 8 && first.hasMore)
            try await loop.start { try await AuditUpkeep(database).seal(batch: 4, seals: 2) }
            try server.sql("\(Self.inserting) SELECT 'y', 'SUCCEEDED', 'USER' FROM generate_series(1, 7)")
            for portion in [1, 3, 4, 5, 7, 25, 1_000] {
                let before = try await loop.run { database.pool.readMetrics.statements.statements }
                let report = try await server.verify(portion: portion)
                let after = try await loop.run { database.pool.readMetrics.statements.statements }
                #expect(report.findings == [], "portions of \(portion)")
                #expect(report.seals == 7 && report.sealedEntries == 25 && report.unsealedEntries == 7)
                // What the database remembers, the seals and that there are no more, the last entry, and those before all.
                let portions = (25 + portion - 1) / portion + (7 + portion - 1) / portion
                #expect(after - before == UInt64(5 + portions), "portions of \(portion)")
            }
        }
    }

    @Test func `nothing is sealed while a transaction with a greater number writes an earlier entry`() async throws {
        try await APIServer.with { server in
            let database = server.database
            let entry = NewAuditEntry(
                action: "x",
                outcome: .succeeded,
                actorID: nil,
                requestID: "",
                address: nil,
                userAgent: ""
            )
            let early = try await server.group.loops[0].start {
                try await database.pool.transaction { slow in
                    try await database.pool.transaction { quick in
                        // This one has its number first, and ends first.
                        _ = try await quick.takeFromBucket("x", size: 1, windowSeconds: 1)
                        try await slow.record(entry)
                        try await quick.record(entry)
                    }
                    var sealed = 0
                    for _ in 0..<3 {
                        sealed += try await database.pool.transaction { try await $0.sealAuditLog().entries }
                    }
                    return sealed
                }
            }
            #expect(early == 0)
            try await server.seal()
            try await server.seal()
            let report = try await server.verify()
            #expect(report.sealedEntries == 2 && report.findings == [])
        }
    }

    @Test func `nothing is sealed while an entry with a smaller number may still come`() async throws {
        try await APIServer.with { server in
            let database = server.database
            let entry = NewAuditEntry(
                action: "x",
                outcome: .succeeded,
                actorID: nil,
                requestID: "",
                address: nil,
                userAgent: ""
            )
            let early = try await server.group.loops[0].start {
                try await database.pool.transaction { slow in
                    try await slow.record(entry)
                    try await database.pool.transaction { try await $0.record(entry) }
                    var sealed = 0
                    for _ in 0..<3 {
                        sealed += try await database.pool.transaction { try await $0.sealAuditLog().entries }
                    }
                    return sealed
                }
            }
            #expect(early == 0)
            try await server.seal()
            try await server.seal()
            let report = try await server.verify()
            #expect(report.sealedEntries == 2 && report.findings == [])
        }
    }
}

extension APIServer {
    fileprivate func seal() async throws {
        try await group.loops[0].start { [database] in try await AuditUpkeep(database).seal() }
    }

    fileprivate func verify(kept: String? = nil, portion: Int = 1_000) async throws -> AuditVerify.Report {
        try await group.loops[0].start { [database] in
            try await AuditVerify(database, portion: portion).run(kept: kept)
        }
    }

    fileprivate func runNightlyVerification() async throws {
        _ = try await group.loops[0].start { [database] in try await AuditUpkeep(database).verify() }
    }
}
