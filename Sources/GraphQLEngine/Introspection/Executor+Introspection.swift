import GraphQLSchema
import Synchronization

extension Executor {
    /// Answers the meta fields of the query type.
    func introspect(_ step: Step, _ arguments: DecodedArguments?) -> FieldColumn {
        if let bytes = step.rendered.withLock({ $0 }) { return FieldColumn(rendered: bytes) }
        let schema = introspected
        guard step.field == Step.typeField else { return FieldColumn(schema, as: Object<SchemaIntrospection>.self) }
        var type: IntrospectedType?
        if let arguments, case .string(let name) = Value.object(arguments.get([Value.Field].self))["name"] {
            type = schema.type(named: name)
        }
        return FieldColumn(type, as: Maybe<Object<TypeIntrospection>>.self)
    }
}

extension Step {
    /// `__schema` or `__type`.
    var isMetaField: Bool { field < 0 }

    /// Keeps the answer of an introspection field, unless one is kept; says whether it did.
    func keep(_ bytes: [UInt8]) -> Bool {
        rendered.withLock { rendered in
            guard rendered == nil else { return false }
            rendered = bytes
            return true
        }
    }
}

extension FieldColumn {
    var isRendered: Bool {
        if case .rendered = values { true } else { false }
    }

    fileprivate init(rendered bytes: [UInt8]) {
        self.init(cells: [.value(0)], lists: [], errors: [], mayHoldNulls: false, values: .rendered(bytes))
    }
}
