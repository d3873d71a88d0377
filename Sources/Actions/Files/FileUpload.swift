package import Data
internal import EventLoop
internal import FileStore
internal import PostgresClient

/// Takes a file whose bytes are here already.
package struct FileUpload {
    package struct Input: Sendable {
        /// Where this process can read the bytes.
        package let path: String
        package let size: Int
        /// As the client says it is named.
        package let name: String
        package let purpose: FilePurpose

        package init(path: String, size: Int, name: String, purpose: FilePurpose) {
            self.path = path
            self.size = size
            self.name = name
            self.purpose = purpose
        }
    }

    private let services: FileServices
    private let reservation: FileReservation

    package init(_ services: FileServices, _ principal: Principal, from client: ClientInfo) {
        self.services = services
        reservation = FileReservation(services: services, principal: principal, client: client)
    }

    /// Looks at the file before it is kept: what is refused leaves nothing but a line in the audit log.
    package func run(_ input: Input) async throws -> Result<FileRow, FileFailure> {
        try await services.limitUploads(of: reservation.principal)
        let rule = input.purpose.rule
        guard let name = FileName(input.name) else { return .failure(try await reservation.refuse(.badName, rule)) }
        if let fault = rule.fault(name: name, size: input.size) {
            return .failure(try await reservation.refuse(fault, rule))
        }
        let found: FileInspection
        do { found = try await inspect(input, name, rule) } catch let fault as FileFault {
            return .failure(try await reservation.refuse(fault, rule))
        }
        let made = try await reservation.make(
            name,
            input.purpose,
            size: input.size,
            contentType: found.type.mediaType,
            sha256: nil
        )
        let file: NewFile
        switch made {
        case .success(let new): file = new
        case .failure(let failure): return .failure(failure)
        }
        // Should this fail, the reservation is swept.
        let digest = try await services.storage.keep(copyOf: input.path, as: file.storageKey)
        let facts = FileFacts(
            contentType: found.type.mediaType,
            sha256: digest,
            width: found.size?.width,
            height: found.size?.height
        )
        guard let row = try await reservation.complete(file.id, facts) else { return .failure(.notFound) }
        return .success(row)
    }

    private func inspect(_ input: Input, _ name: FileName, _ rule: UploadRule) async throws -> FileInspection {
        try await services.storage.pool.run {
            guard let file = try DiskFile(input.path) else { throw FileFault.empty }
            return try FileInspection(file, name: name, rule.inspection)
        }
    }
}
