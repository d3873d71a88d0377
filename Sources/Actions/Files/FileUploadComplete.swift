package import Data
internal import EventLoop
internal import FileStore
package import PostgresClient

/// Takes a file whose bytes were sent to their address. Asking again answers the same.
package struct FileUploadComplete {
    private let services: FileServices
    private let reservation: FileReservation

    package init(_ services: FileServices, _ principal: Principal, from client: ClientInfo) {
        self.services = services
        reservation = FileReservation(services: services, principal: principal, client: client)
    }

    package func run(_ id: UUID) async throws -> Result<FileRow, FileFailure> {
        let owner = reservation.principal.user.id
        guard let file = try await services.database.session.file(id, of: owner),
            let rule = FilePurpose(rawValue: file.purpose)?.rule
        else { return .failure(.notFound) }
        if let known = outcome(of: file, rule) { return known }
        // From here on the bytes are what they are: what is sent later changes nothing.
        guard try await services.storage.claim(file.id.description, as: file.storageKey) else {
            return .failure(.incomplete)
        }
        let facts: FileFacts
        do { facts = try await inspect(file, rule) } catch let fault as FileFault {
            try await reservation.reject(file, because: fault)
            return .failure(.rejected(fault, rule))
        }
        if let row = try await reservation.complete(id, facts) { return .success(row) }
        // Somebody else was faster.
        guard let row = try await services.database.session.file(id, of: owner) else { return .failure(.notFound) }
        return outcome(of: row, rule) ?? .failure(.notFound)
    }

    /// Nil for a file that waits.
    private func outcome(of file: FileRow, _ rule: UploadRule) -> Result<FileRow, FileFailure>? {
        switch file.status {
        case "READY": .success(file)
        case "REJECTED": .failure(.rejected(file.rejection.flatMap(FileFault.init) ?? .damaged, rule))
        default: nil
        }
    }

    private func inspect(_ row: FileRow, _ rule: UploadRule) async throws -> FileFacts {
        guard let file = try await services.storage.open(row.storageKey), let name = FileName(row.filename) else {
            throw FileFault.empty
        }
        return try await services.storage.pool.run {
            guard file.count == row.byteSize else { throw FileFault.checksum }
            let found = try FileInspection(file, name: name, rule.inspection)
            let digest = try file.digest()
            guard row.sha256.map({ $0.content == digest }) ?? true else { throw FileFault.checksum }
            return FileFacts(
                contentType: found.type.mediaType,
                sha256: digest,
                width: found.size?.width,
                height: found.size?.height
            )
        }
    }
}
