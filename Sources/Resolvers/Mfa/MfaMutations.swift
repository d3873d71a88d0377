import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Mutation {
    static func mfaVerify(
        _ arguments: MutationMfaVerifyArguments,
        in context: RequestContext
    ) async throws -> MfaVerifyPayload? {
        let (services, client) = try context.identityServices()
        let input = arguments.input
        switch try await SecondStep(services, from: client).run(challenge: input.challengeToken, code: input.code) {
        case .success(let issued):
            let viewer = Viewer(issued.user, issued.session)
            return MfaVerifyPayload(tokens: try await context.handOut(issued), viewer: viewer, userErrors: [])
        case .failure(let failure): return MfaVerifyPayload(tokens: nil, viewer: nil, userErrors: [UserError(failure)])
        }
    }

    static func mfaEnroll(
        _ arguments: MutationMfaEnrollArguments,
        in context: RequestContext
    ) async throws -> MfaEnrollPayload? {
        let (services, principal, client) = try await context.actor()
        switch try await FactorChange(services, principal, from: client).enroll(name: arguments.name, issuer: "Atrium")
        {
        case .success(let enrolment):
            let factor = MfaFactorItem(row: enrolment.factor)
            return MfaEnrollPayload(factor: factor, otpauthUri: enrolment.address, userErrors: [])
        case .failure(let failure):
            return MfaEnrollPayload(factor: nil, otpauthUri: nil, userErrors: [UserError(failure, ["name"])])
        }
    }

    static func mfaConfirm(
        _ arguments: MutationMfaConfirmArguments,
        in context: RequestContext
    ) async throws -> MfaConfirmPayload? {
        let (services, principal, client) = try await context.actor()
        let outcome = try await FactorChange(services, principal, from: client)
            .confirm(arguments.factorId.uuid, code: arguments.code)
        switch outcome {
        case .success(let (row, codes)):
            return MfaConfirmPayload(factor: MfaFactorItem(row: row), recoveryCodes: codes, userErrors: [])
        case .failure(let failure):
            let path = failure == .notFound ? "factorId" : "code"
            return MfaConfirmPayload(factor: nil, recoveryCodes: nil, userErrors: [UserError(failure, [path])])
        }
    }

    static func mfaDisable(
        _ arguments: MutationMfaDisableArguments,
        in context: RequestContext
    ) async throws -> MfaDisablePayload? {
        let (services, principal, client) = try await context.actor()
        switch try await FactorChange(services, principal, from: client).remove(arguments.factorId.uuid) {
        case .success: return MfaDisablePayload(viewer: Viewer(principal, at: services.now), userErrors: [])
        case .failure(let failure):
            return MfaDisablePayload(viewer: nil, userErrors: [UserError(failure, ["factorId"])])
        }
    }

    static func mfaRecoveryCodesRenew(in context: RequestContext) async throws -> MfaRecoveryCodesRenewPayload? {
        let (services, principal, client) = try await context.actor()
        switch try await FactorChange(services, principal, from: client).renewCodes() {
        case .success(let codes): return MfaRecoveryCodesRenewPayload(recoveryCodes: codes, userErrors: [])
        case .failure(let failure):
            return MfaRecoveryCodesRenewPayload(recoveryCodes: nil, userErrors: [UserError(failure, [])])
        }
    }
}

extension MfaChallenge {
    init(_ challenge: MFAChallenge) {
        self.init(
            challengeToken: challenge.token,
            factors: challenge.offersRecoveryCode ? [.totp, .recoveryCode] : [.totp],
            expiresAt: DateTime(challenge.expiresAt)
        )
    }
}

extension UserError {
    init(_ failure: SecondStep.Failure) {
        switch failure {
        case .codeInvalid: self.init(.mfaInvalid, "The code is not right now.", ["input", "code"])
        case .challengeExpired:
            self.init(.tokenExpired, "Too long ago; sign in again.", ["input", "challengeToken"])
        case .accountLocked(let until):
            self.init(.accountLocked, "Too many failures; try again later.", ["input"], retryAt: until)
        }
    }

    init(_ failure: FactorChange.Failure, _ path: [String]) {
        switch failure {
        case .invalidName:
            let message = "Must have from 1 to 60 characters, all of them visible."
            self = .invalid(message, path)
        case .emailUnverified: self.init(.emailUnverified, "Confirm the address of your account first.", [])
        case .notFound: self = .notFound(path)
        case .codeInvalid: self.init(.mfaInvalid, "The code is not right now.", path)
        case .tooMany(let limit):
            self = .quotaExceededError(
                QuotaExceededError(
                    code: .quotaExceeded,
                    message: "You have \(limit) authenticators; remove one first.",
                    path: path,
                    feature: "mfa_factors",
                    limit: BigInt(limit),
                    used: BigInt(limit)
                )
            )
        case .accountLocked(let until):
            self.init(.accountLocked, "Too many failures; try again later.", path, retryAt: until)
        }
    }
}
