/// The definition of a directive does not use the directive, neither on its arguments nor in their types.
///
/// https://spec.graphql.org/September2025/#sec-Type-System.Directives.Type-Validation
enum DirectiveReferenceRule {
    static func check(_ schema: Schema, _ report: inout TypeSystemReport) {
        for directive in schema.directives where directive.origin != nil && !directive.arguments.isEmpty {
            guard uses(directive, in: schema) else { continue }
            report.add("Directive \"@\(directive.name)\" cannot reference itself.", at: directive.origin)
        }
    }

    /// Follows directives to the types of their arguments, and types to the directives on them.
    private static func uses(_ directive: DirectiveDefinition, in schema: Schema) -> Bool {
        var seenDirectives: Set<String> = []
        var seenTypes: Set<TypeID> = []
        var openDirectives = [directive]
        var openTypes: [TypeID] = []

        func follow(_ applied: [AppliedDirective]) {
            for use in applied where seenDirectives.insert(use.name).inserted {
                if let next = schema.directive(named: use.name) { openDirectives.append(next) }
            }
        }
        func follow(_ inputs: [InputValueDefinition]) {
            for input in inputs {
                follow(input.appliedDirectives)
                if seenTypes.insert(input.type.type).inserted { openTypes.append(input.type.type) }
            }
        }
        while true {
            if let next = openDirectives.popLast() {
                follow(next.arguments)
            } else if let next = openTypes.popLast() {
                follow(schema[next].appliedDirectives)
                follow(schema[next].inputFields)
                for value in schema[next].values { follow(value.appliedDirectives) }
            } else {
                return seenDirectives.contains(directive.name)
            }
            if seenDirectives.contains(directive.name) { return true }
        }
    }
}
