import Glibc

/// Writes lines of text.
enum Output {
    static func line(_ text: String) {
        print(text)
    }

    static func error(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count <= 0 { return }
            written += count
        }
    }
}
