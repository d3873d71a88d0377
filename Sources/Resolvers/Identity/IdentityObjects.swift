import Actions
import Data
import GraphQLEngine
import PostgresClient

extension UserID {
    init(_ id: UUID) { self.init(rawValue: GlobalID.text("usr", id)) }

    /// Nil for an id of another kind.
    var uuid: UUID? { GlobalID.uuid("usr", rawValue) }
}

extension AuthSessionID {
    init(_ id: UUID) { self.init(rawValue: GlobalID.text("ses", id)) }

    /// Nil for an id of another kind.
    var uuid: UUID? { GlobalID.uuid("ses", rawValue) }
}

extension User {
    /// As `viewer` may see them.
    init(_ row: UserRow, for viewer: Principal) {
        self.init(row, seesAll: viewer.user.id == row.id || viewer.may(.userRead))
    }

    init(_ row: UserRow, seesAll: Bool) {
        self.init(
            id: UserID(row.id),
            username: row.username,
            displayName: row.name,
            email: seesAll ? row.email : nil,
            emailVerified: seesAll ? row.emailVerifiedAt != nil : nil,
            status: UserStatus(rawValue: row.status) ?? .deactivated,
            roles: row.roles.compactMap(PlatformRole.init(rawValue:)),
            createdAt: DateTime(row.createdAt),
            updatedAt: DateTime(row.updatedAt)
        )
    }
}

extension AuthSession {
    init(_ row: AuthSessionRow, current: UUID) {
        self.init(
            id: AuthSessionID(row.id),
            method: AuthMethod(rawValue: row.method) ?? .password,
            deviceName: row.deviceName,
            userAgent: row.userAgent,
            ipAddress: row.address?.text,
            isCurrent: row.id == current,
            createdAt: DateTime(row.createdAt),
            lastUsedAt: DateTime(row.lastUsedAt),
            expiresAt: DateTime(row.expiresAt)
        )
    }
}

extension Viewer {
    init(_ user: UserRow, _ session: AuthSessionRow) {
        let authentication = ViewerAuthentication(
            method: AuthMethod(rawValue: session.method) ?? .password,
            session: AuthSession(session, current: session.id),
            apiKey: nil,
            scopes: [],
            lastVerifiedAt: DateTime(session.verifiedAt)
        )
        self.init(user, authentication, user.permissions)
    }

    init(_ principal: Principal, at now: Timestamp) {
        switch principal.proof {
        case .session(let session): self.init(principal.user, session)
        case .key(let key):
            let authentication = ViewerAuthentication(
                method: .apiKey,
                session: nil,
                apiKey: APIKeyItem(row: key, now: now),
                scopes: key.scopes.compactMap(ApiScope.init(rawValue:)),
                lastVerifiedAt: nil
            )
            self.init(principal.user, authentication, PlatformPermission.allCases.filter(principal.may))
        }
    }

    private init(_ user: UserRow, _ authentication: ViewerAuthentication, _ permissions: [PlatformPermission]) {
        self.init(
            user: User(user, seesAll: true),
            email: user.email ?? "",
            emailVerified: user.emailVerifiedAt != nil,
            permissions: permissions.compactMap { Permission(rawValue: $0.rawValue) },
            authentication: authentication,
            locale: user.locale,
            timeZone: user.timeZone
        )
    }

    /// Sessions are those of the one viewer there is in a request, or of those who have just signed in.
    static func authSessions(
        of parents: Batch<Viewer>,
        in context: RequestContext
    ) async throws -> Results<[AuthSession]> {
        guard let database = context.database else { throw AccessRefusal.unavailable }
        var results = Results<[AuthSession]>(reserving: parents.count)
        for viewer in parents {
            guard let user = viewer.user.id.uuid, let current = viewer.authentication.session?.id.uuid else {
                results.append([])
                continue
            }
            let rows = try await database.session.liveSessions(of: user, limit: 50)
            results.append(rows.map { AuthSession($0, current: current) })
        }
        return results
    }
}

extension SignInOutcome {
    init(_ outcome: Actions.SignInOutcome, in context: RequestContext) async throws {
        switch outcome {
        case .challenge(let challenge): self = .mfaChallenge(MfaChallenge(challenge))
        case .tokens(let issued):
            let viewer = Viewer(issued.user, issued.session)
            self = .signInSuccess(SignInSuccess(tokens: try await context.handOut(issued), viewer: viewer))
        }
    }
}
