package import Data
internal import PostgresClient

/// A setting as it is for somebody.
package struct SettingValue: Sendable {
    package let definition: SettingDefinition
    /// Nil where nobody has changed it.
    package let row: SettingRow?

    package var value: String { row?.value ?? definition.standard }
    package var isStandard: Bool { row?.value == nil }
    package var version: Int32 { row?.version ?? 0 }

    package init(_ definition: SettingDefinition, _ row: SettingRow?) {
        self.definition = definition
        // What was right once may not be any more.
        self.row = row?.value.flatMap(definition.objection(to:)) == nil ? row : nil
    }
}

extension SettingOwner {
    package var scope: SettingDefinition.Scope {
        switch self {
        case .user: .user
        case .team: .team
        case .application: .application
        }
    }
}

extension StatementRunner {
    /// All that there is to set of this owner, in the order of the catalog.
    package func settingValues(of owner: SettingOwner) async throws -> [SettingValue] {
        let rows = try await settings(of: owner)
        let byKey = Dictionary(uniqueKeysWithValues: rows.map { ($0.key, $0) })
        return SettingCatalog.all.filter { $0.scope == owner.scope }.map { SettingValue($0, byKey[$0.key]) }
    }

}

extension [SettingRow] {
    /// What one of them is.
    func value(of definition: SettingDefinition) -> String {
        SettingValue(definition, first { $0.key == definition.key }).value
    }
}

extension IdentityServices {
    /// Whether strangers may make accounts.
    package func registrationIsOpen() async throws -> Bool {
        try await database.session.settings(of: .application).value(of: SettingCatalog.registrationOpen) == "true"
    }
}
