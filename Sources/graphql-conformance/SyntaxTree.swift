import GraphQLLanguage
import GraphQLSchema

/// A syntax tree as the JSON of graphql-js, without `loc` and without what is empty.
struct SyntaxTree {
    private let document: Document

    init(_ document: Document) {
        self.document = document
    }

    func json(_ index: Document.Index) -> Value {
        let node = document[index]
        let object = Value.object([.init("kind", .string(kind(of: index)))] + members(of: index))
        guard node.flags.contains(.nonNull) else { return object }
        return .object([.init("kind", .string("NonNullType")), .init("type", object)])
    }

    private func kind(of index: Document.Index) -> String {
        switch document[index].kind {
        case .schemaDefinition: "SchemaDefinition"
        case .description: "StringValue"
        case .directiveLocation, .alias: "Name"
        default: "\(document[index].kind)".prefix(1).uppercased() + "\(document[index].kind)".dropFirst()
        }
    }

    private func members(of index: Document.Index) -> [Value.Field] {
        let node = document[index]
        switch node.kind {
        case .document: return [list("definitions", of: index) { _ in true }]
        case .selectionSet: return [list("selections", of: index) { _ in true }]
        case .alias, .directiveLocation: return [.init("value", .string(document.text(of: index)))]
        case .intValue, .floatValue, .enumValue: return [.init("value", .string(document.text(of: index)))]
        case .booleanValue: return [.init("value", .boolean(node.flags.contains(.isTrue)))]
        case .nullValue: return []
        case .stringValue, .description:
            return [
                .init("value", .string(document.stringValue(of: index))),
                .init("block", .boolean(node.flags.contains(.block))),
            ]
        case .listValue: return [list("values", of: index) { _ in true }]
        case .objectValue: return [list("fields", of: index) { _ in true }]
        case .listType: return [.init("type", child(of: index, \.isType))]
        case .argument, .objectField: return [name(index), .init("value", value(of: index))]
        case .directiveDefinition:
            return common(index) + [
                .init("repeatable", .boolean(node.flags.contains(.repeatable))),
                list("arguments", of: index, .inputValueDefinition), list("locations", of: index, .directiveLocation),
            ]
        case .operationDefinition, .operationTypeDefinition:
            return common(index) + [.init("operation", .string(node.operation.rawValue))]
        default: return common(index)
        }
    }

    /// The members that mean the same wherever they are found.
    private func common(_ index: Document.Index) -> [Value.Field] {
        let node = document[index]
        var members: [Value.Field] = []
        if let description = document.child(.description, of: index) {
            members.append(.init("description", json(description)))
        }
        if node.kind == .variableDefinition {
            members.append(.init("variable", json(document.child(.variable, of: index) ?? index)))
        } else if node.hasText {
            members.append(name(index))
        }
        if let alias = document.child(.alias, of: index) { members.append(.init("alias", json(alias))) }
        members.append(list("variableDefinitions", of: index, .variableDefinition))
        members.append(contentsOf: types(of: index))
        if let value = document.value(of: index) { members.append(.init("defaultValue", json(value))) }
        members.append(list("directives", of: index, .directive))
        switch node.kind {
        case .objectTypeDefinition, .objectTypeExtension, .interfaceTypeDefinition, .interfaceTypeExtension:
            members.append(list("fields", of: index, .fieldDefinition))
        case .inputObjectTypeDefinition, .inputObjectTypeExtension:
            members.append(list("fields", of: index, .inputValueDefinition))
        case .fieldDefinition: members.append(list("arguments", of: index, .inputValueDefinition))
        case .enumTypeDefinition, .enumTypeExtension: members.append(list("values", of: index, .enumValueDefinition))
        case .schemaDefinition, .schemaExtension:
            members.append(list("operationTypes", of: index, .operationTypeDefinition))
        case .field, .directive: members.append(list("arguments", of: index, .argument))
        default: break
        }
        if let selections = document.child(.selectionSet, of: index) {
            members.append(.init("selectionSet", json(selections)))
        }
        return members
    }

    /// Types go by other names where they are interfaces, members or conditions.
    private func types(of index: Document.Index) -> [Value.Field] {
        switch document[index].kind {
        case .objectTypeDefinition, .objectTypeExtension, .interfaceTypeDefinition, .interfaceTypeExtension:
            [list("interfaces", of: index, .namedType)]
        case .unionTypeDefinition, .unionTypeExtension: [list("types", of: index, .namedType)]
        case .fragmentDefinition, .inlineFragment:
            document.type(of: index).map { [.init("typeCondition", json($0))] } ?? []
        default: document.type(of: index).map { [.init("type", json($0))] } ?? []
        }
    }

    private func name(_ index: Document.Index) -> Value.Field {
        let name = Value.object([
            .init("kind", .string("Name")), .init("value", .string(document.text(of: index))),
        ])
        return .init("name", name)
    }

    private func value(of index: Document.Index) -> Value {
        document.value(of: index).map(json) ?? .null
    }

    private func child(of index: Document.Index, _ matches: (Node.Kind) -> Bool) -> Value {
        document.children(of: index).first { matches(document[$0].kind) }.map(json) ?? .null
    }

    private func list(_ member: String, of index: Document.Index, _ kind: Node.Kind) -> Value.Field {
        list(member, of: index) { $0 == kind }
    }

    private func list(_ member: String, of index: Document.Index, _ matches: (Node.Kind) -> Bool) -> Value.Field {
        .init(member, .list(document.children(of: index).filter { matches(document[$0].kind) }.map(json)))
    }
}
