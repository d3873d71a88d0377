import Foundation
import PostgresTesting

/// A change of somebody else's that is made, and not committed before somebody waits for it.
final class HeldTransaction: @unchecked Sendable {
    /// Statements that end when somebody waits for what the transaction holds, or after five seconds.
    static let untilSomebodyWaits = """
        FOR n IN 1..250 LOOP
            PERFORM pg_sleep(0.02);
            EXIT WHEN EXISTS (
                SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
            );
        END LOOP;
        """

    private let thread = DispatchQueue(label: "held transaction")
    private let database: String
    private var failure: (any Error)?

    /// Comes back when the change is made.
    init(_ sql: String, on database: String) throws {
        self.database = database
        let text = """
            DO $$ BEGIN
                \(sql);
                \(Self.untilSomebodyWaits)
            END $$
            """
        thread.async { [self] in
            do { _ = try TestCluster.execute(text, on: database) } catch { failure = error }
        }
        let sleeps =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
        let end = ContinuousClock.now + .seconds(10)
        while try TestCluster.execute(sleeps, on: database) == "0", ContinuousClock.now < end { usleep(5_000) }
    }

    /// Whether nobody has waited for it so far.
    var isHeld: Bool {
        get throws {
            let active = """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND state = 'active' AND starts_with(query, 'DO $$ BEGIN')
                """
            return try TestCluster.execute(active, on: database) != "0"
        }
    }

    /// Comes back when it is committed.
    func end() throws {
        try thread.sync { if let failure { throw failure } }
    }
}
