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
        package let name: String
        package let scopes: [String]
        package let allowedRanges: [String]
        package let expiresAt: Timestamp?

        package init(name: String, scopes: [String], allowedRanges: [String], expiresAt: Timestamp?) {
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

    package func run(_ input: Input) async throws -> Result<IssuedAPIKey, Faults<APIKeyFault>> {
        let now = services.clock()
        if let faults = Faults(APIKeyCreate.faults(input, at: now)) { return .failure(faults) }
        let user = principal.user.id
        let secret = APIKeySecret.random()
        let key = NewAPIKey(
            id: services.newID(),
            userID: user,
            name: input.name,
            prefix: secret.prefix,
            hash: secret.hash,
            scopes: Array(Set(input.scopes)).sorted(),
            allowedRanges: input.allowedRanges.compactMap { InternetAddress(text: $0)?.range },
            expiresAt: input.expiresAt
        )
        let limit = services.options.keyLimit
        return try await services.database.pool.transaction { [client] transaction in
            let row = try await transaction.insert(key, limit: limit)
            try await transaction.record(
                NewAuditEntry(
                    "api_key.create",
                    row == nil ? .refused : .succeeded,
                    by: user,
                    on: row?.auditResource,
                    from: client,
                    errorCode: row == nil ? "QUOTA_EXCEEDED" : nil,
                    changes: row.map { [AuditChange("scopes", nil, $0.scopes.joined(separator: " "))] } ?? []
                )
            )
            guard let row else {
                let message = "You have \(limit) keys; revoke one first."
                return .failure(Faults(APIKeyFault(.quota(limit: limit), ["input"], message)))
            }
            return .success(IssuedAPIKey(key: row, secret: secret.text))
        }
    }

    private static func faults(_ input: Input, at now: Timestamp) -> [APIKeyFault] {
        var faults: [APIKeyFault] = []
        func wrong(_ field: String, _ message: String) {
            faults.append(APIKeyFault(.invalidInput, ["input", field], message))
        }
        if input.name.isEmpty || input.name.unicodeScalars.count > 80 || !VisibleText.isLine(input.name) {
            wrong("name", "Must have from 1 to 80 characters, all of them visible.")
        }
        if input.scopes.isEmpty { wrong("scopes", "A key that may nothing is of no use.") }
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
