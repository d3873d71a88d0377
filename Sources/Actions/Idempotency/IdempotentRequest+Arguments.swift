internal import Credentials
package import Data
internal import PostgresClient

extension IdempotentRequest {
    /// - Parameter arguments: in a form that equal arguments have in common.
    package init(by principal: Principal, key: String, field: String, arguments: String) {
        let content = Array(field.utf8) + [0] + Array(arguments.utf8)
        self.init(
            principal: principal.key.map { "api_key:\($0.id)" } ?? "user:\(principal.user.id)",
            key: key,
            field: field,
            hash: Bytes(Digest.sha256(content))
        )
    }

    /// What may be a key: as the database has it.
    package static func isKey(_ text: String) -> Bool {
        (8...255).contains(text.unicodeScalars.count) && !text.utf8.contains(0)
    }
}

extension ClientInfo {
    /// Says, with what an action changes, that the key it was asked with is done; nothing for those without.
    func settle(_ id: String?, in transaction: Transaction) async throws {
        if let claim { try await transaction.settle(claim, ids: id.map { [$0] } ?? []) }
    }
}
