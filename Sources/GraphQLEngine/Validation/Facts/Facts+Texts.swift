import GraphQLLanguage
import GraphQLSchema

// Texts for messages: only documents with errors pay for them.
extension Facts {
    func start(_ node: Int32) -> Int32 { Int32(bitPattern: nodes[Int(node)].start) }

    func nameStart(_ node: Int32) -> Int32 { Int32(bitPattern: nodes[Int(node)].textStart) }

    /// A part of the document as the printer writes it.
    func printed(_ node: Int32) -> String { document.printed(Int(node)) }

    func typeName(_ type: Int32) -> String { index.schema.types[Int(type)].name }

    /// A type as it is written: `[Int!]!`.
    func text(_ type: TypeReference) -> String {
        var opening = ""
        var closing = type.isNonNull ? "!" : ""
        var inner = type
        while inner.isList {
            inner = inner.element
            opening += "["
            closing = (inner.isNonNull ? "!" : "") + "]" + closing
        }
        return opening + typeName(inner.type.rawValue) + closing
    }

    func operationName(_ operation: OperationFact) -> String? {
        operation.name < 0 ? nil : names.string(operation.name)
    }
}
