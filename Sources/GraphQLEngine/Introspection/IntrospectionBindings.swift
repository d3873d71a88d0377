import GraphQLLanguage
import GraphQLSchema

// The introspection types, bound like any other: their fields are numbered in the order of
// https://spec.graphql.org/September2025/#sec-Schema-Introspection.Schema-Introspection-Schema, which is the order in
// which every schema has them.

enum SchemaIntrospection: ObjectBinding {
    typealias Value = IntrospectedSchema
    static let typeName = "__Schema"

    static func write(_ field: Int, of value: IntrospectedSchema, to buffer: inout ResponseBuffer) {
        value.schema.description.write(to: &buffer)
    }

    static func resolve(
        _ field: Int,
        of parents: Batch<IntrospectedSchema>,
        _ call: ResolverCall
    ) async throws -> FieldColumn {
        try column(field, parents)
    }

    private static func column(_ field: Int, _ parents: Batch<IntrospectedSchema>) throws -> FieldColumn {
        func root(_ type: (Schema) -> TypeID?) -> FieldColumn {
            FieldColumn(
                parents.results { value in type(value.schema).map { IntrospectedType(value, TypeReference($0)) } },
                as: Maybe<Object<TypeIntrospection>>.self
            )
        }
        switch field {
        case 1:
            return FieldColumn(
                parents.results { value in
                    value.types.map { IntrospectedType(value, TypeReference($0)) }
                },
                as: ListOf<Object<TypeIntrospection>>.self
            )
        case 2: return root { $0.queryType }
        case 3: return root { $0.mutationType }
        case 4: return root { $0.subscriptionType }
        default:
            return FieldColumn(
                parents.results { value in
                    value.schema.directives.map { IntrospectedDirective(schema: value, definition: $0) }
                },
                as: ListOf<Object<DirectiveIntrospection>>.self
            )
        }
    }
}

struct IntrospectedType: Sendable {
    let schema: IntrospectedSchema
    let reference: TypeReference

    init(_ schema: IntrospectedSchema, _ reference: TypeReference) {
        self.schema = schema
        self.reference = reference
    }

    /// The named type; nil for lists and non-null types.
    var named: NamedType? {
        reference.isNonNull || reference.isList ? nil : schema.schema[reference.type]
    }
}

enum TypeIntrospection: ObjectBinding {
    typealias Value = IntrospectedType
    static let typeName = "__Type"

    static func write(_ field: Int, of value: IntrospectedType, to buffer: inout ResponseBuffer) {
        let type = value.named
        switch field {
        case 0: buffer.write(kind(of: value))
        case 1: type?.name.write(to: &buffer) ?? buffer.writeNull()
        case 2: (type?.description).write(to: &buffer)
        case 3: (type?.specifiedByURL).write(to: &buffer)
        default:
            if let type, type.kind == .inputObject { buffer.write(type.isOneOf) } else { buffer.writeNull() }
        }
    }

    private static func kind(of value: IntrospectedType) -> String {
        if value.reference.isNonNull { return "NON_NULL" }
        if value.reference.isList { return "LIST" }
        return switch value.schema.schema[value.reference.type].kind {
        case .scalar: "SCALAR"
        case .object: "OBJECT"
        case .interface: "INTERFACE"
        case .union: "UNION"
        case .enum: "ENUM"
        case .inputObject: "INPUT_OBJECT"
        }
    }

    static func resolve(
        _ field: Int,
        of parents: Batch<IntrospectedType>,
        _ call: ResolverCall
    ) async throws -> FieldColumn {
        let deprecated = call.includesDeprecated
        switch field {
        case 4:
            return FieldColumn(
                parents.results { parent in
                    parent.named.flatMap { type in
                        type.kind != .object && type.kind != .interface
                            ? nil
                            : type.fields.filter { deprecated || $0.deprecationReason == nil }
                                .map { IntrospectedField(schema: parent.schema, definition: $0) }
                    }
                },
                as: Maybe<ListOf<Object<FieldIntrospection>>>.self
            )
        case 5:
            return types(parents) { type in
                type.kind == .object || type.kind == .interface ? type.interfaces : nil
            }
        case 6: return types(parents) { $0.isAbstract ? $0.possibleTypes : nil }
        case 7:
            return FieldColumn(
                parents.results { parent in
                    parent.named.flatMap { type in
                        type.kind == .enum
                            ? type.values.filter { deprecated || $0.deprecationReason == nil } : nil
                    }
                },
                as: Maybe<ListOf<Object<EnumValueIntrospection>>>.self
            )
        case 8:
            return FieldColumn(
                parents.results { parent in
                    parent.named.flatMap { type in
                        type.kind == .inputObject
                            ? IntrospectedInputValue.list(type.inputFields, parent.schema, deprecated) : nil
                    }
                },
                as: Maybe<ListOf<Object<InputValueIntrospection>>>.self
            )
        default:
            return FieldColumn(
                parents.results { parent in
                    if parent.reference.isNonNull {
                        return IntrospectedType(parent.schema, parent.reference.nullable)
                    }
                    return parent.reference.isList
                        ? IntrospectedType(parent.schema, parent.reference.element) : nil
                },
                as: Maybe<Object<TypeIntrospection>>.self
            )
        }
    }

