internal import Glibc

/// Where the playground's files come from.
enum PlaygroundFiles {
    case embedded
    case folder(String)

    func file(_ name: String) -> PlaygroundFile? {
        switch self {
        case .embedded: PlaygroundFile.embedded.first { $0.name == name }
        case .folder(let folder): Self.isPlain(name) ? Self.read("\(folder)/\(name)", name: name) : nil
        }
    }

    /// What the addresses of the files begin with, which changes with their content: browsers may keep them for ever.
    var version: String {
        switch self {
        case .embedded: Self.embeddedVersion
        case .folder: "development"
        }
    }

    /// Scripts that the page is to load at once, not when the one before says so.
    var scripts: [String] { PlaygroundFile.embedded.map(\.name).filter { $0.hasSuffix(".js") } }

    private static let embeddedVersion: String = {
        let digests = PlaygroundFile.embedded.map { "\($0.name) \($0.digest)\n" }.joined()
        return String(PlaygroundFile.digest(of: Array(digests.utf8)).prefix(16))
    }()

    /// Folders and files whose names cannot lead out of the folder.
    private static func isPlain(_ name: String) -> Bool {
        name.utf8.count < 100
            && name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
                !part.isEmpty && part.first != "."
                    && part.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789-.".utf8.contains($0) }
            }
    }

    private static func read(_ path: String, name: String) -> PlaygroundFile? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < 1 << 22 {
            let count = Glibc.read(descriptor, &piece, piece.count)
            guard count > 0 else { break }
            bytes += piece.prefix(count)
        }
        return PlaygroundFile(name: name, bytes)
    }
}
