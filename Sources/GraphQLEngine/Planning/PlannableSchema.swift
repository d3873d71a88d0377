import GraphQLSchema

/// A schema with the look-ups planning needs, made once. A class, because every execution holds it.
final class PlannableSchema: Sendable {
    let schema: Schema
    let introspected: IntrospectedSchema
    /// The argument of `__type`.
    private let typeArguments: [InputValueDefinition]
    private let guards: FieldGuards
    private let fieldNumbers: [[String: Int]]
    private let stored: [[Bool]]
    private let concrete: [[TypeID]]
    private let members: [Set<TypeID>]

    struct Field {
        let number: Int
        let type: TypeReference
        let isStored: Bool
        let guards: [FieldGuard]
    }

    /// - Parameter storesLeaves: whether values answer leaf fields without arguments themselves. The values of a
    ///   dynamic schema do not: each of their fields may fail, or come later.
    init(_ schema: Schema, storesLeaves: Bool, _ middleware: [String: any FieldMiddleware] = [:]) {
        self.schema = schema
        guards = FieldGuards(schema, middleware)
        introspected = IntrospectedSchema(schema)
        typeArguments = schema.metaFields.first { $0.name == "__type" }?.arguments ?? []
        let roots = [schema.queryType, schema.mutationType, schema.subscriptionType]
        var fieldNumbers: [[String: Int]] = []
        var stored: [[Bool]] = []
        var concrete: [[TypeID]] = []
        for (index, type) in schema.types.enumerated() {
            let isRoot = roots.contains(TypeID(index))
            var numbers: [String: Int] = [:]
            for (number, field) in type.fields.enumerated() { numbers[field.name] = number }
            fieldNumbers.append(numbers)
            stored.append(
                type.fields.map { (storesLeaves || type.name.hasPrefix("__")) && !isRoot && schema.isStored($0) }
            )
            concrete.append(type.kind == .object ? [TypeID(index)] : type.possibleTypes)
        }
        self.fieldNumbers = fieldNumbers
        self.stored = stored
        self.concrete = concrete
        members = concrete.map(Set.init)
    }

    func field(named name: String, in type: TypeID, isQueryRoot: Bool) -> Field? {
        if let number = fieldNumbers[type.index][name] {
            return Field(
                number: number,
                type: schema[type].fields[number].type,
                isStored: stored[type.index][number],
                guards: guards[type, number]
            )
        }
        guard isQueryRoot else { return nil }
        switch name {
        case "__schema": return introspectionField(Step.schemaField, "__Schema", isRequired: true)
        case "__type": return introspectionField(Step.typeField, "__Type", isRequired: false)
        default: return nil
        }
    }

    private func introspectionField(_ number: Int, _ typeName: String, isRequired: Bool) -> Field? {
        schema.type(named: typeName).map { type in
            let reference = TypeReference(type)
            return Field(number: number, type: isRequired ? reference.required : reference, isStored: false, guards: [])
        }
    }

    /// The object types a value of the type can have.
    func concreteTypes(of type: TypeID) -> [TypeID] { concrete[type.index] }

    /// Whether a fragment on a type applies to an object type.
    func contains(_ object: TypeID, in type: TypeID) -> Bool {
        object == type || members[type.index].contains(object)
    }

    /// The arguments a step's field takes.
    func arguments(of step: Step) -> [InputValueDefinition] {
        switch step.field {
        case Step.schemaField: []
        case Step.typeField: typeArguments
        default: schema[step.parentType].fields[step.field].arguments
        }
    }

    /// The schema coordinate of a step's field, such as `User.posts`.
    func coordinate(of step: Step) -> String {
        let parent = schema[step.parentType]
        let field =
            switch step.field {
            case Step.schemaField: "__schema"
            case Step.typeField: "__type"
            default: parent.fields[step.field].name
            }
        return "\(parent.name).\(field)"
    }
}
