import Glibc

/// A Swift file of the repository.
struct SourceFile: Sendable {
    /// From the root of the repository: `Sources/EventLoop/Timer.swift`.
    let path: String
    let lines: [String]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        code = lines.enumerated().map { ($0 + 1, Self.code(in: $1)) }
    }

    /// The folder of the file's target: `EventLoop`.
    var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

    /// The lines with their numbers, without comments.
    let code: [(number: Int, text: Substring)]

    /// The modules the file imports, with the numbers of the lines.
    var imports: [(line: Int, module: String)] {
        code.compactMap { number, text in
            let words = text.split(separator: " ")
            guard let keyword = words.firstIndex(of: "import"),
                words[..<keyword].allSatisfy({ $0.hasPrefix("@") || Self.accessLevels.contains($0) }),
                let name = words.dropFirst(keyword + 1).first(where: { !Self.kinds.contains($0) })
            else { return nil }
            return (number, String(name.prefix { $0 != "." }))
        }
    }

    /// The line up to its comment, which does not begin in a string.
    private static func code(in line: String) -> Substring {
        let slash = UInt8(ascii: "/")
        var isInString = false
        var previous: UInt8 = 0
        for index in line.utf8.indices {
            let byte = line.utf8[index]
            if byte == slash, previous == slash, !isInString { return line[..<line.utf8.index(before: index)] }
            if byte == UInt8(ascii: "\"") { isInString.toggle() }
            previous = byte
        }
        return line[...]
    }

    private static let accessLevels: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
    private static let kinds: Set<Substring> = [
        "class", "enum", "func", "let", "protocol", "struct", "typealias", "var",
    ]
}

/// The files of the repository, read from the disk.
enum SourceTree {
    static func swiftFiles(in folder: String) throws -> [SourceFile] {
        try paths(in: folder).filter { $0.hasSuffix(".swift") }.map { SourceFile(path: $0, text: try read($0)) }
    }

    /// The names of the folders in a folder, in order.
    static func folders(in folder: String) throws -> [String] {
        try entries(of: folder).filter(\.isFolder).map(\.name)
    }

    private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        .joined(separator: "/")

    private static func paths(in folder: String) throws -> [String] {
        try entries(of: folder).flatMap { entry in
            let path = "\(folder)/\(entry.name)"
            return entry.isFolder ? try paths(in: path) : [path]
        }
    }

    private static func entries(of folder: String) throws -> [(name: String, isFolder: Bool)] {
        guard let directory = opendir("\(root)/\(folder)") else { throw Unreadable(path: folder) }
        defer { closedir(directory) }
        var entries: [(name: String, isFolder: Bool)] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard !name.hasPrefix(".") else { continue }
            entries.append((name, entry.pointee.d_type == UInt8(DT_DIR)))
        }
        return entries.sorted { $0.name < $1.name }
    }

    private static func read(_ path: String) throws -> String {
        guard let file = fopen("\(root)/\(path)", "r") else { throw Unreadable(path: path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
            bytes.append(contentsOf: chunk[..<count])
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    struct Unreadable: Error {
        let path: String
    }
}
