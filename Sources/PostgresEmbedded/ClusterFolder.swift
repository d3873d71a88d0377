import Glibc

/// Where a cluster keeps its files: `data`, `log`, `lock`, and the folder of its socket.
struct ClusterFolder {
    let path: String
    var data: String { "\(path)/data" }
    var log: String { "\(path)/log" }
    /// Open to the server's user and root alone: whoever gets in needs no password.
    let socket: String

    /// Makes the folder for `user`, or takes the one that is there.
    init(_ given: String, user: ServerUser) throws(EmbeddedPostgresError) {
        try makeFolder(given)
        path = try absolute(given)
        try ClusterFolder.mustBeOwn(path)
        try user.mustReach(path)
        guard chmod(path, 0o700) == 0 else { throw .system("chmod", path) }
        try user.own(path)
        // The kernel takes paths of sockets up to 107 bytes: a deep folder gets its socket elsewhere.
        let near = "\(path)/socket"
        socket = near.utf8.count + "/.s.PGSQL.5432.lock".utf8.count < 107 ? near : "/tmp/atrium-\(digest(path))"
        if mkdir(socket, 0o700) == 0 { try user.own(socket) }
        var status = stat()
        let owner = user.isOther ? user.user : geteuid()
        guard lstat(socket, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == owner else {
            throw .system(call: "use", path: socket, reason: "it belongs to someone else")
        }
    }

    /// Throws when there is something in the folder and nothing of a cluster: it would be closed to those it belongs to.
    private static func mustBeOwn(_ path: String) throws(EmbeddedPostgresError) {
        guard let directory = opendir(path) else { throw .system("opendir", path) }
        defer { closedir(directory) }
        // What a disk of its own brings along.
        var stranger: String?
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if ["data", "data.new", "lock", "socket"].contains(name) { return }
            if ![".", "..", "lost+found"].contains(name) { stranger = name }
        }
        if let stranger { throw .occupied(folder: path, by: stranger) }
    }

    /// The version that made the cluster; nil when there is none yet.
    var version: Int? {
        content(of: "\(data)/PG_VERSION").flatMap { Int($0.prefix { $0.isNumber }) }
    }

    /// Holds the folder for this process; the lock ends with the process, however it ends.
    func lock() throws(EmbeddedPostgresError) -> Int32 {
        let path = "\(path)/lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .system("open", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .inUse(folder: self.path)
        }
        return descriptor
    }

    /// The log, to be written to; one that has grown large is put aside first.
    func openLog() throws(EmbeddedPostgresError) -> Int32 {
        var status = stat()
        if stat(log, &status) == 0, status.st_size > 16 << 20 { rename(log, "\(log).old") }
        let descriptor = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .system("open", log) }
        return descriptor
    }
}

/// FNV-1a: tells folders apart in names that stand for them.
func digest(_ text: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return String(hash, radix: 16)
}
