package import EventLoop

/// Where the bytes of files are, under keys that say nothing of their names: `image/3f/3f…`.
///
/// What is sent in steps waits under a name of its own until somebody claims it. No loop waits for a disk.
package protocol FileStorage: Sendable {
    /// The threads that work on files of this machine.
    var pool: BlockingPool { get }
    /// Where files may be written that nobody but this process sees.
    var temporaryFolder: String { get }

    /// Keeps a copy of the file at a path; answers the SHA-256 of its bytes.
    func keep(copyOf path: String, as key: String) async throws -> [UInt8]
    /// A file to be written piece by piece.
    func newFile() async throws -> NewDiskFile
    /// Leaves a file for whoever claims it by this name.
    func leave(_ file: NewDiskFile, as name: String) async throws
    /// Puts what was left under its key, for good: what is left under that name later changes nothing. False when nothing
    /// was left, now or before.
    func claim(_ name: String, as key: String) async throws -> Bool
    /// The bytes, to look into; nil when there is no such file.
    func open(_ key: String) async throws -> DiskFile?
    /// The bytes, for somebody who reads them; nil when there is no such file.
    func content(_ key: String, for reader: FileReader) async throws -> StoredContent?
    /// Those that are not there are gone already.
    func remove(_ keys: [String]) async throws
    /// Removes what was left or written and never claimed, and not touched for so many seconds; at most `limit` files.
    func removeLeftovers(olderThan seconds: Int, limit: Int) async throws -> Int
}

/// How somebody reads a file.
package struct FileReader: Sendable {
    package let mediaType: String
    /// The value of `Content-Disposition`.
    package let disposition: String
    /// Whether only the head of the answer is wanted.
    package let wantsHead: Bool
    /// How long an address may be good.
    package let seconds: Int

    package init(mediaType: String, disposition: String, wantsHead: Bool, seconds: Int) {
        self.mediaType = mediaType
        self.disposition = disposition
        self.wantsHead = wantsHead
        self.seconds = seconds
    }
}

package enum StoredContent: Sendable {
    case here(DiskFile)
    /// An address that is good for a while.
    case elsewhere(String)
}
