import Foundation

/// A program in Python beside a test, such as a server of others, in the environment that scripts/test makes.
public final class PythonProgram {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let python = root.appending(path: ".build/tools/venv/bin/python")

    /// `scripts/test` makes the environment; `swift test` alone does not.
    public struct NotInstalled: Error, CustomStringConvertible {
        public let description = "what tests need of Python is not installed: run scripts/test once"
    }

    private let process = Process()
    private let output = Pipe()
    private var buffer = Data()

    /// - Parameter script: its path from the folder of tests.
    public init(_ script: String, _ arguments: [String]) throws {
        guard FileManager.default.isExecutableFile(atPath: Self.python.path) else { throw NotInstalled() }
        process.executableURL = Self.python
        process.arguments = [Self.root.appending(path: "Tests/\(script)").path] + arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        // One that was never started has the number of all processes of this test run.
        guard process.processIdentifier > 0 else { return }
        // Threads of tests may hold back other signals, and their children then do.
        kill(process.processIdentifier, SIGKILL)
    }

    /// The next line it writes; nil when it has ended.
    public func line() -> String? {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                defer { buffer.removeSubrange(...end) }
                return String(decoding: buffer[..<end], as: UTF8.self)
            }
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { return nil }
            buffer.append(more)
        }
    }

    /// The next line, which is an object of JSON.
    public func object() -> [String: Any]? {
        line().flatMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
    }
}
