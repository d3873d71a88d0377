import Actions
import Data
import GraphQLEngine
import PostgresClient

/// A kind of object that `node(id:)` finds.
struct NodeKind: Sendable {
    /// The beginning of its ids.
    let prefix: String
    /// Those of these that there are and that the viewer may see: all others are missing, without a difference.
    let load: @Sendable (_ ids: [UUID], _ context: RequestContext) async throws -> [UUID: Node]
}

/// All of them: every module adds its own.
enum NodeKinds {
    static let all: [NodeKind] = [
        .user, .authSession, .apiKey, .mfaFactor, .auditEntry, .broadcast, .file, .job, .notification, .push, .team,
        .teamMember,
        .teamInvite, .group, .room, .message, .joinRequest, .vendor, .seller, .sellerProduct, .guestLink, .call,
        .scheduledMessage, .privacyRequest, .moderationReport,
    ]

    private static let byPrefix = Dictionary(uniqueKeysWithValues: all.map { ($0.prefix, $0) })

    /// The objects of these ids, in their order, one statement or so for each kind.
    static func load(_ ids: [ID], in context: RequestContext) async throws -> [Node?] {
        let apiKey = try await context.principal()?.key
        var wanted: [String: [UUID]] = [:]
        let keys = ids.map { id -> (prefix: String, id: UUID)? in
            let prefix = String(id.rawValue.prefix { $0 != "_" })
            if let apiKey, !KeyScopes.allows(apiKey, prefix) { return nil }
            guard byPrefix[prefix] != nil, let uuid = GlobalID.uuid(prefix, id.rawValue) else { return nil }
            wanted[prefix, default: []].append(uuid)
            return (prefix, uuid)
        }
        var found: [String: [UUID: Node]] = [:]
        for kind in all {
            guard let ids = wanted[kind.prefix] else { continue }
            found[kind.prefix] = try await kind.load(Array(Set(ids)).sorted(), context)
        }
        return keys.map { key in key.flatMap { found[$0.prefix]?[$0.id] } }
    }
}

extension Query {
    static func node(_ arguments: QueryNodeArguments, in context: RequestContext) async throws -> Node? {
        try await NodeKinds.load([arguments.id], in: context).first ?? nil
    }

    static func nodes(_ arguments: QueryNodesArguments, in context: RequestContext) async throws -> [Node?]? {
        try await NodeKinds.load(arguments.ids, in: context)
    }
}
