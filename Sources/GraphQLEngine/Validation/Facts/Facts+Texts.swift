import GraphQLLanguage
import GraphQLSchema

// Texts for messages: only documents with errors pay for them.
extension Facts {
    func start(_ node: Int32) -> Int32 { Int32(bitPattern: nodes[Int(node)].start) }

    func nameStart(_ node: Int32) -> Int32 { Int32(bitPattern: nodes[Int(node)].textStart) }

    /// A part of the document as the printer writes it.
    func printed(_ node: Int32) -> String { document.printed(Int(node)) }

    func typeName(_ type: Int32) -> String { index.schema.types[Int(type)].name }

    func text(_ type: TypeReference) -> String { index.schema.description(of: type) }

    func operationName(_ operation: OperationFact) -> String? {
        operation.name < 0 ? nil : names.string(operation.name)
    }
}
