import GraphQLLanguage
import GraphQLSchema

extension Facts {
    /// Definitions of types do not belong into an executable document. What they refer to is checked all the same.
    mutating func addTypeSystemDefinition(_ definition: Int) {
        typeSystemDefinitions.append(Int32(truncatingIfNeeded: definition))
        var host = definition
        var argumentOwner = definition
        var node = definition
        let end = Int(nodes[definition].next)
        while node < end {
            let kind = nodes[node].kind
            switch kind {
            case .namedType: _ = addNamedType(node)
            case .fieldDefinition:
                host = node
                argumentOwner = node
            case .inputValueDefinition, .enumValueDefinition: host = node
            case .directive:
                // Directives stand behind the children of what carries them.
                while Int(nodes[host].next) <= node { host = argumentOwner == host ? definition : argumentOwner }
                let location = directiveLocation(of: host, in: definition)
                addDirective(node, on: host, location, parent: -1, field: -1)
            case _ where kind.isValue:
                addValue(node, type: .unknown, parent: .unknown, hasDefault: false, isChecked: true)
            default: break
            }
            node = kind == .directive || kind.isValue ? Int(nodes[node].next) : node + 1
        }
    }

    private func directiveLocation(of host: Int, in definition: Int) -> DirectiveLocation {
        switch nodes[host].kind {
        case .schemaDefinition, .schemaExtension: .schema
        case .scalarTypeDefinition, .scalarTypeExtension: .scalar
        case .objectTypeDefinition, .objectTypeExtension: .object
        case .interfaceTypeDefinition, .interfaceTypeExtension: .interface
        case .unionTypeDefinition, .unionTypeExtension: .union
        case .enumTypeDefinition, .enumTypeExtension: .enum
        case .inputObjectTypeDefinition, .inputObjectTypeExtension: .inputObject
        case .fieldDefinition: .fieldDefinition
        case .enumValueDefinition: .enumValue
        default: nodes[definition].kind == .inputObjectTypeDefinition ? .inputFieldDefinition : .argumentDefinition
        }
    }
}
