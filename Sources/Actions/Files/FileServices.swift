package import Credentials
package import Data
package import FileStore
internal import PostgresClient

/// What the actions on files work with, beside who asks.
package struct FileServices: Sendable {
    package let storage: any FileStorage
    package let options: FileOptions
    let links: SignedLinks
    let identity: IdentityServices

    package init(
        identity: IdentityServices,
        storage: any FileStorage,
        links: SignedLinks,
        options: FileOptions = FileOptions()
    ) {
        self.identity = identity
        self.storage = storage
        self.links = links
        self.options = options
    }

    package var database: Database { identity.database }

    var nowSeconds: Int64 { identity.clock().microseconds / 1_000_000 }

    /// Nothing of a file's name is in its place.
    func storageKey(_ id: UUID, _ purpose: FilePurpose) -> String {
        let text = id.description
        return "\(purpose.folder)/\(text.suffix(2))/\(text)"
    }

    /// Each user may begin so many uploads a minute, in all processes together.
    func limitUploads(of principal: Principal) async throws {
        let key = principal.user.id.description
        try await identity.limit("file_upload", by: key, options.uploadsPerMinute, perSeconds: 60)
    }
}

/// What can be set about files.
package struct FileOptions: Sendable {
    /// How the server is reached from outside; links begin so.
    package var publicURL = ""
    package var uploadsPerMinute = 10
    /// What the files of one user may take, and how many there may be.
    package var bytesPerUser = 1 << 30
    package var filesPerUser: Int32 = 10_000
    /// How long the link of a staged upload is good.
    package var uploadSeconds: Int64 = 3_600
    /// Staged uploads that are written at a time, of all users and of one.
    package var concurrentUploads = 32
    package var concurrentUploadsPerUser = 4
    /// How long an upload may wait for its bytes, and a file for something that refers to it.
    package var pendingSeconds: Int64 = 86_400
    package var unattachedSeconds: Int64 = 86_400

    package init() {}
}

/// What keeps a file from being taken or changed, and whoever asks can do something about.
package enum FileFailure: Error, Sendable {
    case rejected(FileFault, UploadRule)
    case quota(used: Int, limit: Int)
    case notFound
    /// The bytes were not sent yet.
    case incomplete
    /// Something refers to it.
    case inUse

    var code: String {
        switch self {
        case .rejected: "FILE_REJECTED"
        case .quota: "QUOTA_EXCEEDED"
        case .notFound: "NOT_FOUND"
        case .incomplete: "UPLOAD_INCOMPLETE"
        case .inUse: "HAS_DEPENDENTS"
        }
    }
}
