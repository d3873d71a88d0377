internal import Data
internal import PostgresClient

/// Changes settings: all that are given, or none.
package struct SettingsUpdate {
    package struct Change: Sendable {
        package let key: String
        /// Nil sets it back to the standard.
        package let value: String?
        package let expectedVersion: Int32?

        package init(key: String, value: String?, expectedVersion: Int32?) {
            self.key = key
            self.value = value
            self.expectedVersion = expectedVersion
        }
    }

    package struct Fault: Error, Sendable, Equatable {
        package enum Code: Sendable, Equatable {
            case invalidInput
            /// There is nothing of that name to set here.
            case notFound
            case forbidden
            case staleVersion(current: Int32)
        }

        package let code: Code
        package let path: [String]
        package let message: String
    }

    private let services: IdentityServices
    private let principal: Principal
    private let client: ClientInfo

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        self.services = services
        self.principal = principal
        self.client = client
    }

    /// Of whoever asks.
    package func ofViewer(_ changes: [Change]) async throws -> Result<[SettingValue], Faults<Fault>> {
        try await run(changes, of: .user(principal.user.id), "settings.update", team: nil)
    }

    package func ofApplication(_ changes: [Change]) async throws -> Result<[SettingValue], Faults<Fault>> {
        try await run(changes, of: .application, "application.settings", team: nil)
    }

    package func ofTeam(
        _ access: TeamAccess,
        _ changes: [Change]
    ) async throws -> Result<[SettingValue], Faults<Fault>> {
        guard access.fault == nil, let scope = access.scope else {
            let isSeen = access.scope != nil
            let message = access.fault?.message ?? ""
            let path = access.fault?.path ?? []
            return .failure(Faults(Fault(code: isSeen ? .forbidden : .notFound, path: path, message: message)))
        }
        return try await run(changes, of: .team(scope), "team.settings", team: scope.teamID)
    }

    private func run(
        _ changes: [Change],
        of owner: SettingOwner,
        _ action: String,
        team: UUID?
    ) async throws -> Result<[SettingValue], Faults<Fault>> {
        if let faults = Faults(SettingsUpdate.faults(changes, owner.scope)) { return .failure(faults) }
        let user = principal.user.id
        do {
            return .success(
                try await services.database.pool.transaction { [client] transaction in
                    let before = try await transaction.settingValues(of: owner)
                    // In the order of the keys, so that two transactions do not wait for each other.
                    for (index, change) in changes.enumerated().sorted(by: { $0.element.key < $1.element.key }) {
                        let row = try await transaction.set(
                            change.key,
                            change.value,
                            of: owner,
                            expectedVersion: change.expectedVersion,
                            by: user
                        )
                        guard row != nil else {
                            let now = try await transaction.settingValues(of: owner)
                            let current = now.first { $0.definition.key == change.key }?.version ?? 0
                            throw Faults(
                                Fault(
                                    code: .staleVersion(current: current),
                                    path: ["settings", String(index), "expectedVersion"],
                                    message: "Somebody has changed it meanwhile."
                                )
                            )
                        }
                    }
                    let after = try await transaction.settingValues(of: owner)
                    try await transaction.record(
                        NewAuditEntry(
                            action,
                            .succeeded,
                            by: user,
                            of: team,
                            on: team.map { NewAuditEntry.Resource(type: "Team", id: GlobalID.text("team", $0)) },
                            from: client,
                            changes: zip(before, after).map { AuditChange($0.definition.key, $0.value, $1.value) }
                        )
                    )
                    return after
                }
            )
        } catch let faults as Faults<Fault> { return .failure(faults) }
    }

    private static func faults(_ changes: [Change], _ scope: SettingDefinition.Scope) -> [Fault] {
        var seen: Set<String> = []
        return changes.enumerated().compactMap { index, change in
            let path = ["settings", String(index)]
            guard let definition = SettingCatalog.definition(change.key, scope) else {
                return Fault(code: .notFound, path: path + ["key"], message: "There is no such thing to set.")
            }
            guard seen.insert(change.key).inserted else {
                return Fault(code: .invalidInput, path: path + ["key"], message: "Is given twice.")
            }
            return change.value.flatMap(definition.objection(to:)).map {
                Fault(code: .invalidInput, path: path + ["value"], message: $0)
            }
        }
    }
}
