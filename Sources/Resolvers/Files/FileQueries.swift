import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Query {
    static func file(_ arguments: QueryFileArguments, in context: RequestContext) async throws -> File? {
        guard let id = arguments.id.uuid, case .file(let file) = try await NodeKind.file.load([id], context)[id] else {
            return nil
        }
        return file
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
}

extension NodeKind {
    /// Those that the viewer may see.
    static let file = NodeKind(prefix: "file") { ids, context in
        let services = try context.fileServices()
        let viewer = try await context.signedIn()
        let rows = try await services.database.session.files(ids, visibleTo: viewer.user.id)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, .file(File($0))) })
    }
}

extension RequestContext {
    /// The services of files, where there are a database and a storage.
    func fileServices() throws -> FileServices {
        guard let files else { throw AccessRefusal.unavailable }
        return files
    }
}
