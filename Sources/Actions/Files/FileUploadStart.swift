internal import Credentials
package import Data
internal import FileStore
package import PostgresClient

/// Makes room for a file whose bytes will be sent to an address of their own.
package struct FileUploadStart {
    package struct Input: Sendable {
        package let name: String
        package let size: Int
        package let purpose: FilePurpose
        /// Of the bytes to come, where the client knows it.
        package let sha256: [UInt8]?

        package init(name: String, size: Int, purpose: FilePurpose, sha256: [UInt8]?) {
            self.name = name
            self.size = size
            self.purpose = purpose
            self.sha256 = sha256
        }
    }

    /// Where to send the bytes.
    package struct Ticket: Sendable {
        package let file: FileRow
        package let url: String
        package let expiresAt: Timestamp
    }

    private let services: FileServices
    private let reservation: FileReservation

    package init(_ services: FileServices, _ principal: Principal, from client: ClientInfo) {
        self.services = services
        reservation = FileReservation(services: services, principal: principal, client: client)
    }

    package func run(_ input: Input) async throws -> Result<Ticket, FileFailure> {
        try await services.limitUploads(of: reservation.principal)
        let rule = input.purpose.rule
        guard let name = FileName(input.name) else { return .failure(try await reservation.refuse(.badName, rule)) }
        if let fault = rule.fault(name: name, size: input.size) {
            return .failure(try await reservation.refuse(fault, rule))
        }
        let made = try await reservation.make(
            name,
            input.purpose,
            size: input.size,
            contentType: "application/octet-stream",
            sha256: input.sha256
        )
        switch made {
        case .failure(let failure): return .failure(failure)
        case .success(let new):
            guard let row = try await services.database.session.file(new.id, of: new.ownerID) else {
                return .failure(.notFound)
            }
            let end = services.nowSeconds + services.options.uploadSeconds
            let path = "/uploads/\(GlobalID.text("file", new.id))?size=\(input.size)"
            let url = services.options.publicURL + services.links.sign("PUT", path, untilSeconds: end)
            return .success(Ticket(file: row, url: url, expiresAt: Timestamp(microseconds: end * 1_000_000)))
        }
    }
}
