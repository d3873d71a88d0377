import Actions
import Credentials
import EventLoop
import FileStore
import GraphQLTransport
import OutboundHTTP

extension FileServices {
    /// The services as the configuration wants them; makes the folder that files are kept in, or wait in for their bucket.
    init(_ configuration: Configuration, _ identity: IdentityServices, _ outbound: OutboundClient) throws {
        let secret = try SigningSecret.of(configuration)
        let pool = try BlockingPool(threads: configuration.fileThreads, queueLimit: 1_024)
        let folder = try FolderStorage(folder: configuration.fileFolder, pool: pool)
        self.init(
            identity: identity,
            storage: configuration.bucket.map { S3Storage($0, through: outbound, local: folder) } ?? folder,
            links: SignedLinks(secret: secret, previous: configuration.previousSigningSecrets),
            options: configuration.files
        )
    }

    /// What multipart requests may bring. Bytes on their way are beside those that have come: moving them is cheap there,
    /// and never a matter of memory.
    var uploadLimits: UploadLimits {
        var limits = UploadLimits()
        limits.maximumFileBytes = FilePurpose.attachment.rule.maximumBytes
        limits.maximumBytes = limits.maximumFileBytes + (1 << 20)
        limits.folder = storage.temporaryFolder
        return limits
    }
}
