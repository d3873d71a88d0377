import Actions
import Data
import GraphQLEngine
import PostgresClient

/// An authenticator as its owner sees it: the model of the schema's type.
struct MfaFactorItem: Sendable {
    let row: MFAFactorRow

    var id: MfaFactorID { MfaFactorID(row.id) }
    var name: String { row.name }
    var confirmedAt: DateTime? { row.confirmedAt.map(DateTime.init) }
    var lastUsedAt: DateTime? { row.usedAt.map(DateTime.init) }
    var createdAt: DateTime { DateTime(row.createdAt) }
}

extension MfaFactorID {
    init(_ id: UUID) { self.init(rawValue: GlobalID.text("mfa", id)) }

    /// Nil for an id of another kind.
    var uuid: UUID? { GlobalID.uuid("mfa", rawValue) }
}

extension NodeKind {
    /// The viewer's own.
    static let mfaFactor = NodeKind(prefix: "mfa") { ids, context in
        let user = try await context.signedIn().user.id
        let rows = try await context.databaseInUse().session.mfaFactors(of: user).filter { ids.contains($0.id) }
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, .mfaFactor(MfaFactorItem(row: $0))) })
    }
}

extension Viewer {
    /// There is one viewer in a request.
    static func mfaFactors(
        of parents: Batch<Viewer>,
        in context: RequestContext
    ) async throws -> Results<[MfaFactorItem]> {
        var results = Results<[MfaFactorItem]>(reserving: parents.count)
        for viewer in parents {
            guard let user = viewer.user.id.uuid else { throw AccessRefusal.unauthenticated }
            let rows = try await context.databaseInUse().session.mfaFactors(of: user)
            results.append(rows.map(MfaFactorItem.init))
        }
        return results
    }

    static func recoveryCodesLeft(
        of parents: Batch<Viewer>,
        in context: RequestContext
    ) async throws -> Results<Int32> {
        var results = Results<Int32>(reserving: parents.count)
        for viewer in parents {
            guard let user = viewer.user.id.uuid else { throw AccessRefusal.unauthenticated }
            results.append(Int32(clamping: try await context.databaseInUse().session.recoveryCodesLeft(of: user)))
        }
        return results
    }
}
