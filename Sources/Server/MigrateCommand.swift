import Data
import EventLoop
import Glibc
import PostgresClient

/// What was asked for is not what the program does.
struct UsageError: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
}

/// `Server migrate up`, `status` and `create NAME`.
struct MigrateCommand {
    private let arguments: [String]
    private let configuration: Configuration

    init(_ arguments: some Sequence<String>, _ configuration: Configuration) {
        self.arguments = Array(arguments)
        self.configuration = configuration
    }

    func run() async throws {
        switch (arguments.first, arguments.count) {
        case ("up", 1):
            let applied = try await withMigrator { try await $0.up() }
            Server.report(applied.map { "migration \($0.version) \($0.name) applied" })
            if applied.isEmpty { Server.report(["nothing to do"]) }
        case ("status", 1):
            let state = try await withMigrator { try await $0.state() }
            Server.report(state.applied.map { "applied  \($0.version) \($0.name)" })
            Server.report(state.pending.map { "pending  \($0.version) \($0.name)" })
        case ("create", 2): try create(arguments[1])
        default: throw UsageError(text: "usage: Server migrate up | status | create NAME")
        }
    }

    private func withMigrator<Value: Sendable>(
        _ body: @escaping @Sendable (Migrator) async throws -> Value
    ) async throws -> Value {
        let place = try DatabasePlace(configuration)
        defer { place.stop() }
        let loop = try EventLoopGroup().loops[0]
        return try await loop.start { try await Migrator.with(place.options.ofItsOwn, on: loop, body) }
    }

    /// Makes an empty migration with the next number, and writes anew what makes them part of the program.
    private func create(_ name: String) throws {
        guard MigrationSources.isName(name) else {
            throw UsageError(text: "a migration's name has lower-case letters, digits and underscores, not \"\(name)\"")
        }
        var files = try migrationFiles()
        let version = (files.compactMap { MigrationSources.parse($0)?.version }.max() ?? 0) + 1
        let digits = String(version)
        let file = String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "_\(name).sql"
        try write("-- What this changes, and why.\n", to: "\(MigrationSources.folder)/\(file)")
        files.append(file)
        try write(MigrationSources.text(for: files), to: MigrationSources.file)
        Server.report(["\(MigrationSources.folder)/\(file)"])
    }

    private func migrationFiles() throws -> [String] {
        guard let directory = opendir(MigrationSources.folder) else {
            throw UsageError(text: "\(MigrationSources.folder) is not here: run this in the root of the repository")
        }
        defer { closedir(directory) }
        var files: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if MigrationSources.parse(name) != nil { files.append(name) }
        }
        return files.sorted()
    }

    private func write(_ text: String, to path: String) throws {
        guard let file = fopen(path, "we") else { throw SystemError("open \(path)", code: errno) }
        fputs(text, file)
        guard fclose(file) == 0 else { throw SystemError("write \(path)", code: errno) }
    }
}
