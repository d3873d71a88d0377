import Glibc

/// Whose rights PostgreSQL runs with: it refuses those of root.
struct ServerUser: Equatable {
    /// -1 for those of this process.
    let user: uid_t
    let group: gid_t
    let name: String

    static func suitable() throws(EmbeddedPostgresError) -> ServerUser {
        guard geteuid() == 0 else { return ServerUser(user: .max, group: .max, name: "") }
        for name in ["postgres", "nobody"] {
            if let entry = getpwnam(name) {
                return ServerUser(user: entry.pointee.pw_uid, group: entry.pointee.pw_gid, name: name)
            }
        }
        throw .userMissing
    }

    var isOther: Bool { user != .max }

    /// Gives the file or folder to the user, when it is another one.
    func own(_ path: String) throws(EmbeddedPostgresError) {
        guard isOther else { return }
        guard lchown(path, user, group) == 0 else { throw .system("chown", path) }
    }

    /// Throws when a folder on the way to `path` is closed to the user.
    func mustReach(_ path: String) throws(EmbeddedPostgresError) {
        guard isOther else { return }
        var folder = ""
        for part in path.split(separator: "/").dropLast() {
            folder += "/" + part
            var status = stat()
            guard stat(folder, &status) == 0 else { throw .system("stat", folder) }
            let needed: mode_t = status.st_uid == user ? 0o100 : status.st_gid == group ? 0o010 : 0o001
            guard status.st_mode & needed != 0 else { throw .unreachable(folder: folder, user: name) }
        }
    }
}
