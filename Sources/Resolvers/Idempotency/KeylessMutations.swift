import GraphQLEngine
import GraphQLSchema

/// The mutations that take no keys. Whoever sends the header `Idempotency-Key` with one believes that it is safe to ask again,
/// so it is refused, as `@idempotent` is by validation.
struct KeylessMutations: Sendable {
    private let coordinates: Set<String>

    init(_ schema: Schema) {
        guard let mutation = schema.mutationType else {
            coordinates = []
            return
        }
        let keyless = schema[mutation].fields.filter { field in
            !field.appliedDirectives.contains { $0.name == "idempotency" }
        }
        coordinates = Set(keyless.map { "\(schema[mutation].name).\($0.name)" })
    }

    func check(_ batch: GuardedBatch) throws {
        guard coordinates.contains(batch.coordinate), let context = batch.context as? RequestContext,
            context.credential?.idempotencyKey != nil
        else { return }
        throw GraphQLError(
            "\(batch.coordinate) takes no Idempotency-Key: asked again, it is done again.",
            extensions: ["code": .string("BAD_USER_INPUT")]
        )
    }
}

/// What `@public` does: anyone is let in, and a key that nobody would look at refused.
struct PublicMiddleware: FieldMiddleware {
    let keyless: KeylessMutations

    func check(_ batch: GuardedBatch) async throws -> BatchVerdict {
        try keyless.check(batch)
        return .admitted
    }
}
