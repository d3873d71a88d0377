import GraphQLEngine
import HTTPServer

extension ActiveSpan {
    /// An operation was executed, or refused: https://opentelemetry.io/docs/specs/semconv/graphql/graphql-spans/. Its document may
    /// hold anything, and is left out.
    ///
    /// - Parameter outcome: nil where it was given up before there was an answer.
    func finish(_ prepared: PreparedRequest, _ outcome: Response.Outcome?) {
        let kind = "\(prepared.operationType)"
        var attributes: [(name: StaticString, value: Span.Value)] = [
            ("graphql.operation.type", .text(kind)),
            ("graphql.outcome", .text(outcome.map { "\(OperationCounters.Outcome($0).label)" } ?? "cancelled")),
        ]
        if !prepared.operationName.isEmpty {
            attributes.append(("graphql.operation.name", .text(String(prepared.operationName.prefix(100)))))
        }
        finish(kind, attributes, hasFailed: outcome != .executed(hasErrors: false))
    }
}
