public import GraphQLSchema

/// What a directive of the schema does before a field is answered: `@auth` and its like.
///
/// An engine is given one for the directive's name (``EngineOptions/middleware``), and calls it for the fields that carry
/// the directive: once for a batch, before the resolver, or before a stored field is read.
public protocol FieldMiddleware: Sendable {
    /// Lets the batch through, or refuses some of its parents. What is thrown refuses all of them.
    func check(_ batch: GuardedBatch) async throws -> BatchVerdict

    /// Hears that the resolver threw for a batch that was let through. The error is what the field gets, whatever is done
    /// here.
    func failed(_ batch: GuardedBatch, _ error: any Error) async
}

extension FieldMiddleware {
    public func failed(_ batch: GuardedBatch, _ error: any Error) async {}
}

public enum BatchVerdict: Sendable {
    case admitted
    /// The positions of parents whose field is not answered, each with the error it gets instead. The resolver sees
    /// only the others.
    case refused([Int: any Error])
}

/// A batch on its way to a resolver.
public struct GuardedBatch {
    /// The schema coordinate of the field, such as `User.email`.
    public let coordinate: String
    /// What the directive says of the field, with its defaults.
    public let directive: Value
    /// The field's arguments, coerced.
    public let arguments: Value
    public let context: ExecutionContext
    /// Whether the operation selects nothing beside this field, so that what is said of the request is said of it.
    public let isAlone: Bool
    let column: ObjectColumn
    let applied: (_ directive: String) throws -> Value?

    /// How many parents there are.
    public var count: Int { column.count }

    /// What the document says of the field by a directive of this name; nil where it says nothing.
    public func said(by directive: String) throws -> Value? { try applied(directive) }

    /// The parents, where they are of this type; a field of an interface has batches of several.
    public func parents<Parent>(as type: Parent.Type) -> Batch<Parent>? { column.parents(as: type) }
}

/// A directive on a field and what it does, as the plan holds it.
struct FieldGuard: Sendable {
    let middleware: any FieldMiddleware
    let directive: Value
}

/// The guards of all fields of a schema, by type and field.
struct FieldGuards: Sendable {
    private let guards: [[[FieldGuard]]]

    init(_ schema: Schema, _ middleware: [String: any FieldMiddleware]) {
        for name in middleware.keys {
            precondition(schema.directive(named: name) != nil, "the schema has no directive @\(name) to guard fields")
        }
        guard !middleware.isEmpty else {
            guards = []
            return
        }
        guards = schema.types.map { type in
            type.fields.map { field in
                field.appliedDirectives.compactMap { applied in
                    guard let middleware = middleware[applied.name],
                        let definition = schema.directive(named: applied.name)
                    else { return nil }
                    return FieldGuard(middleware: middleware, directive: applied.value(definition))
                }
            }
        }
    }

    /// In the order in which the schema names them.
    subscript(type: TypeID, field: Int) -> [FieldGuard] {
        guards.isEmpty || field < 0 ? [] : guards[type.index][field]
    }
}

extension AppliedDirective {
    /// The arguments in the order of the definition; those that are not given have their defaults.
    fileprivate func value(_ definition: DirectiveDefinition) -> Value {
        .object(
            definition.arguments.compactMap { argument in
                let given = arguments.first { $0.name == argument.name }?.value
                return (given ?? argument.coercedDefault).map { Value.Field(argument.name, $0) }
            }
        )
    }
}
