import Foundation
import PostgresClient
import PostgresTesting
import Testing

@testable import Data

/// What goes with an account is found by whose it is, in tables that are large by what others have.
@Suite(.timeLimit(.minutes(3))) struct ErasurePlanTests {
    private static let rows = """
        SET session_replication_role = replica;
        INSERT INTO users (id, email, username, name)
        SELECT \(id("n")), 'u' || n || '@example.org', 'user' || n, 'x' FROM generate_series(1, 4000) n;
        INSERT INTO message_reactions (message_id, user_id, emoji)
        SELECT \(id("n")), \(id("n % 4000")), 'x' FROM generate_series(1, 40000) n;
        INSERT INTO moderation_reports (message_id, author_id, reporter_id, reason)
        SELECT \(id("n")), \(id("n % 4000")), \(id("n % 4000")), 'SPAM' FROM generate_series(1, 8000) n;
        INSERT INTO group_bans (group_id, user_id, reason)
        SELECT \(id("n")), \(id("n % 4000")), 'x' FROM generate_series(1, 8000) n;
        INSERT INTO group_join_requests (group_id, user_id)
        SELECT \(id("n")), \(id("n % 4000")) FROM generate_series(1, 8000) n;
        INSERT INTO room_timeouts (room_id, user_id, until, reason)
        SELECT \(id("n")), \(id("n % 4000")), now(), 'x' FROM generate_series(1, 8000) n;
        INSERT INTO team_invites (team_id, email, role, token_hash, expires_at)
        SELECT \(id("n")), 'u' || n || '@example.org', 'MEMBER', sha256(n::text::bytea), now() + interval '1 day'
        FROM generate_series(1, 8000) n;
        INSERT INTO email_messages (id, to_address, user_id, subject, provider)
        SELECT \(id("n")), 'u' || n % 4000 || '@example.org', CASE WHEN n % 4 > 0 THEN \(id("n % 4000")) END, '', ''
        FROM generate_series(1, 20000) n;
        INSERT INTO jobs (name, payload)
        SELECT 'mail.send', jsonb_build_object('message', \(id("n")), 'values', CASE WHEN n % 10 = 0
            THEN jsonb_build_object('user', \(id("n % 4000"))) ELSE '{}' END)
        FROM generate_series(1, 20000) n
        """

    /// A UUID of a number, in SQL.
    private static func id(_ number: String) -> String {
        "('10000000-0000-7000-8000-' || lpad((\(number))::text, 12, '0'))::uuid"
    }

    @Test func `nothing of others is read through`() async throws {
        let database = try await migratedDatabase()
        for sql in [Self.rows, "ANALYZE"] { try TestCluster.execute(sql, on: database) }
        let rows = ErasedRowStatements.self
        let found: [(any CheckableStatement, [String])] = [
            (rows.reactions, ["message_reactions_of_user"]), (rows.bans, ["group_bans_of_user"]),
            (rows.reportNotes, ["moderation_reports_of_reporter"]),
            (rows.reportAuthors, ["moderation_reports_of_author"]), (rows.timeouts, ["room_timeouts_of_user"]),
            (rows.joinRequests, ["group_join_requests_of_user"]), (rows.invitations, ["team_invites_to"]),
            (
                rows.mails,
                ["email_messages_of_user", "email_messages_to", "jobs_of_mails_about", "email_messages_pkey"]
            ),
            (rows.mailJobs, ["jobs_of_mail", "jobs_of_mails_about"]),
        ]
        let user = "'10000000-0000-7000-8000-000000000008'"
        for (statement, indexes) in found {
            let values = statement.text.parameters.count == 1 ? [user] : [user, "ARRAY[\(user)]::uuid[]"]
            for mode in ["force_custom_plan", "force_generic_plan"] {
                let plan = try #require(
                    try TestCluster.execute(
                        """
                        SET plan_cache_mode = \(mode);
                        PREPARE p (\(values.count == 1 ? "uuid" : "uuid, uuid[]")) AS \(statement.text.sql);
                        EXPLAIN (FORMAT JSON) EXECUTE p(\(values.joined(separator: ", ")));
                        """,
                        on: database
                    )
                )
                for index in indexes { #expect(plan.contains("\"Index Name\": \"\(index)\""), "\(index): \(plan)") }
                #expect(!plan.contains("Seq Scan"), "\(plan)")
            }
        }
    }

    /// What a plan reads without looking for anything in it, as `Seq Scan of teams`.
    private func readThrough(_ node: [String: Any]) -> [String] {
        let kind = node["Node Type"] as? String ?? ""
        let name = (node["Relation Name"] ?? node["Index Name"]) as? String ?? ""
        let isSought = node["Index Cond"] != nil || !kind.hasSuffix("Scan") || kind == "Bitmap Heap Scan"
        return (isSought ? [] : ["\(kind) of \(name)"])
            + (node["Plans"] as? [[String: Any]] ?? []).flatMap(readThrough)
    }

    /// Sign-ins of the last minutes.
    private static let readWhole: Set = ["Seq Scan of oauth_attempts"]

    @Test func `there is an index for each statement`() async throws {
        let database = try await migratedDatabase()
        let user = "'10000000-0000-7000-8000-000000000008'"
        for statement in ErasedRowStatements.inOrder {
            // Where there is no other way, the plan says so.
            let plan = try #require(
                try TestCluster.execute(
                    """
                    SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off;
                    SET enable_mergejoin = off; SET enable_material = off;
                    PREPARE p (uuid) AS \(statement.text.sql);
                    EXPLAIN (FORMAT JSON) EXECUTE p(\(user));
                    """,
                    on: database
                )
            )
            let parts = try JSONSerialization.jsonObject(with: Foundation.Data(plan.utf8)) as? [[String: Any]]
            let root = try #require(parts?.first?["Plan"] as? [String: Any], "\(plan)")
            #expect(Self.readWhole.isSuperset(of: readThrough(root)), "\(statement.text.sql): \(plan)")
        }
    }
}
