import GraphQLSchema

/// The column of a type that is answered by trees of data instead of Swift types.
final class DynamicColumn: ObjectColumn {
    private let schema: PlannableSchema
    private let type: TypeID
    private let values: [DynamicObject]

    init(_ values: [DynamicObject], type: TypeID, in schema: PlannableSchema) {
        self.values = values
        self.type = type
        self.schema = schema
        super.init(count: values.count)
    }

    override var typeName: String { schema.schema[type].name }

    override func parents<Parent>(as type: Parent.Type) -> Batch<Parent>? { (values as? [Parent]).map(Batch.init) }

    override func resolver(_ field: Int, _ call: ResolverCall) -> Resolver {
        { [self] in await resolve(field, call) }
    }

    private func resolve(_ field: Int, _ call: ResolverCall) async -> FieldColumn {
        let definition = schema.schema[type].fields[field]
        let arguments = call.arguments?.get([Value.Field].self) ?? []
        var found = values.map { $0.fields[definition.name] ?? .null }
        for index in found.indices { found[index] = await Self.resolved(found[index], arguments) }
        return DynamicCompletion(schema, coordinate: "\(typeName).\(definition.name)").column(found, definition.type)
    }

    override func gathering(_ rows: [Int]) -> ObjectColumn {
        DynamicColumn(rows.map { values[$0] }, type: type, in: schema)
    }

    /// The source events of a subscription's root field.
    func events(_ field: Int, _ call: ResolverCall) async throws -> [DynamicValue] {
        let definition = schema.schema[type].fields[field]
        let arguments = call.arguments?.get([Value.Field].self) ?? []
        var value = values[0].fields[definition.name] ?? .null
        while case .resolver(let resolve) = value { value = try await resolve(arguments) }
        switch value {
        case .list(let events): return events
        case .error(let error): throw error
        default:
            let message = "Subscription field must return Async Iterable. Received: \(value.plain.inspected)."
            throw RequestFailure(.executed(hasErrors: true), [GraphQLError(message)])
        }
    }

    /// An event as the root object of its execution.
    static func root(_ event: DynamicValue) async throws -> DynamicObject {
        var event = event
        while case .resolver(let resolve) = event { event = try await resolve([]) }
        switch event {
        case .object(let object): return object
        case .error(let error): throw error
        default: return DynamicObject(fields: [:])
        }
    }

    /// The value with everything in it that comes later; what fails is an error in its place.
    private static func resolved(_ value: DynamicValue, _ arguments: [Value.Field]) async -> DynamicValue {
        switch value {
        case .leaf, .object, .error:
            return value
        case .list(let elements):
            guard elements.contains(where: \.comesLater) else { return value }
            return .list(await all(elements, arguments))
        case .resolver(let resolve):
            do { return await resolved(try await resolve(arguments), arguments) } catch { return .error(error) }
        }
    }

    /// Waits for all of them together.
    private static func all(_ values: [DynamicValue], _ arguments: [Value.Field]) async -> [DynamicValue] {
        await withTaskGroup(of: (Int, DynamicValue).self) { group in
            for (index, value) in values.enumerated() {
                group.addImmediateTask { (index, await resolved(value, arguments)) }
            }
            var results = values
            for await (index, value) in group { results[index] = value }
            return results
        }
    }
}

extension DynamicValue {
    fileprivate var comesLater: Bool {
        switch self {
        case .leaf, .object, .error: false
        case .list(let elements): elements.contains(where: \.comesLater)
        case .resolver: true
        }
    }
}
