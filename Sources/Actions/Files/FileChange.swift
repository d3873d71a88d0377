package import Data
internal import FileStore
package import PostgresClient

/// Renames and deletes files of the one who asks.
package struct FileChange {
    private let services: FileServices
    private let client: ClientInfo
    private let principal: Principal

    package init(_ services: FileServices, _ principal: Principal, from client: ClientInfo) {
        self.services = services
        self.principal = principal
        self.client = client
    }

    /// A name must go on saying what the file is.
    package func rename(_ id: UUID, to text: String) async throws -> Result<FileRow, FileFailure> {
        let owner = principal.user.id
        return try await services.database.pool.transaction { transaction in
            guard let file = try await transaction.lockFile(id, of: owner), file.status == "READY",
                let rule = FilePurpose(rawValue: file.purpose)?.rule
            else { return .failure(.notFound) }
            guard let name = FileName(text) else { return .failure(.rejected(.badName, rule)) }
            let type = FileType(mediaType: file.contentType)
            guard name.extension.map({ type?.extensions.contains($0) ?? false }) ?? true else {
                return .failure(.rejected(.typeMismatch, rule))
            }
            let row = try await transaction.rename(id, to: name.text)
            try await record("file.rename", id, .succeeded, nil, in: transaction)
            return .success(row)
        }
    }

    /// Links to it end at once. Its bytes go after the change has happened; a sweep makes up for those that do not.
    package func delete(_ id: UUID) async throws -> Result<Void, FileFailure> {
        let owner = principal.user.id
        let outcome: Result<FileRow, FileFailure> = try await services.database.pool.transaction { transaction in
            guard let file = try await transaction.lockFile(id, of: owner) else {
                try await record("file.delete", id, .refused, "NOT_FOUND", in: transaction)
                return .failure(.notFound)
            }
            guard file.references == 0 else {
                try await record("file.delete", id, .refused, "HAS_DEPENDENTS", in: transaction)
                return .failure(.inUse)
            }
            try await transaction.setDeleted(id)
            // What was rejected takes nothing any more.
            if file.status != "REJECTED" { try await transaction.releaseStorage(of: [file]) }
            try await record("file.delete", id, .succeeded, nil, in: transaction)
            return .success(file)
        }
        if case .success(let file) = outcome { try? await services.storage.remove([file.storageKey]) }
        return outcome.map { _ in }
    }

    private func record(
        _ action: String,
        _ id: UUID,
        _ outcome: NewAuditEntry.Outcome,
        _ errorCode: String?,
        in transaction: Transaction
    ) async throws {
        let resource = NewAuditEntry.Resource(type: "File", id: GlobalID.text("file", id))
        try await transaction.record(
            NewAuditEntry(
                action,
                outcome,
                by: principal.user.id,
                on: resource,
                from: client,
                errorCode: errorCode
            )
        )
    }
}
