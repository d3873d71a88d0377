import GraphQLLanguage

extension Node.Kind {
    /// The kind of type a definition defines.
    var definedType: NamedType.Kind? {
        switch self {
        case .scalarTypeDefinition: .scalar
        case .objectTypeDefinition: .object
        case .interfaceTypeDefinition: .interface
        case .unionTypeDefinition: .union
        case .enumTypeDefinition: .enum
        case .inputObjectTypeDefinition: .inputObject
        default: nil
        }
    }

    /// The kind of type an extension extends.
    var extendedType: NamedType.Kind? {
        switch self {
        case .scalarTypeExtension: .scalar
        case .objectTypeExtension: .object
        case .interfaceTypeExtension: .interface
        case .unionTypeExtension: .union
        case .enumTypeExtension: .enum
        case .inputObjectTypeExtension: .inputObject
        default: nil
        }
    }
}