    private static func types(
        _ parents: Batch<IntrospectedType>,
        _ list: (NamedType) -> [TypeID]?
    ) -> FieldColumn {
        FieldColumn(
            parents.results { parent in
                parent.named.flatMap(list).map { $0.map { IntrospectedType(parent.schema, TypeReference($0)) } }
            },
            as: Maybe<ListOf<Object<TypeIntrospection>>>.self
        )
    }
}

struct IntrospectedField: Sendable {
    let schema: IntrospectedSchema
    let definition: FieldDefinition
}

enum FieldIntrospection: ObjectBinding {
    typealias Value = IntrospectedField
    static let typeName = "__Field"

    static func write(_ field: Int, of value: IntrospectedField, to buffer: inout ResponseBuffer) {
        switch field {
        case 0: buffer.write(value.definition.name)
        case 1: value.definition.description.write(to: &buffer)
        case 4: buffer.write(value.definition.deprecationReason != nil)
        default: value.definition.deprecationReason.write(to: &buffer)
        }
    }

    static func resolve(
        _ field: Int,
        of parents: Batch<IntrospectedField>,
        _ call: ResolverCall
    ) async throws -> FieldColumn {
        guard field == 2 else {
            return FieldColumn(
                parents.results { IntrospectedType($0.schema, $0.definition.type) },
                as: Object<TypeIntrospection>.self
            )
        }
        let deprecated = call.includesDeprecated
        return FieldColumn(
            parents.results { IntrospectedInputValue.list($0.definition.arguments, $0.schema, deprecated) },
            as: ListOf<Object<InputValueIntrospection>>.self
        )
    }
}

struct IntrospectedInputValue: Sendable {
    let schema: IntrospectedSchema
    let definition: InputValueDefinition

    static func list(
        _ definitions: [InputValueDefinition],
        _ schema: IntrospectedSchema,
        _ deprecated: Bool
    ) -> [IntrospectedInputValue] {
        definitions.filter { deprecated || $0.deprecationReason == nil }
            .map { IntrospectedInputValue(schema: schema, definition: $0) }
    }
}

enum InputValueIntrospection: ObjectBinding {
    typealias Value = IntrospectedInputValue
    static let typeName = "__InputValue"

    static func write(_ field: Int, of value: IntrospectedInputValue, to buffer: inout ResponseBuffer) {
        let definition = value.definition
        switch field {
        case 0: buffer.write(definition.name)
        case 1: definition.description.write(to: &buffer)
        case 3: value.schema.schema.printedDefault(of: definition).write(to: &buffer)
        case 4: buffer.write(definition.deprecationReason != nil)
        default: definition.deprecationReason.write(to: &buffer)
        }
    }

    static func resolve(
        _ field: Int,
        of parents: Batch<IntrospectedInputValue>,
        _ call: ResolverCall
    ) async throws -> FieldColumn {
        FieldColumn(
            parents.results { IntrospectedType($0.schema, $0.definition.type) },
            as: Object<TypeIntrospection>.self
        )
    }
}

enum EnumValueIntrospection: ObjectBinding {
    typealias Value = EnumValueDefinition
    static let typeName = "__EnumValue"

    static func write(_ field: Int, of value: EnumValueDefinition, to buffer: inout ResponseBuffer) {
        switch field {
        case 0: buffer.write(value.name)
        case 1: value.description.write(to: &buffer)
        case 2: buffer.write(value.deprecationReason != nil)
        default: value.deprecationReason.write(to: &buffer)
        }
    }

    static func resolve(
        _ field: Int,
        of parents: Batch<EnumValueDefinition>,
        _ call: ResolverCall
    ) async throws -> FieldColumn {
        preconditionFailure("__EnumValue has stored fields only")
    }
}

struct IntrospectedDirective: Sendable {
    let schema: IntrospectedSchema
    let definition: DirectiveDefinition
}

enum DirectiveIntrospection: ObjectBinding {
    typealias Value = IntrospectedDirective
    static let typeName = "__Directive"

    static func write(_ field: Int, of value: IntrospectedDirective, to buffer: inout ResponseBuffer) {
        switch field {
        case 0: buffer.write(value.definition.name)
        case 1: value.definition.description.write(to: &buffer)
        case 2: buffer.write(value.definition.isRepeatable)
        default: value.definition.locations.map(\.rawValue).write(to: &buffer)
        }
    }

    static func resolve(
        _ field: Int,
        of parents: Batch<IntrospectedDirective>,
        _ call: ResolverCall
    ) async throws -> FieldColumn {
        let deprecated = call.includesDeprecated
        return FieldColumn(
            parents.results { IntrospectedInputValue.list($0.definition.arguments, $0.schema, deprecated) },
            as: ListOf<Object<InputValueIntrospection>>.self
        )
    }
}

extension ResolverCall {
    /// The argument `includeDeprecated` of the introspection fields that have it.
    fileprivate var includesDeprecated: Bool {
        guard let arguments,
            case .boolean(let value) = Value.object(arguments.get([Value.Field].self))["includeDeprecated"]
        else { return false }
        return value
    }
}
