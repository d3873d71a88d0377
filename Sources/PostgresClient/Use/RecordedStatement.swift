/// A statement with the parameters it ran with, so that the server can be asked how it runs that.
public struct RecordedStatement: Sendable {
    let text: StatementText
    /// Whether it ran on a connection that can change nothing, where it may run once more.
    let isRead: Bool
    private let parameters: EncodedParameters

    /// Nil for what has no plan, such as COMMIT.
    init?(_ text: StatementText, isRead: Bool, _ encode: (inout ParameterBuffer) -> Void) {
        guard text.hasPlan else { return nil }
        self.text = text
        self.isRead = isRead
        parameters = EncodedParameters(encode)
    }

    public var parameterBytes: Int { parameters.count }

    func encode(into buffer: inout ParameterBuffer) { parameters.encode(into: &buffer) }
}

extension StatementText {
    fileprivate var hasPlan: Bool {
        let first = sql.drop { $0.isWhitespace || $0 == "(" }.prefix { $0.isLetter }.uppercased()
        return ["SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "VALUES"].contains(first)
    }
}

extension PostgresPool {
    /// How PostgreSQL runs a statement with these parameters, line by line. Reads are run for that, with their times;
    /// what changes something is not.
    public func plan(of statement: RecordedStatement) async throws -> [String] {
        let text = explaining(statement)
        if statement.isRead { return try await session().run(text, statement.encode).rows() }
        return try await transaction { try await $0.run(text, statement.encode).rows() }
    }

    /// Texts of plans have a place in the tables of connections as all others do: one for each statement.
    private func explaining(_ statement: RecordedStatement) -> StatementText {
        let original = statement.text
        let key = original.index * 2 + (statement.isRead ? 1 : 0)
        if let known = explanations[key] { return known }
        let options = statement.isRead ? "(ANALYZE, BUFFERS)" : ""
        let text = StatementText(
            "EXPLAIN \(options) \(original.sql)",
            parameters: original.parameters,
            name: "EXPLAIN \(original.name)"
        )
        explanations[key] = text
        return text
    }
}
