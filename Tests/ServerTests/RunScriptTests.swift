import Foundation
import Testing

/// What `scripts/run` tells the server, in a folder of its own where the compiler and the server are stand-ins.
@Suite(.timeLimit(.minutes(3))) struct RunScriptTests {
    /// The settings the server was started with, of those that the script may set.
    private func started(_ environment: [String: String] = [:], file: String? = nil) throws -> [String: String] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let script = try String(contentsOf: root.appendingPathComponent("scripts/run"), encoding: .utf8)
        try write(script, to: folder, "scripts/run")
        try write("#!/bin/sh\n", to: folder, "scripts/setup")
        try write("#!/bin/sh\necho \"$@\" > built\n", to: folder, "bin/swift")
        try write("#!/bin/sh\nenv > started\n", to: folder, ".build/release/Server")
        if let file { try write(file, to: folder, ".env") }
        let run = Process()
        run.executableURL = folder.appendingPathComponent("scripts/run")
        run.environment = environment.merging(["PATH": "\(folder.path)/bin:/usr/bin:/bin"]) { own, _ in own }
        run.standardOutput = FileHandle.nullDevice
        try run.run()
        run.waitUntilExit()
        #expect(run.terminationStatus == 0)
        let built = try String(contentsOf: folder.appendingPathComponent("built"), encoding: .utf8)
        #expect(built.contains("--static-swift-stdlib"), "what is run is what is measured")
        let lines = try String(contentsOf: folder.appendingPathComponent("started"), encoding: .utf8).split(
            separator: "\n"
        )
        let pairs = lines.compactMap { line -> (String, String)? in
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return parts.count == 2 && parts[0].hasPrefix("ATRIUM_") ? (parts[0], parts[1]) : nil
        }
        return Dictionary(pairs) { first, _ in first }
    }

    private func write(_ text: String, to folder: URL, _ name: String) throws {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try text.write(to: file, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }

    @Test func `development has the sample world and traces`() throws {
        let both = ["ATRIUM_SAMPLE": "on", "ATRIUM_TRACE": "on"]
        #expect(try started() == both)
        #expect(try started(["APP_ENV": "development"]) == both)
        #expect(try started(file: "# mine\nexport APP_ENV=\"development\" # so\nATRIUM_PORT=8081\n") == both)
    }

    @Test func `what is said elsewhere holds`() throws {
        #expect(try started(file: "ATRIUM_SAMPLE=off\n") == ["ATRIUM_TRACE": "on"], "the server reads the rest itself")
        #expect(try started(file: "ATRIUM_SAMPLE=off\nexport ATRIUM_TRACE='off'\n").isEmpty)
        #expect(try started(["ATRIUM_TRACE": "off"]) == ["ATRIUM_SAMPLE": "on", "ATRIUM_TRACE": "off"])
        #expect(try started(file: "#ATRIUM_SAMPLE=off\nMY_ATRIUM_TRACE=off\n").count == 2)
    }

    @Test func `elsewhere than in development nothing is added`() throws {
        for purpose in ["test", "staging", "production"] {
            #expect(try started(["APP_ENV": purpose]).isEmpty)
            #expect(try started(["NODE_ENV": purpose]).isEmpty)
            #expect(try started(file: "APP_ENV=\(purpose)\n").isEmpty)
            #expect(try started(file: "NODE_ENV=\(purpose)\n").isEmpty)
        }
    }
}
