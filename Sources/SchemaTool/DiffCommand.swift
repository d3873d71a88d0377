import GraphQLSchema

enum DiffCommand {
    static let usage = "diff [--approvals FILE] OLD NEW"

    static func run(_ words: [String]) throws(Failure) -> Outcome {
        let arguments = try Arguments(words, options: ["--approvals"], files: 2...2, usage: usage)
        let old = try TextFile(arguments.files[0]).schema()
        let new = try TextFile(arguments.files[1]).schema()
        var approvals: ExceptionList?
        if let file = try arguments.value("--approvals") {
            approvals = try ExceptionList(TextFile(file), names: Set(SchemaChange.Kind.allCases.map(\.rawValue)))
        }
        let changes = new.changes(since: old)
        var refused = 0
        for (severity, title) in [
            (SchemaChange.Severity.breaking, "Breaking"), (.dangerous, "Dangerous"), (.safe, "Safe"),
        ] {
            let ofSeverity = changes.filter { $0.severity == severity }
            if ofSeverity.isEmpty { continue }
            Output.line("\(title):")
            for change in ofSeverity {
                var note = ""
                if severity == .breaking {
                    let isApproved = approvals?.allows(change.kind.rawValue, change.coordinate) ?? false
                    if isApproved { note = " (approved)" } else { refused += 1 }
                }
                Output.line("  \(change.kind.rawValue) \(change.coordinate): \(change.description)\(note)")
            }
        }
        if changes.isEmpty { Output.line("No changes.") }
        for diagnostic in approvals?.unused ?? [] { Output.error(diagnostic.text) }
        if refused == 0 { return .fine }
        Output.error("\(refused) breaking \(refused == 1 ? "change is" : "changes are") not approved")
        return .problems
    }
}
