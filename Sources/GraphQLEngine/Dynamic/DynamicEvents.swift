import GraphQLSchema

/// Events out of the root object of a dynamic schema.
struct DynamicEvents: EventOpener {
    let root: DynamicObject
    let schema: PlannableSchema

    func open(_ executor: Executor, _ call: ResolverCall) async throws -> any SubscribedEvents {
        let type = executor.plan.root.type
        let column = DynamicColumn([root], type: type, in: schema)
        return Events(try await column.events(executor.plan.root.steps[0].field, call), type, schema)
    }

    private final class Events: SubscribedEvents {
        private let events: [DynamicValue]
        private let type: TypeID
        private let schema: PlannableSchema
        private var position = 0

        init(_ events: [DynamicValue], _ type: TypeID, _ schema: PlannableSchema) {
            self.events = events
            self.type = type
            self.schema = schema
        }

        func next() async throws -> SubscribedEvent? {
            guard position < events.count else { return nil }
            defer { position += 1 }
            let event = try await DynamicColumn.root(events[position])
            return SubscribedEvent(.root(DynamicColumn([event], type: type, in: schema)))
        }
    }
}
