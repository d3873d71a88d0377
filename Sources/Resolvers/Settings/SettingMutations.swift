import Actions
import GraphQLEngine

extension Mutation {
    static func settingsUpdate(
        _ arguments: MutationSettingsUpdateArguments,
        in context: RequestContext
    ) async throws -> SettingsUpdatePayload? {
        let (services, principal, client) = try await context.actor()
        return try await SettingsUpdate(services, principal, from: client)
            .ofViewer(arguments.settings.map(SettingsUpdate.Change.init))
            .payload { SettingsUpdatePayload(settings: $0?.items(nil), userErrors: $1) }
    }

    static func teamSettingsUpdate(
        _ arguments: MutationTeamSettingsUpdateArguments,
        in context: RequestContext
    ) async throws -> TeamSettingsUpdatePayload? {
        let (services, principal, client) = try await context.actor()
        return try await SettingsUpdate(services, principal, from: client)
            .ofTeam(context.teamAccess(), arguments.settings.map(SettingsUpdate.Change.init))
            .payload { TeamSettingsUpdatePayload(settings: $0?.items(nil), userErrors: $1) }
    }

    static func applicationSettingsUpdate(
        _ arguments: MutationApplicationSettingsUpdateArguments,
        in context: RequestContext
    ) async throws -> ApplicationSettingsUpdatePayload? {
        let (services, principal, client) = try await context.actor()
        return try await SettingsUpdate(services, principal, from: client)
            .ofApplication(arguments.settings.map(SettingsUpdate.Change.init))
            .payload { ApplicationSettingsUpdatePayload(settings: $0?.items(nil), userErrors: $1) }
    }
}

extension SettingsUpdate.Change {
    fileprivate init(_ input: SettingInput) {
        self.init(key: input.key, value: input.value.given, expectedVersion: input.expectedVersion.given)
    }
}
