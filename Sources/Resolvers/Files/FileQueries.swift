import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Query {
    static func file(_ arguments: QueryFileArguments, in context: RequestContext) async throws -> File? {
        guard let id = arguments.id.uuid else { return nil }
        return try await file(id, in: context)
    }

    static func uploadRules(in context: RequestContext) async throws -> [UploadRules] {
        Actions.FilePurpose.allCases.compactMap { purpose in
            let rule = purpose.rule
            return FilePurpose(rawValue: purpose.rawValue).map {
                UploadRules(
                    purpose: $0,
                    maxBytes: BigInt(rule.maximumBytes),
                    allowedTypes: rule.mediaTypes,
                    maxSidePixels: rule.maximumSide.map { Int32(clamping: $0) }
                )
            }
        }
    }

    /// The file, if the viewer may see it.
    static func file(_ id: UUID, in context: RequestContext) async throws -> File? {
        let services = try context.fileServices()
        let principal = try await context.signedIn()
        return try await services.database.session.files([id], visibleTo: principal.user.id).first.map(File.init)
    }
}

extension RequestContext {
    /// The services of files, where there are a database and a storage.
    func fileServices() throws -> FileServices {
        guard let files else { throw AccessRefusal.unavailable }
        return files
    }
}
