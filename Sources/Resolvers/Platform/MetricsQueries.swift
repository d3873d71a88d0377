extension Query {
    static func systemMetrics(in context: RequestContext) async throws -> SystemFigures? {
        await context.server.figures?.system()
    }

    static func operationMetrics(
        _ arguments: QueryOperationMetricsArguments,
        in context: RequestContext
    ) async throws -> [OperationFigures]? {
        let range: ServerFigures.Range =
            switch arguments.range {
            case .lastHour: .lastHour
            case .sinceStart: .sinceStart
            }
        return await (context.server.figures?.operations(range)).map { Array($0.prefix(Int(arguments.first))) }
    }

    static func slowQueries(
        _ arguments: QuerySlowQueriesArguments,
        in context: RequestContext
    ) async throws -> [StatementFigures]? {
        await (context.server.figures?.statements()).map { Array($0.prefix(Int(arguments.first))) }
    }
}
