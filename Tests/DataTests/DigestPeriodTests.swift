import PostgresTesting
import Testing

@Suite struct DigestPeriodTests {
    /// Berlin's clocks go from 2:00 to 3:00 on 29 March 2026, and from 3:00 to 2:00 on 25 October. Both are Sundays.
    @Test(arguments: [
        ("'DAILY', 'Europe/Berlin', '2026-01-14 06:59Z'", "2026-01-13 00:00"),
        ("'DAILY', 'Europe/Berlin', '2026-01-14 07:00Z'", "2026-01-14 00:00"),
        ("'DAILY', 'Europe/Berlin', '2026-07-14 05:59Z'", "2026-07-13 00:00"),
        ("'DAILY', 'Europe/Berlin', '2026-07-14 06:00Z'", "2026-07-14 00:00"),
        // The mornings behind the nights in which the clocks change.
        ("'DAILY', 'Europe/Berlin', '2026-03-29 05:59Z'", "2026-03-28 00:00"),
        ("'DAILY', 'Europe/Berlin', '2026-03-29 06:00Z'", "2026-03-29 00:00"),
        ("'DAILY', 'Europe/Berlin', '2026-10-25 06:59Z'", "2026-10-24 00:00"),
        ("'DAILY', 'Europe/Berlin', '2026-10-25 07:00Z'", "2026-10-25 00:00"),
        ("'WEEKLY', 'Europe/Berlin', '2026-03-30 05:59Z'", "2026-03-23 00:00"),
        ("'WEEKLY', 'Europe/Berlin', '2026-03-30 06:00Z'", "2026-03-30 00:00"),
        ("'WEEKLY', 'Asia/Kathmandu', '2026-03-30 02:14Z'", "2026-03-23 00:00"),
        ("'WEEKLY', 'Asia/Kathmandu', '2026-03-30 02:15Z'", "2026-03-30 00:00"),
        ("'HOURLY', 'Asia/Kathmandu', '2026-03-30 02:14Z'", "2026-03-30 07:00"),
        ("'IMMEDIATE', 'UTC', '2026-03-30 02:14Z'", ""),
    ])
    func `a day of digests begins at eight where its reader lives`(arguments: String, period: String) async throws {
        let database = try await migratedDatabase()
        let found = try TestCluster.execute(
            "SELECT coalesce(to_char(digest_period(\(arguments)), 'YYYY-MM-DD HH24:MI'), '')",
            on: database
        )
        #expect(found == period)
    }
}
