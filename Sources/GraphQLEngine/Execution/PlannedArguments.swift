import GraphQLSchema

/// The arguments of all resolved fields of a plan for one request, decoded before anything runs.
struct PlannedArguments: Sendable {
    private let arguments: [DecodedArguments?]
    /// Fields whose arguments cannot be coerced, with the error each of them answers.
    private let errors: [Int: GraphQLError]

    init(arguments: [DecodedArguments?], errors: [Int: GraphQLError]) {
        self.arguments = arguments
        self.errors = errors
    }

    subscript(step: Step) -> DecodedArguments? {
        get throws {
            if let error = errors[step.id] { throw error }
            return arguments[step.id]
        }
    }
}
