import Credentials
import Data
import FileStore
import PostgresClient

/// A file that waits for its bytes: counted to its owner's quota, and swept if they never come.
struct FileReservation {
    let services: FileServices
    let principal: Principal
    let client: ClientInfo

    func make(
        _ name: FileName,
        _ purpose: FilePurpose,
        size: Int,
        contentType: String,
        sha256: [UInt8]?
    ) async throws -> Result<NewFile, FileFailure> {
        let id = services.identity.newID()
        let file = NewFile(
            id: id,
            ownerID: principal.user.id,
            purpose: purpose.rawValue,
            filename: name.text,
            contentType: contentType,
            byteSize: size,
            sha256: sha256,
            storageKey: services.storageKey(id, purpose)
        )
        let options = services.options
        return try await services.database.pool.transaction { transaction in
            try await transaction.holdOwner(file.ownerID)
            let hasRoom = try await transaction.reserveStorage(
                size,
                for: file.ownerID,
                standardLimit: options.bytesPerUser,
                fileLimit: options.filesPerUser
            )
            guard hasRoom else {
                let usage = try await transaction.storageUsage(of: file.ownerID)
                try await record(.refused, nil, "QUOTA_EXCEEDED", in: transaction)
                return .failure(.quota(used: usage.bytes, limit: usage.limitBytes ?? options.bytesPerUser))
            }
            try await transaction.insert(file)
            return .success(file)
        }
    }

    /// The bytes are there and are what they should be. Nil when somebody was faster.
    func complete(_ id: UUID, _ facts: FileFacts) async throws -> FileRow? {
        try await services.database.pool.transaction { transaction in
            guard let row = try await transaction.setReady(id, facts) else { return nil }
            try await record(.succeeded, id, nil, in: transaction)
            return row
        }
    }

    /// The bytes are there, and are not taken. They are gone afterwards; what was refused is known for a while.
    func reject(_ file: FileRow, because fault: FileFault) async throws {
        try await services.storage.remove([file.storageKey])
        try await services.database.pool.transaction { transaction in
            guard try await transaction.setRejected(file.id, because: fault.rawValue) else { return }
            try await transaction.releaseStorage(of: [file])
            try await record(.refused, file.id, "FILE_REJECTED", in: transaction)
        }
    }

    /// Something was wrong with a file before it was one.
    func refuse(_ fault: FileFault, _ rule: UploadRule) async throws -> FileFailure {
        try await services.database.pool.transaction { transaction in
            try await record(.refused, nil, "FILE_REJECTED", in: transaction)
        }
        return .rejected(fault, rule)
    }

    private func record(
        _ outcome: NewAuditEntry.Outcome,
        _ file: UUID?,
        _ errorCode: String?,
        in transaction: Transaction
    ) async throws {
        let resource = file.map { NewAuditEntry.Resource(type: "File", id: GlobalID.text("file", $0)) }
        try await transaction.record(
            NewAuditEntry(
                "file.upload",
                outcome,
                by: principal.user.id,
                on: resource,
                from: client,
                errorCode: errorCode
            )
        )
    }
}
