import Glibc
import SchemaGenCore

/// schema-gen SCHEMA --target NAME --output FOLDER [--modules NAME,NAME …]: what the build plugin runs.
@main struct SchemaGen {
    static func main() {
        guard let options = Options(CommandLine.arguments.dropFirst()) else {
            report("usage: schema-gen SCHEMA --target NAME --output FOLDER [--modules NAME,NAME …]")
            exit(64)
        }
        guard let text = File.read(options.schema) else {
            report("\(options.schema):1:1: error: The schema cannot be read.")
            exit(1)
        }
        switch Generator.generate(GenerationRequest(text: text, target: options.target, modules: options.modules)) {
        case .refused(let diagnostics):
            for diagnostic in diagnostics { report(diagnostic.line(file: options.schema)) }
            exit(1)
        case .files(let files):
            for file in files where !File.write(Array(file.text.utf8), to: "\(options.output)/\(file.name)") {
                report("\(options.output)/\(file.name): error: The file cannot be written.")
                exit(1)
            }
        }
    }

    private static func report(_ line: String) {
        var bytes = Array((line + "\n").utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count <= 0 { return }
            bytes = bytes.dropFirst(count)
        }
    }

    private struct Options {
        var schema = ""
        var target = ""
        var output = ""
        var modules: [String]?

        init?(_ arguments: ArraySlice<String>) {
            var rest = arguments
            guard let schema = rest.popFirst() else { return nil }
            self.schema = schema
            while let name = rest.popFirst() {
                guard let value = rest.popFirst() else { return nil }
                switch name {
                case "--target": target = value
                case "--output": output = value
                case "--modules": modules = value.split(separator: ",").map(String.init)
                default: return nil
                }
            }
            guard !target.isEmpty, !output.isEmpty else { return nil }
        }
    }
}
