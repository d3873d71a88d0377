import Foundation

/// Runs the built `atrium-schema` in a directory of its own, which goes with the object.
final class Tool: Sendable {
    struct Result: Equatable {
        let exitCode: Int32
        let output: String
        let errors: String
    }

    let directory: URL

    /// - Parameter files: their names and texts.
    init(_ files: [String: String]) throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "atrium-schema-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        for (name, text) in files {
            try Data(text.utf8).write(to: directory.appending(path: name))
        }
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    func run(_ arguments: String..., input: String = "") throws -> Result {
        defer { withExtendedLifetime(self) {} }
        let process = Process()
        process.executableURL = try Self.executable()
        process.arguments = arguments
        process.currentDirectoryURL = directory
        let (input, text) = (Pipe(), input)
        let (output, errors) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try input.fileHandleForWriting.close()
        let printed = try output.fileHandleForReading.readToEnd() ?? Data()
        let complained = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Result(
            exitCode: process.terminationStatus,
            output: String(decoding: printed, as: UTF8.self),
            errors: String(decoding: complained, as: UTF8.self)
        )
    }

    /// The tool stands beside the tests: both come out of one build.
    private static func executable() throws -> URL {
        let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
        let tests = maps.split(separator: "\n").compactMap { line in
            line.hasSuffix(".xctest") ? line.firstIndex(of: "/").map { line[$0...] } : nil
        }
        guard let path = tests.first else { throw CocoaError(.fileNoSuchFile) }
        return URL(filePath: String(path)).deletingLastPathComponent().appending(path: "atrium-schema")
    }
}
