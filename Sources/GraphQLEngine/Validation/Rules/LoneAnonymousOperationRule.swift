import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// An operation without a name is the only one in its document.
    ///
    /// https://spec.graphql.org/September2025/#sec-Lone-Anonymous-Operation
    public static let loneAnonymousOperation = ValidationRule("LoneAnonymousOperationRule") { facts, report in
        guard facts.operations.count > 1 else { return }
        for operation in facts.operations where operation.name < 0 {
            report.add(
                entering: operation.node,
                at: [facts.start(operation.node)],
                "This anonymous operation must be the only defined operation."
            )
        }
    }
}
