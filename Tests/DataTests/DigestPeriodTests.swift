import PostgresTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct DigestPeriodTests {
    /// Berlin's clocks go from 2:00 to 3:00 on 29 March 2026, and from 3:00 to 2:00 on 25 October. Both are Sundays.
    @Test(arguments: [
        ("'DAILY', 'Europe/Berlin', '2026-01-14 06:59Z'", "2026-01-13 07:00"),
        ("'DAILY', 'Europe/Berlin', '2026-01-14 07:00Z'", "2026-01-14 07:00"),
        ("'DAILY', 'Europe/Berlin', '2026-07-14 05:59Z'", "2026-07-13 06:00"),
        ("'DAILY', 'Europe/Berlin', '2026-07-14 06:00Z'", "2026-07-14 06:00"),
        // The mornings behind the nights in which the clocks change.
        ("'DAILY', 'Europe/Berlin', '2026-03-29 05:59Z'", "2026-03-28 07:00"),
        ("'DAILY', 'Europe/Berlin', '2026-03-29 06:00Z'", "2026-03-29 06:00"),
        ("'DAILY', 'Europe/Berlin', '2026-10-25 06:59Z'", "2026-10-24 06:00"),
        ("'DAILY', 'Europe/Berlin', '2026-10-25 07:00Z'", "2026-10-25 07:00"),
        ("'WEEKLY', 'Europe/Berlin', '2026-03-30 05:59Z'", "2026-03-23 07:00"),
        ("'WEEKLY', 'Europe/Berlin', '2026-03-30 06:00Z'", "2026-03-30 06:00"),
        ("'WEEKLY', 'Asia/Kathmandu', '2026-03-30 02:14Z'", "2026-03-23 02:15"),
        ("'WEEKLY', 'Asia/Kathmandu', '2026-03-30 02:15Z'", "2026-03-30 02:15"),
        ("'HOURLY', 'Asia/Kathmandu', '2026-03-30 02:14Z'", "2026-03-30 01:15"),
        // The hour that comes twice, and the one that does not come.
        ("'HOURLY', 'Europe/Berlin', '2026-10-25 00:30Z'", "2026-10-25 00:00"),
        ("'HOURLY', 'Europe/Berlin', '2026-10-25 01:30Z'", "2026-10-25 01:00"),
        ("'HOURLY', 'Europe/Berlin', '2026-03-29 01:10Z'", "2026-03-29 01:00"),
        ("'IMMEDIATE', 'UTC', '2026-03-30 02:14Z'", ""),
    ])
    func `a day of digests begins at eight where its reader lives`(arguments: String, start: String) async throws {
        let database = try await migratedDatabase()
        let found = try TestCluster.execute(
            "SELECT coalesce(to_char(digest_start(\(arguments)) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), '')",
            on: database
        )
        #expect(found == start)
    }
}
