import Actions
import Data
import GraphQLEngine
import PostgresClient

/// A setting as clients see it: the model of the schema's type.
struct SettingItem: Sendable {
    let setting: SettingValue

    var key: String { setting.definition.key }
    var scope: SettingScope { SettingScope(rawValue: setting.definition.scope.rawValue) ?? .user }
    var type: SettingType { setting.definition.type }
    var value: String { setting.value }
    var isDefault: Bool { setting.isStandard }
    var description: String { setting.definition.description }
    var allowedValues: [String]? { setting.definition.allowedValues }
    var version: Int32 { setting.version }
    var updatedAt: DateTime? { setting.row.map { DateTime($0.updatedAt) } }

    static func updatedBy(of parents: Batch<SettingItem>, in context: RequestContext) async throws -> Results<User?> {
        try await context.users(of: parents) { $0.setting.row?.updatedBy }
    }
}

extension Actions.SettingDefinition {
    var type: SettingType {
        switch kind {
        case .boolean: .boolean
        case .integer: .integer
        case .choice: .choice
        case .line: .text
        }
    }

    var allowedValues: [String]? { if case .choice(let values) = kind { values } else { nil } }
}

extension SettingDefinition {
    init(_ definition: Actions.SettingDefinition) {
        var range: ClosedRange<Int>?
        if case .integer(let given) = definition.kind { range = given }
        self.init(
            key: definition.key,
            scope: SettingScope(rawValue: definition.scope.rawValue) ?? .user,
            type: definition.type,
            defaultValue: definition.standard,
            description: definition.description,
            allowedValues: definition.allowedValues,
            minimum: range.map { Int32(clamping: $0.lowerBound) },
            maximum: range.map { Int32(clamping: $0.upperBound) }
        )
    }
}

extension Viewer {
    /// There is one viewer in a request.
    static func settings(
        of parents: Batch<Viewer>,
        _ arguments: ViewerSettingsArguments,
        in context: RequestContext
    ) async throws -> Results<[SettingItem]> {
        var results = Results<[SettingItem]>(reserving: parents.count)
        for viewer in parents {
            guard let user = viewer.user.id.uuid else { throw AccessRefusal.unauthenticated }
            let values = try await context.databaseInUse().session.settingValues(of: .user(user))
            results.append(values.items(arguments.prefix))
        }
        return results
    }
}

extension TeamModel {
    static func settings(
        of parents: Batch<TeamModel>,
        _ arguments: TeamSettingsArguments,
        in context: RequestContext
    ) async throws -> Results<[SettingItem]> {
        let session = try context.databaseInUse().session
        let rows = try await session.settings(of: parents.map(\.scope))
        return parents.results { team in
            SettingCatalog.all.filter { $0.scope == .team }
                .map { definition in
                    SettingValue(definition, rows[team.scope.teamID]?.first { $0.key == definition.key })
                }.items(arguments.prefix)
        }
    }
}

extension Query {
    static func applicationSettings(
        _ arguments: QueryApplicationSettingsArguments,
        in context: RequestContext
    ) async throws -> [SettingItem] {
        let seesAll = try await context.principal()?.may(.settingManage) ?? false
        let values = try await context.databaseInUse().session.settingValues(of: .application)
        return values.filter { seesAll || $0.definition.isPublic }.items(arguments.prefix)
    }

    static func settingDefinitions(
        _ arguments: QuerySettingDefinitionsArguments,
        in context: RequestContext
    ) async throws -> [SettingDefinition] {
        SettingCatalog.all.filter { arguments.scope == nil || $0.scope.rawValue == arguments.scope?.rawValue }
            .map(SettingDefinition.init)
    }
}

extension [SettingValue] {
    func items(_ prefix: String?) -> [SettingItem] {
        filter { $0.definition.key.hasPrefix(prefix ?? "") }.map(SettingItem.init)
    }
}
