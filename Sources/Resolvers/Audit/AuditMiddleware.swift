import Actions
import Data
import GraphQLEngine
import GraphQLSchema

/// What `@audit` does beside what actions write with what they change: an entry before something dangerous, so that a crash
/// in the middle leaves a trace, and one when it failed.
struct AuditMiddleware: FieldMiddleware {
    func check(_ batch: GuardedBatch) async throws -> BatchVerdict {
        guard batch.directive["dangerous"] == .boolean(true), let action = batch.directive["action"]?.text,
            let context = batch.context as? RequestContext
        else { return .admitted }
        let (services, principal, client) = try await context.actor()
        let resource = batch.arguments.auditResource
        try await services.announce(action, by: principal.user.id, on: resource, from: client)
        return .admitted
    }

    func failed(_ batch: GuardedBatch, _ error: any Error) async {
        guard let action = batch.directive["action"]?.text, let context = batch.context as? RequestContext else {
            return
        }
        switch error {
        case is TooManyRequests:
            await context.note(action, .refused, of: batch.coordinate, errorCode: "RATE_LIMITED")
        case is SessionEnded:
            await context.note(action, .refused, of: batch.coordinate, errorCode: "UNAUTHENTICATED")
        case let error as GraphQLError:
            let code = error.extensions["reason"]?.text ?? error.extensions["code"]?.text ?? "INTERNAL"
            await context.note(action, .refused, of: batch.coordinate, errorCode: code)
        default:
            await context.note(action, .failed, of: batch.coordinate, errorCode: "INTERNAL")
        }
    }
}

extension RequestContext {
    /// That a field was refused to somebody, by what the schema says of it. Of those who show nothing at all nothing is
    /// written.
    func noteRefusal(_ refusal: GraphQLError, of coordinate: String) async {
        guard credential?.accessToken != nil else { return }
        let code = refusal.extensions["reason"]?.text ?? refusal.extensions["code"]?.text ?? "FORBIDDEN"
        await note("field.select", .refused, of: coordinate, errorCode: code)
    }

    fileprivate func note(
        _ action: String,
        _ outcome: NewAuditEntry.Outcome,
        of coordinate: String,
        errorCode: String
    ) async {
        guard let (services, given) = try? identityServices() else { return }
        var client = given
        let principal = try? await principal()
        client.keyPrefix = principal?.key?.prefix
        let field = NewAuditEntry.Resource(type: "Field", id: coordinate)
        await services.note(action, outcome, by: principal?.user.id, on: field, from: client, errorCode: errorCode)
    }
}

extension Value {
    fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }

    /// What the arguments of a mutation name first, if it is of a kind that is written to the log.
    fileprivate var auditResource: NewAuditEntry.Resource? {
        guard case .object(let fields) = self else { return nil }
        for field in fields {
            switch field.value {
            case .string(let text):
                for (prefix, type) in Self.auditedKinds where GlobalID.uuid(prefix, text) != nil {
                    return NewAuditEntry.Resource(type: type, id: text)
                }
            case .object: if let resource = field.value.auditResource { return resource }
            default: break
            }
        }
        return nil
    }

    private static let auditedKinds = [
        ("team", "Team"), ("usr", "User"), ("key", "ApiKey"), ("mfa", "MfaFactor"), ("room", "Room"), ("grp", "Group"),
    ]
}
