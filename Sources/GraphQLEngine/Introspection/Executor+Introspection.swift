import GraphQLSchema

extension Executor {
    /// Answers the meta fields of the query type.
    func introspect(_ step: Step, _ arguments: DecodedArguments?) -> FieldColumn {
        let schema = schema.introspected
        guard step.field == Step.typeField else { return FieldColumn(schema, as: Object<SchemaIntrospection>.self) }
        var type: IntrospectedType?
        if let arguments, case .string(let name) = Value.object(arguments.get([Value.Field].self))["name"] {
            type = schema.type(named: name)
        }
        return FieldColumn(type, as: Maybe<Object<TypeIntrospection>>.self)
    }
}
