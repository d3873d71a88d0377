import PostgresClient
import PostgresTesting
import Testing

@testable import Data

/// What PostgreSQL does for the lists and sweeps of files and notifications in tables that are large: an index leads to
/// what is asked for, and nothing reads a table through.
@Suite(.timeLimit(.minutes(3))) struct ListPlanTests {
    private static let database = Task {
        let database = try await migratedDatabase()
        for sql in [
            """
            INSERT INTO users (id, email, username, name)
            SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'u' || n || '@example.org', 'user' || n, 'x'
            FROM generate_series(1, 100) n
            """,
            """
            INSERT INTO notifications (user_id, category, type, title, created_at, read_at)
            SELECT u.id, 'CHAT_MENTION', 'chat.mention', 'x', now() - n * interval '1 minute',
                CASE WHEN n > 20 THEN now() END
            FROM users u CROSS JOIN generate_series(1, 1000) n
            """,
            """
            INSERT INTO files (owner_id, purpose, filename, content_type, byte_size, storage_key, status, ref_count, created_at)
            SELECT u.id, 'ATTACHMENT', 'x.txt', 'text/plain', 1,
                'attachment/00/' || lpad(to_hex(row_number() OVER ()), 36, '0'), 'READY', 1, now() - n * interval '1 minute'
            FROM users u CROSS JOIN generate_series(1, 500) n
            """,
            """
            INSERT INTO auth_sessions (user_id, method, user_agent, expires_at)
            SELECT u.id, 'PASSWORD', 'agent ' || n, now() + interval '1 day' FROM users u CROSS JOIN generate_series(1, 200) n
            """,
            "ANALYZE",
        ] {
            try TestCluster.execute(sql, on: database)
        }
        return database
    }

    private let user = "'00000000-0000-7000-8000-000000000007'"

    /// The plan of a statement as JSON, both as it is made for these values and as one for all values.
    private func plans(_ text: StatementText, _ values: [String]) async throws -> [String] {
        let database = try await Self.database.value
        return try ["force_custom_plan", "force_generic_plan"].map { mode in
            let plan = try TestCluster.execute(
                """
                SET plan_cache_mode = \(mode);
                PREPARE p AS \(text.sql);
                EXPLAIN (FORMAT JSON) EXECUTE p(\(values.joined(separator: ", ")));
                """,
                on: database
            )
            return try #require(plan)
        }
    }

    private func expect(
        _ text: StatementText,
        _ values: [String],
        uses index: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        for plan in try await plans(text, values) {
            #expect(plan.contains("\"Index Name\": \"\(index)\""), "\(plan)", sourceLocation: sourceLocation)
            #expect(!plan.contains("Seq Scan"), "\(plan)", sourceLocation: sourceLocation)
        }
    }

    @Test func `numbers of a stretch of time read that stretch`() async throws {
        let values = ["now() - interval '5 minutes'", "now()", "NULL"]
        for plan in try await plans(NotificationStatsStatements.byCategory.text, values) {
            #expect(plan.contains("\"Index Name\": \"notifications_old\""), "\(plan)")
        }
    }

    @Test func `a page of notifications begins where it stands`() async throws {
        let filter = [user, "NULL", "NULL", "false", "false", "now()", "NULL"]
        let key = ["now() - interval '5 hours'", "'00000000-0000-7000-8000-000000000000'"]
        let sql = NotificationReadStatements.inbox.sql
        for text in [sql.fromStart, sql.fromEnd] {
            try await expect(text, filter + ["21"], uses: "notifications_inbox")
        }
        for text in [sql.afterCursor, sql.beforeCursor] {
            try await expect(text, filter + key + ["21"], uses: "notifications_inbox")
            for plan in try await plans(text, filter + key + ["21"]) { #expect(plan.contains("\"Index Cond\"")) }
        }
    }

    @Test func `what is unread is counted among what is unread`() async throws {
        try await expect(NotificationReadStatements.unread.text, [user, "now()"], uses: "notifications_unread")
    }

    @Test func `old notifications are found by their age`() async throws {
        let ages = ["now() - interval '30 days'", "now() - interval '1 year'", "1000"]
        try await expect(NotificationWriteStatements.purge.text, ages, uses: "notifications_old")
    }

    @Test func `a page of files begins where it stands`() async throws {
        let key = ["now() - interval '5 hours'", "'00000000-0000-7000-8000-000000000000'"]
        let sql = FileReadStatements.list.sql
        try await expect(sql.fromStart, [user, "NULL", "21"], uses: "files_owner_id_created_at_idx")
        try await expect(sql.afterCursor, [user, "NULL"] + key + ["21"], uses: "files_owner_id_created_at_idx")
    }

    @Test func `files that nobody wants are found among those that nothing refers to`() async throws {
        let values = ["now()", "now()", "'{ATTACHMENT}'", "200"]
        try await expect(FileWriteStatements.lockUnwanted.text, values, uses: "files_orphans")
    }

    @Test func `a step of a broadcast begins at its place`() async throws {
        let database = try await Self.database.value
        let sql = """
            INSERT INTO broadcasts (id, title, body, channels, audience, last_user_id)
            SELECT '00000000-0000-7000-8000-0000000000b1', 't', 'b', '{IN_APP}', '{"everyone": true}',
                '00000000-0000-7000-8000-000000000050'
            ON CONFLICT DO NOTHING
            """
        try TestCluster.execute(sql, on: database)
        // The table is small here: that it could be read through is of no interest.
        for mode in ["force_custom_plan", "force_generic_plan"] {
            let plan = try TestCluster.execute(
                """
                SET plan_cache_mode = \(mode);
                SET enable_seqscan = off;
                SET enable_bitmapscan = off;
                PREPARE p AS \(BroadcastStatements.next.text.sql);
                EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE p('00000000-0000-7000-8000-0000000000b1', 10);
                """,
                on: database
            )
            let text = try #require(plan)
            #expect(text.contains("\"Index Name\": \"users_pkey\""), "\(text)")
            let condition = text.split(separator: "\n").first { $0.contains("Index Cond") && $0.contains("COALESCE") }
            #expect(condition != nil, "\(text)")
        }
    }

    @Test func `whether a program is new to an account is one look into an index`() async throws {
        let session = "'00000000-0000-7000-8000-000000000001'"
        try await expect(
            AuthSessionReadStatements.isNewDevice.text,
            [session, user],
            uses: "auth_sessions_user_id_user_agent_idx"
        )
        for plan in try await plans(SignInFactStatements.facts.text, [user, "'{}'::bytea[]", "'tests'"]) {
            #expect(plan.contains("\"Index Name\": \"auth_sessions_user_id_user_agent_idx\""), "\(plan)")
            #expect(plan.firstMatch(of: /"Seq Scan"[^{}]*"Relation Name": "auth_sessions"/) == nil, "\(plan)")
        }
    }
}
