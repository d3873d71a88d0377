import Actions
import Data
import GraphQLEngine
import GraphQLSchema

/// What `@scope` does: of programs with a key it asks for one of the key's scopes; people may all that they may. A key of a team
/// selects only what says that such keys may, where everything keeps to the team.
struct ScopeMiddleware: FieldMiddleware {
    func check(_ batch: GuardedBatch) async throws -> BatchVerdict {
        guard let context = batch.context as? RequestContext, let key = try await context.principal()?.key else {
            return .admitted
        }
        guard let refusal = refusal(by: batch.directive, of: key) else { return .admitted }
        await context.noteRefusal(refusal, of: batch.coordinate)
        throw refusal
    }

    private func refusal(by directive: Value, of key: APIKeyRow) -> GraphQLError? {
        let scopes = directive.names(of: "anyOf") ?? []
        guard !scopes.isEmpty else { return AccessRefusal.keyRefused }
        guard key.teamID == nil || directive["teamKeys"] == .boolean(true) else { return AccessRefusal.teamKeyRefused }
        guard !scopes.contains(where: key.scopes.contains) else { return nil }
        let list = scopes.joined(separator: " or ")
        return AccessRefusal.forbidden("The key lacks the scope \(list).", reason: "MISSING_SCOPE")
    }
}

extension Schema {
    /// The root fields that a program with a key may not select at all.
    var fieldsForPeople: Set<String> {
        let roots = [queryType, mutationType, subscriptionType].compactMap { $0 }
        return Set(
            roots.flatMap { root in
                self[root].fields.filter { field in !field.appliedDirectives.contains { $0.name == "scope" } }
                    .map { "\(self[root].name).\($0.name)" }
            }
        )
    }

    /// Lists and objects of the viewer of which nobody has said whether a program may have them. What is a plain value of
    /// the account needs what `viewer` itself needs.
    var unscopedViewerFields: [String] {
        guard let viewer = type(named: "Viewer") else { return [] }
        return self[viewer].fields.filter { field in
            !self[field.type.type].isLeaf && !["user", "authentication"].contains(field.name)
                && !field.appliedDirectives.contains { $0.name == "scope" }
        }.map { "Viewer.\($0.name)" }
    }
}

/// What a program with a key may look up by its id, by the kinds of ids; of all others it sees nothing.
enum KeyScopes {
    private static let ofNodes: [String: ApiScope] = [
        "usr": .profileRead, "file": .fileRead, "ntf": .notificationRead, "team": .teamRead, "tmem": .teamRead,
        "tinv": .teamRead, "grp": .chatRead, "room": .chatRead, "msg": .chatRead, "aud": .auditRead,
        "vnd": .chatRead, "slr": .chatRead, "offer": .chatRead, "call": .chatRead, "later": .chatRead,
    ]

    static func allows(_ key: APIKeyRow, _ prefix: String) -> Bool {
        ofNodes[prefix].map { key.scopes.contains($0.rawValue) } ?? false
    }
}
