internal import Credentials
package import Data
package import PostgresClient

/// A key and its secret, which is told this once.
package struct IssuedAPIKey: Sendable {
    package let key: APIKeyRow
    package let secret: String
}

/// Makes a key by which a program acts for whoever asks.
package struct APIKeyCreate {
    package struct Input: Sendable {
        /// To the only team it is to reach; nil for what its owner reaches.
        package let team: TeamAccess?
        package let name: String
        package let scopes: [String]
        package let allowedRanges: [String]
        package let expiresAt: Timestamp?

        package init(
            team: TeamAccess? = nil,
            name: String,
            scopes: [String],
            allowedRanges: [String],
            expiresAt: Timestamp?
        ) {
            self.team = team
            self.name = VisibleText.trimmed(name)
            self.scopes = scopes
            self.allowedRanges = allowedRanges
            self.expiresAt = expiresAt
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

    package func run(_ input: Input) async throws -> Result<IssuedAPIKey, APIKeyFaults> {
        let now = services.clock()
        if let faults = APIKeyFaults(APIKeyCreate.faults(input, at: now)) { return .failure(faults) }
        let user = principal.user.id
        let secret = APIKeySecret.random()
        let key = NewAPIKey(
            id: services.newID(),
            userID: user,
            teamID: input.team?.named,
            name: input.name,
            prefix: secret.prefix,
            hash: secret.hash,
            scopes: Array(Set(input.scopes)).sorted(),
            allowedRanges: input.allowedRanges.compactMap { InternetAddress(text: $0)?.range },
            expiresAt: input.expiresAt
        )
        let limit = services.options.keyLimit
        return try await services.database.pool.transaction { transaction in
            var fault = try await teamFault(input.team, in: transaction)
            if fault == nil { try await transaction.hold(principal) }
            let row = fault == nil ? try await transaction.insert(key, limit: limit) : nil
            if fault == nil, row == nil {
                let message = "You have \(limit) keys; revoke one first."
                let quota = FaultDetail.quota("api_keys", limit: limit, used: limit)
                fault = APIKeyFault(.quotaExceeded, ["input"], message, quota)
            }
            try await transaction.record(
                NewAuditEntry(
                    "api_key.create",
                    row == nil ? .refused : .succeeded,
                    by: user,
                    of: input.team?.named,
                    on: row?.auditResource,
                    from: client,
                    errorCode: fault?.code.rawValue,
                    changes: row.map { [AuditChange("scopes", nil, $0.scopes.joined(separator: " "))] } ?? []
                )
            )
            guard let row else {
                return .failure(APIKeyFaults(fault ?? .notFound(["input"])))
            }
            try await SecurityNotice(services: services, client: client)
                .changedAccount(.keyMade, row.name, of: user, in: transaction)
            return .success(IssuedAPIKey(key: row, secret: secret.text))
        }
    }

    /// Why whoever asks may make no key of the team, which nobody changes until the transaction ends.
    private func teamFault(_ team: TeamAccess?, in transaction: Transaction) async throws -> APIKeyFault? {
        do {
            _ = try await team?.locked(in: transaction)
            return nil
        } catch let faults as TeamFaults {
            return faults.all.first.map {
                APIKeyFault($0.code == .notFound ? .notFound : .forbidden, $0.path, $0.message)
            }
        }
    }

    /// What a key may that reaches one team: all else is its owner's own.
    private static let teamScopes: Set<String> = ["TEAM_READ", "TEAM_WRITE", "AUDIT_READ"]

    private static func faults(_ input: Input, at now: Timestamp) -> [APIKeyFault] {
        var faults: [APIKeyFault] = []
        func wrong(_ field: String, _ message: String) {
            faults.append(.invalid(field, message))
        }
        if input.name.isEmpty || input.name.unicodeScalars.count > 80 || !VisibleText.isLine(input.name) {
            wrong("name", "Must have from 1 to 80 characters, all of them visible.")
        }
        if input.scopes.isEmpty { wrong("scopes", "A key that may nothing is of no use.") }
        if input.team != nil, !teamScopes.isSuperset(of: input.scopes) {
            wrong("scopes", "A key of a team may have \(teamScopes.sorted().joined(separator: ", ")).")
        }
        if input.allowedRanges.count > 20 || input.allowedRanges.contains(where: { InternetAddress(text: $0) == nil }) {
            wrong("allowedIpRanges", "Must be at most 20 addresses or ranges of them, such as 10.0.0.0/8.")
        }
        if let expiry = input.expiresAt,
            !(now.microseconds..<now.microseconds + 315_360_000_000_000).contains(expiry.microseconds)
        {
            wrong("expiresAt", "Must be to come, within ten years.")
        }
        return faults
    }
}

extension APIKeyRow {
    var auditResource: NewAuditEntry.Resource {
        NewAuditEntry.Resource(type: "ApiKey", id: GlobalID.text("key", id))
    }
}
