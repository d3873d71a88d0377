import GraphQLLanguage
import GraphQLSchema

extension Engine {
    /// Decodes the arguments of everything the plan resolves, before anything runs.
    ///
    /// Arguments that break a `@constraint` refuse the request, all of them together. Arguments that a variable made
    /// null where none may be are errors of their fields, as the specification has it.
    func decodeArguments(
        of plan: Plan,
        _ variables: VariableValues,
        _ uploads: [String: Upload]
    ) throws(RequestFailure) -> PlannedArguments {
        if plan.stepsWithArguments.isEmpty, plan.streamedSteps.isEmpty { return .none }
        var decoded = [DecodedArguments?](repeating: nil, count: plan.stepCount)
        var errors: [Int: GraphQLError] = [:]
        var violations: [GraphQLError] = []
        var guardedValues: [Int: [Value.Field]] = [:]
        for step in plan.stepsWithArguments {
            do {
                let arguments = try schema.schema.coerceArguments(
                    schema.arguments(of: step),
                    of: step.nodes[0],
                    in: plan.document,
                    variables: variables
                )
                if !step.guards.isEmpty { guardedValues[step.id] = arguments }
                if step.field < 0 || schema.schema[step.parentType].name.hasPrefix("__") {
                    decoded[step.id] = DecodedArguments(arguments)
                    continue
                }
                var decoder = InputDecoder(uploads: uploads)
                decoded[step.id] = answers.decodeArguments(of: step, arguments, &decoder)
                violations += decoder.violations.map { $0.error(at: step, in: plan.document) }
            } catch {
                errors[step.id] = error
            }
        }
        guard violations.isEmpty else {
            throw RequestFailure(.invalidVariables, Array(violations.prefix(InputDecoder.mostViolations)))
        }
        var initialCounts: [Int: Int] = [:]
        for step in plan.streamedSteps {
            guard let count = step.stream?.initialCount.value(variables), count >= 0 else {
                errors[step.id] = errors[step.id] ?? GraphQLError("initialCount must be a positive integer")
                continue
            }
            initialCounts[step.id] = count
        }
        return PlannedArguments(
            arguments: decoded,
            errors: errors,
            initialCounts: initialCounts,
            guardedValues: guardedValues
        )
    }

    /// What arguments break of a `@constraint`, as far as they fit their types at all.
    ///
    /// - Parameter variables: with null in place of what does not fit.
    func violations(of plan: Plan, _ variables: VariableValues, _ uploads: [String: Upload]) -> [GraphQLError] {
        var violations: [GraphQLError] = []
        for step in plan.stepsWithArguments where step.field >= 0 {
            var arguments: [Value.Field] = []
            for definition in schema.arguments(of: step) {
                // One by one: an argument that is refused takes no other with it.
                let fields = try? schema.schema.coerceArguments(
                    [definition],
                    of: step.nodes[0],
                    in: plan.document,
                    variables: variables
                )
                arguments += fields ?? []
            }
            var decoder = InputDecoder(uploads: uploads, isPartial: true)
            _ = answers.decodeArguments(of: step, arguments, &decoder)
            violations += decoder.violations.map { $0.error(at: step, in: plan.document) }
            if violations.count >= InputDecoder.mostViolations { break }
        }
        return Array(violations.prefix(InputDecoder.mostViolations))
    }
}

extension StreamUsage.Count {
    /// Nothing where the variable is no number; one that is not given leaves the default.
    fileprivate func value(_ variables: VariableValues) -> Int? {
        switch self {
        case .literal(let count): count
        case .variable(let name):
            switch variables[name] {
            case .int(let count)?: count
            case nil: 0
            default: nil
            }
        }
    }
}

extension InputViolation {
    fileprivate func error(at step: Step, in document: Document) -> GraphQLError {
        GraphQLError(
            message,
            locations: [document.location(of: step.nodes[0])],
            path: [.key(step.responseKey)] + path,
            extensions: ["code": .string("BAD_USER_INPUT"), "constraint": .string(constraint)]
        )
    }
}
