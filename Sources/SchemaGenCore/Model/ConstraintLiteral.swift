import GraphQLSchema

/// `@constraint` as the expression that makes the engine's check.
enum ConstraintLiteral {
    static func expression(_ directive: AppliedDirective) -> String? {
        // The order of the parameters of InputConstraint's initializer, which Swift insists on.
        let bounds = ["trim", "minLength", "maxLength", "pattern", "format", "min", "max", "minItems", "maxItems"]
        let arguments = bounds.compactMap { name in
            directive[argument: name].flatMap(literal).map { "\(name): \($0)" }
        }
        return arguments.isEmpty ? nil : "InputConstraint(\(arguments.joined(separator: ", ")))"
    }

    private static func literal(_ value: Value) -> String? {
        switch value {
        case .int(let number): String(number)
        case .float(let number): String(number)
        case .boolean(let truth): String(truth)
        case .string(let text), .enum(let text): SwiftNames.literal(text)
        case .null, .list, .object: nil
        }
    }
}
