import GraphQLLanguage

extension Value {
    /// The value as a literal of the language.
    public func literal() -> String {
        switch self {
        case .null: "null"
        case .int(let number): String(number)
        case .float(let number): number.isFinite ? number.javaScriptText : "null"
        case .boolean(let flag): flag ? "true" : "false"
        case .string(let text): StringLiteral.quoted(text)
        case .enum(let name): name
        case .list(let values): "[" + values.map { $0.literal() }.joined(separator: ", ") + "]"
        case .object(let fields):
            "{" + fields.map { "\($0.name): \($0.value.literal())" }.joined(separator: ", ") + "}"
        }
    }
}
