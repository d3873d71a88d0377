import Actions
import Data
import GraphQLEngine
import PostgresClient

extension RequestContext {
    /// Answers a mutation that says `@idempotency`: by doing it, or by what was done when its key came before.
    ///
    /// - Parameters:
    ///   - payload: of what was done, or of what kept it from being done.
    ///   - again: what was done before, as it is now and as far as the viewer may see it.
    ///   - action: settles the claim of the client it is given, in its transaction, exactly if it succeeds.
    func once<Value: Sendable, Code, Payload>(
        _ principal: Principal,
        _ client: ClientInfo,
        payload: (Value?, [UserError]) -> Payload,
        again: (Node) -> Value?,
        do action: (ClientInfo) async throws -> Result<Value, Faults<Code>>
    ) async throws -> Payload {
        guard let call = idempotency.take() else { return try await action(client).payload(payload) }
        guard let key = call.key else {
            guard call.isRequired else { return try await action(client).payload(payload) }
            let message = "Say @idempotent(key:), with a key of its own for each thing to be done."
            return payload(nil, [.idempotency(.idempotencyKeyRequired, message)])
        }
        guard IdempotentRequest.isKey(key) else {
            return payload(nil, [.invalid("A key has from 8 to 255 characters.", [])])
        }
        let request = IdempotentRequest(by: principal, key: key, field: call.field, arguments: call.arguments)
        let outcome: IdempotentWork.Outcome<Result<Value, Faults<Code>>>
        do {
            outcome = try await IdempotentWork(databaseInUse().pool)
                .run(request) {
                    (try? $0.get()) != nil
                } _: { claim in
                    try await action(client.with(claim))
                }
        } catch is LostIdempotencyClaim { return payload(nil, [.inProgress(since: nil)]) }
        switch outcome {
        case .done(let result): return result.payload(payload)
        case .repeated(let ids):
            idempotency.noteReplay()
            let node = try await NodeKinds.load(ids.prefix(1).map { ID(rawValue: $0) }, in: self).first ?? nil
            guard let value = node.flatMap(again) else { return payload(nil, [.notFound([])]) }
            return payload(value, [])
        case .inProgress(let since): return payload(nil, [.inProgress(since: since)])
        case .usedOtherwise(let first):
            let message = "The key was used before, for something else."
            return payload(nil, [.idempotency(.idempotencyKeyReused, message, firstUsedAt: first)])
        }
    }
}

extension UserError {
    fileprivate static func inProgress(since: Timestamp?) -> UserError {
        .idempotency(.idempotencyInProgress, "It is being done; ask again in a second.", firstUsedAt: since)
    }

    fileprivate static func idempotency(
        _ code: UserErrorCode,
        _ message: String,
        firstUsedAt: Timestamp? = nil
    ) -> UserError {
        .idempotencyError(
            IdempotencyError(code: code, message: message, path: [], firstUsedAt: firstUsedAt.map(DateTime.init))
        )
    }
}
