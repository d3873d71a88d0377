import Actions
import GraphQLEngine
import GraphQLSchema

/// What `@auth` does: asks who is there, once for a batch.
struct AuthMiddleware: FieldMiddleware {
    func check(_ batch: GuardedBatch) async throws -> BatchVerdict {
        guard let context = batch.context as? RequestContext else { throw AccessRefusal.unauthenticated }
        let principal = try await context.signedIn()
        if let roles = names(of: "anyRole", in: batch.directive), !roles.contains(where: principal.has(role:)) {
            throw AccessRefusal.forbidden("This needs another role.", reason: "MISSING_ROLE")
        }
        if names(of: "level", in: batch.directive) == ["RECENT_SIGN_IN"] {
            let (services, _) = try context.identityServices()
            guard services.hasSignedInRecently(principal) else {
                throw AccessRefusal.forbidden("Prove again who you are.", reason: "REAUTHENTICATION_REQUIRED")
            }
        }
        return .admitted
    }

    /// The enum values of one argument of the directive; nil where it is not given.
    private func names(of argument: String, in directive: Value) -> [String]? {
        guard case .object(let fields) = directive else { return nil }
        switch fields.first(where: { $0.name == argument })?.value {
        case .enum(let name): return [name]
        case .list(let items):
            return items.compactMap { item in if case .enum(let name) = item { name } else { nil } }
        default: return nil
        }
    }
}

/// A root field that says neither `@public` nor `@auth`: nobody has thought about who may select it.
package struct UnguardedFields: Error, Equatable, CustomStringConvertible {
    package let coordinates: [String]

    package var description: String {
        "say @public or @auth of " + coordinates.joined(separator: ", ")
    }
}

extension Schema {
    /// Throws unless every root field says who may select it.
    func mustBeGuarded() throws(UnguardedFields) {
        let roots = [queryType, mutationType, subscriptionType].compactMap { $0 }
        let unguarded = roots.flatMap { root in
            self[root].fields.filter { field in
                !field.name.hasPrefix("__")
                    && !field.appliedDirectives.contains { $0.name == "public" || $0.name == "auth" }
            }.map { "\(self[root].name).\($0.name)" }
        }
        guard unguarded.isEmpty else { throw UnguardedFields(coordinates: unguarded) }
    }
}
