import Data
import EventLoop
import PostgresClient
import PostgresTesting
import Testing
import WaitTesting

/// What the database refuses by itself, whoever asks.
@Suite(.timeLimit(.minutes(3))) struct InvariantTests {
    /// Something that must not happen, and the state it is refused with.
    struct Attempt: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let sql: String
        let state: String

        init(_ what: String, _ sql: String, _ state: String) {
            testDescription = what
            self.sql = sql
            self.state = state
        }
    }

    private static let world = """
        INSERT INTO users (id, email, username, name, status)
            SELECT ('00000000-0000-4000-8000-00000000000' || i)::uuid, 'u' || i || '@x.test', 'user' || i, 'U', 'ACTIVE'
            FROM generate_series(1, 9) i;
        INSERT INTO user_roles (user_id, role) VALUES ('00000000-0000-4000-8000-000000000001', 'SUPER_ADMIN');
        INSERT INTO auth_sessions (id, user_id, method, expires_at) VALUES
            ('10000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000001', 'PASSWORD', now() + interval '1 day');
        INSERT INTO refresh_tokens (token_hash, session_id, generation, expires_at)
            VALUES ('\\x01', '10000000-0000-4000-8000-000000000001', 1, now() + interval '1 day');
        INSERT INTO teams (id, name, slug, owner_id) VALUES
            ('20000000-0000-4000-8000-000000000001', 'One', 'one', '00000000-0000-4000-8000-000000000001'),
            ('20000000-0000-4000-8000-000000000002', 'Two', 'two', '00000000-0000-4000-8000-000000000002');
        INSERT INTO team_members (team_id, user_id, role) VALUES
            ('20000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000001', 'OWNER'),
            ('20000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000002', 'OWNER');
        INSERT INTO team_roles (id, team_id, name, permissions)
            VALUES ('21000000-0000-4000-8000-000000000001', '20000000-0000-4000-8000-000000000002', 'Clerk', '{}');
        INSERT INTO team_invites (team_id, email, role, token_hash, status) VALUES
            ('20000000-0000-4000-8000-000000000001', 'p@x.test', 'MEMBER', '\\xaa', 'PENDING'),
            ('20000000-0000-4000-8000-000000000001', 'r@x.test', 'MEMBER', '\\xab', 'REVOKED');
        INSERT INTO groups (id, name, slug) VALUES ('30000000-0000-4000-8000-000000000001', 'Gophers', 'gophers');
        INSERT INTO rooms (id, kind, archived_at) VALUES
            ('31000000-0000-4000-8000-000000000001', 'CHANNEL', NULL),
            ('31000000-0000-4000-8000-000000000002', 'CHANNEL', now()),
            ('31000000-0000-4000-8000-000000000003', 'CHANNEL', NULL),
            ('34000000-0000-4000-8000-000000000001', 'CONVERSATION', NULL);
        INSERT INTO rooms (id, kind, direct_key) VALUES ('31000000-0000-4000-8000-000000000004', 'DIRECT', '1:2');
        INSERT INTO channels (id, group_id, name)
            VALUES ('31000000-0000-4000-8000-000000000001', '30000000-0000-4000-8000-000000000001', 'general');
        INSERT INTO messages (id, room_id, author_id, nonce) VALUES ('32000000-0000-4000-8000-000000000001',
            '31000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000001', 'nonce-001');
        INSERT INTO calls (room_id, kind, caller_id)
            VALUES ('31000000-0000-4000-8000-000000000001', 'VIDEO', '00000000-0000-4000-8000-000000000001');
        INSERT INTO calls (room_id, kind, caller_id, status, ended_at) VALUES
            ('31000000-0000-4000-8000-000000000003', 'VIDEO', '00000000-0000-4000-8000-000000000001', 'DECLINED', clock_timestamp());
        INSERT INTO conversations (id, owner_id)
            VALUES ('34000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000001');
        INSERT INTO vendors (conversation_id, name) VALUES ('34000000-0000-4000-8000-000000000001', 'Acme');
        INSERT INTO sellers (conversation_id, name, email)
            VALUES ('34000000-0000-4000-8000-000000000001', 'Sally', 's@x.test');
        INSERT INTO audit_logs (action, outcome, actor_kind, row_hash) VALUES ('x', 'SUCCEEDED', 'user', '\\x00');
        INSERT INTO idempotency_keys (principal, key, field, request_hash, locked_until)
            VALUES ('user:1', 'key-00001', 'f', '\\x00', now());
        INSERT INTO jobs (name, unique_key) VALUES ('j', '1');
        """

    static let attempts: [Attempt] = [
        Attempt(
            "an e-mail in another case",
            "INSERT INTO users (email, username, name) VALUES ('U1@X.TEST', 'new', 'x')",
            "23505"
        ),
        Attempt(
            "a user name in another case",
            "INSERT INTO users (email, username, name) VALUES ('n@x.test', 'USER1', 'x')",
            "23505"
        ),
        Attempt("no SUPER_ADMIN", "DELETE FROM user_roles", "CX002"),
        Attempt(
            "a second live refresh token",
            "INSERT INTO refresh_tokens (token_hash, session_id, generation, expires_at) SELECT '\\x02', session_id, 2, expires_at FROM refresh_tokens",
            "23505"
        ),
        Attempt("a team without its owner", "DELETE FROM team_members", "CX003"),
        Attempt(
            "a new team whose owner does not belong to it",
            "INSERT INTO teams (name, slug, owner_id) VALUES ('New', 'new', '00000000-0000-4000-8000-000000000001')",
            "CX003"
        ),
        Attempt(
            "an owner who does not belong to the team",
            "UPDATE teams SET owner_id = '00000000-0000-4000-8000-000000000003' WHERE slug = 'one'",
            "CX003"
        ),
        Attempt(
            "two owners",
            "INSERT INTO team_members (team_id, user_id, role) VALUES ('20000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002', 'OWNER')",
            "23505"
        ),
        Attempt(
            "a role of another team",
            "INSERT INTO team_members (team_id, user_id, role, custom_role_id) VALUES ('20000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000003', 'MEMBER', '21000000-0000-4000-8000-000000000001')",
            "23503"
        ),
        Attempt(
            "a second pending invite",
            "INSERT INTO team_invites (team_id, email, role, token_hash) VALUES ('20000000-0000-4000-8000-000000000001', 'P@x.test', 'MEMBER', '\\xac')",
            "23505"
        ),
        Attempt(
            "accepting what was revoked",
            "UPDATE team_invites SET status = 'ACCEPTED' WHERE status = 'REVOKED'",
            "CX001"
        ),
        Attempt("a group's name twice", "INSERT INTO groups (name, slug) VALUES ('gophers', 'others')", "23505"),
        Attempt("a direct room twice", "INSERT INTO rooms (kind, direct_key) VALUES ('DIRECT', '1:2')", "23505"),
        Attempt(
            "a channel's name twice",
            "INSERT INTO channels (id, group_id, name) VALUES ('31000000-0000-4000-8000-000000000003', '30000000-0000-4000-8000-000000000001', 'General')",
            "23505"
        ),
        Attempt(
            "a nonce twice",
            "INSERT INTO messages (room_id, author_id, nonce) SELECT room_id, author_id, nonce FROM messages",
            "23505"
        ),
        Attempt(
            "a reply in another room",
            "INSERT INTO messages (room_id, reply_to_id) VALUES ('31000000-0000-4000-8000-000000000003', '32000000-0000-4000-8000-000000000001')",
            "23503"
        ),
        Attempt(
            "a message to an archive",
            "INSERT INTO messages (room_id) VALUES ('31000000-0000-4000-8000-000000000002')",
            "CX004"
        ),
        Attempt(
            "two live calls in a room",
            "INSERT INTO calls (room_id, kind, caller_id) SELECT room_id, kind, caller_id FROM calls WHERE status = 'RINGING'",
            "23505"
        ),
        Attempt(
            "a declined call that goes on",
            "UPDATE calls SET status = 'ACTIVE', ended_at = NULL WHERE status = 'DECLINED'",
            "CX001"
        ),
        Attempt(
            "a second vendor",
            "INSERT INTO vendors (conversation_id, name) SELECT conversation_id, 'B' FROM vendors",
            "23505"
        ),
        Attempt(
            "a seller's name twice",
            "INSERT INTO sellers (conversation_id, name) SELECT conversation_id, 'SALLY' FROM sellers",
            "23505"
        ),
        Attempt(
            "a file that leads elsewhere",
            "INSERT INTO files (purpose, filename, content_type, byte_size, storage_key) VALUES ('IMAGE', 'a', 'b', 1, '../../etc/passwd')",
            "23514"
        ),
        Attempt(
            "a file name with a separator",
            "INSERT INTO files (purpose, filename, content_type, byte_size, storage_key) VALUES ('IMAGE', '../a', 'b', 1, 'images/00/00000000-0000-4000-8000-000000000001')",
            "23514"
        ),
        Attempt(
            "security notices switched off",
            "INSERT INTO notification_preferences VALUES ('00000000-0000-4000-8000-000000000001', 'SECURITY', 'EMAIL', false)",
            "23514"
        ),
        Attempt("a changed audit log", "UPDATE audit_logs SET action = 'y'", "55000"),
        Attempt("a shortened audit log", "DELETE FROM audit_logs", "55000"),
        Attempt(
            "an idempotency key twice",
            "INSERT INTO idempotency_keys (principal, key, field, request_hash, locked_until) VALUES ('user:1', 'key-00001', 'f', '\\x00', now())",
            "23505"
        ),
        Attempt("a unique job twice", "INSERT INTO jobs (name, unique_key) VALUES ('j', '1')", "23505"),
    ]

    @Test func `the database refuses what must not be`() async throws {
        let database = try await migratedDatabase()
        try TestCluster.execute(Self.world, on: database)
        for attempt in Self.attempts {
            let refusal = #expect(throws: TestCluster.Refusal.self, "\(attempt.testDescription)") {
                try TestCluster.execute("BEGIN; \(attempt.sql); SET CONSTRAINTS ALL IMMEDIATE; COMMIT", on: database)
            }
            #expect(refusal?.state == attempt.state, "\(attempt.testDescription): \(refusal?.message ?? "")")
        }
    }

    @Test func `of two SUPER_ADMINs whose roles are taken at once, one keeps it`() async throws {
        final class Count: @unchecked Sendable { var taken = 0 }
        let database = try await migratedDatabase()
        try TestCluster.execute(Self.world, on: database)
        try TestCluster.execute(
            "INSERT INTO user_roles (user_id, role) VALUES ('00000000-0000-4000-8000-000000000002', 'SUPER_ADMIN')",
            on: database
        )
        let users = try (1...2).map { try #require(UUID("00000000-0000-4000-8000-00000000000\($0)")) }
        let take = Command<UUID>("DELETE FROM user_roles WHERE user_id = $1")
        try await withPool(database) { pool in
            let count = Count()
            let tasks = users.map { user in
                pool.loop.startTask { () -> String? in
                    do {
                        try await pool.transaction { transaction in
                            try await transaction.execute(take, user)
                            count.taken += 1
                            try await eventually { count.taken >= 2 }
                        }
                    } catch { return (error as? PostgresError)?.fault?.state.code ?? "\(error)" }
                    return nil
                }
            }
            var outcomes: [String?] = []
            for task in tasks { outcomes.append(await task.value) }
            #expect(outcomes.compactMap(\.self) == ["CX002"])
            let kept = try await pool.session().rows(Statement<UUID>("SELECT user_id FROM user_roles"))
            #expect(kept.count == 1)
        }
    }

    @Test func `of two SUPER_ADMINs who leave at once, the second sees that nobody else is left`() async throws {
        let database = try await migratedDatabase()
        try TestCluster.execute(Self.world, on: database)
        try TestCluster.execute(
            "INSERT INTO user_roles (user_id, role) VALUES ('00000000-0000-4000-8000-000000000002', 'SUPER_ADMIN')",
            on: database
        )
        let users = try (1...2).map { try #require(UUID("00000000-0000-4000-8000-00000000000\($0)")) }
        let isOver = Statement<Bool>(
            """
            SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database()
                AND (wait_event_type = 'Lock' OR query LIKE 'COMMIT%')
            """
        )
        try await withPool(database) { pool in
            let second = try await pool.transaction { first in
                #expect(try await first.otherSuperAdmins(than: users[0]) == 1)
                let second = pool.loop.startTask {
                    try? await pool.transaction { try await $0.otherSuperAdmins(than: users[1]) }
                }
                try await eventually { try await pool.session().one(isOver) }
                try await first.deactivate(users[0])
                return second
            }
            #expect(await second.value == 0)
        }
    }

    private static let say = Command<UUID, String>("INSERT INTO messages (room_id, nonce) VALUES ($1, $2)")

    @Test func `messages of a room are numbered without gaps however many write at once`() async throws {
        let database = try await migratedDatabase()
        try await withPool(database) { pool in
            let room = UUID(high: 1, low: 1)
            try await pool.transaction {
                try await $0.execute(Command<UUID>("INSERT INTO rooms (id, kind) VALUES ($1, 'CHANNEL')"), room)
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        for number in 0..<25 {
                            struct Refused: Error {}
                            try? await pool.transaction { transaction in
                                try await transaction.execute(Self.say, room, "nonce \(writer) \(number)")
                                if number % 5 == 4 { throw Refused() }
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let seqs = try await pool.session().rows(Statement<Int>("SELECT seq FROM messages ORDER BY created_at"))
            #expect(seqs == Array(1...160))
        }
    }
}
