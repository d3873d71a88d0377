internal import Credentials
import Data
import IdentityProviders
import PostgresClient

/// Lets somebody in whom a provider knows, or makes their account.
///
/// An account is found by what the provider calls them, never by their address: whoever had the address elsewhere first, or
/// gave it here without reading its mails, would get into an account of somebody else's.
struct OAuthSignIn {
    let services: IdentityServices
    let client: ClientInfo
    /// Whether strangers may make accounts.
    let mayRegister: Bool

    /// Throws an `OAuthFault`, upon which the transaction's savepoint is rolled back.
    func run(
        _ provider: String,
        _ provided: ProvidedIdentity,
        deviceName: String?,
        in transaction: Transaction
    ) async throws -> (outcome: SignInOutcome, ended: [UUID]) {
        let user: UUID
        if let known = try await transaction.oauthIdentity(provider, subject: provided.subject)?.userID {
            try await admit(known, provider, provided, in: transaction)
            user = known
        } else {
            user = try await register(provider, provided, in: transaction)
        }
        let isAsked = try await transaction.hasSecondFactor(user)
        let passed = try await FirstStep(services: services, client: client)
            .passed(user, method: "OAUTH", deviceName: deviceName, isAsked: isAsked, in: transaction)
        let entry =
            switch passed.outcome {
            case .tokens(let tokens):
                NewAuditEntry("session.oauth", .succeeded, by: user, on: tokens.auditResource, from: client)
            case .challenge: NewAuditEntry("session.challenge", .succeeded, by: user, from: client)
            }
        try await transaction.record(entry)
        return passed
    }

    private func admit(
        _ user: UUID,
        _ provider: String,
        _ provided: ProvidedIdentity,
        in transaction: Transaction
    ) async throws {
        let held = try await transaction.holdCredentials(of: user)
        // It may have been unlinked until the account was held.
        guard let held, try await transaction.oauthIdentity(provider, subject: provided.subject)?.userID == user else {
            throw OAuthFault.stateInvalid
        }
        if let until = try await transaction.signInLock(SignIn.lockKeys(user, "", client)) {
            throw OAuthFault(.accountLocked, "Too many failures; try again later.", .until(until))
        }
        switch held.user.status {
        case "ACTIVE", "PENDING_VERIFICATION": break
        case "SUSPENDED": throw OAuthFault(.accountSuspended, "The account is suspended.")
        default: throw OAuthFault(.accountClosed, "The account is closed; a new password opens it again.")
        }
        try await transaction.useOAuthIdentity(provider, subject: provided.subject, email: provided.email)
    }

    private func register(
        _ provider: String,
        _ provided: ProvidedIdentity,
        in transaction: Transaction
    ) async throws -> UUID {
        guard let email = provided.email.map(VisibleText.trimmed), AccountNames.isEmail(email) else {
            throw OAuthFault(.emailUnverified, "The provider has confirmed no address of this account.")
        }
        if let until = try await transaction.signInLock(SignIn.lockKeys(nil, email.lowercased(), client)) {
            throw OAuthFault(.accountLocked, "Too many failures; try again later.", .until(until))
        }
        // Told before the rest: whoever has the address can sign in here.
        if try await transaction.takenNames(email: email, username: "").email {
            throw OAuthFault(.emailTaken, "There is an account of this address: sign in and link them.")
        }
        guard mayRegister else { throw OAuthFault(.registrationClosed, "Nobody can make an account at the moment.") }
        let limit = services.options.registrationsPerHour
        if let wait = try await transaction.takeFromBucket(
            "register:\(client.limitKey)",
            size: limit,
            windowSeconds: 3_600
        ) {
            throw TooManyRequests(retryAfterSeconds: max(1, Int(wait.rounded(.up))))
        }
        let username = AccountNames.madeUpUsername(for: email)
        let user = NewUser(
            id: services.newID(),
            email: email,
            username: username,
            name: OAuthSignIn.displayName(provided.name) ?? username,
            passwordHash: nil,
            status: "ACTIVE",
            locale: "en",
            timeZone: "UTC"
        )
        // Another one may have come first since.
        guard try await transaction.insert(user, roles: ["MEMBER"]),
            try await transaction.insertOAuthIdentity(
                provider,
                subject: provided.subject,
                email: email,
                of: user.id,
                isUsed: true
            )
        else { throw OAuthFault(.emailTaken, "There is an account of this address: sign in and link them.") }
        let resource = NewAuditEntry.Resource(type: "User", id: GlobalID.text("usr", user.id))
        try await transaction.record(
            NewAuditEntry("account.register", .succeeded, by: user.id, on: resource, from: client)
        )
        return user.id
    }

    /// The name that a provider gives, if others may see it.
    private static func displayName(_ text: String?) -> String? {
        guard let text else { return nil }
        let line = String(VisibleText.trimmed(text).unicodeScalars.prefix(80).map(Character.init))
        let name = VisibleText.trimmed(line)
        return AccountNames.isDisplayName(name) ? name : nil
    }
}
