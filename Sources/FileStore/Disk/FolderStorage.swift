package import EventLoop
internal import Glibc

/// Files in a folder.
///
/// A file appears under its key all at once. What was left waits in `incoming`; what is being written is in `temporary`. All
/// work is done by a pool of threads.
package struct FolderStorage: FileStorage {
    package let pool: BlockingPool
    package let temporaryFolder: String
    private let folder: String
    private let incoming: String

    /// Makes the folder if it is not there.
    package init(folder: String, pool: BlockingPool) throws {
        self.folder = folder
        self.pool = pool
        incoming = folder + "/incoming"
        temporaryFolder = folder + "/temporary"
        try Self.makeFolders(folder)
        for name in [incoming, temporaryFolder] { try Self.makeFolder(name) }
    }

    // MARK: Keeping

    package func keep(copyOf path: String, as key: String) async throws -> [UInt8] {
        let target = try place(of: key)
        return try await pool.run { [temporaryFolder] in
            guard let source = try DiskFile(path) else { throw DiskFailure("open", ENOENT) }
            let copy = try NewDiskFile(in: temporaryFolder)
            let digest = try source.digest { try copy.write($0) }
            try Self.makeFolders(String(target.prefix(upTo: target.lastIndex(of: "/") ?? target.endIndex)))
            try copy.keep(as: target)
            return digest
        }
    }

    package func newFile() async throws -> NewDiskFile {
        try await pool.run { [temporaryFolder] in try NewDiskFile(in: temporaryFolder) }
    }

    /// A later one takes its place.
    package func leave(_ file: NewDiskFile, as name: String) async throws {
        try Self.check(name: name)
        try await pool.run { [incoming] in try file.keep(as: "\(incoming)/\(name)") }
    }

    package func claim(_ name: String, as key: String) async throws -> Bool {
        try Self.check(name: name)
        let target = try place(of: key)
        return try await pool.run { [incoming] in
            try Self.makeFolders(String(target.prefix(upTo: target.lastIndex(of: "/") ?? target.endIndex)))
            if link("\(incoming)/\(name)", target) == 0 {
                unlink("\(incoming)/\(name)")
                return true
            }
            switch errno {
            case EEXIST: return true
            case ENOENT: return false
            default: throw DiskFailure("link", errno)
            }
        }
    }

    // MARK: Reading

    package func open(_ key: String) async throws -> DiskFile? {
        let path = try place(of: key)
        return try await pool.run { try DiskFile(path) }
    }

    package func content(_ key: String, for reader: FileReader) async throws -> StoredContent? {
        try await open(key).map(StoredContent.here)
    }

    // MARK: Removing

    package func remove(_ keys: [String]) async throws {
        let paths = try keys.map(place)
        try await pool.run {
            for path in paths where unlink(path) != 0 && errno != ENOENT { throw DiskFailure("unlink", errno) }
        }
    }

    package func removeLeftovers(olderThan seconds: Int, limit: Int) async throws -> Int {
        try await pool.run { [incoming, temporaryFolder] in
            var removed = 0
            for folder in [incoming, temporaryFolder] {
                removed += try Self.removeOld(in: folder, before: time(nil) - seconds, limit: limit - removed)
            }
            return removed
        }
    }

    private static func removeOld(in folder: String, before limitTime: Int, limit: Int) throws -> Int {
        guard let directory = opendir(folder) else { throw DiskFailure("opendir", errno) }
        defer { closedir(directory) }
        var removed = 0
        while removed < limit, let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            var facts = stat()
            guard !name.hasPrefix("."), lstat("\(folder)/\(name)", &facts) == 0, facts.st_mtim.tv_sec < limitTime
            else { continue }
            if unlink("\(folder)/\(name)") == 0 { removed += 1 }
        }
        return removed
    }

    // MARK: Places

    /// Where a key leads, which is never out of the folder.
    private func place(of key: String) throws(DiskFailure) -> String {
        try Self.check(key: key)
        return "\(folder)/\(key)"
    }

    static func check(key: String) throws(DiskFailure) {
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy(isPlain) else { throw DiskFailure("key", EINVAL) }
    }

    static func check(name: String) throws(DiskFailure) {
        guard isPlain(name) else { throw DiskFailure("name", EINVAL) }
    }

    /// Small letters, digits and dashes.
    private static func isPlain(_ part: some StringProtocol) -> Bool {
        !part.isEmpty && part.utf8.count <= 64
            && part.utf8.allSatisfy { byte in
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                    || byte == UInt8(ascii: "-")
            }
    }

    private static func makeFolders(_ path: String) throws(DiskFailure) {
        var position = path.startIndex
        while let slash = path[position...].dropFirst().firstIndex(of: "/") {
            try makeFolder(String(path[..<slash]))
            position = slash
        }
        try makeFolder(path)
    }

    private static func makeFolder(_ path: String) throws(DiskFailure) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw DiskFailure("mkdir", errno) }
    }
}
