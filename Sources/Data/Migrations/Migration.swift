internal import CMigrations

/// One step of the schema's history.
package struct Migration: Sendable, Equatable {
    package let version: Int
    package let name: String
    let sql: String

    package init(version: Int, name: String, sql: String) {
        self.version = version
        self.name = name
        self.sql = sql
    }

    /// Those of this program, in order.
    package static let all: [Migration] = {
        var all: [Migration] = []
        while let next = atrium_migration_at(Int32(all.count)) {
            all.append(
                Migration(
                    version: Int(next.pointee.version),
                    name: String(cString: next.pointee.name),
                    sql: String(cString: next.pointee.sql)
                )
            )
        }
        return all
    }()
}

/// Why the schema cannot be brought up to date, and what to do.
package enum MigrationError: Error, Equatable, CustomStringConvertible {
    /// A newer program was here.
    case newer(version: Int, name: String)
    case changed(version: Int, name: String)
    /// A migration came in between those that were applied.
    case outOfOrder(version: Int, name: String)
    case failed(version: Int, name: String, reason: String)
    /// The connection was lost while it was committed.
    case unknown(version: Int, name: String)
    /// Another program has been at it all the time.
    case busy

    package var description: String {
        switch self {
        case .newer(let version, let name):
            return """
                the database has migration \(version) \(name), which this program does not know: \
                start the version that made it, or restore a backup from before
                """
        case .changed(let version, let name):
            return """
                migration \(version) \(name) was changed after it was applied: undo the change, \
                and put what it was for into a new migration (migrate create)
                """
        case .outOfOrder(let version, let name):
            return "migration \(version) \(name) is older than others that were applied: give it the next number"
        case .failed(let version, let name, let reason):
            return "migration \(version) \(name) failed and left nothing: \(reason)"
        case .unknown(let version, let name):
            return """
                the database was lost while migration \(version) \(name) was committed: \
                start again, which goes on with what is missing
                """
        case .busy: return "another program has been migrating the database for an hour: see what it does"
        }
    }
}
