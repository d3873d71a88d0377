import Actions
import GraphQLEngine
import GraphQLSchema

/// What `@auth` does: asks who is there, once for a batch.
struct AuthMiddleware: FieldMiddleware {
    /// Root fields that say no `@scope`: they are for people, not for their programs.
    let fieldsForPeople: Set<String>
    let keyless: KeylessMutations

    func check(_ batch: GuardedBatch) async throws -> BatchVerdict {
        guard let context = batch.context as? RequestContext else { throw AccessRefusal.unauthenticated }
        try keyless.check(batch)
        do { return try await verdict(batch, context) } catch let refusal as GraphQLError {
            await context.noteRefusal(refusal, of: batch.coordinate)
            throw refusal
        }
    }

    private func verdict(_ batch: GuardedBatch, _ context: RequestContext) async throws -> BatchVerdict {
        // What was found for a mutation before this one is none of its business.
        if batch.isMutation { context.access.note(nil) }
        let principal: Principal
        if batch.directive["guests"] == .boolean(true) {
            switch try await context.visitor() {
            case .user(let user): principal = user
            case .guest: return .admitted
            case .absent: throw AccessRefusal.unauthenticated
            }
        } else {
            principal = try await context.signedIn()
        }
        if principal.key != nil, fieldsForPeople.contains(batch.coordinate) { throw AccessRefusal.keyRefused }
        let declared = try DeclaredPermission(batch.directive)
        if case .platform(let permission) = declared, !principal.may(permission) {
            throw AccessRefusal.missing(permission.rawValue)
        }
        if batch.directive.names(of: "level") == ["RECENT_SIGN_IN"] {
            let (services, _) = try context.identityServices()
            guard services.hasSignedInRecently(principal) else {
                throw AccessRefusal.forbidden("Prove again who you are.", reason: "REAUTHENTICATION_REQUIRED")
            }
        }
        switch declared {
        case .team(let permission, let place):
            return try await verdict(permission, on: place, principal, batch, context)
        case .group(let permission, let place):
            return try await verdict(permission, on: place, principal, batch, context)
        case .platform, nil: return .admitted
        }
    }
}

extension GuardedBatch {
    fileprivate var isMutation: Bool { coordinate.hasPrefix("Mutation.") }
}

extension Value {
    /// The enum values of one argument of a directive; nil where it is not given.
    func names(of argument: String) -> [String]? {
        guard case .object(let fields) = self else { return nil }
        switch fields.first(where: { $0.name == argument })?.value {
        case .enum(let name): return [name]
        case .list(let items):
            return items.compactMap { item in if case .enum(let name) = item { name } else { nil } }
        default: return nil
        }
    }
}

/// A root field that says neither `@public` nor `@auth`, or a list or object of the viewer that does not say `@scope`: nobody
/// has thought about who may select it.
package struct UnguardedFields: Error, Equatable, CustomStringConvertible {
    package let coordinates: [String]
    /// Mutations that ask for a recent proof and leave no trace before they run.
    package var unannounced: [String] = []
    /// Fields with a permission that nothing can be held against.
    package var unfound: [String] = []

    var isEmpty: Bool { coordinates.isEmpty && unannounced.isEmpty && unfound.isEmpty }

    package var description: String {
        let roots = coordinates.filter { !$0.hasPrefix("Viewer.") }
        let ofViewer = coordinates.filter { $0.hasPrefix("Viewer.") }
        return [
            roots.isEmpty ? nil : "say @public or @auth of " + roots.joined(separator: ", "),
            ofViewer.isEmpty ? nil : "say @scope of " + ofViewer.joined(separator: ", "),
            unannounced.isEmpty
                ? nil : "say @audit(dangerous: true) behind @auth of " + unannounced.joined(separator: ", "),
            unfound.isEmpty
                ? nil : "say on what the permission of @auth is asked for of " + unfound.joined(separator: ", "),
        ].compactMap { $0 }.joined(separator: "; ")
    }
}

extension Schema {
    /// Throws unless every root field says who may select it, and the viewer's lists which programs may.
    func mustBeGuarded() throws(UnguardedFields) {
        let roots = [queryType, mutationType, subscriptionType].compactMap { $0 }
        let unguarded = roots.flatMap { root in
            self[root].fields.filter { field in
                !field.name.hasPrefix("__")
                    && !field.appliedDirectives.contains { $0.name == "public" || $0.name == "auth" }
            }.map { "\(self[root].name).\($0.name)" }
        }
        let fields = UnguardedFields(
            coordinates: unguarded + unscopedViewerFields,
            unannounced: unannouncedMutations,
            unfound: unfoundPermissions
        )
        guard fields.isEmpty else { throw fields }
    }

    /// Whoever asks for a recent proof thinks that it is dangerous.
    private var unannouncedMutations: [String] {
        guard let mutation = mutationType else { return [] }
        return self[mutation].fields.filter { field in
            let directives = field.appliedDirectives
            guard let auth = directives.firstIndex(where: { $0.says("level", .enum("RECENT_SIGN_IN")) }) else {
                return false
            }
            return !directives[auth...].contains { $0.name == "audit" && $0.says("dangerous", .boolean(true)) }
        }.map { "\(self[mutation].name).\($0.name)" }
    }
}

extension AppliedDirective {
    fileprivate func says(_ argument: String, _ value: Value) -> Bool {
        arguments.contains { $0.name == argument && $0.value == value }
    }
}
