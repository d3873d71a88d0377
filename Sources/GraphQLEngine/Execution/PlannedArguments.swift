import GraphQLSchema

/// The arguments of all resolved fields of a plan for one request, decoded before anything runs.
struct PlannedArguments: Sendable {
    private let arguments: [DecodedArguments?]
    /// Fields whose arguments cannot be coerced, with the error each of them answers.
    private let errors: [Int: GraphQLError]
    /// How many items of a streamed list come at once, by the number of the step.
    private let initialCounts: [Int: Int]
    /// The arguments of guarded fields as values, by the number of the step.
    private let guardedValues: [Int: [Value.Field]]

    init(
        arguments: [DecodedArguments?],
        errors: [Int: GraphQLError],
        initialCounts: [Int: Int],
        guardedValues: [Int: [Value.Field]]
    ) {
        self.arguments = arguments
        self.errors = errors
        self.initialCounts = initialCounts
        self.guardedValues = guardedValues
    }

    /// Those of a plan whose fields take none.
    static let none = PlannedArguments(arguments: [], errors: [:], initialCounts: [:], guardedValues: [:])

    /// What the guards of a field are shown of its arguments.
    func values(of step: Step) -> [Value.Field] { guardedValues[step.id] ?? [] }

    func initialCount(of step: Step) -> Int { initialCounts[step.id] ?? 0 }

    subscript(step: Step) -> DecodedArguments? {
        get throws {
            if !errors.isEmpty, let error = errors[step.id] { throw error }
            return arguments.isEmpty ? nil : arguments[step.id]
        }
    }
}
