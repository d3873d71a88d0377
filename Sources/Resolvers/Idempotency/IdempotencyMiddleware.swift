import GraphQLEngine
import GraphQLSchema

/// What `@idempotency` does: reads the key with which a mutation is asked for, by `@idempotent(key:)` in the document or,
/// where it is the only field, by the header `Idempotency-Key`. The resolver does the rest: `RequestContext.once`.
struct IdempotencyMiddleware: FieldMiddleware {
    func check(_ batch: GuardedBatch) async throws -> BatchVerdict {
        guard let context = batch.context as? RequestContext else { return .admitted }
        let key: String?
        if case .string(let said)? = try batch.said(by: "idempotent")?["key"] {
            key = said
        } else if let header = context.credential?.idempotencyKey {
            guard batch.isAlone else { throw Self.ambiguousHeader }
            key = header
        } else {
            key = nil
        }
        context.idempotency.expect(
            IdempotentCall(
                key: key,
                isRequired: batch.directive["mode"] == .enum("REQUIRED"),
                field: batch.coordinate,
                arguments: batch.arguments.json
            )
        )
        return .admitted
    }

    private static let ambiguousHeader = GraphQLError(
        "The header Idempotency-Key is for documents with one mutation; say @idempotent(key:) at each field.",
        extensions: ["code": .string("BAD_USER_INPUT")]
    )
}

/// A mutation on its way to its resolver, and the key it came with.
struct IdempotentCall: Sendable {
    let key: String?
    let isRequired: Bool
    let field: String
    let arguments: String
}
