internal import Synchronization

/// SQL that gives rows of one type for parameters of these types. Declared once, as a static constant.
///
///     static let usersByID = Statement<UserRow, [UUID]>("SELECT id, name FROM users WHERE id = ANY ($1)")
public struct Statement<Row: PostgresRow, each Parameter: PostgresEncodable>: Sendable {
    public let text: StatementText

    public init(_ sql: StaticString, fileID: StaticString = #fileID, line: Int = #line) {
        self.init(sql: "\(sql)", name: "\(fileID):\(line)")
    }

    init(sql: String, name: String? = nil) {
        text = StatementText(sql, parameters: parameterTypes(repeat (each Parameter).self), name: name)
    }
}

/// SQL that gives no rows, only how many it changed.
public struct Command<each Parameter: PostgresEncodable>: Sendable {
    public let text: StatementText

    public init(_ sql: StaticString, fileID: StaticString = #fileID, line: Int = #line) {
        self.init(sql: "\(sql)", name: "\(fileID):\(line)")
    }

    init(sql: String, name: String? = nil) {
        text = StatementText(sql, parameters: parameterTypes(repeat (each Parameter).self), name: name)
    }
}

/// A command without parameters.
public typealias PlainCommand = Command<>

private func parameterTypes<each Parameter: PostgresEncodable>(_ types: repeat (each Parameter).Type) -> [PostgresType]
{
    var result: [PostgresType] = []
    repeat result.append((each types).parameterType)
    return result
}

/// The SQL of a statement and the place it has in every connection's table of what is prepared.
public final class StatementText: Sendable {
    public let sql: String
    public let parameters: [PostgresType]
    /// What it is called in traces: where it is declared.
    public let name: String
    /// Dense: the number of statements the program has used so far.
    let index: Int
    /// Whether a parameter that is null switches a condition off: what is a good way then is none without it, so that it is
    /// planned for the values of each run. All others are planned once for each connection.
    let isPlannedForValues: Bool

    /// A number for names that go with a statement.
    static func takeIndex() -> Int { count.add(1, ordering: .relaxed).oldValue }

    private static let count = Atomic<Int>(0)

    /// For texts of the program that no single literal holds; never of what comes from outside.
    package init(_ sql: String, parameters: [PostgresType] = [], name: String? = nil) {
        self.sql = sql
        self.name = name ?? sql
        self.parameters = parameters
        isPlannedForValues = sql.split(separator: " IS NULL OR ").dropLast().contains { before in
            before.split { $0.isWhitespace || $0 == "(" }.last?.hasPrefix("$") ?? false
        }
        // A name and a row of the tables of all connections: statements are constants, not made while serving.
        index = StatementText.count.add(1, ordering: .relaxed).oldValue
    }
}
