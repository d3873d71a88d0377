package import PostgresClient

/// How many a parent has: a row of `SELECT parent_id, count(*) … WHERE parent_id = ANY ($1) GROUP BY parent_id`.
package struct ParentCount<Parent: PostgresDecodable & Hashable>: PostgresRow {
    let parent: Parent
    let count: Int

    package init(from row: inout RowReader) throws {
        parent = try row.next()
        count = try row.next()
    }
}

extension StatementRunner {
    /// The counts of parents, in their order; 0 for those without a row.
    package func counts<Parent, each Parameter>(
        _ statement: Statement<ParentCount<Parent>, [Parent], repeat each Parameter>,
        of parents: [Parent],
        _ parameters: repeat each Parameter
    ) async throws -> [Int] {
        guard !parents.isEmpty else { return [] }
        var counts: [Parent: Int] = [:]
        // Not by `rows`: passing a longer pack on through a suspension crashes what Swift 6.3 compiles of it.
        let result = try await run(statement.text) { buffer in
            buffer.add(parents)
            repeat buffer.add(each parameters)
        }
        for row in try result.rows(ParentCount<Parent>.self) { counts[row.parent] = row.count }
        return parents.map { counts[$0] ?? 0 }
    }
}
