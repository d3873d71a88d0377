import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// A document that is executed holds operations and fragments only.
    ///
    /// https://spec.graphql.org/September2025/#sec-Executable-Definitions
    public static let executableDefinitions = ValidationRule("ExecutableDefinitionsRule") { facts, report in
        for definition in facts.typeSystemDefinitions {
            let node = facts.nodes[Int(definition)]
            let isSchema = node.kind == .schemaDefinition || node.kind == .schemaExtension
            let name = isSchema ? "schema" : "\"\(facts.document.text(of: Int(definition)))\""
            report.add(entering: 0, at: [facts.start(definition)], "The \(name) definition is not executable.")
        }
    }
}
