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

    private let services: IdentityServices
    private let principal: Principal
    private let client: ClientInfo

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        self.services = services
        self.principal = principal
        self.client = client
    }

    /// Of whoever asks.
    package func ofViewer(_ changes: [Change]) async throws -> Result<[SettingValue], SettingFaults> {
        try await run(changes, of: .user(principal.user.id), "settings.update", team: nil)
    }

    package func ofApplication(_ changes: [Change]) async throws -> Result<[SettingValue], SettingFaults> {
        try await run(changes, of: .application, "application.settings", team: nil)
    }

    package func ofTeam(
        _ access: TeamAccess,
        _ changes: [Change]
    ) async throws -> Result<[SettingValue], SettingFaults> {
        guard access.fault == nil, let scope = access.scope else {
            let fault = access.fault
            let code: SettingFaultCode = access.scope == nil ? .notFound : .forbidden
            return .failure(SettingFaults(code, fault?.path ?? [], fault?.message ?? ""))
        }
        return try await run(changes, of: .team(scope), "team.settings", team: scope.teamID)
    }

    private func run(
        _ changes: [Change],
        of owner: SettingOwner,
        _ action: String,
        team: UUID?
    ) async throws -> Result<[SettingValue], SettingFaults> {
        if let faults = SettingFaults(SettingsUpdate.faults(changes, owner.scope)) { return .failure(faults) }
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
                            let path = ["settings", String(index), "expectedVersion"]
                            let message = "Somebody has changed it meanwhile."
                            throw SettingFaults(.staleVersion, path, message, .version(current))
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
        } catch let faults as SettingFaults { return .failure(faults) }
    }

    private static func faults(_ changes: [Change], _ scope: SettingDefinition.Scope) -> [SettingFault] {
        var seen: Set<String> = []
        return changes.enumerated().compactMap { index, change in
            let path = ["settings", String(index)]
            guard let definition = SettingCatalog.definition(change.key, scope) else {
                return .notFound(path + ["key"])
            }
            guard seen.insert(change.key).inserted else {
                return SettingFault(.invalidInput, path + ["key"], "Is given twice.")
            }
            return change.value.flatMap(definition.objection(to:)).map {
                SettingFault(.invalidInput, path + ["value"], $0)
            }
        }
    }
}
