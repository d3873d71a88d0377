import Glibc

/// A folder with the programs of one version of PostgreSQL.
public struct PostgresPrograms: Sendable, Equatable {
    public let folder: String
    public let version: Int

    /// The oldest version whose SQL the application may use.
    static let oldest = 15

    /// The newest installed version, or exactly `version`. `preferred` is looked into before the usual places.
    public static func find(
        version: Int? = nil,
        preferred: String? = nil
    ) throws(EmbeddedPostgresError) -> PostgresPrograms {
        let debian = "/usr/lib/postgresql"
        let versions = entries(of: debian).compactMap { Int($0) }.sorted(by: >)
        var folders = versions.map { "\(debian)/\($0)/bin" } + ["/usr/local/pgsql/bin", "/usr/local/bin", "/usr/bin"]
        if let preferred { folders = [preferred] }
        for folder in folders {
            guard access("\(folder)/postgres", X_OK) == 0, access("\(folder)/initdb", X_OK) == 0 else { continue }
            let number = versions.first { folder == "\(debian)/\($0)/bin" } ?? askedVersion(of: folder)
            guard let number, number >= oldest, version == nil || version == number else { continue }
            return PostgresPrograms(folder: folder, version: number)
        }
        let searched =
            preferred.map { [$0] } ?? ["\(debian)/*/bin", "/usr/local/pgsql/bin", "/usr/local/bin", "/usr/bin"]
        throw .programsMissing(searched: searched, version: version.map(String.init))
    }

    /// What the program says of itself: `postgres (PostgreSQL) 15.18 (Debian …)`.
    private static func askedVersion(of folder: String) -> Int? {
        guard let pipe = popen("exec '\(folder.replacing("'", with: "'\\''"))/postgres' --version", "re") else {
            return nil
        }
        defer { pclose(pipe) }
        var line = [CChar](repeating: 0, count: 256)
        guard fgets(&line, Int32(line.count), pipe) != nil else { return nil }
        let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return text.split(separator: " ").dropFirst(2).first.flatMap { Int($0.prefix { $0.isNumber }) }
    }
}
