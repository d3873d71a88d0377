internal import Credentials
package import Data
package import PostgresClient

/// Adds an authenticator to the account of whoever asks, or takes one away.
package struct FactorChange {
    package enum Failure: Error, Sendable, Equatable {
        case invalidName
        /// Whoever reads the address may not know of the account yet.
        case emailUnverified
        case notFound
        case codeInvalid
        case tooMany(limit: Int)
        case accountLocked(until: Timestamp)
    }

    /// An authenticator to be: what it is told, as a text and as what a picture of it says.
    package struct Enrolment: Sendable {
        package let factor: MFAFactorRow
        package let address: String
    }

    package static let recoveryCodes = 10
    package static let limit = 5

    private let services: IdentityServices
    private let principal: Principal
    private let client: ClientInfo

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        self.services = services
        self.principal = principal
        self.client = client
    }

    /// It asks for nothing at sign-in until it is confirmed.
    package func enroll(name: String, issuer: String) async throws -> Result<Enrolment, Failure> {
        let name = VisibleText.trimmed(name)
        guard !name.isEmpty, name.unicodeScalars.count <= 60, VisibleText.isLine(name) else {
            return .failure(.invalidName)
        }
        let (user, id, password) = (principal.user, services.newID(), OneTimePassword.random())
        let sealed = services.sealSecret(password.secret, ofFactor: id)
        return try await audited("account.mfa_enroll", id) { transaction in
            let factors = try await transaction.lockMFAFactors(of: user.id)
            // Who has given somebody else's address here must not lock them out when they come to confirm it.
            guard try await transaction.credentials(user: user.id)?.user.emailVerifiedAt != nil else {
                throw Failure.emailUnverified
            }
            guard factors.filter({ $0.confirmedAt != nil }).count < Self.limit else {
                throw Failure.tooMany(limit: Self.limit)
            }
            try await transaction.insertMFAFactor(id, of: user.id, name: name, sealedSecret: sealed)
            guard let factor = try await transaction.mfaFactors(of: user.id).first(where: { $0.id == id }) else {
                throw PostgresError.rowCount(0)
            }
            let address = password.address(issuer: issuer, account: user.email ?? user.username)
            return Enrolment(factor: factor, address: address)
        }
    }

    /// Shows that it works; from then on sign-ins ask for its codes. With the first one come recovery codes, told this once.
    package func confirm(_ id: UUID?, code: String) async throws -> Result<(MFAFactorRow, [String]?), Failure> {
        let user = principal.user.id
        let keys = SignIn.lockKeys(user, "", client)
        if let until = try await services.database.session.signInLock(keys) {
            return .failure(.accountLocked(until: until))
        }
        let now = services.clock().microseconds / 1_000_000
        return try await audited("account.mfa_confirm", id, countingFor: keys) { transaction in
            let factors = try await transaction.lockMFAFactors(of: user)
            guard let factor = factors.first(where: { $0.id == id && $0.confirmedAt == nil }) else {
                throw Failure.notFound
            }
            let password = OneTimePassword(secret: try services.openSecret(of: factor))
            guard let step = password.step(of: code.filter { !$0.isWhitespace }, atSeconds: now, after: nil) else {
                throw Failure.codeInvalid
            }
            try await transaction.confirmMFAFactor(factor.id, step: step)
            let isFirst = !factors.contains { $0.confirmedAt != nil }
            let codes = isFirst ? try await newCodes(of: user, in: transaction) : nil
            if isFirst {
                try await SecurityNotice(services: services, client: client).changedMFA(
                    isOn: true,
                    of: user,
                    in: transaction
                )
            }
            guard let row = try await transaction.mfaFactors(of: user).first(where: { $0.id == id }) else {
                throw PostgresError.rowCount(0)
            }
            return (row, codes)
        }
    }

    /// With the last one, sign-ins ask for no code any more.
    package func remove(_ id: UUID?) async throws -> Result<Void, Failure> {
        let user = principal.user.id
        return try await audited("account.mfa_disable", id) { transaction in
            let factors = try await transaction.lockMFAFactors(of: user)
            guard let factor = factors.first(where: { $0.id == id }) else { throw Failure.notFound }
            try await transaction.removeMFAFactor(factor.id, of: user)
            if factor.confirmedAt != nil, !factors.contains(where: { $0.confirmedAt != nil && $0.id != factor.id }) {
                try await SecurityNotice(services: services, client: client)
                    .changedMFA(isOn: false, of: user, in: transaction)
            }
        }
    }

    /// Others in place of those there are.
    package func renewCodes() async throws -> Result<[String], Failure> {
        let user = principal.user.id
        return try await audited("account.mfa_codes", nil) { transaction in
            let factors = try await transaction.lockMFAFactors(of: user)
            guard factors.contains(where: { $0.confirmedAt != nil }) else { throw Failure.notFound }
            return try await newCodes(of: user, in: transaction)
        }
    }

    private func newCodes(of user: UUID, in transaction: Transaction) async throws -> [String] {
        let codes = RecoveryCode.random(Self.recoveryCodes)
        try await transaction.replaceRecoveryCodes(
            of: user,
            hashes: codes.map { $0.hash(owner: Array(user.description.utf8)) }
        )
        return codes.map(\.text)
    }

    /// A code that was wrong counts as a wrong password does.
    private func audited<Value: Sendable>(
        _ action: String,
        _ id: UUID?,
        countingFor keys: SignInKeys? = nil,
        _ body: @escaping @Sendable (Transaction) async throws -> Value
    ) async throws -> Result<Value, Failure> {
        let user = principal.user.id
        let resource = id.map { NewAuditEntry.Resource(type: "MfaFactor", id: GlobalID.text("mfa", $0)) }
        return try await services.database.pool.transaction { [principal, client] transaction in
            try await transaction.hold(principal)
            do {
                let value = try await transaction.savepoint { try await body($0) }
                try await transaction.record(NewAuditEntry(action, .succeeded, by: user, on: resource, from: client))
                return .success(value)
            } catch let failure as Failure {
                if failure == .codeInvalid, let keys {
                    let locks = try await transaction.countSignInFailure(keys)
                    transaction.afterCommit { services.note(.wrongCode, user, keys, locks, client) }
                }
                try await transaction.record(
                    NewAuditEntry(
                        action,
                        .refused,
                        by: user,
                        on: resource,
                        from: client,
                        errorCode: failure.auditCode
                    )
                )
                return .failure(failure)
            }
        }
    }
}

extension FactorChange.Failure {
    fileprivate var auditCode: String {
        switch self {
        case .invalidName: "INVALID_INPUT"
        case .emailUnverified: "EMAIL_UNVERIFIED"
        case .notFound: "NOT_FOUND"
        case .codeInvalid: "MFA_INVALID"
        case .tooMany: "QUOTA_EXCEEDED"
        case .accountLocked: "ACCOUNT_LOCKED"
        }
    }
}
