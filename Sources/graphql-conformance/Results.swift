import GraphQLLanguage
import GraphQLSchema

/// The shapes of results that several kinds share.
enum Results {
    static func errors(_ errors: [GraphQLError]) -> Value { .list(errors.map(error)) }

    static func error(_ error: GraphQLError) -> Value {
        var members: [Value.Field] = [.init("message", .string(error.message))]
        if !error.locations.isEmpty {
            members.append(
                .init(
                    "locations",
                    .list(
                        error.locations.map {
                            .object([.init("line", .int($0.line)), .init("column", .int($0.column))])
                        }
                    )
                )
            )
        }
        if !error.path.isEmpty { members.append(.init("path", path(error.path))) }
        if !error.extensions.isEmpty {
            let sorted = error.extensions.sorted { $0.key < $1.key }
            members.append(.init("extensions", .object(sorted.map { .init($0.key, $0.value) })))
        }
        return .object(members)
    }

    static func path(_ path: [GraphQLError.PathElement]) -> Value {
        .list(
            path.map { element in
                switch element {
                case .key(let key): .string(key)
                case .index(let index): .int(index)
                }
            }
        )
    }

    static func failure(_ errors: [GraphQLError]) -> Value {
        .object([.init("ok", .boolean(false)), .init("errors", .list(errors.map(error)))])
    }

    static func success(_ name: String, _ value: Value) -> Value {
        .object([.init("ok", .boolean(true)), .init(name, value)])
    }
}
