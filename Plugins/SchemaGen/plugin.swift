import Foundation
import PackagePlugin

/// Generates Swift from a schema in the ordinary build: from the target's own `schema.graphql`, else from the package's.
///
/// The names of the files must be known before the schema is read, because the build plan outlives it: they come from
/// the folders of `Sources/Resolvers`, one for each module of the product. A target with a schema of its own, and a
/// package without such folders, get one file.
@main struct SchemaGen: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let own = target.directoryURL.appending(path: "schema.graphql")
        let shared = context.package.directoryURL.appending(path: "schema.graphql")
        let isOwn = FileManager.default.fileExists(atPath: own.path)
        guard isOwn || FileManager.default.fileExists(atPath: shared.path) else {
            Diagnostics.error("There is neither \(own.path) nor \(shared.path).")
            return []
        }
        let schema = isOwn ? own : shared
        let modules = isOwn ? [] : modules(of: context.package)
        let output = context.pluginWorkDirectoryURL
        var arguments = [schema.path, "--target", target.name, "--output", output.path]
        if !modules.isEmpty { arguments += ["--modules", modules.joined(separator: ",")] }
        return [
            .buildCommand(
                displayName: "Generating \(target.name) from \(schema.lastPathComponent)",
                executable: try context.tool(named: "schema-gen").url,
                arguments: arguments,
                inputFiles: [schema],
                outputFiles: (["Schema"] + modules.filter { $0 != "Schema" }).map {
                    output.appending(path: "\($0)+Generated.swift")
                }
            )
        ]
    }

    private func modules(of package: Package) -> [String] {
        let folder = package.directoryURL.appending(path: "Sources/Resolvers")
        let entries = try? FileManager.default.contentsOfDirectory(
            at: folder,
            includingPropertiesForKeys: [.isDirectoryKey],
            options: .skipsHiddenFiles
        )
        return (entries ?? [])
            .filter { (try? $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true }
            .map(\.lastPathComponent)
            .sorted()
    }
}
