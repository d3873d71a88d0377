package import EventLoop
package import PostgresClient

/// Brings a schema up to date over a connection of its own. Several programs that start at once take turns.
package struct Migrator {
    package struct State: Sendable, Equatable {
        package var applied: [Migration]
        package var pending: [Migration]
    }

    private struct Applied: PostgresRow {
        let version: Int
        let name: String
        let isUnchanged: Bool?

        init(from row: inout RowReader) throws {
            version = try row.next()
            name = try row.next()
            isUnchanged = try row.next()
        }
    }

    private let connection: PostgresConnection
    private let migrations: [Migration]

    /// Runs `body` with a migrator of the database.
    package static func with<Value>(
        _ options: ConnectionOptions,
        _ migrations: [Migration] = Migration.all,
        on loop: EventLoop,
        _ body: (Migrator) async throws -> Value
    ) async throws -> Value {
        let connection = try await PostgresConnection.connect(options, on: loop)
        defer { connection.close() }
        return try await body(Migrator(connection: connection, migrations: migrations))
    }

    /// Applies what is pending; throws before the first when the history is not the program's own.
    package func up() async throws -> [Migration] {
        try await waitForLock()
        do {
            let pending = try await state().pending
            for migration in pending { try await apply(migration) }
            try await run(Self.unlock)
            return pending
        } catch {
            // The lock ends with the connection, too.
            _ = try? await run(Self.unlock)
            throw error
        }
    }

    /// Asks again and again: whoever waits in the server holds up what must wait for all that runs there.
    private func waitForLock() async throws {
        let end = deadline
        while true {
            let result = try await connection.run(Self.lock.text, isOwn: true, deadline: end) { _ in }
            if try result.rows(Bool.self) == [true] { return }
            guard EventLoop.monotonicTime() + 100_000_000 < end else { throw MigrationError.busy }
            try await connection.loop.sleep(for: .milliseconds(100))
        }
    }

    /// What was applied and what was not; throws when they do not fit together.
    package func state() async throws -> State {
        try await run(Self.createTable)
        let result = try await connection.run(Self.applied.text, isOwn: false, deadline: deadline) { buffer in
            buffer.add(migrations.map(\.version))
            buffer.add(migrations.map { Bytes(Array($0.sql.utf8)) })
        }
        let rows = try result.rows(Applied.self)
        var applied: [Migration] = []
        for row in rows {
            guard let known = migrations.first(where: { $0.version == row.version }) else {
                throw MigrationError.newer(version: row.version, name: row.name)
            }
            guard row.isUnchanged == true else {
                throw MigrationError.changed(version: known.version, name: known.name)
            }
            applied.append(known)
        }
        let pending = migrations.filter { migration in !rows.contains { $0.version == migration.version } }
        if let last = applied.last, let late = pending.first, late.version < last.version {
            throw MigrationError.outOfOrder(version: late.version, name: late.name)
        }
        return State(applied: applied, pending: pending)
    }

    private func apply(_ migration: Migration) async throws {
        let begin = EventLoop.monotonicTime()
        var isCommitting = false
        do {
            try await run(Self.begin)
            try await connection.script(migration.sql, deadline: deadline)
            _ = try await connection.run(Self.record.text, isOwn: true, deadline: deadline) { buffer in
                buffer.add(migration.version)
                buffer.add(migration.name)
                buffer.add(Bytes(Array(migration.sql.utf8)))
                buffer.add(Int32(clamping: (EventLoop.monotonicTime() - begin) / 1_000_000))
            }
            isCommitting = true
            try await run(Self.commit)
        } catch let error as PostgresError {
            if isCommitting, error.fault == nil {
                throw MigrationError.unknown(version: migration.version, name: migration.name)
            }
            _ = try? await run(Self.rollback)
            let reason = error.fault.map { "\($0.state.code) \($0.message)" } ?? "\(error)"
            throw MigrationError.failed(version: migration.version, name: migration.name, reason: reason)
        }
    }

    private func run(_ command: PlainCommand) async throws {
        _ = try await connection.run(command.text, isOwn: true, deadline: deadline) { _ in }
    }

    /// Index builds on large tables take their time.
    private var deadline: UInt64 { EventLoop.monotonicTime() + 3_600_000_000_000 }

    // "atrium" as a number.
    private static let lock = Statement<Bool>("SELECT pg_try_advisory_lock(107018402887021)")
    private static let unlock = PlainCommand("SELECT pg_advisory_unlock(107018402887021)")
    private static let begin = PlainCommand("BEGIN")
    private static let commit = PlainCommand("COMMIT")
    private static let rollback = PlainCommand("ROLLBACK")
    private static let createTable = PlainCommand(
        """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            version bigint PRIMARY KEY,
            name text NOT NULL,
            checksum bytea NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now(),
            duration_ms int NOT NULL
        )
        """
    )
    private static let applied = Statement<Applied, [Int], [Bytes]>(
        """
        SELECT m.version, m.name, m.checksum = sha256(known.sql)
        FROM schema_migrations m LEFT JOIN unnest($1, $2) AS known (version, sql) USING (version)
        ORDER BY m.version
        """
    )
    private static let record = Command<Int, String, Bytes, Int32>(
        "INSERT INTO schema_migrations (version, name, checksum, duration_ms) VALUES ($1, $2, sha256($3), $4)"
    )
}
