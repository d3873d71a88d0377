import PostgresTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct QuietHoursTests {
    /// Berlin's clocks go from 2:00 to 3:00 on 29 March 2026, and from 3:00 to 2:00 on 25 October. 14 January 2026 is a
    /// Wednesday.
    @Test(arguments: [
        ("true, '22:00', '07:00', 'Europe/Berlin', '{1,2,3,4,5,6,7}', NULL, '2026-01-14 20:59Z'", ""),
        ("true, '22:00', '07:00', 'Europe/Berlin', '{1,2,3,4,5,6,7}', NULL, '2026-01-14 21:00Z'", "2026-01-15 06:00"),
        ("true, '22:00', '07:00', 'Europe/Berlin', '{1,2,3,4,5,6,7}', NULL, '2026-01-15 05:59Z'", "2026-01-15 06:00"),
        ("true, '22:00', '07:00', 'Europe/Berlin', '{1,2,3,4,5,6,7}', NULL, '2026-01-15 06:00Z'", ""),
        // The night begins on a Wednesday, and goes on into a Thursday.
        ("true, '22:00', '07:00', 'Europe/Berlin', '{3}', NULL, '2026-01-15 03:00Z'", "2026-01-15 06:00"),
        ("true, '22:00', '07:00', 'Europe/Berlin', '{4}', NULL, '2026-01-15 03:00Z'", ""),
        // Over a change of the clocks.
        ("true, '22:00', '07:00', 'Europe/Berlin', '{1,2,3,4,5,6,7}', NULL, '2026-03-28 22:00Z'", "2026-03-29 05:00"),
        ("true, '22:00', '07:00', 'Europe/Berlin', '{1,2,3,4,5,6,7}', NULL, '2026-10-24 22:00Z'", "2026-10-25 06:00"),
        ("true, '12:00', '13:00', 'Asia/Kolkata', '{1,2,3,4,5,6,7}', NULL, '2026-01-14 06:30Z'", "2026-01-14 07:30"),
        ("false, '00:00', '23:59', 'UTC', '{1,2,3,4,5,6,7}', NULL, '2026-01-14 06:30Z'", ""),
        (
            "true, '06:00', '07:00', 'UTC', '{1,2,3,4,5,6,7}', '2026-01-14 09:00Z', '2026-01-14 06:30Z'",
            "2026-01-14 09:00"
        ),
        (
            "true, '06:00', '07:00', 'UTC', '{1,2,3,4,5,6,7}', '2026-01-14 06:00Z', '2026-01-14 06:30Z'",
            "2026-01-14 07:00"
        ),
        ("NULL, NULL, NULL, NULL, NULL, NULL, '2026-01-14 06:30Z'", ""),
    ])
    func `a night is over when it is over where somebody lives`(arguments: String, end: String) async throws {
        let database = try await migratedDatabase()
        let found = try TestCluster.execute(
            "SELECT coalesce(to_char(quiet_until(\(arguments)) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), '')",
            on: database
        )
        #expect(found == end)
    }
}
