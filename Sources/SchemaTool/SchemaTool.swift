import Glibc

/// `atrium-schema`: prints, checks and compares schemas, for developers and for CI.
@main struct SchemaTool {
    static func main() {
        let outcome: Outcome
        do throws(Failure) {
            outcome = try run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            Output.error(error.text)
            exit(error.exitCode)
        }
        exit(outcome.rawValue)
    }

    private static func run(_ arguments: [String]) throws(Failure) -> Outcome {
        guard let command = arguments.first else { throw .usage(usage) }
        let rest = Array(arguments.dropFirst())
        switch command {
        case "print": return try PrintCommand.run(rest)
        case "lint": return try LintCommand.run(rest)
        case "diff": return try DiffCommand.run(rest)
        case "reference": return try ReferenceCommand.run(rest)
        case "check-documents": return try CheckDocumentsCommand.run(rest)
        case "help", "--help", "-h":
            Output.line(usage)
            return .fine
        default: throw .usage("unknown command: \(command)\n\n\(usage)")
        }
    }

    private static let usage = """
        usage: atrium-schema COMMAND …

          \(PrintCommand.usage)
              Prints a schema in its canonical form.
          \(ReferenceCommand.usage)
              Writes a schema as Markdown, with what is said of each member.
          \(LintCommand.usage)
              Checks a schema, and holds it against the conventions. `lint --rules` lists them.
          \(DiffCommand.usage)
              Lists what has changed, and what it means for clients.
          \(CheckDocumentsCommand.usage)
              Checks operations and fragments of a client, which may be spread over files, against a schema.

        A schema is a file of definitions, or the JSON result of an introspection query (NAME.json).
        Exit codes: 0 nothing to complain about, 1 problems found, 2 wrong usage or a file that cannot be read.
        """
}

/// How a command that did its work ended.
enum Outcome: Int32 {
    case fine = 0
    case problems = 1
}

/// Why a command could not do its work.
enum Failure: Error {
    case usage(String)
    case file(String)
    /// What was found in a file that the command needs.
    case invalid([Diagnostic])

    var text: String {
        switch self {
        case .usage(let text): text
        case .file(let text): "atrium-schema: \(text)"
        case .invalid(let diagnostics): diagnostics.map(\.text).joined(separator: "\n")
        }
    }

    var exitCode: Int32 {
        switch self {
        case .usage, .file: 2
        case .invalid: 1
        }
    }
}
