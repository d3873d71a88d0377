import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Mutation {
    static func profileUpdate(
        _ arguments: MutationProfileUpdateArguments,
        in context: RequestContext
    ) async throws -> ProfileUpdatePayload? {
        let (services, principal, client) = try await context.actor()
        let input = arguments.input
        var change = ProfileChange()
        var errors: [UserError] = []
        change.name = required(input.displayName, "displayName", &errors)
        change.username = required(input.username, "username", &errors)
        change.locale = required(input.locale, "locale", &errors)
        change.timeZone = required(input.timeZone, "timeZone", &errors)
        change.headline = clearable(input.headline, "")
        change.bio = clearable(input.bio, "")
        change.links = clearable(input.links, [])
        change.avatarFileID = input.avatarFileId.avatar
        guard errors.isEmpty else { return ProfileUpdatePayload(user: nil, userErrors: errors) }
        return try await ProfileUpdate(services, principal, from: client).run(change).payload {
            ProfileUpdatePayload(user: $0.map { User($0, seesAll: true) }, userErrors: $1)
        }
    }

    static func passwordChange(
        _ arguments: MutationPasswordChangeArguments,
        in context: RequestContext
    ) async throws -> PasswordChangePayload? {
        let (services, principal, client) = try await context.actor()
        let outcome = try await PasswordChange(services, principal, from: client)
            .run(current: arguments.input.currentPassword, new: arguments.input.newPassword)
        switch outcome {
        case .success(let count):
            return PasswordChangePayload(revokedSessions: Int32(clamping: count), userErrors: [])
        case .failure(.proof(let failure)):
            let error = UserError(failure, ["input", "currentPassword"])
            return PasswordChangePayload(revokedSessions: nil, userErrors: [error])
        case .failure(.faults(let faults)):
            return PasswordChangePayload(revokedSessions: nil, userErrors: faults.userErrors)
        }
    }

    static func reauthenticate(
        _ arguments: MutationReauthenticateArguments,
        in context: RequestContext
    ) async throws -> ReauthenticatePayload? {
        let (services, principal, client) = try await context.actor()
        let outcome = try await Reauthenticate(services, principal, from: client)
            .run(password: arguments.password, code: arguments.code.given)
        switch outcome {
        case .success(let until): return ReauthenticatePayload(validUntil: DateTime(until), userErrors: [])
        case .failure(.password(let failure)):
            return ReauthenticatePayload(validUntil: nil, userErrors: [UserError(failure, ["password"])])
        case .failure(.codeInvalid):
            let error = UserError(.mfaInvalid, "The account asks for a code; this one is not right now.", ["code"])
            return ReauthenticatePayload(validUntil: nil, userErrors: [error])
        }
    }

    static func accountDeactivate(in context: RequestContext) async throws -> AccountDeactivatePayload? {
        let (services, principal, client) = try await context.actor()
        let message: String
        switch try await AccountDeactivate(services, principal, from: client).run() {
        case .success:
            context.forgetTokens()
            return AccountDeactivatePayload(isDeactivated: true, userErrors: [])
        case .failure(.ownsTeams(let count)): message = "Give away or delete the \(count) teams you own first."
        case .failure(.lastSuperAdmin): message = "Nobody else may do everything."
        }
        let error = UserError.conflictError(ConflictError(code: .lastOwner, message: message, path: []))
        return AccountDeactivatePayload(isDeactivated: nil, userErrors: [error])
    }

    /// What cannot be nothing.
    private static func required(
        _ value: InputValue<String>,
        _ field: String,
        _ errors: inout [UserError]
    ) -> String? {
        switch value {
        case .absent: return nil
        case .value(let text): return text
        case .null:
            errors.append(.invalid("Must not be null.", ["input", field]))
            return nil
        }
    }

    private static func clearable<Value>(_ value: InputValue<Value>, _ nothing: Value) -> Value? {
        switch value {
        case .absent: nil
        case .value(let value): value
        case .null: nothing
        }
    }
}
