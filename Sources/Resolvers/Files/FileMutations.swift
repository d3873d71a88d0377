import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Mutation {
    static func fileUpload(
        _ arguments: MutationFileUploadArguments,
        in context: RequestContext
    ) async throws -> FileUploadPayload? {
        let (services, principal, client) = try await context.fileWriter()
        let upload = arguments.file
        let input = FileUpload.Input(
            path: upload.path,
            size: upload.size,
            name: upload.fileName,
            purpose: arguments.purpose.purpose
        )
        let outcome = try await FileUpload(services, principal, from: client).run(input)
        // The bytes are there as long as somebody holds the upload.
        return withExtendedLifetime(upload) {
            switch outcome {
            case .success(let row): FileUploadPayload(file: File(row), userErrors: [])
            case .failure(let failure): FileUploadPayload(file: nil, userErrors: [UserError(failure, ["file"])])
            }
        }
    }

    static func fileUploadStart(
        _ arguments: MutationFileUploadStartArguments,
        in context: RequestContext
    ) async throws -> FileUploadStartPayload? {
        let (services, principal, client) = try await context.fileWriter()
        let sha256: String? = if case .value(let text) = arguments.input.sha256 { text } else { nil }
        let input = FileUploadStart.Input(
            name: arguments.input.filename,
            size: arguments.input.byteSize.value,
            purpose: arguments.input.purpose.purpose,
            sha256: sha256.map(bytes(ofHexadecimal:))
        )
        switch try await FileUploadStart(services, principal, from: client).run(input) {
        case .success(let started):
            let ticket = UploadTicket(
                file: File(started.file),
                method: "PUT",
                url: started.url,
                expiresAt: DateTime(started.expiresAt)
            )
            return FileUploadStartPayload(ticket: ticket, userErrors: [])
        case .failure(let failure):
            return FileUploadStartPayload(ticket: nil, userErrors: [UserError(failure, failure.startPath)])
        }
    }

    static func fileUploadComplete(
        _ arguments: MutationFileUploadCompleteArguments,
        in context: RequestContext
    ) async throws -> FileUploadCompletePayload? {
        let (services, principal, client) = try await context.fileWriter()
        guard let id = arguments.fileId.uuid else {
            return FileUploadCompletePayload(file: nil, userErrors: [.notFound(["fileId"])])
        }
        switch try await FileUploadComplete(services, principal, from: client).run(id) {
        case .success(let row): return FileUploadCompletePayload(file: File(row), userErrors: [])
        case .failure(let failure):
            return FileUploadCompletePayload(file: nil, userErrors: [UserError(failure, ["fileId"])])
        }
    }

    static func fileRename(
        _ arguments: MutationFileRenameArguments,
        in context: RequestContext
    ) async throws -> FileRenamePayload? {
        let (services, principal, client) = try await context.fileWriter()
        guard let id = arguments.id.uuid else { return FileRenamePayload(file: nil, userErrors: [.notFound(["id"])]) }
        switch try await FileChange(services, principal, from: client).rename(id, to: arguments.filename) {
        case .success(let row): return FileRenamePayload(file: File(row), userErrors: [])
        case .failure(let failure):
            let path = if case .notFound = failure { ["id"] } else { ["filename"] }
            return FileRenamePayload(file: nil, userErrors: [UserError(failure, path)])
        }
    }

    static func fileDelete(
        _ arguments: MutationFileDeleteArguments,
        in context: RequestContext
    ) async throws -> FileDeletePayload? {
        let (services, principal, client) = try await context.fileWriter()
        guard let id = arguments.id.uuid else {
            return FileDeletePayload(deletedFileId: nil, userErrors: [.notFound(["id"])])
        }
        switch try await FileChange(services, principal, from: client).delete(id) {
        case .success: return FileDeletePayload(deletedFileId: arguments.id, userErrors: [])
        case .failure(let failure):
            return FileDeletePayload(deletedFileId: nil, userErrors: [UserError(failure, ["id"])])
        }
    }

    /// Of an even number of hexadecimal digits, which the schema has asked for.
    private static func bytes(ofHexadecimal text: String) -> [UInt8] {
        let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}

extension FilePurpose {
    var purpose: Actions.FilePurpose { Actions.FilePurpose(rawValue: rawValue) ?? .attachment }
}

extension RequestContext {
    /// What an action on files is made of.
    fileprivate func fileWriter() async throws -> (FileServices, Principal, ClientInfo) {
        let (_, client) = try identityServices()
        return (try fileServices(), try await signedIn(), client)
    }
}
