import Foundation
import PackagePlugin

/// Generates Swift from `schema.graphql` in every build: the target's own, else the package's.
@main struct SchemaGenPlugin: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let candidates = [target.directoryURL, context.package.directoryURL].map {
            $0.appending(path: "schema.graphql")
        }
        guard let schema = candidates.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
            Diagnostics.error("\(target.name) uses SchemaGen, but neither it nor the package has a schema.graphql")
            return []
        }
        let types = context.pluginWorkDirectoryURL.appending(path: "SchemaTypes.swift")
        let bindings = context.pluginWorkDirectoryURL.appending(path: "SchemaBindings.swift")
        return [
            .buildCommand(
                displayName: "Generating Swift from \(schema.lastPathComponent) for \(target.name)",
                executable: try context.tool(named: "schema-gen").url,
                arguments: [schema.path, types.path, bindings.path],
                inputFiles: [schema],
                outputFiles: [types, bindings]
            )
        ]
    }
}
