/// What may be a name. https://spec.graphql.org/September2025/#Name
public enum NameSyntax {
    public static func isValid(_ name: String) -> Bool {
        problem(with: name) == nil
    }

    /// What is wrong with a name that does not come out of a parsed document, in the words of graphql-js.
    public static func problem(with name: String) -> String? {
        guard let first = name.utf8.first else { return "Expected name to be a non-empty string." }
        guard name.utf8.dropFirst().allSatisfy(\.isNameContinue) else {
            return "Names must only contain [_a-zA-Z0-9] but \"\(name)\" does not."
        }
        return first.isNameStart ? nil : "Names must start with [_a-zA-Z] but \"\(name)\" does not."
    }

    /// What is wrong with the name of an enum value, which may not be that of another literal.
    public static func problem(withEnumValue name: String) -> String? {
        switch name {
        case "true", "false", "null": "Enum values cannot be named: \(name)"
        default: problem(with: name)
        }
    }
}
