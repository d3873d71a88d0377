/// Gives numbers to everything in a schema that has a name, in the schema's order.
struct SchemaIndexBuilder {
    private(set) var names = NameTable()
    private(set) var fields: [SchemaIndex.Field] = []
    private(set) var inputs: [SchemaIndex.Input] = []
    private(set) var inputDefinitions: [InputValueDefinition] = []
    private(set) var inputFields: [Range<Int32>] = []
    private(set) var directiveArguments: [Range<Int32>] = []
    private(set) var typesBySymbol: [Int32] = []
    private(set) var directivesBySymbol: [Int32] = []
    private(set) var fieldTable: PairTable
    private(set) var fieldArgumentTable: PairTable
    private(set) var directiveArgumentTable: PairTable
    private(set) var inputFieldTable: PairTable
    private(set) var enumValueTable: PairTable
    private(set) var typenameField: FieldID = -1

    private let schema: Schema

    init(_ schema: Schema) {
        self.schema = schema
        var fieldCount = 8
        var argumentCount = 8
        var inputFieldCount = 0
        var valueCount = 0
        for type in schema.types {
            fieldCount += type.fields.count + 1
            inputFieldCount += type.inputFields.count
            valueCount += type.values.count
            for field in type.fields { argumentCount += field.arguments.count }
        }
        fieldTable = PairTable(capacity: fieldCount)
        fieldArgumentTable = PairTable(capacity: argumentCount)
        inputFieldTable = PairTable(capacity: inputFieldCount)
        enumValueTable = PairTable(capacity: valueCount)
        directiveArgumentTable = PairTable(capacity: schema.directives.reduce(0) { $0 + $1.arguments.count })
        for name in WellKnownSymbol.names { _ = names.intern(name) }
        addTypes()
        addMetaFields()
        addDirectives()
        numberTypesAndDirectives()
    }

    private mutating func addTypes() {
        for (index, type) in schema.types.enumerated() {
            _ = names.intern(type.name)
            let owner = Int32(index)
            for (position, field) in type.fields.enumerated() {
                let id = add(field.type, field.arguments, parent: owner, position: Int32(position))
                fieldTable.set(owner, names.intern(field.name), to: id)
            }
            let first = Int32(inputs.count)
            for field in type.inputFields {
                inputFieldTable.set(owner, names.intern(field.name), to: add(field))
            }
            inputFields.append(first..<Int32(inputs.count))
            for (position, value) in type.values.enumerated() {
                enumValueTable.set(owner, names.intern(value.name), to: Int32(position))
            }
        }
    }

    /// https://spec.graphql.org/September2025/#sec-Type-Name-Introspection and
    /// https://spec.graphql.org/September2025/#sec-Schema-Introspection
    private mutating func addMetaFields() {
        guard let string = schema.typesByName["String"] else { return }
        let id = add(TypeReference(string).required, [])
        typenameField = id
        for (index, type) in schema.types.enumerated() where type.isComposite {
            fieldTable.set(Int32(index), WellKnownSymbol.typename, to: id)
        }
        guard let query = schema.queryType, let schemaType = schema.typesByName["__Schema"],
            let typeType = schema.typesByName["__Type"]
        else { return }
        fieldTable.set(query.rawValue, WellKnownSymbol.schema, to: add(TypeReference(schemaType).required, []))
        let name = InputValueDefinition(name: "name", type: TypeReference(string).required, appliedDirectives: [])
        fieldTable.set(query.rawValue, WellKnownSymbol.type, to: add(TypeReference(typeType), [name]))
    }

    private mutating func addDirectives() {
        for (index, directive) in schema.directives.enumerated() {
            _ = names.intern(directive.name)
            let first = Int32(inputs.count)
            for argument in directive.arguments {
                directiveArgumentTable.set(Int32(index), names.intern(argument.name), to: add(argument))
            }
            directiveArguments.append(first..<Int32(inputs.count))
        }
    }

    private mutating func numberTypesAndDirectives() {
        typesBySymbol = Array(repeating: -1, count: names.count)
        for (index, type) in schema.types.enumerated() {
            typesBySymbol[Int(names.symbol(of: type.name))] = Int32(index)
        }
        directivesBySymbol = Array(repeating: -1, count: names.count)
        for (index, directive) in schema.directives.enumerated() {
            directivesBySymbol[Int(names.symbol(of: directive.name))] = Int32(index)
        }
    }

    private mutating func add(
        _ type: TypeReference,
        _ arguments: [InputValueDefinition],
        parent: Int32 = -1,
        position: Int32 = -1
    ) -> FieldID {
        let id = FieldID(fields.count)
        let first = InputID(inputs.count)
        for argument in arguments {
            fieldArgumentTable.set(id, names.intern(argument.name), to: add(argument))
        }
        fields.append(
            SchemaIndex.Field(
                type: type,
                parent: parent,
                position: position,
                firstArgument: first,
                endOfArguments: InputID(inputs.count),
                hasRequiredArguments: arguments.contains(where: \.isRequired)
            )
        )
        return id
    }

    private mutating func add(_ input: InputValueDefinition) -> InputID {
        let id = InputID(inputs.count)
        inputDefinitions.append(input)
        inputs.append(
            SchemaIndex.Input(
                type: input.type,
                symbol: names.intern(input.name),
                hasDefault: input.defaultValue != nil,
                isRequired: input.isRequired,
                isDeprecated: input.deprecationReason != nil
            )
        )
        return id
    }
}
