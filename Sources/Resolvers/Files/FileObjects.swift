import Actions
import Data
import EventLoop
import GraphQLEngine
import PostgresClient

extension FileID {
    init(_ id: UUID) { self.init(rawValue: GlobalID.text("file", id)) }

    /// Nil for an id of another kind.
    var uuid: UUID? { GlobalID.uuid("file", rawValue) }
}

extension File {
    init(_ row: FileRow) {
        let image: ImageInfo? =
            if let width = row.width, let height = row.height { ImageInfo(width: width, height: height) } else { nil }
        self.init(
            id: FileID(row.id),
            filename: row.filename,
            contentType: row.contentType,
            byteSize: BigInt(row.byteSize),
            sha256: row.sha256.map { Hexadecimal.text($0.content) },
            purpose: FilePurpose(rawValue: row.purpose) ?? .attachment,
            status: FileStatus(rawValue: row.status) ?? .pending,
            rejection: row.rejection.flatMap(FileRejectionReason.init(rawValue:)),
            visibility: FileVisibility(rawValue: row.visibility) ?? .private,
            image: image,
            createdAt: DateTime(row.createdAt),
            updatedAt: DateTime(row.updatedAt)
        )
    }

    /// Whoever sees a file may have an address of it, which tells nothing to the database.
    static func url(
        of parents: Batch<File>,
        _ arguments: FileUrlArguments,
        in context: RequestContext
    ) async throws -> Results<String?> {
        let links = FileLink(try context.fileServices())
        return parents.results { file in
            guard file.status == .ready, let id = file.id.uuid else { return nil }
            return links.url(
                id,
                name: file.filename,
                isInline: arguments.disposition == .inline,
                forSeconds: Int(arguments.expiresInSeconds)
            )
        }
    }
}

extension Viewer {
    static func files(
        of parents: Batch<Viewer>,
        _ arguments: ViewerFilesArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<File>> {
        let request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        let session = try context.databaseInUse().session
        let purposes = arguments.purposes?.map(\.rawValue)
        var results = Results<Connection<File>>(reserving: parents.count)
        // There is one viewer in a request.
        for viewer in parents {
            guard let user = viewer.user.id.uuid else { throw AccessRefusal.unauthenticated }
            let page = try await session.files(of: user, purposes: purposes, request)
            results.append(
                Connection(page.map(File.init)) { try await session.fileCount(of: user, purposes: purposes) }
            )
        }
        return results
    }

    /// Of the one viewer there is in a request, or of those who have just signed in.
    static func storageUsage(
        of parents: Batch<Viewer>,
        in context: RequestContext
    ) async throws -> Results<StorageUsage> {
        let services = try context.fileServices()
        var results = Results<StorageUsage>(reserving: parents.count)
        for viewer in parents {
            let usage =
                if let user = viewer.user.id.uuid {
                    try await services.database.session.storageUsage(of: user)
                } else {
                    StorageUsageRow(bytes: 0, files: 0, limitBytes: nil)
                }
            results.append(
                StorageUsage(
                    bytes: BigInt(usage.bytes),
                    files: usage.files,
                    limitBytes: BigInt(usage.limitBytes ?? services.options.bytesPerUser)
                )
            )
        }
        return results
    }
}
