/// Why a private PostgreSQL cannot run, and what to do about it.
public enum EmbeddedPostgresError: Error, Equatable, CustomStringConvertible {
    /// No programs of PostgreSQL in a version that will do.
    case programsMissing(searched: [String], version: String?)
    /// The cluster's folder belongs to a running process.
    case inUse(folder: String)
    /// The folder holds something that is no cluster.
    case occupied(folder: String, by: String)
    /// PostgreSQL must not run as root, and the user it would run as cannot get to its folder.
    case unreachable(folder: String, user: String)
    /// Started by root on a system without a user to run as.
    case userMissing
    /// A step failed; the end of its output says more.
    case failed(step: String, output: String)
    case notReady(seconds: Int, output: String)
    case system(call: String, path: String, reason: String)

    public var description: String {
        switch self {
        case .programsMissing(let searched, let version):
            let what =
                version.map { "the programs of PostgreSQL \($0), which made the cluster," } ?? "PostgreSQL 15 or later"
            return """
                \(what) cannot be found in \(searched.joined(separator: ", ")). \
                Install it (Debian: apt-get install postgresql) or set DATABASE_URL to a running server
                """
        case .inUse(let folder):
            return "\(folder) is in use by another server. Stop that one, or set DATABASE_URL to share a database"
        case .occupied(let folder, let name):
            return "\(folder) holds \(name) and no cluster of Atrium. Give it a folder of its own, or an empty one"
        case .unreachable(let folder, let user):
            return """
                PostgreSQL must not run as root, and its user \(user) cannot enter \(folder). \
                Allow it to (chmod o+x), run as another user, or set DATABASE_URL to a running server
                """
        case .userMissing:
            return "PostgreSQL must not run as root, and there is no user named postgres or nobody to run it as"
        case .failed(let step, let output):
            return "\(step) failed: \(output)"
        case .notReady(let seconds, let output):
            return "PostgreSQL was not ready after \(seconds) seconds: \(output)"
        case .system(let call, let path, let reason):
            return "\(call) \(path): \(reason)"
        }
    }

    /// Takes the reason from `errno`; to be called before anything else can change it.
    static func system(_ call: String, _ path: String) -> EmbeddedPostgresError {
        .system(call: call, path: path, reason: currentFailure())
    }
}
