import Glibc

/// Files of text that are read whole: settings, secrets, manifests.
enum TextFile {
    struct Fault: Error, CustomStringConvertible {
        let path: String
        let reason: String
        var description: String { "\(path) \(reason)" }
    }

    /// What the largest may have: a manifest of documents, as much JSON as is read at all.
    static let limit = 16 << 20

    /// Nil where there is no such file, or none that can be read.
    static func read(_ path: String) throws(Fault) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = piece.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 { return nil }
            if count == 0 { return String(validating: bytes, as: UTF8.self) }
            bytes += piece[..<count]
            if bytes.count > limit { throw Fault(path: path, reason: "is larger than \(limit >> 20) MiB") }
        }
    }

    /// Makes the folder too.
    static func write(_ text: String, to path: String, mode: mode_t) throws(Fault) {
        if let slash = path.lastIndex(of: "/") { mkdir(String(path[..<slash]), 0o755) }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            throw Fault(path: path, reason: "cannot be written: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        let written = Array(text.utf8).withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard written == text.utf8.count else { throw Fault(path: path, reason: "cannot be written: the disk is full") }
    }
}
