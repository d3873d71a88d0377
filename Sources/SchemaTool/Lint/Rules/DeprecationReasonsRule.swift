import GraphQLSchema

extension LintRule {
    static let deprecationReasons = LintRule(
        "deprecation-reasons",
        "A deprecation names the replacement and the day before which nothing is removed: "
            + "\"Use `User.name`; removal not before 2026-12-31.\""
    ) { schema, report in
        for (_, field, coordinate) in schema.outputFields {
            check(coordinate, field.origin, field.deprecationReason, field.description, &report)
        }
        for (input, coordinate) in schema.inputs {
            check(coordinate, input.origin, input.deprecationReason, input.description, &report)
        }
        for type in schema.ownTypes {
            for value in type.values {
                check("\(type.name).\(value.name)", value.origin, value.deprecationReason, value.description, &report)
            }
        }
    }

    private static func check(
        _ coordinate: String,
        _ origin: SourceReference?,
        _ reason: String?,
        _ description: String?,
        _ report: inout LintReport
    ) {
        guard let reason, description?.hasPrefix("Experimental:") != true else { return }
        let text = reason.lowercased()
        if !["use ", "replaced by ", "no replacement"].contains(where: text.contains) {
            report.add(coordinate, at: origin, "is deprecated without a word on its replacement")
        }
        if !reason.namesRemovalDay {
            report.add(coordinate, at: origin, "is deprecated without \"removal not before YYYY-MM-DD\"")
        }
    }
}

extension String {
    fileprivate var namesRemovalDay: Bool {
        let phrase = "removal not before "
        guard let start = range(of: phrase) else { return false }
        let digit = "0000-00-00"
        let day = self[start...].prefix(digit.count)
        return day.count == digit.count
            && zip(day, digit).allSatisfy { $1 == "0" ? $0.isASCII && $0.isNumber : $0 == $1 }
    }

    /// Where the text behind the first appearance of a phrase begins, in small or capital letters.
    private func range(of phrase: String) -> String.Index? {
        indices.first { self[$0...].lowercased().hasPrefix(phrase) }.map { index($0, offsetBy: phrase.count) }
    }
}
