internal import PostgresClient
internal import Synchronization

/// The time zones that PostgreSQL knows by name: abbreviations and formulas are none. It reads a file for each to list them,
/// so they are asked for once.
final class TimeZoneNames: Sendable {
    private let known = Mutex<Set<String>?>(nil)

    func contains(_ name: String, asking session: Session) async throws -> Bool {
        if let known = known.withLock({ $0 }) { return known.contains(name) }
        let names = Set(try await session.rows(TimeZoneStatements.names))
        known.withLock { $0 = names }
        return names.contains(name)
    }
}

extension Database {
    package func isTimeZone(_ name: String) async throws -> Bool {
        guard name.utf8.count <= 64, name.utf8.allSatisfy({ (0x21..<0x7f).contains($0) }) else { return false }
        return try await timeZones.contains(name, asking: session)
    }
}

enum TimeZoneStatements {
    static let names = Statement<String>("SELECT coalesce(name, '') FROM pg_timezone_names ORDER BY name")
    static let all: [any CheckableStatement] = [names]
}
