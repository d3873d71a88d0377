import GraphQLSchema

enum LintCommand {
    static let usage = "lint [--only RULE]… [--except RULE]… [--exceptions FILE] SCHEMA"

    static func run(_ words: [String]) throws(Failure) -> Outcome {
        let arguments = try Arguments(
            words,
            flags: ["--rules"],
            options: ["--only", "--except", "--exceptions"],
            files: words.contains("--rules") ? 0...0 : 1...1,
            usage: usage
        )
        if arguments.has("--rules") {
            for rule in LintRule.all { Output.line("\(rule.name)\n    \(rule.summary)") }
            return .fine
        }
        let rules = try selectedRules(arguments)
        var exceptions: ExceptionList?
        if let file = try arguments.value("--exceptions") {
            exceptions = try ExceptionList(TextFile(file), names: Set(LintRule.all.map(\.name)))
        }
        let file = try TextFile(arguments.files[0])
        var report = LintReport(try file.schema(), file: file.name, exceptions: exceptions)
        for rule in rules { report.run(rule) }
        for finding in report.findings { Output.line(finding.text) }
        let isComplete = rules.count == LintRule.all.count
        for finding in isComplete ? report.unusedExceptions : [] { Output.error(finding.text) }
        return report.findings.isEmpty ? .fine : .problems
    }

    private static func selectedRules(_ arguments: Arguments) throws(Failure) -> [LintRule] {
        let only = arguments.values("--only")
        let except = arguments.values("--except")
        for name in only + except where !LintRule.all.contains(where: { $0.name == name }) {
            throw .usage("unknown rule: \(name); `atrium-schema lint --rules` lists them")
        }
        return LintRule.all.filter { (only.isEmpty || only.contains($0.name)) && !except.contains($0.name) }
    }
}
