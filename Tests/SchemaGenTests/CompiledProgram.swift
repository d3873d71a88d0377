import Foundation
import SchemaGenCore

/// Generated code and a program for it, held by the compiler against each other.
struct CompiledProgram {
    let status: Int32
    /// What the compiler says.
    let output: String

    /// - Parameter sources: the program's files, by name.
    init(schema: [UInt8], modules: [String]? = nil, sources: [String: String]) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("atrium-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var files = sources
        switch Generator.generate(GenerationRequest(text: schema, target: "App", modules: modules)) {
        case .refused(let diagnostics): throw Refused(lines: diagnostics.map { $0.line(file: "schema.graphql") })
        case .files(let generated): for file in generated { files[file.name] = file.text }
        }
        for (name, text) in files {
            try Data(text.utf8).write(to: folder.appendingPathComponent(name))
        }
        (status, output) = try await Self.typecheck(folder, files.keys.sorted())
    }

    struct Refused: Error {
        let lines: [String]
    }

    private static func typecheck(_ folder: URL, _ files: [String]) async throws -> (Int32, String) {
        let output = folder.appendingPathComponent("output")
        _ = FileManager.default.createFile(atPath: output.path, contents: nil)
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        compiler.currentDirectoryURL = folder
        compiler.arguments =
            [
                "swiftc", "-typecheck", "-swift-version", "6", "-parse-as-library", "-module-name", "App",
                "-package-name", "app",
            ]
            + [
                "ExistentialAny", "MemberImportVisibility", "InternalImportsByDefault",
                "NonisolatedNonsendingByDefault",
            ]
            .flatMap { ["-enable-upcoming-feature", $0] }
            + ["-I", try modules.path] + files
        compiler.standardOutput = FileHandle(forWritingAtPath: output.path)
        compiler.standardError = compiler.standardOutput
        let status = try await withCheckedThrowingContinuation { continuation in
            compiler.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try compiler.run() } catch { continuation.resume(throwing: error) }
        }
        return (status, String(decoding: try Data(contentsOf: output), as: UTF8.self))
    }

    /// Where the build has put the engine's module: beside the tests.
    private static var modules: URL {
        get throws {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("Modules")
        }
    }
}
