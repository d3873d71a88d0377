import Glibc

/// What `errno` says.
func currentFailure() -> String { String(cString: strerror(errno)) }

/// The whole content of a small file; nil when it cannot be read.
func content(of path: String, limit: Int = 1 << 20) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4_096)
    while bytes.count < limit, case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
        bytes.append(contentsOf: chunk[..<count])
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// The last bytes of a file.
func end(of path: String, bytes: Int) -> String {
    guard let file = fopen(path, "re") else { return "" }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    fseek(file, max(0, ftell(file) - bytes), SEEK_SET)
    var chunk = [UInt8](repeating: 0, count: bytes)
    let count = fread(&chunk, 1, bytes, file)
    return String(decoding: chunk[..<count], as: UTF8.self)
}

func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

func entries(of folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
}

/// Makes the folder and those it stands in.
func makeFolder(_ path: String, mode: mode_t = 0o755) throws(EmbeddedPostgresError) {
    if exists(path) { return }
    let parts = path.split(separator: "/").dropLast()
    let parent = (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    if !parts.isEmpty { try makeFolder(parent) }
    guard mkdir(path, mode) == 0 || errno == EEXIST else { throw .system("mkdir", path) }
}

/// Removes a folder with all it holds; links are removed, not followed.
func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    if status.st_mode & S_IFMT == S_IFDIR {
        for name in entries(of: path) { remove("\(path)/\(name)") }
        rmdir(path)
    } else {
        unlink(path)
    }
}

/// The path from the root, without links.
func absolute(_ path: String) throws(EmbeddedPostgresError) -> String {
    guard let resolved = realpath(path, nil) else { throw .system("realpath", path) }
    defer { free(resolved) }
    return String(cString: resolved)
}
