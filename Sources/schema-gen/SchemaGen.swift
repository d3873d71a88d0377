import Glibc
import SchemaGenCore

/// schema-gen SCHEMA TYPES BINDINGS: writes the Swift of a schema into two files, each only when it changes.
@main struct SchemaGen {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 4 else { fail(["usage: schema-gen SCHEMA TYPES BINDINGS"], status: 2) }
        guard let bytes = read(arguments[1]) else { fail(["\(arguments[1]): error: cannot be read"], status: 1) }
        do throws(GeneratorPipeline.Failure) {
            let output = try GeneratorPipeline.run(String(decoding: bytes, as: UTF8.self), file: arguments[1])
            for (path, text) in [(arguments[2], output.types), (arguments[3], output.bindings)] {
                // A file that is not written again is not compiled again.
                guard read(path) != Array(text.utf8) else { continue }
                guard write(text, to: path) else { fail(["\(path): error: cannot be written"], status: 1) }
            }
        } catch {
            fail(error.diagnostics.map(\.description), status: 1)
        }
    }

    private static func fail(_ lines: [String], status: Int32) -> Never {
        let text = lines.joined(separator: "\n") + "\n"
        _ = text.withCString { Glibc.write(2, $0, strlen($0)) }
        exit(status)
    }

    private static func read(_ path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            guard count >= 0 else { return nil }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
    }

    private static func write(_ text: String, to path: String) -> Bool {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard file >= 0 else { return false }
        defer { close(file) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
