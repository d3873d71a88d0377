public import GraphQLLanguage

extension Schema {
    /// The type that a node of a document names; nil where the schema has none of that name.
    public func typeReference(_ node: Document.Index, in document: Document) -> TypeReference? {
        var named = node
        var isNonNull: [Bool] = []
        while document[named].kind == .listType {
            isNonNull.append(document[named].flags.contains(.nonNull))
            named += 1
        }
        guard isNonNull.count <= TypeReference.maximumListDepth, let type = type(named: document.text(of: named))
        else { return nil }
        var reference = TypeReference(type)
        if document[named].flags.contains(.nonNull) { reference = reference.required }
        for isRequired in isNonNull.reversed() {
            reference = isRequired ? reference.list.required : reference.list
        }
        return reference
    }

    /// The type as it is written: `[Int!]!`.
    public func description(of type: TypeReference) -> String {
        let inner = type.isList ? "[\(description(of: type.element))]" : self[type.type].name
        return type.isNonNull ? inner + "!" : inner
    }
}
