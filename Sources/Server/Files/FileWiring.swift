import Actions
import Credentials
import EventLoop
import FileStore
import GraphQLTransport

extension FileServices {
    /// The services as the configuration wants them; makes the folder that files are kept in.
    init(_ configuration: Configuration, _ identity: IdentityServices) throws {
        let secret = try configuration.signingSecret ?? SigningSecret.ofThisMachine(".atrium/secret")
        let pool = try BlockingPool(threads: configuration.fileThreads, queueLimit: 1_024)
        self.init(
            identity: identity,
            storage: try FolderStorage(folder: configuration.fileFolder, pool: pool),
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
